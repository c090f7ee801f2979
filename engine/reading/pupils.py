"""A frame of text to a checked table of pupils."""

from dataclasses import replace

import numpy as np
import polars as pl

from engine.columns import PUPIL_COLUMNS, Column, ColumnSelection, Kind, pupil_column
from engine.reading.checked_table import TableForm, checked_table
from engine.reading.habits import PLAIN, Habits
from engine.reading.row_checks import KEY, pupil_checks
from engine.tables import PupilTable

ALWAYS = frozenset({KEY, "la"})


def pupil_table(
    frame: pl.DataFrame, wanted: ColumnSelection, *, first_row: int = 2, habits: Habits = PLAIN
) -> PupilTable:
    """Return the checked table of a frame, or raise ``TableRefused`` with every problem.

    ``first_row`` is the number of the frame's first row in the file: 2 under a header. ``habits`` are
    what was stated of how the table is written.
    """
    required = wanted.required | ALWAYS
    form = TableForm(
        known=wanted.known | required,
        required=required,
        column=lambda name: _column(name, wanted.labels),
        row_checks=lambda names: pupil_checks(frozenset(names)),
        elsewhere=PUPIL_COLUMNS,
        habits=habits,
    )
    cells = checked_table(frame, form, first_row)
    return PupilTable.of(
        cells.words[KEY],
        {name: cells.array(name) for name in cells.numbers},
        np.arange(first_row, first_row + frame.height),
        wanted.labels,
        cells.counts,
    )


def _column(name: str, labels: tuple[str, ...]) -> Column | None:
    """Return a column of the register with the rules' bands; None where no list says what they are."""
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    if column.kind is not Kind.label:
        return column
    return replace(column, labels=labels) if labels else None
