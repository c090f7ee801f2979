"""A frame of text to a checked table of schools, with the lines of a formula."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine import table_checks as check
from engine.columns import (
    AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    ColumnSelection,
    Int,
    Kind,
    line_column,
)
from engine.reading.alike import cells_of
from engine.reading.plain import are_plain_words, plain_numbers, presences
from engine.reading.report import Report, is_clean
from engine.reading.shares import Given, counted_in, pupils_of, units_of_shares
from engine.reading.text import as_text, narrow
from engine.table_checks import BLANK, Check
from engine.tables import Array, SchoolTable, frozen
from engine.vocabulary import Presence

NAME = "school_name"
ALWAYS = frozenset({"urn", "phase"})
FORMS = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)


def school_table(
    frame: pl.DataFrame, wanted: ColumnSelection, *, first_row: int = 2
) -> SchoolTable:
    """Return the checked table of a frame, or raise ``TableRefused`` with every problem.

    Units are millionths and amounts pence. A share of pupils becomes the line's units.
    """
    report = Report(first_row)
    known = wanted.known | wanted.required | ALWAYS
    _check_columns(report, frame, wanted, known)
    columns = {name: _column(name) for name in frame.columns if name in known}
    text, problems = as_text(frame[list(columns)])
    report.add(problems)
    unread = {problem.column for problem in problems}
    columns = {name: column for name, column in columns.items() if name not in unread}
    plain = None if report.total else _plain(text, columns)
    read = _read(report, text, columns) if plain is None else plain
    order = np.argsort(read.numbers["urn"], kind="stable")
    return _table(text, read, columns, order, first_row, wanted)


class Checked(NamedTuple):
    """The checked cells of a table of schools, in the order of its rows.

    numbers   the whole numbers of the columns, ``BLANK`` where nothing is given
    presence  why each cell of a line's column is there or not, as codes of ``Presence``
    """

    names: Sequence[str]
    numbers: Mapping[str, Int]
    presence: Mapping[str, Array]


def _plain(text: pl.DataFrame, columns: Mapping[str, Column]) -> Checked | None:
    """Return the cells of a few schools whose rows are plainly written and in order, or None."""
    numbered = {name: column for name, column in columns.items() if column.kind is not Kind.text}
    numbers = plain_numbers(text, numbered)
    if numbers is None or any(len(forms) > 1 for forms in _forms(columns).values()):
        return None
    names = text[NAME].to_list() if NAME in columns else [""] * text.height
    if not are_plain_words(names, required=False) or _repeats(numbers["urn"]):
        return None
    presence = {
        name: presences(text[name].to_list()) for name in columns if _line(name) is not None
    }
    return Checked([name or "" for name in names], numbers, presence)


def _repeats(urn: Int) -> bool:
    return len(set(urn.tolist())) < len(urn)


def _read(report: Report, text: pl.DataFrame, columns: Mapping[str, Column]) -> Checked:
    """Return the cells of any schools, or raise ``TableRefused`` with every problem."""
    values, presence = cells_of(text, columns)
    _check_rows(report, values, columns)
    report.refuse()
    return Checked(
        values[NAME].to_list() if NAME in columns else [""] * text.height,
        {name: values[name].to_numpy() for name, one in columns.items() if one.dtype is not None},
        {name: presence[name].to_numpy() for name in columns if _line(name) is not None},
    )


def _column(name: str) -> Column:
    return SCHOOL_COLUMNS.get(name) or line_column(name)


def _line(name: str) -> str | None:
    """Return the line that a column gives, or None for a column of the register."""
    if name in SCHOOL_COLUMNS:
        return None
    return next((name.removeprefix(prefix) for prefix in FORMS if name.startswith(prefix)), name)


def _forms(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns that give each line of the formula."""
    forms = defaultdict(list)
    for name in names:
        if (line := _line(name)) is not None:
            forms[line].append(name)
    return forms


def _check_columns(
    report: Report, frame: pl.DataFrame, wanted: ColumnSelection, known: frozenset[str]
) -> None:
    problems = check.no_header(frame.columns, known)
    if not problems:
        lines = _forms(name for name in frame.columns if name in known)
        required = {name for name in wanted.required | ALWAYS if _line(name) not in lines}
        problems += check.unknown_columns(frame.columns, known, SCHOOL_COLUMNS)
        problems += check.missing_columns(frame.columns, required)
    report.add(problems)
    report.add(check.no_rows(frame.height))


def _check_rows(report: Report, values: pl.DataFrame, columns: Mapping[str, Column]) -> None:
    checks: list[Check] = []
    for name, column in columns.items():
        if is_clean(values[name], column):
            continue
        checks += (
            [check.text_too_long(name)] if column.kind is Kind.text else check.cell_checks(column)
        )
    if "urn" in columns and len(values) > 1:
        checks.append(check.repeated_schools())
    checks += [
        check.line_given_twice(line, forms)
        for line, forms in _forms(columns).items()
        if len(forms) > 1
    ]
    report.look(values, checks)


def _table(
    text: pl.DataFrame,
    read: Checked,
    columns: Mapping[str, Column],
    order: NDArray[np.intp],
    first_row: int,
    wanted: ColumnSelection,
) -> SchoolTable:
    numbers = {name: held[order] for name, held in read.numbers.items()}
    given = {
        name: Given(np.where(numbers[name] == BLANK, 0, numbers[name]), presence[order])
        for name, presence in read.presence.items()
    }
    given = _settled(text, order, given, numbers["phase"], wanted)
    return SchoolTable(
        urn=frozen(numbers["urn"].astype(np.int32)),
        names=tuple(read.names[at] for at in order.tolist()),
        columns={
            name: narrow(held, columns[name])
            for name, held in numbers.items()
            if name not in read.presence
        },
        values={name: frozen(one.values) for name, one in given.items()},
        presence={name: frozen(one.presence) for name, one in given.items()},
        rows=frozen(order.astype(np.int64) + first_row),
    )


def _settled(
    text: pl.DataFrame,
    order: NDArray[np.intp],
    given: Mapping[str, Given],
    phase: Int,
    wanted: ColumnSelection,
) -> dict[str, Given]:
    """Return the lines with each share of pupils turned into units, beside units given outright."""
    settled = {name: one for name, one in given.items() if not name.startswith(PROPORTION_PREFIX)}
    for name in given.keys() - settled.keys():
        line = name.removeprefix(PROPORTION_PREFIX)
        pupils = pupils_of(counted_in(line, wanted.phase_pupils), given, phase)
        units = units_of_shares(text[name][order], given[name].presence, pupils)
        outright = given.get(UNITS_PREFIX + line)
        settled[UNITS_PREFIX + line] = units if outright is None else _either(outright, units)
    return settled


def _either(outright: Given, shared: Given) -> Given:
    """Return the units given outright where they are, those of the share elsewhere."""
    keep = (outright.presence == Presence.given) | (shared.presence == Presence.not_supplied)
    return Given(
        np.where(keep, outright.values, shared.values),
        np.where(keep, outright.presence, shared.presence).astype(np.int8),
    )
