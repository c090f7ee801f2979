"""What an Arrow IPC file says of itself: its columns, and where the parts of its batches lie. No value is read.

https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.reading.flat_buffers import FlatRecord, RecordDamaged

MARK = b"ARROW1"
_SHORTEST = 24
_MOST_FOOTER_BYTES = 64 << 20
_MOST_COLUMNS = 1 << 17
"""Columns of a file with those inside of others: a table has at most some hundred."""

_DICTIONARY_OF_COLUMN, _CHILDREN = 4, 5
"""Fields of a column."""

_CONTINUED = b"\xff\xff\xff\xff"
_DICTIONARY, _BATCH = 2, 3
"""Kinds of messages."""


class Part(NamedTuple):
    """A part of a batch: where its bytes begin in the file, and how many there are."""

    start: int
    size: int


class Batch(NamedTuple):
    """Rows of a file, or the values of a dictionary.

    rows      how many there are
    nodes     how many values each column has, with those inside of others
    parts     the bytes of each column: which values are there, lengths and the values themselves
    packed    whether the bytes of each part are packed
    """

    rows: int
    nodes: tuple[int, ...]
    parts: tuple[Part, ...]
    packed: bool


class ArrowFile(NamedTuple):
    """The columns of a file, as many as its schema names, and its batches of rows.

    ``sizes`` says of each column how many it is with those inside of it, one after another in a batch's nodes.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    batches: tuple[Batch, ...]
    dictionaries: tuple[Batch, ...]


def arrow_file(content: memoryview) -> ArrowFile:
    """Return what a file says of itself; raises ``RecordDamaged`` where that leads outside of the file."""
    footer = FlatRecord.root(_footer(content))
    schema = footer.record(1)
    if schema is None:
        raise RecordDamaged
    return ArrowFile(
        tuple(one.text(0) for one in schema.records(1)),
        tuple(_sizes(schema.records(1))),
        tuple(_batches(content, footer.tuples(3, "<qiiq"), _BATCH)),
        tuple(_batches(content, footer.tuples(2, "<qiiq"), _DICTIONARY)),
    )


def _sizes(fields: Sequence[FlatRecord]) -> Iterator[int]:
    """Yield how many columns each column is with those inside of it; one with a dictionary is its numbers alone."""
    total = 0
    for field in fields:
        size, below = 0, [field]
        while below:
            one = below.pop()
            size += 1
            if one.record(_DICTIONARY_OF_COLUMN) is None:
                below += one.records(_CHILDREN)
            # Several columns may claim the same ones inside of them, which doubles with each step down.
            if total + size + len(below) > _MOST_COLUMNS:
                raise RecordDamaged
        total += size
        yield size


def _footer(content: memoryview) -> memoryview:
    ends = content[: len(MARK)] == MARK and content[-len(MARK) :] == MARK
    if len(content) < _SHORTEST or not ends:
        raise RecordDamaged
    stop = len(content) - len(MARK) - 4
    size = int.from_bytes(content[stop : stop + 4], "little")
    if size > min(stop, _MOST_FOOTER_BYTES):
        raise RecordDamaged
    return content[stop - size : stop]


def _batches(content: memoryview, blocks: list[tuple[int, ...]], kind: int) -> Iterator[Batch]:
    for start, head, _, size in blocks:
        body = start + head
        if min(start, head, size) < 0 or body + size > len(content):
            raise RecordDamaged
        skipped = 8 if content[start : start + 4] == _CONTINUED else 4
        message = FlatRecord.root(content[start + skipped : body])
        found = message.record(2)
        if found is not None and kind == _DICTIONARY:
            found = found.record(1)
        if message.number(1, "<B") != kind or found is None:
            raise RecordDamaged
        yield _batch(found, body, size)


def _batch(record: FlatRecord, body: int, size: int) -> Batch:
    """Return a batch whose parts lie inside of its body."""
    nodes = tuple(length for length, _ in record.tuples(1, "<qq"))
    parts = tuple(Part(start, length) for start, length in record.tuples(2, "<qq"))
    rows = record.number(0, "<q")
    if min((rows, *nodes), default=0) < 0:
        raise RecordDamaged
    if any(min(one) < 0 or sum(one) > size for one in parts):
        raise RecordDamaged
    placed = tuple(Part(body + one.start, one.size) for one in parts)
    return Batch(rows, nodes, placed, record.record(3) is not None)
