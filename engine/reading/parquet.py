"""Parquet files: plain columns of a few types, bounded before a row is read."""

import polars as pl

from engine.reading.column_files import check_size, checked_scan
from engine.reading.limits import Limits
from engine.reading.parquet_pages import check_pages, most_bytes

A_PARQUET_FILE = "a Parquet file"


def scan_parquet(content: bytes, limits: Limits, *, as_text: bool = True) -> pl.LazyFrame:
    """Return the columns of a Parquet file, to be read when they are asked for, or raise ``TableRefused``.

    The file is within limits. A column of a type that no table has is blank, as in ``checked_scan``. Without
    ``as_text`` texts are measured only where the file's pages do not say that they fit into memory: who reads
    no long texts need not look for them.
    """

    def check(scan: pl.LazyFrame, schema: pl.Schema) -> None:
        text = check_pages(content, limits)
        most = most_bytes(len(content), limits)
        check_size(scan, schema, most, limits, None if as_text else text)

    def scan() -> pl.LazyFrame:
        return pl.scan_parquet(content, glob=False, hive_partitioning=False)

    return checked_scan(scan, check, A_PARQUET_FILE, limits)
