"""A result with some pupils more or fewer: the boxes, one for each kind of pupil, and what the change brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.pages.answers import Mistake
from app.pages.forms import Form, SchoolBudget
from app.pages.words import MINUS, whole_money
from engine.attribution import KindOfPupil, PupilChanges, pupil_changes
from engine.columns import UNITS_PREFIX
from engine.errors import PairRefused
from engine.money import MILLION, number
from engine.reading import millionths_in

MORE = "more_"
"""How the names of the boxes begin; the rest is the line of the formula."""

MOST = 10_000 * MILLION
"""Millionths of pupils that a school may have more or fewer."""

UNREADABLE = "must be a number such as 2, or −1 for one fewer"
NOTHING_TYPED = "Enter how many pupils more or fewer there are of at least one kind"


@dataclass(frozen=True, slots=True)
class PupilBox:
    """A box for a kind of pupil: how many there are now, and what was typed."""

    kind: KindOfPupil
    typed: str
    wrong: str | None = None

    @property
    def name(self) -> str:
        """Return the name of the box."""
        return f"{MORE}{self.kind.line}"

    @property
    def now(self) -> str:
        """Return how many pupils there are now."""
        return number(self.kind.pupils)


@dataclass(frozen=True, slots=True)
class PupilPage:
    """The page: the boxes, what is wrong in them, and what the change brings, where something was typed."""

    form: Form
    boxes: tuple[PupilBox, ...]
    mistakes: tuple[Mistake, ...] = ()
    changes: PupilChanges | None = None

    @property
    def query(self) -> str:
        """Return the query of the page's own address: the answers, and what was typed here."""
        typed = [(box.name, box.typed) for box in self.boxes if box.typed]
        return "&".join(part for part in (self.form.query, urlencode(typed)) if part)

    @property
    def headline(self) -> str:
        """Return what the change brings as one sentence."""
        change = None if self.changes is None else self.changes.change.budget
        if change is None:
            return "What the change brings is not known, as a part of the budget is not."
        if not change:
            return "The notional SEN budget stays the same."
        return f"{whole_money(abs(change))} {'more' if change > 0 else 'less'}"


def signed_pupils(millionths: int) -> str:
    """Return a change of pupils with its sign.

    >>> signed_pupils(2_000_000), signed_pupils(-500_000)
    ('+2', '−0.5')
    """
    return f"{'+' if millionths > 0 else MINUS}{number(abs(millionths))}"


def pupil_page(
    form: Form, budget: SchoolBudget, sent: Mapping[str, str], *, asked: bool
) -> PupilPage:
    """Return the page for a result, with what was typed in its boxes; ``asked`` where a change was to be worked out."""
    kinds = pupil_changes(budget.outcome, 0, {}).kinds
    typed = {kind.line: sent.get(f"{MORE}{kind.line}", "").strip() for kind in kinds}
    more = {line: _millionths(text) for line, text in typed.items() if text}
    wrong = {line: UNREADABLE for line, change in more.items() if change is None}
    changes = {line: change for line, change in more.items() if change}
    found = None
    if changes and not wrong:
        try:
            found = pupil_changes(budget.outcome, 0, changes)
        except PairRefused as refusal:
            wrong = {
                (one.column or "").removeprefix(UNITS_PREFIX): one.sentence
                for one in refusal.problems
            }
    boxes = tuple(PupilBox(kind, typed[kind.line], wrong.get(kind.line)) for kind in kinds)
    mistakes = [Mistake(f"{box.kind.label} {box.wrong}", box.name) for box in boxes if box.wrong]
    if asked and not changes and not mistakes:
        mistakes = [Mistake(NOTHING_TYPED, boxes[0].name if boxes else None)]
    return PupilPage(form, boxes, tuple(mistakes), found)


def _millionths(text: str) -> int | None:
    """Return millionths of pupils for a number with or without a sign, None where it is none, or too large."""
    sign = -1 if text.startswith(("-", MINUS)) else 1
    found = millionths_in(text.lstrip(f"+-{MINUS}").strip())
    return None if found is None or not 0 <= found <= MOST else sign * found


def without_boxes(sent: Sequence[tuple[str, str]], begin: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what an address holds without the boxes of a page, whose names begin so."""
    return [(name, text) for name, text in sent if not name.startswith(begin)]
