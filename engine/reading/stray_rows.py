"""Rows of a file that are no rows of its table: blank ones, totals, notes, and column names again."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.reading.odd_characters import total_rows
from engine.table_checks import Check

TOTAL_ROW = "total-row"
"""The rule of a row that is a total: a table that publishes totals has such rows."""

_FEW_COLUMNS = 3
"""Columns from which a row with a single filled cell is a note or a title."""

_BLANK = "is blank; delete the row, and any totals or notes below the table"
_AGAIN = "repeats the column names; give each table a sheet or a file of its own"
_TOTAL = "is a total; delete the row, as the program adds up by itself"
_NOTE = (
    "has a single filled cell; fill in the row, or delete it where it is a title, a note or a total"
)


def stray_rows(
    text: pl.DataFrame, *, in_file: bool, valued: NDArray[np.bool_] | None = None
) -> Iterator[Check]:
    """Yield checks of whole rows of text, each to be made of the rows that the ones before leave.

    Only a file has notes, totals or column names among its rows, and not a caller's records. Rows that are
    not ``valued`` (rows) were made blank but for their authority, which says nothing of them.
    """
    if not text.width:
        return
    filled = pl.sum_horizontal((pl.all().fill_null("").str.strip_chars() != "").cast(pl.Int32))
    yield _check("blank-row", _BLANK, text, filled == 0)
    if not in_file:
        return
    names = [
        pl.col(name).fill_null("").str.strip_chars().str.to_lowercase() == name.lower()
        for name in text.columns
    ]
    same = pl.sum_horizontal([one.cast(pl.Int32) for one in names])
    yield _check("names-again", _AGAIN, text, (same >= min(2, text.width)) & (same == filled))
    yield _check(TOTAL_ROW, _TOTAL, text, total_rows(text))
    if text.width >= _FEW_COLUMNS:
        kept = pl.lit(value=True) if valued is None else pl.lit(pl.Series(valued))
        yield _check("single-cell", _NOTE, text, (filled == 1) & kept)


def _check(rule: str, sentence: str, text: pl.DataFrame, fails: pl.Expr) -> Check:
    """Return a check of whole rows, which holds of any frame of the same rows."""
    positions = text.select(fails.alias("fails"))["fails"].arg_true().cast(pl.Int64)
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    return Check(rule, None, sentence, place.is_in(positions.implode()))
