"""What a person states of how a table is written, where the table itself cannot say it: nothing is guessed.

The order of days, the columns in which a blank means none, and the columns of pounds that are rounded to pence.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

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
from engine.notices import Notice
from engine.table_checks import plain_name

BLANK_MEANS_NONE, ROUND_TO_PENCE = "blank_means_none", "round_to_pence"
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
    """the body of a request"""
    address = "address"
    """the address of a cell or a page, in which nothing is stated of how it is written"""


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
    entry: Entry = Entry.address

    @property
    def stated(self) -> bool:
        """Return whether anything is stated that changes how a cell is read."""
        return bool(self.dates or self.blank_means_none or self.round_to_pence)

    def record(self) -> dict[str, object]:
        """Return what is stated, as plain values."""
        stated: dict[str, object] = {
            "dates": None if self.dates is None else self.dates.value,
            BLANK_MEANS_NONE: sorted(self.blank_means_none),
            ROUND_TO_PENCE: sorted(self.round_to_pence),
        }
        return {name: one for name, one in stated.items() if one}

    def and_of_rules(self, columns: frozenset[str]) -> "Habits":
        """Return what is stated with the columns in which the rules say that a blank means none: either is enough."""
        return (
            self if not columns else replace(self, blank_means_none=self.blank_means_none | columns)
        )

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
    Entry.request: '"dates": "day_first" (or "month_first")',
}
_PENCE = {
    Entry.command: "--round-to-pence {name}",
    Entry.python: 'round_to_pence=["{name}"]',
    Entry.request: '"round_to_pence": ["{name}"]',
}
_STANDS_FOR = {
    Entry.command: "--la-map CODE=929",
    Entry.python: 'la_map={"CODE": "929"}',
    Entry.request: '"la_map": {"CODE": "929"}',
}
"""How a person says which authority's code is read in the place of another."""


def way_to_map(habits: Habits) -> str:
    """Return how a person says which code is read in the place of that of an invented or future authority, as the end of a sentence; nothing for an address."""
    way = _STANDS_FOR.get(habits.entry)
    if way is None:
        return ""
    return f"; for an invented or future authority, say which code is read in the place of its own: {way}"


def way_to_state_days(habits: Habits) -> str:
    """Return how a person states the order of days, as the end of a sentence; nothing for an address."""
    way = _DAYS.get(habits.entry)
    return (
        "" if way is None else f"; where days are written as 01/09/2025, state their order: {way}"
    )


def way_to_round(habits: Habits, name: str) -> str:
    """Return how a person has pounds rounded to pence, as the end of a sentence; nothing for an address."""
    way = _PENCE.get(habits.entry)
    return "" if way is None else f"; to have it rounded, state {way.format(name=name)}"


class Register(NamedTuple):
    """The columns that habits may be stated of: by name, and the ends of names of lines in sentences."""

    column: Callable[[str], Column | None]
    listed: Mapping[str, Column]
    lines: str = ""

    def names(self, fits: Callable[[Column], bool]) -> str:
        """Return the names of the columns that fit, as the end of a sentence."""
        return ", ".join(name for name, one in self.listed.items() if fits(one)) + self.lines


def habits_of(
    dates: str | None,
    blank_means_none: Collection[str],
    round_to_pence: Collection[str],
    entry: Entry = Entry.address,
    columns: Collection[Column] | None = None,
    more: Collection[Column] = (),
) -> Habits:
    """Return habits in a person's words; raises ``ValueError`` with all that is wrong, and what would be right.

    ``columns`` are those of the table, where it is not one of pupils or schools; ``more`` those of other
    tables beside these.
    """
    order = None if dates is None else dates.replace("-", "_")
    sentences = []
    if order is not None and order not in DayOrder.__members__:
        sentences.append("the order of days must be day-first or month-first")
    wrong = statement_problems(blank_means_none, round_to_pence, columns, more)
    sentences += [one for each in wrong.values() for one in each]
    if sentences:
        raise ValueError("; ".join(sentences))
    return Habits(
        None if order is None else DayOrder(order),
        frozenset(blank_means_none),
        frozenset(round_to_pence),
        entry,
    )


def statement_problems(
    blank_means_none: Collection[str],
    round_to_pence: Collection[str],
    columns: Collection[Column] | None = None,
    more: Collection[Column] = (),
) -> dict[str, list[str]]:
    """Return what is wrong with the columns that statements name, by the statement; nothing where all may be named."""
    register = _with(more) if columns is None else _register_of(columns)
    return {
        BLANK_MEANS_NONE: list(
            _others(blank_means_none, register, has_none, "has no word for none")
        ),
        ROUND_TO_PENCE: list(_others(round_to_pence, register, _is_pounds, "has no pounds")),
    }


def unused_statements(habits: Habits, there: Collection[str]) -> tuple[Notice, ...]:
    """Return a notice of each column that a statement names and no table has; ``there`` are those of all tables."""
    named = {BLANK_MEANS_NONE: habits.blank_means_none, ROUND_TO_PENCE: habits.round_to_pence}
    return tuple(
        Notice(
            "statement-unused",
            f"{_spelled(statement, habits.entry)} {name} changes nothing: no table has this column",
            1,
        )
        for statement, names in named.items()
        for name in sorted(names - {*there})
    )


def _spelled(statement: str, entry: Entry) -> str:
    return f"--{statement.replace('_', '-')}" if entry is Entry.command else statement


def has_none(column: Column) -> bool:
    """Return whether a word for none has a meaning in a column."""
    return column.none is not None


def _is_pounds(column: Column) -> bool:
    return column.kind is Kind.pounds


def _column(name: str) -> Column | None:
    if name.startswith(LINE_PREFIXES):
        return line_column(name)
    return pupil_column(name) or SCHOOL_COLUMNS.get(name)


_REGISTER = Register(
    _column, {**PUPIL_COLUMNS, **SCHOOL_COLUMNS}, " and those of lines (units_, amount_)"
)


def _with(more: Collection[Column]) -> Register:
    """Return the register of pupils and schools, and the columns of other tables."""
    others = {one.name: one for one in more}
    if not others:
        return _REGISTER
    return _REGISTER._replace(
        column=lambda name: _column(name) or others.get(name),
        listed={**others, **_REGISTER.listed},
    )


def _register_of(columns: Collection[Column]) -> Register:
    by_name = {one.name: one for one in columns}
    return Register(by_name.get, by_name)


def _others(
    names: Collection[str], register: Register, fits: Callable[[Column], bool], wrong: str
) -> Iterator[str]:
    """Yield why each name is none of the columns that fit, and which do."""
    for name in names:
        column = register.column(name)
        if column is None or not fits(column):
            why = "is an unknown column" if column is None else wrong
            shown = plain_name(name) or "a name with other signs than letters, digits and _"
            yield f"{shown} {why}; the columns are {register.names(fits) or 'none'}"
