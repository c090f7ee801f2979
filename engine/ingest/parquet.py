"""Parquet files: plain columns of a few types, bounded before a row is read."""

from pathlib import Path

import polars as pl

from engine.errors import TableRefused
from engine.ingest.header import column_names
from engine.ingest.limits import Limits
from engine.ingest.report import refusal
from engine.ingest.text import as_text

_UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def read_parquet(path: Path, limits: Limits) -> pl.DataFrame:
    """Return the table of a Parquet file, every cell as text, or raise ``TableRefused``."""
    try:
        scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = scan.collect_schema()
        column_names(list(schema), limits)
        _, problems = as_text(pl.DataFrame(schema=schema))
        if problems:
            raise TableRefused(problems)
        _check_size(scan, len(schema), limits)
        return as_text(scan.collect())[0]
    except _UNREADABLE:
        raise refusal("unreadable-file", "is not a Parquet file, or is damaged") from None


def _check_size(scan: pl.LazyFrame, width: int, limits: Limits) -> None:
    """Refuse what a small file may claim: rows by its own count, cells by their longest."""
    rows = scan.select(pl.len()).collect().item()
    if rows > limits.rows:
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    if rows * width > limits.cells:
        raise refusal("too-large", f"a table may have at most {limits.cells} cells")
    longest = scan.select(pl.col(pl.String).str.len_bytes().max().fill_null(0)).collect(
        engine="streaming"
    )
    if any(length > limits.cell_bytes for row in longest.rows() for length in row):
        raise refusal("too-long", f"a cell may have at most {limits.cell_bytes} bytes")
