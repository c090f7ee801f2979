"""Stated sizes of the pages of a Parquet file, checked against its size before unpacking.

A library allocates what the head of a page states: its size unpacked, and how many values
a dictionary has. A file of a hundred bytes may say two gigabytes. So the heads are read here
first; they precede each page, unpacked, and no page takes more memory than its head states.

https://parquet.apache.org/docs/file-format/
"""

from dataclasses import dataclass
from typing import cast

from engine.ingest.compact_thrift import Record, ThriftDamaged, ThriftReader
from engine.ingest.limits import Limits

_MARK = b"PAR1"
_SHORTEST = 12
_MOST_FOOTER_BYTES = 64 << 20
_DATA, _INDEX, _DICTIONARY, _DATA_2 = range(4)
_DELTA_TEXTS = 7
"""The encoding that shares the beginnings of texts: any number of long texts in a few bytes."""

_CHILDREN = 5
"""The field of a column that has columns below it."""

_LEAST_BYTES = {1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 6: 4}
"""Bytes of a value in a dictionary by its physical type: a text has four for its length."""


class PagesDamaged(Exception):
    """The file is not a Parquet file, or its parts contradict each other."""


class PagesTooLarge(Exception):
    """The pages would unpack to too much memory; the sentence says so."""


TOO_LARGE = "would take far more memory than its size lets expect; save the table as CSV"
_NOT_FORETOLD = (
    "is packed in a way (DELTA_BYTE_ARRAY) that may take far more memory than its size lets "
    "expect; save the table as CSV, or as Parquet in another encoding"
)


@dataclass(slots=True)
class _Room:
    """Memory that pages may still unpack to."""

    left: int

    def take(self, needed: int, sentence: str = TOO_LARGE) -> None:
        if needed < 0:
            raise PagesDamaged
        self.left -= needed
        if self.left < 0:
            raise PagesTooLarge(sentence)


def check_pages(content: bytes, limits: Limits) -> None:
    """Check every page of a file against the memory allowed and the number of rows stated.

    Raises ``PagesDamaged`` or ``PagesTooLarge``. Values of lists and records are not counted.
    """
    room = _Room(most_bytes(len(content), limits))
    try:
        footer = ThriftReader(_footer(content)).record()
        flat = not any(element.get(_CHILDREN) for element in _records(footer, 2)[1:])
        groups = _records(footer, 4)
        if sum(_number(group, 3) for group in groups) != _number(footer, 3):
            raise PagesDamaged
        for group in groups:
            for column in _records(group, 1):
                _check_column(content, column, _number(group, 3) if flat else None, room)
    except ThriftDamaged:
        raise PagesDamaged from None


def most_bytes(size: int, limits: Limits) -> int:
    """Return how much memory the table of a file of some bytes may take up."""
    return max(limits.parquet_bytes, limits.ratio * size)


def _footer(content: bytes) -> memoryview:
    """Return the record at the end, which says where the columns of each group of rows lie."""
    if len(content) < _SHORTEST or content[:4] != _MARK or content[-4:] != _MARK:
        raise PagesDamaged
    size = int.from_bytes(content[-8:-4], "little")
    if size > len(content) - _SHORTEST:
        raise PagesDamaged
    if size > _MOST_FOOTER_BYTES:
        raise PagesTooLarge(TOO_LARGE)
    return memoryview(content)[len(content) - 8 - size : len(content) - 8]


def _check_column(content: bytes, column: Record, rows: int | None, room: _Room) -> None:
    about = _record(column, 3)
    start = _number(about, 11 if 11 in about else 9)  # noqa: PLR2004 - a field's number
    end = start + _number(about, 7)
    claimed = _number(about, 5)
    if 1 in column or end > len(content) or (rows is not None and claimed != rows):
        raise PagesDamaged
    values = 0
    reader = ThriftReader(memoryview(content)[:end], start)
    while reader.at < end:
        values += _check_page(reader, _number(about, 1), room)
        if reader.at > end:
            raise PagesDamaged
    if values != claimed:
        raise PagesDamaged


def _check_page(reader: ThriftReader, physical: int, room: _Room) -> int:
    """Check the page that starts here, go to the next, and return how many values it adds."""
    head = reader.record()
    kind, unpacked, packed = (_number(head, number) for number in (1, 2, 3))
    reader.at += packed
    room.take(unpacked)
    if kind == _INDEX:
        return 0
    about = _record(head, {_DATA: 5, _DICTIONARY: 7, _DATA_2: 8}.get(kind, 0))
    values = _number(about, 1)
    if kind == _DICTIONARY:
        if values * _LEAST_BYTES.get(physical, 1) > unpacked:
            raise PagesDamaged
        return 0
    if _number(about, 4 if kind == _DATA_2 else 2) == _DELTA_TEXTS:
        # None is longer than all that its page holds, and each may be as long.
        room.take(values * unpacked, _NOT_FORETOLD)
    return values


def _number(record: Record, field: int) -> int:
    number = record.get(field)
    if not isinstance(number, int) or number < 0:
        raise PagesDamaged
    return number


def _record(record: Record, field: int) -> Record:
    value = record.get(field)
    if not isinstance(value, dict):
        raise PagesDamaged
    return value


def _records(record: Record, field: int) -> list[Record]:
    values = record.get(field)
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise PagesDamaged
    return cast("list[Record]", values)
