"""Every reason a table is refused, one named function each.

Checks that look at several cells are in ``reading.row_checks``.

A check looks at a frame of values: a column's own name holds its whole numbers, null
where the text could not be read and ``BLANK`` where nothing was given. Sentences say
what would be right; none ever holds a value of a cell or a key.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine import money, vocabulary
from engine.cache import cached
from engine.columns import PROPORTION_PREFIX, Column, Kind
from engine.days import numbered_day
from engine.errors import Problem
from engine.wording import nearest

BLANK = int(np.iinfo(np.int64).min)
"""Value of a cell in which nothing was given, before it becomes the column's own ``missing``."""

LONGEST_TEXT = 100
_SHORTEST, _BEGINNING = 3, 4
"""Letters of a name of which one may be a slip, and of one that is the beginning of another."""
GUESSED = 20
"""Unknown columns of a table for which the name that was probably meant is looked for."""
MISSING_COLUMN = "is missing; these rules need this column"

SPELLINGS = {"year_group": {"R": 0, "N1": -2, "N2": -1}}
"""Words that mean whole numbers: the census names reception and nursery years by letter."""

UNREAD = {"unreadable", "unknown-code", "unknown-label"}
"""Rules of cells whose text says nothing that the column can hold."""

_NAME = re.compile(r"(?=.{1,60}$)[a-z][a-z_]*(?:[0-9]{1,2}[a-z_]+)*[0-9]{0,2}")
"""Headings that look like those of our columns; any other may be a person's name, number or key."""

_HEADING = re.compile(r"[A-Za-z][A-Za-z0-9 _.()/%-]{0,59}")
_LONG_NUMBER = re.compile(r"[0-9]{5}")

_UNREADABLE = {
    Kind.whole: "must be a whole number",
    Kind.flag: "must be 1 or 0 (true or false, yes or no)",
    Kind.hours: "must be hours with at most two decimals, for example 12.5",
    Kind.pounds: "must be pounds with at most two decimals, for example 1234.50",
    Kind.millionths: "must be a plain number, for example 12.5",
    Kind.date: "must be a day written as year-month-day, for example 2025-09-01",
}
_FORMATS: dict[Kind, Callable[[int], str]] = {
    Kind.hours: lambda held: money.number(held, money.HUNDREDTHS),
    Kind.pounds: money.pounds,
    Kind.millionths: money.number,
    Kind.date: lambda held: numbered_day(held).isoformat(),
}


def spelled(kind: Kind, number: int) -> str:
    """Return a whole number that a column holds as a file spells it."""
    return _FORMATS.get(kind, str)(number)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule for the rows of one column, or for whole rows; ``fails`` is true on the rows that break it."""

    rule: str
    column: str | None
    sentence: str
    fails: pl.Expr


def has_value(name: str) -> pl.Expr:
    """Return where a column holds a value that could be read."""
    return pl.col(name).is_not_null() & (pl.col(name) != BLANK)


def plain_name(name: str) -> str | None:
    """Return a header's name if a refusal may repeat it; a header may hold personal data."""
    return name if _NAME.fullmatch(name) else None


def no_header(
    names: Sequence[str], known: Collection[str], row: int | None = None, looked: int = 0
) -> list[Problem]:
    """Refuse a table of which no column is known: its first row is a pupil, a school or a title.

    ``row`` is the one that was read as the column names of a file, from 1; None for a frame or records.
    ``looked`` is the number of its first rows that were looked through for them.
    """
    if set(names) & set(known):
        return []
    where = "the first row" if row in (None, 1) else f"row {row}"
    sentence = f"no column name is known; {where} must have the column names, for example {', '.join(sorted(known)[:5])}"
    if row is not None:
        searched = f" (the first {looked} rows have none)" if looked > 1 else ""
        sentence += (
            f"; where they are in another row{searched}, name it with --header-row (header_row= in Python), "
            "and where they are other words, say in a layout which column is which"
        )
    return [Problem(sentence, "no-header")]


def heading(name: str) -> str | None:
    """Return a heading of a source table, which a layout must name; None where it has a number in it."""
    return name if _HEADING.fullmatch(name) and not _LONG_NUMBER.search(name) else None


