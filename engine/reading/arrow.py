"""Arrow files (also called Feather): plain columns of a few types, bounded before a row is read."""

from collections.abc import Sequence
from itertools import accumulate

import polars as pl

from engine.reading.arrow_pages import Batch, arrow_file
from engine.reading.column_files import check_size, checked_scan
from engine.reading.flat_buffers import RecordDamaged
from engine.reading.limits import Limits
from engine.reading.parquet_pages import TOO_LARGE, PagesDamaged, PagesTooLarge, most_bytes

AN_ARROW_FILE = "an Arrow file"
_LENGTH_BYTES = 8
_NOT_PACKED = -1
"""The unpacked size of a part that is not packed though its batch is."""


def scan_arrow(content: bytes, limits: Limits) -> pl.LazyFrame:
    """Return the columns of an Arrow file, to be read when they are asked for, or raise ``TableRefused``.

    The file is within limits. A column of a type that no table has is blank, as in ``checked_scan``.
    """

    def check(scan: pl.LazyFrame, schema: pl.Schema) -> None:
        check_size(scan, schema, most_bytes(len(content), limits), limits)

    def scan() -> pl.LazyFrame:
        # A library allocates what a file states: so that is looked at first.
        _check_batches(content, limits)
        return pl.scan_ipc(content, glob=False, hive_partitioning=False)

    return checked_scan(scan, check, AN_ARROW_FILE, limits)


def _check_batches(content: bytes, limits: Limits) -> None:
    """Check what the batches of a file state of themselves: rows of every column, and bytes that they unpack to.

    Raises ``PagesDamaged`` or ``PagesTooLarge``.
    """
    try:
        file = arrow_file(memoryview(content))
    except RecordDamaged:
        raise PagesDamaged from None
    for batch in file.batches:
        if not _has_rows(batch, file.sizes):
            raise PagesDamaged
    for batch in file.dictionaries:
        if batch.nodes != (batch.rows,):
            raise PagesDamaged
    every = (*file.batches, *file.dictionaries)
    if sum(one.rows for one in every) > limits.cells:
        raise PagesTooLarge(TOO_LARGE)
    if sum(_unpacked(content, one) for one in every) > most_bytes(len(content), limits):
        raise PagesTooLarge(TOO_LARGE)


def _has_rows(batch: Batch, sizes: Sequence[int]) -> bool:
    """Return whether a batch has its rows in every column; those inside of a column have as many as they like."""
    first = (0, *accumulate(sizes))
    if len(batch.nodes) != first[-1]:
        return False
    return all(batch.nodes[at] == batch.rows for at in first[:-1])


def _unpacked(content: bytes, batch: Batch) -> int:
    """Return how many bytes the parts of a batch unpack to, as they state it themselves."""
    total = 0
    for start, size in batch.parts:
        stated = size
        if batch.packed and size:
            if size < _LENGTH_BYTES:
                raise PagesDamaged
            length = content[start : start + _LENGTH_BYTES]
            stated = int.from_bytes(length, "little", signed=True)
            stated = size if stated == _NOT_PACKED else stated
        if stated < 0:
            raise PagesDamaged
        total += stated
    return total
