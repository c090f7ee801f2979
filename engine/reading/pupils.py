"""A frame of text to a checked table of pupils."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from engine import table_checks as check
from engine.columns import PUPIL_COLUMNS, Column, ColumnSelection, Int, Kind, pupil_column
from engine.reading.plain import are_plain_words, plain_numbers
from engine.reading.report import Report, is_clean
from engine.reading.row_checks import pupil_checks
from engine.reading.text import as_text, narrow, stripped, value_of
from engine.tables import PupilTable
from engine.upn import has_form_of_upn, keys_like_upns

KEY = "pupil_key"
ALWAYS = frozenset({KEY, "la"})


def pupil_table(frame: pl.DataFrame, wanted: ColumnSelection, *, first_row: int = 2) -> PupilTable:
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
    plain = None if report.total else _plain(text, columns, wanted)
    cells = _read(report, text, columns, wanted) if plain is None else plain
    return PupilTable.of(
        cells.keys,
        {name: narrow(held, columns[name]) for name, held in cells.numbers.items()},
        np.arange(first_row, first_row + text.height),
        wanted.labels,
    )


class Checked(NamedTuple):
    """The checked cells of a table of pupils: keys, and the whole numbers of the other columns."""

    keys: pl.Series
    numbers: Mapping[str, Int]


def _plain(
    text: pl.DataFrame, columns: Mapping[str, Column], wanted: ColumnSelection
) -> Checked | None:
    """Return the cells of a few pupils whose rows are plainly written and in order, or None."""
    numbered = {name: column for name, column in columns.items() if column.kind is not Kind.key}
    numbers = plain_numbers(text, numbered, wanted.labels)
    if numbers is None:
        return None
    keys = text[KEY].to_list()
    if (
        not are_plain_words(keys, required=True)
        or len(set(keys)) < len(keys)
        or any(has_form_of_upn(key) for key in keys)
        or any(one.any_fails(numbers) for one in pupil_checks(frozenset(columns)))
    ):
        return None
    return Checked(text[KEY], numbers)


def _read(
    report: Report, text: pl.DataFrame, columns: Mapping[str, Column], wanted: ColumnSelection
) -> Checked:
    """Return the cells of any pupils, or raise ``TableRefused`` with every problem."""
    values = text.select(
        stripped(name) if column.kind is Kind.key else value_of(column, _labels(column, wanted))
        for name, column in columns.items()
    )
    _check_rows(report, values, columns, wanted)
    report.refuse()
    return Checked(
        values[KEY],
        {
            name: values[name].to_numpy()
            for name, column in columns.items()
            if column.dtype is not None
        },
    )


def _column(name: str) -> Column:
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    return column


def _labels(column: Column, wanted: ColumnSelection) -> tuple[str, ...]:
    return wanted.labels if column.kind is Kind.label else ()


def _check_columns(
    report: Report, frame: pl.DataFrame, wanted: ColumnSelection, known: frozenset[str]
) -> None:
    problems = check.no_header(frame.columns, known)
    if not problems:
        problems += check.unknown_columns(frame.columns, known, PUPIL_COLUMNS)
        problems += check.missing_columns(frame.columns, wanted.required | ALWAYS)
    report.add(problems)
    report.add(check.no_rows(frame.height))


def _check_rows(
    report: Report, values: pl.DataFrame, columns: Mapping[str, Column], wanted: ColumnSelection
) -> None:
    checks: list[check.Check] = []
    for name, column in columns.items():
        if is_clean(values[name], column):
            continue
        if column.kind is Kind.key:
            checks += [check.key_blank(name), check.text_too_long(name)]
        else:
            checks += check.cell_checks(column, _labels(column, wanted))
    checks += [one.as_check() for one in pupil_checks(frozenset(columns))]
    if KEY in columns and values.height:
        checks += filter(None, (check.repeated_keys(values), keys_like_upns(values)))
    report.look(values, checks)
