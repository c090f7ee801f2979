"""One question that the atlas asks of every rule set, and what one rule set answers."""

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """A part of the atlas, in the order in which the parts stand."""

    factor = "factor"
    formula = "formula"
    band = "band"
    top_up_rule = "top-up rule"
    schools = "schools"


class Unit(StrEnum):
    """What the values of a row are."""

    pounds = "pounds"
    percent = "percent"
    number = "number"
    text = "text"


class Entry(NamedTuple):
    """A question: about what, for which phase or setting, measured how."""

    part: Part
    name: str
    of: str
    measure: str
    unit: Unit


class Cell(NamedTuple):
    """An answer: a value as decimal text or words, or, where there is none, why."""

    value: str | None
    said: str | None = None

    @property
    def text(self) -> str:
        """Return what a table shows; a missing value says that it is, and is never zero."""
        return self.said or "" if self.value is None else self.value


ABSENT = Cell(None, "not in this rule set")
"""The answer of a rule set that knows nothing of what is asked."""

Rank = tuple[int | str, ...]


class Answered(NamedTuple):
    """A question with its place in the atlas, a label for people, and one rule set's answer."""

    entry: Entry
    rank: Rank
    label: str
    cell: Cell
