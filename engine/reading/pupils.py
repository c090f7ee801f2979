"""A frame of text to a checked table of pupils."""

from dataclasses import replace

import numpy as np
import polars as pl

from engine.columns import FEW_ROWS, PUPIL_COLUMNS, Column, ColumnSelection, Kind, pupil_column
from engine.notices import of_table
from engine.reading.checked_table import TableForm, checked_table
from engine.reading.commissioners import ANYONE, Commissioners, sorted_rows
from engine.reading.habits import PLAIN, Habits
from engine.reading.near_keys import near_keys
from engine.reading.row_checks import KEY, pupil_checks
from engine.reading.table_source import TableSource
from engine.reading.table_text import TableText, table_text
from engine.reading.typed_pupils import typed_pupils
from engine.reading.typed_table import TypedColumns, TypedTable
from engine.tables import PupilTable

ALWAYS = frozenset({KEY, "la"})
_OF_ROWS_APART = {KEY: pl.format("row {} is set apart", pl.int_range(pl.len()))}
"""What the rows that are set apart hold where none may be blank: keys of which none are the same."""


def pupil_table(
    table: pl.DataFrame | TableText | TableSource,
    wanted: ColumnSelection,
    *,
    first_row: int = 2,
    habits: Habits = PLAIN,
    commissioners: Commissioners = ANYONE,
) -> PupilTable:
    """Return the checked table of pupils, or raise ``TableRefused`` with every problem.

    ``first_row`` is the number of a plain frame's first row in the file: 2 under a header. ``habits``
    are what was stated of how the table is written, beside what the rules state; ``commissioners`` whose
    pupils are valued. Columns that have types are read as they are where nothing is to be refused, counted or
    spelled otherwise.
    """
    habits = habits.and_of_rules(wanted.blank_means_none)
    required = wanted.required | ALWAYS
    typed = None if habits.stated else _typed(table, first_row)
    if typed is not None:
        found = typed_pupils(
            typed,
            replace(wanted, required=required),
            lambda name: _column(name, wanted.labels),
            commissioners,
        )
        if found is not None:
            return found
    text = table.text if isinstance(table, TableSource) else table_text(table, first_row)
    form = TableForm(
        known=wanted.known | required,
        required=required,
        column=lambda name: _column(name, wanted.labels),
        row_checks=lambda names: pupil_checks(frozenset(names)),
        elsewhere=PUPIL_COLUMNS,
        habits=habits,
    )
    rows = sorted_rows(text, commissioners, _OF_ROWS_APART)
    cells = checked_table(rows.text, form, rows.rows_apart, rows.valued)
    near = near_keys([cells.words[KEY]], text.first_row, "pupil")
    notices = (*rows.text.notices, *near, *cells.notices)
    keys = cells.words[KEY]
    numbers = np.arange(text.first_row, text.first_row + text.frame.height)
    columns = {
        name: cells.array(name)
        for name in cells.numbers
        if wanted.read is None or name in wanted.read
    }
    if rows.valued is not None:
        keys, numbers = keys.filter(pl.Series(rows.valued)), numbers[rows.valued]
        columns = {name: array[rows.valued] for name, array in columns.items()}
    found = PupilTable.of(keys, columns, numbers, wanted.labels, of_table("pupils", notices))
    return replace(found, apart=rows.apart, rows_read=text.frame.height)


def _typed(table: pl.DataFrame | TableText | TableSource, first_row: int) -> TypedTable | None:
    """Return the columns of a source with their types; None where they are text, or were read with problems."""
    if isinstance(table, TableSource):
        return table.typed()
    text = table_text(table, first_row)
    if text.problems or text.notices or text.frame.height <= FEW_ROWS:
        return None
    if all(dtype == pl.String for dtype in text.frame.dtypes):
        return None
    return TypedColumns(text.frame.lazy(), text.first_row)


def _column(name: str, labels: tuple[str, ...]) -> Column | None:
    """Return a column of the register with the rules' bands; None where no list says what they are."""
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    if column.kind is not Kind.label:
        return column
    return replace(column, labels=labels) if labels else None
