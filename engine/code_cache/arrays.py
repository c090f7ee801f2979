"""Arrays and a record of plain values as one Arrow file, and back: mapped into memory, not read.

The file has one row, and a column for each array: a list of as many whole numbers. The first is the record, as
JSON.
"""

import json
import mmap
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from engine.cache_files import write_cache_file
from engine.reading.arrow_pages import ArrowFile, Batch, arrow_file
from engine.reading.flat_buffers import RecordDamaged
from engine.tables import Array

_RECORD = "record"
_CHECK_BYTES = 4
_TYPES = {
    "int8": pl.Int8,
    "int16": pl.Int16,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "uint8": pl.UInt8,
}
_PARTS = 3
"""Parts of a column of one list: whether the list is there, whether its numbers are, and the numbers."""


class Damaged(Exception):
    """A file that is none of ours, not whole, or changed."""


class CachedArrays(NamedTuple):
    """The record of a file, and its arrays: flat, read-only, and in the file."""

    record: Mapping[str, Any]
    arrays: Mapping[str, Array]


def write_arrays(path: Path, record: Mapping[str, object], arrays: Mapping[str, Array]) -> None:
    """Write arrays with a record, whole or not at all, for its owner alone; raises ``OSError``."""
    flat = {name: np.ascontiguousarray(one).reshape(-1) for name, one in arrays.items() if one.size}
    about = {
        name: [one.dtype.name, list(one.shape), _sum(flat[name]) if one.size else 0]
        for name, one in arrays.items()
    }
    text = json.dumps({**record, "arrays": about}, sort_keys=True, default=int).encode()
    checked = zlib.crc32(text).to_bytes(_CHECK_BYTES, "little") + text
    columns = {_RECORD: np.frombuffer(checked, np.uint8), **flat}
    frame = pl.DataFrame([_column(name, one) for name, one in columns.items()])
    write_cache_file(path, frame.write_ipc)


def _column(name: str, values: Array) -> pl.Series:
    return pl.Series(
        name, values.reshape(1, -1), dtype=pl.Array(_TYPES[values.dtype.name], len(values))
    )


def map_arrays(path: Path) -> CachedArrays:
    """Return the arrays of a file that was written whole; raises ``Damaged``, or ``OSError``."""
    content, batch, names = _mapped(path)
    record = _record(content, batch)
    try:
        about = record.pop("arrays")
        arrays = {name: _array(content, batch, names, name, *one) for name, one in about.items()}
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise Damaged from None
    return CachedArrays(record, arrays)


def _array(
    content: mmap.mmap,
    batch: Batch,
    names: tuple[str, ...],
    name: str,
    dtype: str,
    shape: list[int],
    total: int,
) -> Array:
    """Return an array of a file, which must have the sum that it was written with."""
    size = int(np.prod(shape))
    found = _numbers(content, batch, names.index(name), dtype) if size else np.empty(0, dtype)
    if len(found) != size or (size and _sum(found) != total):
        raise Damaged
    found.flags.writeable = False
    return found.reshape(shape)


def record_of(path: Path) -> dict[str, Any]:
    """Return the record of a file alone; raises ``Damaged``, or ``OSError``."""
    content, batch, _ = _mapped(path)
    return _record(content, batch)


def _mapped(path: Path) -> tuple[mmap.mmap, Batch, tuple[str, ...]]:
    """Return the bytes of a file that belongs to this user, and where its arrays are."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(handle).st_uid != os.getuid():
            raise Damaged
        content = mmap.mmap(handle, 0, prot=mmap.PROT_READ)
        found: ArrowFile = arrow_file(memoryview(content))
    except (RecordDamaged, ValueError):
        raise Damaged from None
    finally:
        os.close(handle)
    whole = len(found.batches) == 1 and len(found.batches[0].parts) == _PARTS * len(found.names)
    if not whole or found.batches[0].packed or found.names[:1] != (_RECORD,):
        raise Damaged
    return content, found.batches[0], found.names


def _record(content: mmap.mmap, batch: Batch) -> dict[str, Any]:
    checked = _numbers(content, batch, 0, "uint8").tobytes()
    check, text = checked[:_CHECK_BYTES], checked[_CHECK_BYTES:]
    if zlib.crc32(text).to_bytes(_CHECK_BYTES, "little") != check:
        raise Damaged
    found = json.loads(text)
    if not isinstance(found, dict):
        raise Damaged
    return found


def _numbers(content: mmap.mmap, batch: Batch, column: int, dtype: str) -> Array:
    """Return the numbers of a column as they are in the file; plain arrays, for which kernels are compiled already."""
    part = batch.parts[_PARTS * column + _PARTS - 1]
    if dtype not in _TYPES or part.size % np.dtype(dtype).itemsize:
        raise Damaged
    return np.frombuffer(content, dtype, part.size // np.dtype(dtype).itemsize, part.start)


def _sum(values: Array) -> int:
    """Return the sum of an array's bytes, eight at a time: what is cut, blank or changed has another."""
    held = values.view(np.uint8)
    most = len(held) // 8 * 8
    total = int(np.add.reduce(held[:most].view(np.uint64), dtype=np.uint64))
    return (total + int.from_bytes(held[most:].tobytes(), "little")) % (1 << 64)
