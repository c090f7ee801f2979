"""Records of FlatBuffers, as far as the heads of Arrow files need them: every read stays inside its bytes.

https://flatbuffers.dev/internals/
"""

import struct
from typing import NamedTuple

_MOST_ENTRIES = 1 << 20
"""Entries of one list: a table has at most some hundred columns."""


class RecordDamaged(Exception):
    """Bytes that are no record, or lead outside of themselves."""


class FlatRecord(NamedTuple):
    """A record at a place of some bytes; its fields are asked for by their number in the schema of the format."""

    content: memoryview
    at: int

    @classmethod
    def root(cls, content: memoryview) -> "FlatRecord":
        """Return the record that bytes begin with."""
        return cls(content, _number(content, "<I", 0))

    def number(self, field: int, form: str, default: int = 0) -> int:
        """Return a number by its form in ``struct``; ``default`` where the record leaves it out."""
        place = self._place(field)
        return default if place is None else _number(self.content, form, place)

    def record(self, field: int) -> "FlatRecord | None":
        """Return a record inside of this one; None where it is left out."""
        place = self._place(field)
        return None if place is None else FlatRecord(self.content, self._target(place))

    def records(self, field: int) -> list["FlatRecord"]:
        """Return a list of records."""
        start, number = self._list(field, 4)
        places = range(start, start + 4 * number, 4)
        return [FlatRecord(self.content, self._target(place)) for place in places]

    def text(self, field: int) -> str:
        """Return a text; an empty one where it is left out."""
        start, number = self._list(field, 1)
        try:
            return bytes(self.content[start : start + number]).decode()
        except UnicodeDecodeError:
            raise RecordDamaged from None

    def tuples(self, field: int, form: str) -> list[tuple[int, ...]]:
        """Return a list of numbers that stand together, by their form in ``struct``."""
        size = struct.calcsize(form)
        start, number = self._list(field, size)
        return list(struct.iter_unpack(form, self.content[start : start + size * number]))

    def _list(self, field: int, size: int) -> tuple[int, int]:
        """Return where the entries of a list begin, and how many there are."""
        place = self._place(field)
        if place is None:
            return 0, 0
        at = self._target(place)
        number = _number(self.content, "<I", at)
        if number > _MOST_ENTRIES or at + 4 + number * size > len(self.content):
            raise RecordDamaged
        return at + 4, number

    def _target(self, place: int) -> int:
        target = place + _number(self.content, "<I", place)
        if target + 4 > len(self.content):
            raise RecordDamaged
        return target

    def _place(self, field: int) -> int | None:
        """Return where a field of the record is."""
        table = self.at - _number(self.content, "<i", self.at)
        if 4 + 2 * field >= _number(self.content, "<H", table):
            return None
        offset = _number(self.content, "<H", table + 4 + 2 * field)
        return self.at + offset if offset else None


def _number(content: memoryview, form: str, at: int) -> int:
    if at < 0:
        raise RecordDamaged
    try:
        (number,) = struct.unpack_from(form, content, at)
    except struct.error:
        raise RecordDamaged from None
    return int(number)
