"""The one reading of a table: a frame and the columns that it may have to checked whole numbers.

Tables of pupils, of schools, and the short ones of authorities differ in data alone: a ``TableForm``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine import table_checks as check
from engine.columns import Column, Int
from engine.notices import Notice
from engine.reading.cell_notices import cell_notices
from engine.reading.cell_sentences import cell_sentence
from engine.reading.cell_spellings import is_share
from engine.reading.column_names import (
    as_we_spell,
    column_problems,
    refused_columns,
    without_unknown,
)
from engine.reading.column_notices import column_notices
from engine.reading.column_values import column_values
from engine.reading.habits import PLAIN, Habits, way_to_map
from engine.reading.odd_characters import is_identity, odd_cells, odd_text
from engine.reading.report import Report, is_clean
from engine.reading.row_checks import RowCheck
from engine.reading.small_table import small_table
from engine.reading.stray_rows import stray_rows
from engine.reading.table_text import TableText
from engine.reading.text import as_text
from engine.tables import Array, frozen


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a table must have and may have.

    ``known`` columns may be there, ``required`` ones must, and ``elsewhere`` lists those that other rules
    use. ``column`` gives a known column, or None for one that is not read. ``row_checks`` gives the checks
    that look at several cells, of the columns that are there. Of a column that ``is_line`` it is kept why
    each cell holds a value or not. ``habits`` are what was stated of how the table is written.
    """

    known: Collection[str]
    required: Collection[str]
    column: Callable[[str], Column | None]
    row_checks: Callable[[Collection[str]], Sequence[RowCheck]]
    elsewhere: Collection[str] = ()
    is_line: Callable[[str], bool] = lambda _: False
    habits: Habits = PLAIN


class CheckedTable(NamedTuple):
    """The checked cells of a table, in the order of its rows.

    columns   those that were read, by name
    text      the cells as they were written
    numbers   the whole numbers of each column, ``BLANK`` where nothing was given
    words     of keys and text for people, empty where nothing was given
    presence  why each cell of a line's column is there or not, as codes of ``Presence``
    notices   how many cells hold a symbol, or were read as was stated, by column and kind
    """

    columns: Mapping[str, Column]
    text: pl.DataFrame
    numbers: Mapping[str, Int]
    words: Mapping[str, pl.Series]
    presence: Mapping[str, Array]
    notices: tuple[Notice, ...]

    def array(self, name: str) -> Array:
        """Return a column in its own width, with its own sign for a missing value; not to be written."""
        column, numbers = self.columns[name], self.numbers[name]
        narrow = numbers.astype(column.dtype)
        if column.missing is not None:
            narrow[numbers == check.BLANK] = column.missing
        return frozen(narrow)


def checked_table(
    table: TableText,
    form: TableForm,
    rows_apart: int = 0,
    valued: NDArray[np.bool_] | None = None,
) -> CheckedTable:
    """Return the cells of a table, or raise ``TableRefused`` with every problem.

    ``rows_apart`` are the rows that were made blank, as they are not valued; ``valued`` (rows) the others,
    None where all are.
    """
    report = Report(table.first_row)
    table = without_unknown(table, form.known, form.elsewhere)
    report.add(table.problems, table.total)
    report.add(column_problems(table, form.known, form.required, form.elsewhere))
    if report.total:
        table = as_we_spell(table, form.known, form.elsewhere)
    report.set_aside(table.unread)
    frame = table.frame
    read = ((name, form.column(name)) for name in frame.columns if name in form.known)
    columns = {
        name: column for name, column in read if column is not None and name not in table.untyped
    }
    text, problems = as_text(frame[list(columns)])
    report.add(problems)
    for problem in problems:
        columns.pop(problem.column or "", None)
    row_checks = form.row_checks(columns)
    if report.total:
        refused = refused_columns(table, form.known, form.required, form.elsewhere)
        refused |= {one.column for one in problems if one.column is not None}
        row_checks = [one for one in row_checks if refused.isdisjoint(one.also_by)]
    of_columns = column_notices(table, columns, [one for one in columns if is_share(columns[one])])
    habits, few = form.habits, None
    if not (report.total or habits.stated):
        few = small_table(text, columns, row_checks, form.is_line)
    if few is not None:
        notices = cell_notices(text, columns, few.numbers, habits, rows_apart)
        return CheckedTable(columns, text, *few, (*of_columns, *notices))
    values, presence = column_values(text, columns, form.is_line, habits)
    if report.total or not _is_sound(table.first_row, values, columns, row_checks):

        def sentence_of(failed: check.Check, row: int) -> str:
            return _sentence(failed, text, row, columns, habits)

        strange = stray_rows(
            as_text(table.frame)[0], in_file=table.header_row is not None, valued=valued
        )
        _look(report, strange, text, values, columns, row_checks, sentence_of)
        report.refuse()
    numbers = {
        name: values[name].to_numpy() for name, one in columns.items() if one.dtype is not None
    }
    return CheckedTable(
        columns,
        text,
        numbers,
        {name: values[name] for name, one in columns.items() if one.dtype is None},
        {name: one.to_numpy() for name, one in presence.items()},
        (
            *of_columns,
            *cell_notices(text, columns, numbers, habits, rows_apart),
        ),
    )


def _sentence(
    failed: check.Check,
    text: pl.DataFrame,
    row: int,
    columns: Mapping[str, Column],
    habits: Habits,
) -> str:
    """Return what would be right in a cell: in the words of its check, or of how the cell is spelled."""
    if failed.rule == "unknown-authority":
        return failed.sentence + way_to_map(habits)
    if failed.rule not in check.UNREAD or failed.column is None:
        return failed.sentence
    cell = (text[failed.column][row] or "").strip()
    return cell_sentence(cell, columns[failed.column], habits, failed.sentence)


def _is_sound(
    first_row: int,
    values: pl.DataFrame,
    columns: Mapping[str, Column],
    row_checks: Sequence[RowCheck],
) -> bool:
    """Return whether no check of a cell or row fails: what nearly every table is asked alone."""
    report = Report(first_row)
    report.look(values, _checks(values, columns, row_checks))
    return not report.total


def _look(
    report: Report,
    strange: Iterable[check.Check],
    text: pl.DataFrame,
    values: pl.DataFrame,
    columns: Mapping[str, Column],
    row_checks: Sequence[RowCheck],
    sentence_of: Callable[[check.Check, int], str],
) -> None:
    """Say what is wrong, each row and cell once: strange rows first, then strange cells, then the values."""
    report.look_once(values, strange)
    report.leave_out_cells_of_rows()
    report.look_once(values, odd_cells(text, values, columns))
    report.look(values, _checks(values, columns, row_checks), sentence_of)


def _checks(
    values: pl.DataFrame, columns: Mapping[str, Column], row_checks: Sequence[RowCheck]
) -> list[check.Check]:
    cells = (
        one
        for name, column in columns.items()
        if not is_clean(values[name], column)
        for one in (
            *check.cell_checks(column),
            *([odd_text(column)] if is_identity(column) else []),
        )
    )
    rows = (one.of_frame(values) for one in row_checks)
    return [*cells, *(one for one in rows if one is not None)]
