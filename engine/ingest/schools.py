"""A frame of text to a checked table of schools, with the lines of a formula."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from engine import check
from engine.check import BLANK, Check
from engine.columns import (
    AMOUNT_PREFIX,
    PROPORTION_PREFIX,
    SCHOOL_COLUMNS,
    UNITS_PREFIX,
    Column,
    Int,
    Kind,
    Wanted,
    line_column,
)
from engine.ingest.alike import Cells, cells_of
from engine.ingest.report import Report, is_clean
from engine.ingest.shares import Given, counted_in, pupils_of, units_of_shares
from engine.ingest.text import as_text, narrow
from engine.tables import Column as Array
from engine.tables import SchoolTable, frozen
from engine.vocabulary import Presence

NAME = "school_name"
ALWAYS = frozenset({"urn", "phase"})
FORMS = (UNITS_PREFIX, PROPORTION_PREFIX, AMOUNT_PREFIX)


def school_table(frame: pl.DataFrame, wanted: Wanted, *, first_row: int = 2) -> SchoolTable:
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
    cells = cells_of(text, columns)
    _check_rows(report, cells.values, columns)
    report.refuse()
    if len(text) == 1:
        # One school, as a page or a cell asks for, is in order.
        return _table(text, cells, columns, np.full(1, first_row, np.int64), wanted)
    order = cells.values["urn"].arg_sort()
    rows = order.to_numpy().astype(np.int64) + first_row
    ordered = Cells(*(held[order] if held.width else held for held in cells))
    return _table(text[order], ordered, columns, rows, wanted)


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
    report: Report, frame: pl.DataFrame, wanted: Wanted, known: frozenset[str]
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
    cells: Cells,
    columns: Mapping[str, Column],
    rows: Int,
    wanted: Wanted,
) -> SchoolTable:
    given, (values, presence) = {}, cells
    for name in columns:
        if _line(name) is None:
            continue
        held = values[name].to_numpy()
        given[name] = Given(np.where(held == BLANK, 0, held), presence[name].to_numpy())
    given = _settled(text, given, values["phase"].to_numpy(), wanted)
    names = values[NAME] if NAME in columns else [""] * values.height
    register = [name for name in columns if _line(name) is None and name != NAME]
    return SchoolTable(
        urn=frozen(values["urn"].to_numpy().astype(np.int32)),
        names=tuple(names),
        columns={name: narrow(values[name], columns[name]) for name in register},
        values={name: frozen(one.values) for name, one in given.items()},
        presence={name: frozen(one.presence) for name, one in given.items()},
        rows=frozen(rows),
    )


def _settled(
    text: pl.DataFrame, given: Mapping[str, Given], phase: Array, wanted: Wanted
) -> dict[str, Given]:
    """Return the lines with each share of pupils turned into units, beside units given outright."""
    settled = {name: one for name, one in given.items() if not name.startswith(PROPORTION_PREFIX)}
    for name in given.keys() - settled.keys():
        line = name.removeprefix(PROPORTION_PREFIX)
        pupils = pupils_of(counted_in(line, wanted.phase_pupils), given, phase)
        units = units_of_shares(text[name], given[name].presence, pupils)
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
