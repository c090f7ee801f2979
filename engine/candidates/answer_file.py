"""Answers of blocks in a file, so that rows come in the order of candidates whatever the order of the work.

A record is its length, the SHA-256 of what follows, a line of JSON and whole numbers of 64 bits. What is the same for every candidate of a
block is kept once. The file holds totals by group: it is as sensitive as the result.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from engine.candidates.answers import BlockAnswer
from engine.candidates.run import Run

if TYPE_CHECKING:
    from engine.columns import Int

ARRAYS = ("rows", "people", "before", "after", "winners", "losers", "unknown", "total", "bands")
TOGETHER = 2_048
"""Candidates whose rows are put together at once."""

_LENGTH, _DIGEST = 8, 32
_NUMBER = np.dtype("<i8")


class _Head(NamedTuple):
    """What a record says of itself: fields by name, and where its numbers begin in the file."""

    fields: dict[str, Any]
    at: int


class AnswerFile:
    """Answers of blocks in an open file, by their numbers; a file that was cut off keeps what is whole."""

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        """Find the records that a file has from ``start``; what follows the last whole one is dropped."""
        self._file = file
        self._at: dict[int, int] = {}
        self._end = start
        while (length := self._whole_length(self._end)) is not None:
            self._at[int(self._head(self._end).fields["number"])] = self._end
            self._end += _LENGTH + _DIGEST + length
        file.truncate(self._end)

    def __contains__(self, number: object) -> bool:
        """Return whether the answer of a block is kept."""
        return number in self._at

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers of the blocks whose answers are kept."""
        return iter(self._at)

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._at)

    def put(self, answer: BlockAnswer) -> None:
        """Keep the answer of a block."""
        payload = _payload(answer)
        self._file.seek(self._end)
        self._file.write(len(payload).to_bytes(_LENGTH, "little"))
        self._file.write(hashlib.sha256(payload).digest())
        self._file.write(payload)
        self._file.flush()
        self._at[answer.number] = self._end
        self._end += _LENGTH + _DIGEST + len(payload)

    def get(self, number: int, start: int = 0, stop: int | None = None) -> BlockAnswer:
        """Return the answer of a block, or of those of its candidates from ``start`` to ``stop``."""
        head = self._head(self._at[number])
        fields, at = head.fields, head.at
        arrays: dict[str, Int] = {}
        for name in ARRAYS:
            kept, *shape = fields["shapes"][name]
            last = shape[0] if stop is None else stop
            width = int(np.prod(shape[1:], dtype=np.int64))
            from_row, rows = (0, kept) if kept < shape[0] else (start, last - start)
            self._file.seek(at + from_row * width * _NUMBER.itemsize)
            content = self._file.read(rows * width * _NUMBER.itemsize)
            found = np.frombuffer(content, _NUMBER).astype(np.int64, copy=False)
            found = found.reshape((rows, *shape[1:]))
            arrays[name] = np.broadcast_to(found, (last - start, *shape[1:]))
            at += kept * width * _NUMBER.itemsize
        rows_there = set(arrays["rows"].tolist())
        refused = {int(row): reason for row, reason in fields["refused"].items()}
        return BlockAnswer(
            number=number,
            **arrays,
            band_names=tuple(fields["band_names"]),
            refused={row: reason for row, reason in refused.items() if row in rows_there},
        )

    def in_order(self, run: Run) -> Iterator[BlockAnswer]:
        """Yield all that is kept in the order of candidates; a block comes in parts where others lie between them."""
        block_of = np.full(len(run.candidates), -1, np.int64)
        place = np.zeros(len(run.candidates), np.int64)
        for number in self._at:
            rows = run.rows_of(run.blocks[number])
            block_of[rows] = number
            place[rows] = np.arange(len(rows))
        for first in range(0, len(block_of), TOGETHER):
            here = block_of[first : first + TOGETHER]
            numbers, at = np.unique(here, return_index=True)
            for number in numbers[np.argsort(at)].tolist():
                if number >= 0:
                    places = place[first : first + TOGETHER][here == number]
                    yield self.get(number, int(places[0]), int(places[-1]) + 1)

    def _whole_length(self, at: int) -> int | None:
        """Return the length of the record at a place, None where there is none that is whole."""
        self._file.seek(at)
        head = self._file.read(_LENGTH + _DIGEST)
        if len(head) < _LENGTH + _DIGEST:
            return None
        length = int.from_bytes(head[:_LENGTH], "little")
        digest = hashlib.sha256()
        left = length
        while left and (piece := self._file.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
        return length if not left and digest.digest() == head[_LENGTH:] else None

    def _head(self, at: int) -> _Head:
        self._file.seek(at + _LENGTH + _DIGEST)
        line = self._file.readline()
        return _Head(json.loads(line), at + _LENGTH + _DIGEST + len(line))


def in_order(run: Run) -> bool:
    """Return whether the blocks of a run come in the order of its candidates, so that none has to wait for another."""
    last = -1
    for block in run.blocks:
        rows = run.rows_of(block)
        if int(rows[0]) <= last:
            return False
        last = int(rows[-1])
    return True


def _payload(answer: BlockAnswer) -> bytes:
    shapes, numbers = {}, []
    for name in ARRAYS:
        whole = getattr(answer, name)
        same = whole.ndim > 1 and whole.strides[0] == 0 and len(whole) > 1
        kept = whole[:1] if same else whole
        shapes[name] = [len(kept), *whole.shape]
        numbers.append(np.ascontiguousarray(kept, _NUMBER).tobytes())
    head = {
        "number": answer.number,
        "shapes": shapes,
        "band_names": list(answer.band_names),
        "refused": {str(row): reason for row, reason in answer.refused.items()},
    }
    return json.dumps(head).encode() + b"\n" + b"".join(numbers)
