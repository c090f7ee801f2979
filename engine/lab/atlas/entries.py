"""One question of the atlas, and the answer of one rule set."""

from enum import StrEnum
from typing import NamedTuple

from engine.money import PENCE, pounds, scaled
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
    def spoken(self) -> str:
        """Return what people read: the value and, where it was not verified, its standing."""
        return f"{self.text} [{self.standing}]" if self.standing else self.text


ABSENT = Cell(None, "not in this rule set")
"""The answer of a rule set that knows nothing of what is asked."""

NOT_SAID = Cell(None, "not said")
"""The answer of a rule set that has the part and says nothing of this in it."""

Rank = tuple[int | str, ...]
Asked = tuple[str, Unit, Cell]
"""A measure, what its values are, and one rule set's answer."""


class Answered(NamedTuple):
    """A question with its place in the atlas, a label for people, and one rule set's answer."""

    entry: Entry
    rank: Rank
    label: str
    cell: Cell


def worked(value: str, *givens: SourcedValue | None) -> Cell:
    """Return a value worked out from others, with the standing of the least checked of them."""
    return Cell(value, standing=marked(weakest(givens)))


def held(given: SourcedValue | None, otherwise: Cell = NOT_SAID) -> Cell:
    """Return a value of the document as written."""
    return otherwise if given is None else worked(given.value, given)


def money(given: SourcedValue | None, otherwise: Cell = NOT_SAID) -> Cell:
    """Return a value in pounds, with its pence."""
    return otherwise if given is None else worked(pounds(scaled(given.decimal, PENCE)), given)


def words(text: str) -> Cell:
    """Return text of the document, or an entry that says there is none."""
    return Cell(text) if text else NOT_SAID
