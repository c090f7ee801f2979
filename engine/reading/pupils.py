"""A frame of text to a checked table of pupils."""

from dataclasses import replace

import numpy as np
import polars as pl

from engine.columns import PUPIL_COLUMNS, Column, ColumnSelection, Kind, pupil_column
from engine.notices import of_table
from engine.reading.checked_table import TableForm, checked_table
from engine.reading.habits import PLAIN, Habits
from engine.reading.near_keys import near_keys
from engine.reading.row_checks import KEY, pupil_checks
from engine.reading.table_text import TableText, table_text
from engine.tables import PupilTable

ALWAYS = frozenset({KEY, "la"})


def pupil_table(
    table: pl.DataFrame | TableText,
    wanted: ColumnSelection,
    *,
    first_row: int = 2,
    habits: Habits = PLAIN,
) -> PupilTable:
    """Return the checked table of pupils, or raise ``TableRefused`` with every problem.

    ``first_row`` is the number of a plain frame's first row in the file: 2 under a header. ``habits``
    are what was stated of how the table is written.
    """
    text = table_text(table, first_row)
    required = wanted.required | ALWAYS
    form = TableForm(
        known=wanted.known | required,
        required=required,
        column=lambda name: _column(name, wanted.labels),
        row_checks=lambda names: pupil_checks(frozenset(names)),
        elsewhere=PUPIL_COLUMNS,
        habits=habits,
    )
    cells = checked_table(text, form)
    notices = (*text.notices, *near_keys([cells.words[KEY]], text.first_row, "pupil"))
    return PupilTable.of(
        cells.words[KEY],
        {name: cells.array(name) for name in cells.numbers},
        np.arange(text.first_row, text.first_row + text.frame.height),
        wanted.labels,
        cells.counts,
        of_table("pupils", notices),
    )


def _column(name: str, labels: tuple[str, ...]) -> Column | None:
    """Return a column of the register with the rules' bands; None where no list says what they are."""
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    if column.kind is not Kind.label:
        return column
    return replace(column, labels=labels) if labels else None
