"""Parquet files: plain columns of a few types, bounded before a row is read."""

import polars as pl

from engine.errors import TableRefused
from engine.reading.header import column_names
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.memory import BYTES_OF_TEXT_CELL, check_memory
from engine.reading.parquet_pages import (
    TOO_LARGE,
    PagesDamaged,
    PagesTooLarge,
    check_pages,
    most_bytes,
)
from engine.reading.report import refusal
from engine.reading.text import as_text as cells_as_text

_UNREADABLE = (pl.exceptions.PolarsError, PanicOfLibrary, PagesDamaged, OSError)

_CELL_BYTES = 16
"""Memory of a cell of text beside text of over twelve bytes, which lies elsewhere."""

_WITHIN_CELL = 12


def read_parquet(content: bytes, limits: Limits) -> pl.DataFrame:
    """Return the table of a Parquet file, every cell as text, or raise ``TableRefused``."""
    scan = scan_parquet(content, limits)
    try:
        with without_traces():
            cells = rows_of(scan) * len(scan.collect_schema())
            check_memory(cells * BYTES_OF_TEXT_CELL, "as text")
            return cells_as_text(scan.collect())[0]
    except _UNREADABLE:
        raise _damaged() from None


def scan_parquet(content: bytes, limits: Limits, *, as_text: bool = True) -> pl.LazyFrame:
    """Return the columns of a Parquet file, to be read when they are asked for, or raise ``TableRefused``.

    The file is within limits, and has plain columns of types that a table has. Without ``as_text`` texts
    are measured only where the file's pages do not say that they fit into memory: who reads no long texts
    need not look for them.
    """
    try:
        with without_traces():
            scan = pl.scan_parquet(content, glob=False, hive_partitioning=False)
            schema = scan.collect_schema()
            column_names(list(schema), limits)
            _, problems = cells_as_text(pl.DataFrame(schema=schema))
            if problems:
                raise TableRefused(problems)
            text = check_pages(content, limits)
            _check_size(scan, schema, len(content), limits, None if as_text else text)
            return scan
    except PagesTooLarge as found:
        raise refusal("too-large", str(found)) from None
    except _UNREADABLE:
        raise _damaged() from None


def rows_of(scan: pl.LazyFrame) -> int:
    """Return how many rows a file says that it has."""
    return int(scan.select(pl.len()).collect().item())


def _damaged() -> TableRefused:
    return refusal("unreadable-file", "is not a Parquet file, or is damaged")


def _check_size(
    scan: pl.LazyFrame, schema: pl.Schema, size: int, limits: Limits, text: int | None
) -> None:
    """Refuse what a small file may claim: rows by its own count, memory by what cells will take up.

    Equal cells are stored once, however many there are, so that neither the size of the
    file nor what it states of itself says how much it unpacks to. ``text`` is how many bytes all texts
    have at most, None where they are to be measured.
    """
    rows = rows_of(scan)
    if rows > limits.rows:
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    if rows * len(schema) > limits.cells:
        raise refusal("too-large", f"a table may have at most {limits.cells} cells")
    most = most_bytes(size, limits)
    _check_memory(rows * len(schema) * _CELL_BYTES, most)
    if pl.String not in schema.dtypes():
        return
    if text is not None and rows * len(schema) * _CELL_BYTES + text <= most:
        return
    length = pl.col(pl.String).str.len_bytes()
    longest, elsewhere = (
        scan.select(one.fill_null(0)).collect(engine="streaming").row(0)
        for one in (length.max(), length.filter(length > _WITHIN_CELL).sum())
    )
    if any(one > limits.cell_bytes for one in longest):
        raise refusal("too-long", f"a cell may have at most {limits.cell_bytes} bytes")
    _check_memory(rows * len(schema) * _CELL_BYTES + sum(elsewhere), most)


def _check_memory(needed: int, most: int) -> None:
    if needed > most:
        raise refusal("too-large", TOO_LARGE)
