"""Records in Thrift's compact form, in which Parquet describes itself.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from collections.abc import Callable
from typing import ClassVar

Record = dict[int, "Value"]
"""The fields of a record by their numbers."""

Value = bool | int | bytes | list["Value"] | Record | None

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _RECORD = range(1, 13)
_DEEPEST = 12
_MOST_BITS = 70
"""Of the ten bytes that a number of 64 bits takes."""
_LONG_LIST = 15
_DOUBLE_BYTES = 8
_HIGH_BIT = 128
"""Set in each byte of a number but its last."""


class Long(int):
    """A whole number that is written as one of 64 bits; others are written as of 32."""


class ThriftDamaged(Exception):
    """The bytes are no record in this form."""


class ThriftReader:
    """Reads records from bytes; ``at`` is where the next one starts.

    Reading a record takes no more memory than its own bytes justify, whatever length it states.
    Raises ``ThriftDamaged`` where they are no record.
    """

    def __init__(self, content: bytes | memoryview, at: int = 0) -> None:
        self._content = content
        self.at = at

    def record(self, depth: int = 0) -> Record:
        """Return the next record."""
        if depth > _DEEPEST:
            raise ThriftDamaged
        fields: Record = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._signed()
            fields[number] = (
                kind == _TRUE if kind in {_TRUE, _FALSE} else self._value(kind, depth + 1)
            )
        return fields

    def _value(self, kind: int, depth: int) -> Value:
        if kind in {_LIST, _SET}:
            return self._list(depth)
        if kind == _MAP:
            self._pass_map(depth)
            return None
        if kind == _RECORD:
            return self.record(depth)
        reader = self._READERS.get(kind)
        if reader is None:
            raise ThriftDamaged
        return reader(self)

    def _list(self, depth: int) -> list[Value]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        if count == _LONG_LIST:
            count = self._unsigned()
        self._check_count(count)
        return [self._value(kind, depth) for _ in range(count)]

    def _pass_map(self, depth: int) -> None:
        """Pass over a map; Parquet has none that matters here."""
        count = self._unsigned()
        self._check_count(count)
        kinds = self._byte() if count else 0
        for _ in range(count):
            self._value(kinds >> 4, depth)
            self._value(kinds & 15, depth)

    def _check_count(self, count: int) -> None:
        """Refuse more elements than there are bytes left, as each takes one at least."""
        if count > len(self._content) - self.at:
            raise ThriftDamaged

    def _byte(self) -> int:
        try:
            byte = self._content[self.at]
        except IndexError:
            raise ThriftDamaged from None
        self.at += 1
        return byte

    def _unsigned(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < _HIGH_BIT:
                return number
            shift += 7
            if shift >= _MOST_BITS:
                raise ThriftDamaged

    def _signed(self) -> int:
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)

    def _bytes(self) -> bytes:
        return self._next(self._unsigned())

    def _double(self) -> bytes:
        return self._next(_DOUBLE_BYTES)

    def _next(self, count: int) -> bytes:
        self._check_count(count)
        self.at += count
        return bytes(self._content[self.at - count : self.at])

    _READERS: ClassVar[dict[int, Callable[["ThriftReader"], Value]]] = {
        # In a list each flag takes one byte.
        _TRUE: _byte,
        _FALSE: _byte,
        _BYTE: _byte,
        _I16: _signed,
        _I32: _signed,
        _I64: _signed,
        _DOUBLE: _double,
        _BINARY: _bytes,
    }


def thrift_record(fields: Record) -> bytes:
    """Return a record as bytes: whole numbers, flags, bytes, lists of one kind, and records."""
    written, before = bytearray(), 0
    for number, value in fields.items():
        written.append((number - before) << 4 | _kind_of(value))
        if not isinstance(value, bool):
            written += _bytes_of(value)
        before = number
    return bytes(written) + b"\0"


def _kind_of(value: Value) -> int:
    match value:
        case bool():
            return _TRUE if value else _FALSE
        case int():
            return _I64 if isinstance(value, Long) else _I32
        case bytes():
            return _BINARY
        case list():
            return _LIST
        case _:
            return _RECORD


def _bytes_of(value: Value) -> bytes:
    match value:
        case int():
            return _varint(value * 2 if value >= 0 else -value * 2 - 1)
        case bytes():
            return _varint(len(value)) + value
        case list():
            head = bytes([_LONG_LIST << 4 | _kind_of(value[0] if value else 0)])
            return head + _varint(len(value)) + b"".join(map(_bytes_of, value))
        case _:
            return thrift_record(value or {})


def _varint(number: int) -> bytes:
    """Return a whole number of none or more, seven bits a byte."""
    written = bytearray()
    while number >= _HIGH_BIT:
        written.append(number & (_HIGH_BIT - 1) | _HIGH_BIT)
        number >>= 7
    return bytes([*written, number])
