"""A short table of authorities, places or schools: a frame of text to checked cells, looked up one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.columns import Column
from engine.notices import Notice
from engine.reading.checked_table import CheckedTable, TableForm, checked_table
from engine.reading.commissioners import ANYONE, LA, Commissioners, SortedRows, sorted_rows
from engine.reading.habits import PLAIN, Habits
from engine.reading.near_keys import near_keys
from engine.reading.row_checks import distinct
from engine.reading.table_text import TableText, table_text
from engine.table_checks import BLANK
from engine.tables import RowsApart


@dataclass(frozen=True, slots=True)
class ShortTable:
    """Checked cells by column, and the row of the file that each came from; ``apart`` counts the rows that are not valued.

    Numbers are whole (pence, millionths, the position of a label), ``BLANK`` where nothing is given.
    """

    columns: Mapping[str, Column]
    numbers: Mapping[str, Sequence[int]]
    words: Mapping[str, Sequence[str]]
    rows: Sequence[int]
    notices: tuple[Notice, ...] = ()
    apart: tuple[RowsApart, ...] = ()
    rows_read: int = 0

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def number(self, name: str, at: int) -> int | None:
        """Return a cell's whole number, None where there is none or no such column."""
        number = self.numbers[name][at] if name in self.numbers else BLANK
        return None if number == BLANK else number

    def text(self, name: str, at: int) -> str:
        """Return a cell's text or label, empty where there is none or no such column."""
        if name in self.words:
            return self.words[name][at]
        number = self.number(name, at)
        return "" if number is None else self.columns[name].labels[number]


def short_table(
    table: pl.DataFrame | TableText,
    columns: Sequence[Column],
    *,
    required: frozenset[str],
    key: tuple[str, ...],
    first_row: int = 2,
    habits: Habits = PLAIN,
    commissioners: Commissioners = ANYONE,
) -> ShortTable:
    """Return the checked cells of a table, or raise ``TableRefused`` with every problem.

    ``required`` columns must be there; no two rows may have the same ``key``. ``first_row`` is the
    number of a plain frame's first row, ``commissioners`` say whose rows are valued, where rows have an authority.
    """
    text = table_text(table, first_row)
    known = {column.name: column for column in columns}
    sentence = f"duplicate: a row above has the same {', '.join(key)}; keep one"
    form = TableForm(
        known=known,
        required=required,
        column=known.get,
        row_checks=lambda names: (
            [distinct("repeated-row", there, sentence, frozenset(key))]
            if (there := [name for name in key if name in names])
            else []
        ),
        habits=habits,
    )
    apart = sorted_rows(text, commissioners, {}) if LA in known else SortedRows(text)
    text = _without_rows_apart(apart)
    cells = checked_table(text, form, apart.rows_apart)
    valued = list(range(text.frame.height))
    if apart.valued is not None:
        valued = np.flatnonzero(apart.valued).tolist()
    numbers = {name: held[valued].tolist() for name, held in cells.numbers.items()}
    words = {name: held.gather(valued).to_list() for name, held in cells.words.items()}
    near = near_keys(_key(cells, key), text.first_row, "row")
    return ShortTable(
        cells.columns,
        numbers,
        words,
        [text.first_row + at for at in valued],
        (*text.notices, *near, *cells.notices),
        apart.apart,
        text.frame.height,
    )


def _without_rows_apart(rows: SortedRows) -> TableText:
    """Return a table whose rows that are set apart are blank, and of which nothing is refused.

    They have no authority either: it would be the same as that of a row which is valued.
    """
    text = rows.text
    if rows.valued is None:
        return text
    frame = text.frame.with_columns(pl.when(pl.Series(rows.valued)).then(pl.col(LA)).alias(LA))
    aside = {(text.first_row + int(at), None) for at in np.flatnonzero(~rows.valued)}
    return replace(text, frame=frame, unread=text.unread | aside)


def _key(cells: CheckedTable, key: Sequence[str]) -> list[pl.Series]:
    """Return the columns that tell rows apart, of those that are there."""
    words = {name: cells.words[name] for name in key if name in cells.words}
    numbers = {name: pl.Series(cells.numbers[name]) for name in key if name in cells.numbers}
    return list({**numbers, **words}.values())
