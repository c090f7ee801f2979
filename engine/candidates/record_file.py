"""Arrays of blocks in a file, each whole or not there: a file that was cut off keeps what is whole.

A record is its length, the SHA-256 of what follows, a line of JSON and whole numbers of 64 bits. What is the same for every candidate of a
block is written once.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from engine.columns import Int

_LENGTH, _DIGEST = 8, 32
_PIECE = 1 << 20
_NUMBER = np.dtype("<i8")


class Found(NamedTuple):
    """The arrays of a block, or of some of its candidates, and what else was kept of it."""

    arrays: dict[str, "Int"]
    others: dict[str, Any]


class RecordFile:
    """Records in an open file, by the numbers of their blocks."""

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        """Find the records that a file has from ``start``; what follows the last whole one is dropped."""
        self._file = file
        self._at: dict[int, int] = {}
        self._end = start
        while (length := self._whole_length(self._end)) is not None:
            self._at[int(self._head(self._end)[0]["number"])] = self._end
            self._end += _LENGTH + _DIGEST + length
        file.truncate(self._end)

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the blocks that are there."""
        return list(self._at)

    def put(self, number: int, arrays: Mapping[str, "Int"], others: Mapping[str, Any]) -> None:
        """Add the arrays of a block, each with its candidates first, and plain values."""
        payload = _payload(number, arrays, others)
        self._file.seek(self._end)
        self._file.write(len(payload).to_bytes(_LENGTH, "little"))
        self._file.write(hashlib.sha256(payload).digest())
        self._file.write(payload)
        self._file.flush()
        self._at[number] = self._end
        self._end += _LENGTH + _DIGEST + len(payload)

    def get(self, number: int, start: int = 0, stop: int | None = None) -> Found:
        """Return what is kept of a block, with the rows from ``start`` to ``stop`` of its arrays."""
        head, at = self._head(self._at[number])
        arrays: dict[str, Int] = {}
        for name, (kept, *shape) in head["shapes"].items():
            last = shape[0] if stop is None else stop
            width = int(np.prod(shape[1:], dtype=np.int64))
            first, rows = (0, kept) if kept < shape[0] else (start, last - start)
            self._file.seek(at + first * width * _NUMBER.itemsize)
            content = self._file.read(rows * width * _NUMBER.itemsize)
            found = np.frombuffer(content, _NUMBER).astype(np.int64, copy=False)
            arrays[name] = np.broadcast_to(
                found.reshape((rows, *shape[1:])), (last - start, *shape[1:])
            )
            at += kept * width * _NUMBER.itemsize
        return Found(arrays, head["others"])

    def _whole_length(self, at: int) -> int | None:
        """Return the length of the record at a place, None where there is none that is whole."""
        self._file.seek(at)
        head = self._file.read(_LENGTH + _DIGEST)
        if len(head) < _LENGTH + _DIGEST:
            return None
        length = int.from_bytes(head[:_LENGTH], "little")
        digest = hashlib.sha256()
        left = length
        while left and (piece := self._file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
        return length if not left and digest.digest() == head[_LENGTH:] else None

    def _head(self, at: int) -> tuple[dict[str, Any], int]:
        """Return what a record says of itself, and where its numbers begin."""
        self._file.seek(at + _LENGTH + _DIGEST)
        line = self._file.readline()
        return json.loads(line), at + _LENGTH + _DIGEST + len(line)


def _payload(number: int, arrays: Mapping[str, "Int"], others: Mapping[str, Any]) -> bytes:
    shapes, numbers = {}, []
    for name, whole in arrays.items():
        same = whole.ndim > 1 and whole.strides[0] == 0 and len(whole) > 1
        kept = whole[:1] if same else whole
        shapes[name] = [len(kept), *whole.shape]
        numbers.append(np.ascontiguousarray(kept, _NUMBER).tobytes())
    head = {"number": number, "shapes": shapes, "others": others}
    return json.dumps(head).encode() + b"\n" + b"".join(numbers)
