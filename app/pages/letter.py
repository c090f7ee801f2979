"""Is it what my letter says, on a page: the boxes for a letter's figures, and the letter beside the result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from app.pages.answers import Mistake
from app.pages.fields import Asks, Field, Part
from app.pages.forms import Form, SchoolBudget
from app.pages.letter_figures import FORMULA, NOTIONAL, OF_LINES, TOTALS, letter_of
from app.pages.words import money
from engine.letters import (
    Difference,
    LetterCheck,
    PrintedFigures,
    as_much_words,
    change_words,
    check_letter,
    compare_with_letter,
    headline,
    paragraph,
)

MOST_THE_SAME = 3
"""Lines that are the same in the letter, up to which they are shown among those that are not."""

NO_FIGURE = Mistake("Enter what your letter says, in all or line by line", NOTIONAL)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A result with the figures of a letter; ``check`` is None where the letter's figures are asked for.

    ``form`` has the school's answers and those figures; ``mistakes`` are about the figures.
    """

    form: Form
    mistakes: tuple[Mistake, ...] = ()
    check: LetterCheck | None = None

    @property
    def result(self) -> SchoolBudget:
        """Return the result that the letter is compared with."""
        result = self.form.result
        if not isinstance(result, SchoolBudget):
            message = "a letter is compared with a result"
            raise TypeError(message)
        return result

    @property
    def boxes(self) -> Form:
        """Return a form whose answers are the letter's figures, as the template of a question takes it."""
        answers = replace(self.form.answers, entries=self.form.answers.letter)
        return replace(self.form, answers=answers, mistakes=self.mistakes)

    @property
    def totals(self) -> tuple[Field, ...]:
        """Return the boxes of the letter's totals."""
        school = self.result.school
        ours = {NOTIONAL: school.budget, FORMULA: None if school.not_known else school.formula}
        return tuple(_box(name, label, ours[name]) for name, label in TOTALS.items())

    @property
    def lines(self) -> Iterator[tuple[str, list[Field]]]:
        """Yield the boxes of each part of the result: its pounds, and those that are notional SEN."""
        for one in self.result.school.parts:
            boxes = [_box(f"{OF_LINES['amount']}{one.name}", "In all", one.amount)]
            if one.notional or one.notional is None:
                boxes.append(
                    _box(f"{OF_LINES['notional']}{one.name}", "Notional SEN", one.notional)
                )
            yield one.label, boxes

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what the page sends beside its boxes: the school's answers, and figures that have no box."""
        names = {one.name for one in self.totals}
        names |= {one.name for _, boxes in self.lines for one in boxes}
        return [one for one in parse_qsl(self.form.query) if one[0] not in names]

    @property
    def has_lines(self) -> bool:
        """Return whether the letter has figures of lines, or mistakes in them."""
        return bool(self.form.answers.letter.keys() - TOTALS.keys())

    # What the answer shows

    @property
    def as_much(self) -> str:
        """Return what the difference of the letter's total from its own lines is as much as; empty where nothing is."""
        own = None if self.check is None else self.check.own_sum
        return "" if own is None else as_much_words(own)

    @property
    def headline(self) -> str:
        """Return how the letter differs, as a sentence."""
        return "" if self.check is None else headline(self.check.comparison)

    @property
    def paragraph(self) -> str:
        """Return the words to send to the authority; empty where nothing differs."""
        if self.check is None:
            return ""
        return paragraph(self.check, self.form.rules.document, self.form.answers.school)

    @property
    def ranks(self) -> list[list[tuple[str, int]]]:
        """Return the causes, those that are as simple as each other together: their words, and what they explain."""
        found: dict[int, list[tuple[str, int]]] = {}
        for one in () if self.check is None else self.check.causes:
            found.setdefault(one.rank, []).append((change_words(one.change), one.explains))
        return list(found.values())

    @property
    def has_ties(self) -> bool:
        """Return whether some causes are as simple as each other."""
        return any(len(those) > 1 for those in self.ranks)

    @property
    def tables(self) -> Iterator[tuple[str, list[Difference], list[Difference]]]:
        """Yield the figures that the letter prints, by their kind: those to show, and lines that are the same to fold.

        The kinds are notional SEN, and pounds in all; a few lines that are the same are not folded.
        """
        if self.check is None:
            return
        comparison = self.check.comparison
        kinds = {
            "Notional SEN": [one.notional for one in comparison.lines],
            "Formula funding": [one.amount for one in comparison.lines],
        }
        totals = {"Notional SEN": comparison.notional, "Formula funding": comparison.formula}
        for kind, lines in kinds.items():
            printed = [one for one in (*lines, totals[kind]) if one.theirs is not None]
            same = [one for one in printed if one.pence == 0 and one is not totals[kind]]
            folded = same if len(same) > MOST_THE_SAME else []
            if printed:
                yield kind, [one for one in printed if one not in folded], folded

    @property
    def not_printed(self) -> list[tuple[str, int]]:
        """Return the parts of the result of which the letter prints nothing, with their pence."""
        if self.check is None or not any(one.theirs is not None for one in self._figures):
            return []
        return [
            (one.label, one.amount.ours)
            for one in self.check.comparison.lines
            if one.amount.theirs is None and one.notional.theirs is None and one.amount.ours
        ]

    @property
    def _figures(self) -> Iterator[Difference]:
        for line in () if self.check is None else self.check.comparison.lines:
            yield from (line.amount, line.notional)


def notional_in_letter(form: Form) -> Difference | None:
    """Return the notional SEN that the letter in an address has beside that of the result, None where it has none."""
    result = form.result
    printed, mistakes = letter_of(form.answers, form.formula)
    if not isinstance(result, SchoolBudget) or mistakes or printed.notional is None:
        return None
    return compare_with_letter(result.school, printed).notional


def letter_page(
    form: Form, printed: PrintedFigures, mistakes: Sequence[Mistake], *, ask: bool
) -> LetterPage:
    """Return a result beside a letter; ``ask`` where the letter's figures are to be entered or changed."""
    page = LetterPage(form, tuple(mistakes))
    if ask or mistakes:
        return page
    return replace(page, check=check_letter(page.result.outcome, 0, printed))


def _box(name: str, label: str, ours: int | None) -> Field:
    return Field(name, label, Asks.pounds, Part.budget, (f"Worked out here: {money(ours)}.",))
