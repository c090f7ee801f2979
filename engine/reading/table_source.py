"""A table of a file that is read as text when that is asked for, and by its own types where it has any."""

from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from engine.input_file import InputFile
from engine.reading.arrow import scan_arrow
from engine.reading.column_files import rows_of
from engine.reading.file_kinds import ARROW, CSV, PARQUET
from engine.reading.files import TablesFile
from engine.reading.layout import Layout
from engine.reading.memory import BYTES_OF_TYPED_ROW, check_memory
from engine.reading.parquet import scan_parquet
from engine.reading.plain_text import LEAST_BYTES, PlainText
from engine.reading.table_text import ANYWHERE, UNDER_A_HEADER, Location, TableText
from engine.reading.text import is_textual
from engine.reading.typed_table import TypedColumns, TypedTable


@dataclass(frozen=True)
class TableSource:
    """A table at a location of a file, under our names by a layout where one is named."""

    file: TablesFile = field(repr=False)
    location: Location = ANYWHERE
    layout: Layout | None = None

    @property
    def source(self) -> InputFile:
        """Return which bytes the table is read from."""
        return self.file.source

    @cached_property
    def text(self) -> TableText:
        """Return the table as text; raises ``TableRefused`` for what no table is."""
        text = self.file.text(self.location)
        return text if self.layout is None else self.layout.apply_to(text)

    def typed(self) -> TypedTable | None:
        """Return the columns with their types; None where they are not plain, or are read as a layout says.

        Raises ``TableRefused`` for a file that is damaged, or would take too much memory.
        """
        if self.layout is not None or self.location != ANYWHERE:
            return None
        if self.file.kind == CSV:
            if len(self.file.content) < LEAST_BYTES:
                return None
            text = PlainText.of(self.file.content, self.file.limits)
            return None if text is None else _with_room(text, text.rows)
        if self.file.kind == PARQUET:
            scan = scan_parquet(self.file.content, self.file.limits, as_text=False)
            return _with_types(scan)
        if self.file.kind == ARROW:
            scan = scan_arrow(self.file.content, self.file.limits)
            return _with_types(scan)
        return None


def _with_types(scan: pl.LazyFrame) -> TypedTable | None:
    """Return the columns of a file; None where one is of a type that no table has, which reading as text words."""
    if not all(map(is_textual, scan.collect_schema().values())):
        return None
    return _with_room(TypedColumns(scan, UNDER_A_HEADER), rows_of(scan))


def _with_room(table: TypedTable, rows: int) -> TypedTable:
    """Return a table; raise ``TableRefused`` where its rows take more memory than there is."""
    check_memory(rows * BYTES_OF_TYPED_ROW, f"({rows:,} rows)")
    return table
