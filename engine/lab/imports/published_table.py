"""A published table's rows, read as tables of pupils and schools are: what is no row of it is refused by its number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import Problem
from engine.reading.report import Report
from engine.reading.stray_rows import TOTAL_ROW, stray_rows
from engine.reading.table_text import TableText, Unread, table_text
from engine.reading.text import text_rows
from engine.table_checks import missing_columns, no_header

NumberedRow = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """The columns of a table, its rows by their number in the file, and what is wrong with it so far.

    ``strays`` are rows that are none of it and cells that could not be read, of which ``unread`` says nothing more.
    """

    columns: Sequence[str]
    rows: tuple[NumberedRow, ...]
    header_row: int | None
    strays: tuple[Problem, ...]
    unread: frozenset[Unread]

    def missing(self, needed: Sequence[str], sentence: str) -> list[Problem]:
        """Return the columns that are missing; where no name is known at all, where names may be."""
        nameless = no_header(self.columns, needed, self.header_row)
        return nameless or missing_columns(self.columns, needed, sentence)

    def problems(self, more: Iterable[Problem] = ()) -> list[Problem]:
        """Return what was found wrong while reading, and more of cells that could be read, row by row."""
        said = [one for one in more if (one.row, one.column) not in self.unread]
        return sorted((*self.strays, *said), key=lambda one: one.row or 0)


def published_table(table: pl.DataFrame | TableText) -> PublishedTable:
    """Return the rows of a table without those that are none of it; totals that it publishes are rows."""
    text = table_text(table)
    report = Report(text.first_row)
    report.add(text.problems, text.total)
    report.set_aside(text.unread)
    checks = stray_rows(text.frame, in_file=text.header_row is not None)
    report.look_once(text.frame, (one for one in checks if one.rule != TOTAL_ROW))
    rows = tuple(
        row for row in text_rows(text.frame, text.first_row) if row[0] not in report.rows_aside
    )
    return PublishedTable(text.frame.columns, rows, text.header_row, report.problems, text.unread)
