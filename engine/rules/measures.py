"""What a part of a rule set says of itself in the atlas: its values in force, each with a measure and a unit."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from engine.money import PENCE, pounds, scaled
from engine.rules.values import DatedValue
from engine.steps import SourcedValue
from engine.vocabulary import NOT_PRINTED, least_checked, marked, weakest


class AtlasUnit(StrEnum):
    """The unit of a row's values; each working names its own units."""

    pounds = "pounds"
    percent = "percent"
    number = "number"
    text = "text"


Unit = AtlasUnit


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


NO_ANSWER = Cell(None, "not said")
"""The answer of a rule set that has the part and says nothing of this in it."""

LATER = Cell(None, "not in force on this day")
"""The answer of a rule set whose value begins later."""

Rank = tuple[int | str, ...]
Measured = tuple[str, Unit, Cell]
"""A measure, what its values are, and one rule set's answer."""


class Topic(NamedTuple):
    """One thing that a part of a rule set has: its name, label and measures; topics go by ``rank``."""

    name: str
    label: str
    measures: Sequence[Measured]
    rank: Rank = ()


def derived(value: str, *givens: SourcedValue | None) -> Cell:
    """Return a value worked out from others, with the standing of the least checked of them."""
    return Cell(value, standing=marked(weakest(givens)))


def document_value(given: SourcedValue | None, otherwise: Cell = NO_ANSWER) -> Cell:
    """Return a value of the document as written."""
    if given is None:
        return otherwise
    return unprinted(given) if given.value == NOT_PRINTED else derived(given.value, given)


def unprinted(given: SourcedValue) -> Cell:
    """Return the answer of a rule set whose source does not print a value."""
    return Cell(None, NOT_PRINTED, marked(given.standing))


def money(given: SourcedValue | None, otherwise: Cell = NO_ANSWER) -> Cell:
    """Return a value in pounds, with its pence."""
    if given is None or given.value == NOT_PRINTED:
        return document_value(given, otherwise)
    return derived(pounds(scaled(given.decimal, PENCE)), given)


def over_days(cells: Iterable[tuple[date, Cell]]) -> Cell:
    """Return one answer of a year in which it may change: each with its first day after the first.

    ``cells`` are in the order of their days; one that says the same as the one before is left out.
    """
    (_, first), *later = cells
    said, before = [first.text], first.text
    for day, cell in later:
        if cell.text != before:
            said.append(f"{cell.text} from {day.isoformat()}")
            before = cell.text
    if len(said) == 1:
        return first
    return Cell(
        "; ".join(said),
        standing=least_checked([first.standing, *(one.standing for _, one in later)]),
    )


def values_over_days(
    values: Sequence[DatedValue],
    write: Callable[[SourcedValue | None], Cell] = document_value,
) -> Cell:
    """Return the values of one place that are in force in a year, as ``write`` has each of them."""
    return over_days((one.from_, write(one)) for one in values) if values else write(None)


def words(text: str) -> Cell:
    """Return text of the document, or an entry that says there is none."""
    return Cell(text) if text else NO_ANSWER
