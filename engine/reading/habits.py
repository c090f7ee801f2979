"""What a person states of how a table is written, where the table itself cannot say it: nothing is guessed.

The order of days, the columns in which a blank means none, and the columns of pounds that are rounded to pence.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.columns import (
    AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    Kind,
    line_column,
    pupil_column,
)
from engine.errors import Problem, TableRefused

LINE_PREFIXES = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)


class DayOrder(StrEnum):
    """The order of the day and the month in a table's dates; year, month, day is read whatever is stated."""

    day_first = "day_first"
    """1 September 2025 is 01/09/2025"""
    month_first = "month_first"
    """1 September 2025 is 09/01/2025"""


class Entry(StrEnum):
    """Where a table comes in, which decides how a refusal says that a habit can be stated."""

    command = "command"
    python = "python"
    request = "request"


@dataclass(frozen=True, slots=True)
class Habits:
    """How a table is written.

    dates             the order of days and months, None where only 2025-09-01 is read
    blank_means_none  columns in which a blank cell means none
    round_to_pence    columns of pounds whose further decimals are rounded, halves away from zero
    entry             where the table comes in
    """

    dates: DayOrder | None = None
    blank_means_none: frozenset[str] = frozenset()
    round_to_pence: frozenset[str] = frozenset()
    entry: Entry = Entry.request

    @property
    def stated(self) -> bool:
        """Return whether anything is stated that changes how a cell is read."""
        return bool(self.dates or self.blank_means_none or self.round_to_pence)

    def __or__(self, other: "Habits") -> "Habits":
        """Return what both state together; raises ``TableRefused`` where they state two orders of days."""
        if None not in {self.dates, other.dates} and self.dates is not other.dates:
            sentence = "two orders of days are stated, one of them in the layout; state one"
            raise TableRefused([Problem(sentence, "day-order")])
        return replace(
            self,
            dates=self.dates or other.dates,
            blank_means_none=self.blank_means_none | other.blank_means_none,
            round_to_pence=self.round_to_pence | other.round_to_pence,
        )


PLAIN = Habits()
"""A table of which nothing is stated."""

_DAYS = {
    Entry.command: "--dates day-first (or month-first)",
    Entry.python: 'dates="day_first" (or "month_first")',
}
_PENCE = {
    Entry.command: "--round-to-pence {name}",
    Entry.python: 'round_to_pence=["{name}"]',
}


def way_to_state_days(habits: Habits) -> str:
    """Return how a person states the order of days, as the end of a sentence; nothing for a request."""
    way = _DAYS.get(habits.entry)
    return (
        "" if way is None else f"; where days are written as 01/09/2025, state their order: {way}"
    )


def way_to_round(habits: Habits, name: str) -> str:
    """Return how a person has pounds rounded to pence, as the end of a sentence; nothing for a request."""
    way = _PENCE.get(habits.entry)
    return "" if way is None else f"; to have it rounded, state {way.format(name=name)}"


def habits_of(
    dates: str | None,
    blank_means_none: Collection[str],
    round_to_pence: Collection[str],
    entry: Entry = Entry.request,
) -> Habits:
    """Return habits in a person's words; raises ``ValueError`` with what would be right."""
    order = None if dates is None else dates.replace("-", "_")
    if order is not None and order not in DayOrder.__members__:
        message = "the order of days must be day-first or month-first"
        raise ValueError(message)
    for name in blank_means_none:
        if not has_none(_column(name)):
            raise _refused(name, "has no word for none", _columns_with_none())
    for name in round_to_pence:
        if not _is_pounds(_column(name)):
            raise _refused(name, "has no pounds", _columns_of_pounds())
    return Habits(
        None if order is None else DayOrder(order),
        frozenset(blank_means_none),
        frozenset(round_to_pence),
        entry,
    )


def has_none(column: Column | None) -> bool:
    """Return whether a word for none has a meaning in a column."""
    return column is not None and column.none is not None


def _is_pounds(column: Column | None) -> bool:
    return column is not None and column.kind is Kind.pounds


def _column(name: str) -> Column | None:
    if name.startswith(LINE_PREFIXES):
        return line_column(name)
    return pupil_column(name) or SCHOOL_COLUMNS.get(name)


def _refused(name: str, wrong: str, right: str) -> ValueError:
    known = _column(name) is not None
    return ValueError(
        f"{name} {wrong if known else 'is an unknown column'}; the columns are {right}"
    )


def _columns_with_none() -> str:
    return _named([name for name, one in _register().items() if has_none(one)], "units_, amount_")


def _columns_of_pounds() -> str:
    return _named([name for name, one in _register().items() if _is_pounds(one)], "amount_")


def _register() -> dict[str, Column]:
    return {**PUPIL_COLUMNS, **SCHOOL_COLUMNS}


def _named(names: list[str], lines: str) -> str:
    return f"{', '.join(names)} and those of lines ({lines})"
