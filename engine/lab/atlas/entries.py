"""One question of the atlas, the answer of one rule set, and conditions of rules in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from engine.money import PENCE, pounds, scaled
from engine.rules.inputs import Input
from engine.steps import SourcedValue
from engine.vocabulary import marked, weakest


class Part(StrEnum):
    """A part of the atlas, in the order in which they are printed."""

    rule_set = "rule set"
    factor = "factor"
    formula = "formula"
    assignment = "assignment"
    band = "band"
    tariff = "tariff"
    top_up_rule = "top-up rule"
    calendar = "calendar"
    places = "places"
    high_needs_block = "high needs block"
    targeted_funding = "targeted funding"
    schools = "schools"


class AtlasUnit(StrEnum):
    """The unit of a row's values; each working names its own units."""

    pounds = "pounds"
    percent = "percent"
    number = "number"
    text = "text"


Unit = AtlasUnit


class Entry(NamedTuple):
    """A question: about what, for which phase or setting, measured how."""

    part: Part
    name: str
    of: str
    measure: str
    unit: Unit


class Cell(NamedTuple):
    """An answer: a value as decimal text or words, or, where there is none, why.

    ``standing`` is that of the value where it was not verified, otherwise None.
    """

    value: str | None
    said: str | None = None
    standing: str | None = None

    @property
    def text(self) -> str:
        """Return what a table shows; a missing value says that it is, and is never zero."""
        return self.said or "" if self.value is None else self.value

    @property
    def with_standing(self) -> str:
        """Return what people read: the value and, where it was not verified, its standing."""
        return f"{self.text} [{self.standing}]" if self.standing else self.text


ABSENT = Cell(None, "not in this rule set")
"""The answer of a rule set that knows nothing of what is asked."""

NO_ANSWER = Cell(None, "not said")
"""The answer of a rule set that has the part and says nothing of this in it."""

Rank = tuple[int | str, ...]
Measured = tuple[str, Unit, Cell]
"""A measure, what its values are, and one rule set's answer."""


class Answer(NamedTuple):
    """A question with its place in the atlas, a label for people, and one rule set's answer."""

    entry: Entry
    rank: Rank
    label: str
    cell: Cell


def answers(
    part: Part,
    name: str,
    label: str,
    measures: Iterable[Measured],
    *,
    of: str = "",
    rank: Rank = (),
) -> Iterator[Answer]:
    """Yield one rule set's answers about one thing, in the order of the measures."""
    for at, (measure, unit, cell) in enumerate(measures):
        yield Answer(Entry(part, name, of, measure, unit), (*rank, at), label, cell)


def derived(value: str, *givens: SourcedValue | None) -> Cell:
    """Return a value worked out from others, with the standing of the least checked of them."""
    return Cell(value, standing=marked(weakest(givens)))


def document_value(given: SourcedValue | None, otherwise: Cell = NO_ANSWER) -> Cell:
    """Return a value of the document as written."""
    return otherwise if given is None else derived(given.value, given)


def money(given: SourcedValue | None, otherwise: Cell = NO_ANSWER) -> Cell:
    """Return a value in pounds, with its pence."""
    return otherwise if given is None else derived(pounds(scaled(given.decimal, PENCE)), given)


def words(text: str) -> Cell:
    """Return text of the document, or an entry that says there is none."""
    return Cell(text) if text else NO_ANSWER


Conditions = Mapping[Input | str, Sequence[str]]
_PLAIN: dict[Input | str, str] = {Input.sen_provision: "provision"}


def spaced(word: str) -> str:
    """Return a word of a document as people say it."""
    return word.replace("_", " ")


def condition_words(when: Conditions, leave_out: Sequence[Input] = ()) -> str:
    """Return conditions as one phrase, empty where nothing is asked.

    >>> condition_words({Input.primary_need: ["SLD", "MSI"], Input.score: ["0-79"]})
    'primary need SLD or MSI, score 0-79'
    """
    return ", ".join(
        f"{_PLAIN.get(name, spaced(str(name)))} {' or '.join(map(spaced, choices))}"
        for name, choices in when.items()
        if name not in leave_out
    )
