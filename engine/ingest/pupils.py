"""A frame of text to a checked table of pupils."""

import numpy as np
import polars as pl

from engine import check
from engine.columns import PUPIL_COLUMNS, Column, Kind, Wanted, pupil_column
from engine.ingest.report import Report, is_clean
from engine.ingest.text import as_text, narrow, stripped, value_of
from engine.tables import PupilTable
from engine.upn import keys_like_upns

KEY = "pupil_key"
ALWAYS = frozenset({KEY, "la"})


def pupil_table(frame: pl.DataFrame, wanted: Wanted, *, first_row: int = 2) -> PupilTable:
    """Return the checked table of a frame, or raise ``TableRefused`` with every problem.

    ``first_row`` is the number of the frame's first row in the file: 2 under a header.
    Bands are left out where the rules name none, for then no list says what they are.
    """
    report = Report(first_row)
    known = wanted.known | wanted.required | ALWAYS
    _check_columns(report, frame, wanted, known)
    columns = {name: _column(name) for name in frame.columns if name in known}
    if not wanted.labels:
        columns = {
            name: column for name, column in columns.items() if column.kind is not Kind.label
        }
    text, problems = as_text(frame[list(columns)])
    report.add(problems)
    unread = {problem.column for problem in problems}
    columns = {name: column for name, column in columns.items() if name not in unread}
    values = text.select(
        stripped(name) if column.kind is Kind.key else value_of(column, _labels(column, wanted))
        for name, column in columns.items()
    )
    _check_rows(report, values, columns, wanted)
    report.refuse()
    return PupilTable.of(
        values[KEY],
        {
            name: narrow(values[name], column)
            for name, column in columns.items()
            if column.dtype is not None
        },
        np.arange(first_row, first_row + values.height),
        wanted.labels,
    )


def _column(name: str) -> Column:
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    return column


def _labels(column: Column, wanted: Wanted) -> tuple[str, ...]:
    return wanted.labels if column.kind is Kind.label else ()


def _check_columns(
    report: Report, frame: pl.DataFrame, wanted: Wanted, known: frozenset[str]
) -> None:
    problems = check.no_header(frame.columns, known)
    if not problems:
        problems += check.unknown_columns(frame.columns, known, PUPIL_COLUMNS)
        problems += check.missing_columns(frame.columns, wanted.required | ALWAYS)
    report.add(problems)
    report.add(check.no_rows(frame.height))


def _check_rows(
    report: Report, values: pl.DataFrame, columns: dict[str, Column], wanted: Wanted
) -> None:
    checks: list[check.Check] = []
    for name, column in columns.items():
        if is_clean(values[name], column):
            continue
        if column.kind is Kind.key:
            checks += [check.key_blank(name), check.text_too_long(name)]
        else:
            checks += check.cell_checks(column, _labels(column, wanted))
    checks += check.pupil_checks(frozenset(columns))
    if KEY in columns and values.height:
        checks += filter(None, (check.repeated_keys(values), keys_like_upns(values)))
    report.look(values, checks)