def unknown_columns(
    names: Sequence[str],
    known: Collection[str],
    elsewhere: Collection[str],
    shown_as: Callable[[str], str | None] = plain_name,
    *,
    meant: Mapping[str, str] | None = None,
    skip: Collection[str] = (),
    places: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Refuse each column that is not used, the first with the name that was probably ``meant``.

    Nothing is said of columns to ``skip`` unless they are used ``elsewhere``. A column whose name is not
    repeated is named by its place, as ``places`` has it in the source.
    """
    if meant is None:
        meant = probably_meant([name for name in names if name not in elsewhere], known, names)
    problems: list[Problem] = []
    for position, name in enumerate(names, start=1):
        if name in known or (name in skip and name not in elsewhere):
            continue
        shown = shown_as(name)
        if name in elsewhere:
            sentence = "is not used by these rules; remove the column"
            shown = heading(name)
        elif name in meant:
            sentence = f"unknown column; did you mean {meant[name]}?"
            shown = heading(name)
        else:
            sentence = "unknown column; check its name, or remove it"
        if shown is None:
            place = (places or {}).get(name, str(position))
            sentence = f"column {place}: {sentence}"
        problems.append(Problem(sentence, "unknown-column", column=shown))
    return problems


def probably_meant(
    names: Sequence[str], known: Collection[str], there: Collection[str]
) -> dict[str, str]:
    """Return the first names that are not known with the name that was probably meant: one that is not there, if any is like it."""
    candidates = [name for name in known if name not in there]
    unknown = [name for name in names if name not in known][:GUESSED]
    close = (
        (name, _close_to(name, candidates) or nearest(name.lower(), list(known)))
        for name in unknown
    )
    return {name: one for name, one in close if one is not None}


def _close_to(name: str, known: Collection[str]) -> str | None:
    """Return the known name that is one of a name's words, that begins as it does, or that it may be a slip for."""
    written = name[:LONGEST_TEXT].strip().lower().replace(" ", "_")
    word = next((one for one in written.split("_") if one in known), None)
    begun = (
        one
        for one in known
        if min(len(one), len(written)) >= _BEGINNING
        and (one.startswith(written) or written.startswith(one))
    )
    other = (one for one in known if _differ_in_a_letter(one, written))
    return word or nearest(written, list(known)) or next(begun, next(other, None))


def _differ_in_a_letter(one: str, other: str) -> bool:
    """Return whether two names of the same length, of three letters or more, differ in one."""
    alike = len(one) == len(other) >= _SHORTEST
    return alike and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def missing_columns(
    names: Collection[str], required: Collection[str], sentence: str = MISSING_COLUMN
) -> list[Problem]:
    """Return a problem for each column that a table must have and has not, by name."""
    return [
        Problem(sentence, "missing-column", column=name)
        for name in sorted(set(required) - set(names))
    ]


def no_rows(height: int) -> list[Problem]:
    """Refuse a table with nothing below its header."""
    return [] if height else [Problem("there are no rows below the column names", "no-rows")]


def required_blank(column: Column) -> Check:
    """Refuse a blank cell where every row must be filled."""
    return Check(
        "blank", column.name, "must have a value in every row", pl.col(column.name) == BLANK
    )


def key_blank(name: str) -> Check:
    """Refuse a row without a key."""
    return Check("blank", name, "must have a value in every row", pl.col(name) == "")


def text_too_long(name: str) -> Check:
    """Refuse text longer than any key or name."""
    sentence = f"must have at most {LONGEST_TEXT} characters"
    return Check("too-long", name, sentence, pl.col(name).str.len_chars() > LONGEST_TEXT)


def unreadable(column: Column) -> Check:
    """Refuse text that is not of the column's kind."""
    sentence = _UNREADABLE[column.kind]
    if words := SPELLINGS.get(column.name):
        sentence += f", or one of {', '.join(words)}"
    if column.none == 0:
        sentence += ", or none"
    return Check("unreadable", column.name, sentence, pl.col(column.name).is_null())


def unknown_code(column: Column) -> Check:
    """Refuse a code outside its list."""
    names = ", ".join(code.name for code in column.codes or ())
    return Check(
        "unknown-code", column.name, f"must be one of {names}", pl.col(column.name).is_null()
    )


def unknown_label(column: Column) -> Check:
    """Refuse a band that the rules do not name."""
    sentence = (
        f"must be one of {', '.join(column.labels)}"
        if column.labels
        else "must be blank: these rules have no bands"
    )
    return Check("unknown-label", column.name, sentence, pl.col(column.name).is_null())


def outside_range(column: Column) -> Check:
    """Refuse a number below or above what the column can hold."""
    value = pl.col(column.name)
    fails = has_value(column.name) & ((value < column.lowest) | (value > column.highest))
    sentence = f"must be from {spelled(column.kind, column.lowest)} to {spelled(column.kind, column.highest)}"
    if column.name.startswith(PROPORTION_PREFIX):
        sentence += ", or a percentage with its sign such as 27.95%"
    return Check("out-of-range", column.name, sentence, fails)


def unknown_local_authority(column: Column) -> Check:
    """Refuse a number that is no local authority's code."""
    known = list(vocabulary.local_authorities())
    sentence = "must be the three-digit code of a local authority in England"
    return Check(
        "unknown-authority",
        column.name,
        sentence,
        has_value(column.name) & ~pl.col(column.name).is_in(known),
    )


@cached(1_024)
def cell_checks(column: Column) -> tuple[Check, ...]:
    """Return every check of a column that looks at one cell at a time."""
    if column.dtype is None:
        keyed = (key_blank(column.name),) if column.kind is Kind.key else ()
        return (*keyed, text_too_long(column.name))
    required = (required_blank(column),) if column.missing is None else ()
    if column.kind is Kind.code:
        return (*required, unknown_code(column))
    if column.kind is Kind.label:
        return (*required, unknown_label(column))
    if column.kind is Kind.flag:
        return (*required, unreadable(column))
    bounds = unknown_local_authority(column) if column.name == "la" else outside_range(column)
    return (*required, unreadable(column), bounds)
