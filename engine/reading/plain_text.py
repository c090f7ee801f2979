"""Comma-separated text whose cells are plain, straight to narrow numbers: by the forms that its columns must have.

A piece of the file is read at a time, and nothing but what is kept is held beside the file. Text with a quotation
mark, letters of other alphabets, a row of another length or any cell that is not plain is left as a whole to
``comma_separated``, which words what is wrong with it.
"""

from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.columns import Column
from engine.errors import TableRefused
from engine.kernels.plain_cells import fill_plain_cells
from engine.reading.comma_separated import plain_head
from engine.reading.limits import Limits
from engine.reading.plain_forms import PlainForms
from engine.reading.row_checks import KEY
from engine.reading.typed_columns import NotPlain
from engine.reading.typed_table import Cells
from engine.tables import Array

LEAST_BYTES = 1 << 20
"""Bytes from which a file is worth reading in another way than text is read."""

_PIECE_BYTES = 16 << 20
_NEWLINE = b"\n"


class _Piece(NamedTuple):
    """Some rows of a file: where their text starts and ends, and how many they are."""

    start: int
    end: int
    rows: int


@dataclass(frozen=True, slots=True)
class PlainText:
    """The rows of a file of comma-separated text below its column names.

    ``first_row`` is the number of the first of them in the file.
    """

    content: bytes = field(repr=False)
    names: tuple[str, ...]
    first_row: int
    pieces: tuple[_Piece, ...] = field(repr=False)

    @classmethod
    def of(cls, content: bytes, limits: Limits) -> "PlainText | None":
        """Return the rows of a file; None where there are none, or what is above them is not plain."""
        try:
            head = plain_head(content, limits)
        except TableRefused:
            return None
        if head is None or not _is_plain(content[: head.start]):
            return None
        found = cls(content, head.names, head.first_row, tuple(_pieces(content, head.start)))
        return found if 0 < found.rows <= limits.rows else None

    @property
    def rows(self) -> int:
        """Return how many rows there are, a blank one at the end too."""
        return sum(piece.rows for piece in self.pieces)

    def cells(self, columns: Mapping[str, Column], kept: Collection[str]) -> Cells:
        """Return the keys, and the narrow numbers of the columns that are kept; all are checked.

        Raises ``NotPlain`` where any cell is not plain.
        """
        plain = PlainForms.of(self.names, columns, {*kept} & columns.keys(), self.rows)
        held, row = np.empty(plain.size, np.uint8), 0
        keys = []
        for piece in self.pieces:
            text, ends = self._text(piece), np.zeros(2, np.int64)
            of_keys, stop = np.empty(len(text), np.int8), row + piece.rows
            fill_plain_cells(
                row, stop, text, plain.forms, plain.words, plain.kept, held, of_keys, ends
            )
            if ends[0] != len(text):
                raise NotPlain(KEY)
            keys.append(_keys(of_keys[: ends[1]]))
            row = stop
        return Cells(pl.concat(keys, rechunk=True), plain.numbers(held))

    def _text(self, piece: _Piece) -> Array:
        """Return the text of some rows, with a newline behind the last of the file."""
        if self.content[piece.end - 1 : piece.end] == _NEWLINE:
            return np.frombuffer(self.content, np.int8, piece.end - piece.start, piece.start)
        return np.frombuffer(self.content[piece.start : piece.end] + _NEWLINE, np.int8)


def _pieces(content: bytes, start: int) -> Iterator[_Piece]:
    """Yield the rows from a place on, some megabytes at a time; a last one without a newline is a piece of its own."""
    end = content.rfind(_NEWLINE) + 1
    while start < end:
        stop = content.find(_NEWLINE, min(start + _PIECE_BYTES, end - 1)) + 1
        yield _Piece(start, stop, content.count(_NEWLINE, start, stop))
        start = stop
    if start < len(content):
        yield _Piece(start, len(content), 1)


def _is_plain(head: bytes) -> bool:
    """Return whether what is above the rows is plain: no quotation mark, and line ends as any program writes them."""
    head = head.removeprefix(BOM_UTF8)
    return head.isascii() and b'"' not in head and head.count(b"\r") == head.count(b"\r\n")


def _keys(text: Array) -> pl.Series:
    """Return the keys of a text that has one in each line."""
    frame = pl.read_csv(text.tobytes(), has_header=False, schema={KEY: pl.String}, glob=False)
    return frame.to_series()
