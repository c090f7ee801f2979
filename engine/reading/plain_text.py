"""Comma-separated text whose cells are plain, straight to narrow numbers: by the types that its columns must have.

A piece of the file is read at a time, so that the text of all cells is never held together. Text with a
quotation mark, with letters of other alphabets, or with rows of another length is left to
``comma_separated``, which words what is wrong with it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from engine.columns import Column, Kind
from engine.errors import TableRefused
from engine.reading.column_values import words_of
from engine.reading.comma_separated import plain_head
from engine.reading.limits import Limits
from engine.reading.row_checks import KEY
from engine.reading.typed_columns import LA, NotPlain, narrow
from engine.reading.typed_table import Cells
from engine.tables import Array, frozen
from engine.vocabulary import ABSENT_SYMBOLS, local_authorities

LEAST_BYTES = 1 << 20
"""Bytes from which a file is worth reading in another way than text is read."""

_PIECE_BYTES = 64 << 20
_READ_AS_NOTHING = (b"\0", b"\t", b"\v", b"\f", b",+", b"\n+")
"""What polars passes over before a whole number, and the text of a cell is refused for."""

_WIDTHS = {1: pl.Int8, 2: pl.Int16, 4: pl.Int32, 8: pl.Int64}


@dataclass(frozen=True, slots=True)
class PlainText:
    """The rows of a file of comma-separated text below its column names, each with as many cells.

    ``start`` is where the first of ``rows`` begins.
    """

    content: bytes = field(repr=False)
    names: tuple[str, ...]
    start: int
    rows: int
    first_row: int

    @classmethod
    def of(cls, content: bytes, limits: Limits) -> "PlainText | None":
        """Return the rows of a file; None where they are few, or not plain."""
        if len(content) < LEAST_BYTES or not content.isascii() or b'"' in content:
            return None
        if content.count(b"\r") != content.count(b"\r\n"):
            return None
        if any(one in content for one in _READ_AS_NOTHING):
            return None
        try:
            head = plain_head(content, limits)
        except TableRefused:
            return None
        if head is None:
            return None
        rows = content.count(b"\n", head.start) + (not content.endswith(b"\n"))
        # No row is too short where none is too long, which polars refuses.
        commas = content.count(b",", head.start)
        if not 0 < rows <= limits.rows or commas != rows * (len(head.names) - 1):
            return None
        return cls(content, head.names, head.start, rows, head.first_row)

    def cells(self, columns: Mapping[str, Column], kept: Collection[str]) -> Cells:
        """Return the keys, and the narrow numbers of the columns that are kept; all are checked."""
        schema = {name: _type_of(columns.get(name)) for name in self.names}
        keys: list[pl.Series] = []
        parts: dict[str, list[Array]] = {name: [] for name in columns if name in kept}
        for piece in self._pieces():
            frame = pl.read_csv(piece, has_header=False, schema=schema, glob=False)
            keys.append(frame.drop_in_place(KEY))
            for name, column in columns.items():
                part = narrow(frame.drop_in_place(name), column)
                if name in parts:
                    parts[name].append(part)
        every = pl.concat(keys, rechunk=True)
        if len(every) != self.rows:
            raise NotPlain(KEY)
        return Cells(every, {name: frozen(np.concatenate(some)) for name, some in parts.items()})

    def _pieces(self) -> Iterator[bytes]:
        """Yield the rows, some megabytes at a time."""
        at = self.start
        while at < len(self.content):
            end = self.content.find(b"\n", min(at + _PIECE_BYTES, len(self.content) - 1)) + 1
            yield self.content[at : end or len(self.content)]
            at = end or len(self.content)


def _type_of(column: Column | None) -> pl.DataType | type[pl.DataType]:
    """Return the type that polars reads a column by without rounding or guessing; text where it has none."""
    if column is None or column.dtype is None:
        return pl.String
    if column.name == LA:
        return pl.Enum([str(code) for code in local_authorities()])
    if column.kind in {Kind.code, Kind.label}:
        return pl.Enum([word for word in words_of(column) if word not in ABSENT_SYMBOLS])
    return _WIDTHS[column.dtype.itemsize] if column.kind in {Kind.whole, Kind.flag} else pl.String
