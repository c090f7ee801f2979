"""Stated sizes of the pages of a Parquet file, checked against its size before unpacking.

A library allocates what the head of a page states: its size unpacked, and how many values
a dictionary has. A file of a hundred bytes may say two gigabytes. So the heads are read here
first; they precede each page, unpacked, and no page takes more memory than its head states.

https://parquet.apache.org/docs/file-format/
"""

from dataclasses import dataclass
from typing import NamedTuple, cast

from engine.reading.compact_thrift import Record, ThriftDamaged, ThriftReader
from engine.reading.limits import Limits
from engine.reading.shared_beginnings import TextPage, shared_lengths

_MARK = b"PAR1"
_SHORTEST = 12
_MOST_FOOTER_BYTES = 64 << 20
_DATA, _INDEX, _DICTIONARY, _DATA_2 = range(4)
_PLAIN, _DELTA_LENGTHS = 0, 6
_DICTIONARIES = (2, 8)
_DELTA_TEXTS = 7
"""The encoding that shares the beginnings of texts: any number of long texts in a few bytes."""

_BYTE_ARRAY = 6
"""The physical type of texts."""

_CHILDREN = 5
"""The field of a column that has columns below it."""

_LEAST_BYTES = {1: 4, 2: 8, 3: 12, 4: 4, 5: 8, 6: 4}
"""Bytes of a value in a dictionary by its physical type: a text has four for its length."""


class PagesDamaged(Exception):
    """The file is not a Parquet file, or its parts contradict each other."""


class PagesTooLarge(Exception):
    """The pages would unpack to too much memory; the sentence says so."""


TOO_LARGE = "would take far more memory than its size lets expect; save the table as CSV"
_LENGTHS_BYTES = 16
"""Memory of the length of one text and of its sum, while lengths are added up."""


@dataclass(slots=True)
class _Room:
    """Memory that pages may still unpack to."""

    left: int

    def take(self, needed: int) -> None:
        if needed < 0:
            raise PagesDamaged
        self.left -= needed
        if self.left < 0:
            raise PagesTooLarge(TOO_LARGE)


def check_pages(content: bytes, limits: Limits) -> int | None:
    """Check every page of a file against the memory allowed and the number of rows stated.

    Returns how many bytes all texts have at most, where its pages say so without being unpacked: in a page
    that stores each text they are its own, and of a dictionary each value may be the longest. Raises ``PagesDamaged`` or ``PagesTooLarge``, and ``PolarsError`` for texts that share their
    beginnings and are damaged. Values of lists and records are not counted.
    """
    room = _Room(most_bytes(len(content), limits))
    texts: list[TextPage] = []
    most: list[int | None] = []
    try:
        footer = ThriftReader(_footer(content)).record()
        elements = _records(footer, 2)[1:]
        flat = not any(element.get(_CHILDREN) for element in elements)
        groups = _records(footer, 4)
        if sum(_number(group, 3) for group in groups) != _number(footer, 3):
            raise PagesDamaged
        for group in groups:
            columns = _records(group, 1)
            if flat and len(columns) != len(elements):
                raise PagesDamaged
            rows = _number(group, 3) if flat else None
            for place, about in enumerate(columns):
                column = _Column(content, about, elements[place] if flat else {}, rows)
                texts += column.check(room, most)
    except ThriftDamaged:
        raise PagesDamaged from None
    _check_texts(texts, room)
    known = [one for one in most if one is not None]
    return sum(known) if flat and len(known) == len(most) else None


def _check_texts(texts: list[TextPage], room: _Room) -> None:
    """Check how long texts are of which each shares its beginning with the one before."""
    most = room.left
    if sum(page.values for page in texts) * _LENGTHS_BYTES > most:
        raise PagesTooLarge(TOO_LARGE)
    for shared in shared_lengths(texts):
        if shared.least < 0:
            raise PagesDamaged
        # None is longer than all texts, so that more than they may have is not added up.
        room.take(shared.total if shared.most <= most else shared.most)


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


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a group of rows: what the file says of it, its element of the schema, and its rows."""

    content: bytes
    chunk: Record
    element: Record
    rows: int | None

    def check(self, room: _Room, most: list[int | None]) -> list[TextPage]:
        """Check the pages, and return those of texts that share their beginnings.

        To ``most`` is added how many bytes the texts of each page have at most, None where that is not known.
        """
        about = _record(self.chunk, 3)
        start = _number(about, 11 if 11 in about else 9)  # noqa: PLR2004 - a field's number
        end = start + _number(about, 7)
        claimed = _number(about, 5)
        if 1 in self.chunk or end > len(self.content):
            raise PagesDamaged
        if self.rows is not None and claimed != self.rows:
            raise PagesDamaged
        values, dictionary = 0, 0
        texts = []
        reader = ThriftReader(memoryview(self.content)[:end], start)
        while reader.at < end:
            head = reader.record()
            found = _check_page(head, _number(about, 1), room)
            content = memoryview(self.content)[reader.at : reader.at + _number(head, 3)]
            reader.at += len(content)
            if len(content) < _number(head, 3) or reader.at > end:
                raise PagesDamaged
            values += found.values
            dictionary = max(dictionary, found.dictionary)
            if _number(about, 1) == _BYTE_ARRAY and found.encoding is not None:
                most.append(_most_text(found, _number(head, 2), dictionary))
            if found.encoding == _DELTA_TEXTS:
                texts.append(self._texts(head, content, found.values))
        if values != claimed:
            raise PagesDamaged
        return texts

    def _texts(self, head: Record, content: memoryview, values: int) -> TextPage:
        if self.rows is None:
            raise PagesDamaged
        codec = _number(_record(self.chunk, 3), 4)
        return TextPage(head, content, values, codec, optional=_number(self.element, 3) > 0)


class _PageValues(NamedTuple):
    """How many values a page adds to its column, in which encoding; the bytes of a dictionary that is unpacked."""

    values: int
    encoding: int | None = None
    dictionary: int = 0


def _most_text(page: _PageValues, unpacked: int, dictionary: int) -> int | None:
    """Return how many bytes the texts of a page have at most; None where its encoding does not say."""
    if page.encoding in _DICTIONARIES:
        return page.values * dictionary
    return unpacked if page.encoding in {_PLAIN, _DELTA_LENGTHS} else None


def _check_page(head: Record, physical: int, room: _Room) -> _PageValues:
    """Check the head of a page, and return what it adds."""
    kind, unpacked = _number(head, 1), _number(head, 2)
    room.take(unpacked)
    if kind == _INDEX:
        return _PageValues(0)
    about = _record(head, {_DATA: 5, _DICTIONARY: 7, _DATA_2: 8}.get(kind, 0))
    values = _number(about, 1)
    if kind == _DICTIONARY:
        if values * _LEAST_BYTES.get(physical, 1) > unpacked:
            raise PagesDamaged
        return _PageValues(0, dictionary=unpacked)
    return _PageValues(values, _number(about, 4 if kind == _DATA_2 else 2))


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
