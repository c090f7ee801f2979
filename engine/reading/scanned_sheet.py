"""What a sheet of a workbook shows beside the values of its cells: what is refused of it, and what is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.errors import Problem
from engine.notices import MOST_ROWS, Notice, rows_named
from engine.reading.blank_rows import is_blank
from engine.reading.defined_tables import DefinedTable
from engine.reading.header import Header, letters
from engine.reading.number_formats import PERCENT, Widths, with_leading_zeros
from engine.reading.odd_characters import IN_ERROR
from engine.reading.sheet_scan import Area, Cell, PartScan
from engine.reading.table_text import Unread
from engine.table_checks import plain_name

_UNCALCULATED = "has a formula without its result; open the workbook in a spreadsheet program, save it, and try again"
_NOT_SURE = (
    "has a formula whose result is 0 in a workbook that was never worked out by a spreadsheet program; "
    "open it in one, save it, and try again"
)
_TOTALS = "is the row of totals of a table in the workbook; turn its totals off, or delete the row"


HIDDEN_SHEETS = "hidden-sheets"
"""The rule of the notice of sheets that are not read."""


_MOST_MERGED = 100_000
"""Cells of merged areas that are looked at; a table has fewer."""


class Fault(NamedTuple):
    """A cell, or a whole row where the column is None, that cannot be read, and why."""

    row: int
    column: int | None
    problem: Problem

    def unread(self, header: Header) -> Unread:
        """Return the row and the column of the table about which nothing more is said."""
        return self.row, None if self.column is None else header.names[self.column - 1]


@dataclass(frozen=True, slots=True)
class ScannedSheet:
    """A sheet as it was scanned, the tables that it defines, and whether the workbook must be worked out anew.

    ``widths`` are those of the styles that show numbers with leading zeros.
    """

    scan: PartScan
    tables: Sequence[DefinedTable]
    recalculates: bool
    widths: Widths

    def with_leading_zeros(self, place: int, cells: list[str]) -> list[str]:
        """Return the texts of a column, from 1, with the leading zeros that the sheet shows."""
        if not self.widths:
            return cells
        return with_leading_zeros(cells, self.scan.styles.get(place, ()), self.widths)

    def headings(self, rows: Sequence[Sequence[str]], at: int) -> list[str]:
        """Return the column names at a position; one that is merged with the cells above is theirs."""
        cells = list(rows[at])
        for left, top, right, bottom in self.scan.merged:
            if left == right and top <= at < bottom == at + 1 and left <= len(cells):
                cells[left - 1] = cells[left - 1] or rows[top - 1][left - 1]
        return cells

    def merged_columns(self, row: int, width: int) -> set[int]:
        """Return the columns, of so many, whose cell of a row is shown as part of another."""
        areas = (one for one in self.scan.merged if one[1] <= row <= one[3])
        return {
            column for left, _, right, _ in areas for column in range(left, min(right, width) + 1)
        }

    def faults(self, header: Header) -> list[Fault]:
        """Return the column names, and the cells and rows below, that cannot be read, in their order.

        Read as blank, a cell in error or not calculated would be taken for a statement.
        """
        found = dict.fromkeys(self.scan.errors, ("cell-error", IN_ERROR))
        found |= dict.fromkeys(self.scan.uncalculated, ("formula", _UNCALCULATED))
        if self.recalculates:
            found |= dict.fromkeys(self.scan.zeros, ("formula", _NOT_SURE))
        found |= dict(islice(self._merged(header), _MOST_MERGED))
        faults = [
            cell_fault(header, column, row, rule, sentence)
            for (column, row), (rule, sentence) in found.items()
            if column <= len(header.names) and row >= header.row
        ]
        return sorted([*faults, *self._totals(header)], key=lambda one: (one.row, one.column or 0))

    def _merged(self, header: Header) -> Iterator[tuple[Cell, tuple[str, str]]]:
        """Yield the cells of the table that are part of a merged cell, all but the first of each."""
        for area in self.scan.merged:
            left, top, right, bottom = area
            if left > len(header.names) or bottom <= header.row:
                continue
            sentence = (
                f"is part of a merged cell ({_named(area)}); unmerge it, and fill in every cell"
            )
            for row in range(max(top, header.row + 1), min(bottom, self.scan.rows) + 1):
                for column in range(left, min(right, len(header.names)) + 1):
                    if (column, row) != (left, top):
                        yield (column, row), ("merged-cell", sentence)

    def _totals(self, header: Header) -> Iterator[Fault]:
        for one in self.tables:
            left, _, _, bottom = one.area
            if left <= len(header.names):
                for row in range(max(bottom - one.totals, header.row) + 1, bottom + 1):
                    yield Fault(row, None, Problem(_TOTALS, "total-row", row=row))

    def notices(
        self, places: Mapping[str, int], frame: pl.DataFrame, first: int, last: int
    ) -> tuple[Notice, ...]:
        """Return the notes on the rows from ``first`` to ``last`` and the columns by their place."""
        return tuple(
            one
            for one in (
                self._hidden_rows(frame, first, last),
                self._outside(places, frame, first, last),
                self._partly_with_zeros(places),
            )
            if one is not None
        )

    def _hidden_rows(self, frame: pl.DataFrame, first: int, last: int) -> Notice | None:
        rows = np.unique(np.asarray(self.scan.hidden_rows, np.int64))
        rows = _filled(rows[(rows >= first) & (rows <= last)], frame, first)
        if not len(rows):
            return None
        verb = "row is" if len(rows) == 1 else "rows are"
        sentence = (
            f"{len(rows):,} {verb} hidden in the sheet, by a filter or by hand ({rows_named(rows.tolist())}), "
            "and read like all others"
        )
        return Notice("hidden-rows", sentence, len(rows), tuple(rows[:MOST_ROWS].tolist()))

    def hidden_columns(self, places: Mapping[str, int]) -> dict[str, str]:
        """Return the letters of the columns that are hidden, by name."""
        return {
            name: letters(place)
            for name, place in places.items()
            if any(first <= place <= last for first, last in self.scan.hidden_columns)
        }

    def percentages(self, places: Mapping[str, int]) -> dict[str, str]:
        """Return the letters of the columns with numbers that are shown as percentages, by name."""
        return {
            name: letters(place)
            for name, place in places.items()
            if any(self.widths.get(style) == PERCENT for style in self.scan.styles.get(place, ()))
        }

    def _partly_with_zeros(self, places: Mapping[str, int]) -> Notice | None:
        """Return the notice of columns that show some of their numbers with leading zeros, and others not."""
        shown = {
            place: {max(self.widths.get(style, 0), 0) for style in self.scan.styles.get(place, ())}
            for place in places.values()
        }
        columns = [place for place, widths in shown.items() if len(widths) > 1]
        if not columns:
            return None
        named = ", ".join(map(letters, columns[:MOST_ROWS]))
        sentence = (
            f"some numbers are shown with leading zeros and others of their column are not (column {named}); "
            "all are read without them"
        )
        return Notice("leading-zeros", sentence, len(columns))

    def _outside(
        self, places: Mapping[str, int], frame: pl.DataFrame, first: int, last: int
    ) -> Notice | None:
        """Return the notice of rows outside the only table that the sheet defines."""
        here = [
            one.area
            for one in self.tables
            if one.area[1] <= last and one.area[0] <= max(places.values(), default=0)
        ]
        if len(here) != 1:
            return None
        _, top, _, bottom = here[0]
        rows = np.arange(first, last + 1)
        rows = _filled(rows[(rows < top) | (rows > bottom)], frame, first)
        if not len(rows):
            return None
        verb = "row is" if len(rows) == 1 else "rows are"
        sentence = (
            f"{len(rows):,} {verb} outside the table that the sheet defines ({_named(here[0])}): "
            f"{rows_named(rows.tolist())}, read like all others"
        )
        return Notice("rows-outside", sentence, len(rows), tuple(rows[:MOST_ROWS].tolist()))


def sheets_left_out(names: Sequence[str], named: str) -> tuple[Notice, ...]:
    """Return the notice of hidden sheets that are not read."""
    if not names:
        return ()
    verb = (
        "sheet of the workbook is hidden and was"
        if len(names) == 1
        else "sheets of the workbook are hidden and were"
    )
    return (Notice(HIDDEN_SHEETS, f"{len(names):,} {verb} not read: {named}", len(names)),)


def _filled(
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]", frame: pl.DataFrame, first: int
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return those rows of the sheet that are not blank."""
    if not len(rows):
        return rows
    blank: np.ndarray[tuple[int], np.dtype[np.bool_]] = is_blank(
        frame[(rows - first).tolist()]
    ).to_numpy()
    return rows[~blank]


def cell_fault(header: Header, column: int, row: int, rule: str, sentence: str) -> Fault:
    """Return the fault of a cell, which names its column where that is no personal data."""
    name = plain_name(header.names[column - 1])
    if name is None:
        sentence = f"column {column} ({letters(column)}): {sentence}"
    return Fault(row, column, Problem(sentence, rule, column=name, row=row))


def _named(area: Area) -> str:
    left, top, right, bottom = area
    return f"{letters(left)}{top}:{letters(right)}{bottom}"
