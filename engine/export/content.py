"""The digest of what a table of a result says, which is the same in every kind of file.

A column is digested by itself, its rows in their order: whole numbers as 64 bits, money as pence, units and percentages as millionths, with a
byte that says whether there is a number; texts as their length and their UTF-8, as a spreadsheet would be given them. Text that is empty is
missing, and the text of a number has no zeros at its end: a sheet keeps neither. The digest of all is that of the columns' names, kinds and
digests. So it does not change with the pieces that rows come in, nor with the libraries that write files.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.export.cell_text import FIGURE, guarded
from engine.rows import Rows, Shape

AT_ONCE = 100_000
"""Rows whose texts are put together at once."""

MISSING = 0xFFFF_FFFF
"""The length of a text that is missing."""


class ContentDigest:
    """Digests rows, piece by piece; ``record`` is what a manifest says of all of them."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = dict(shapes)
        self._parts = {name: (hashlib.sha256(), hashlib.sha256()) for name in shapes}
        self._rows = 0

    @classmethod
    def of(cls, rows: Rows) -> "ContentDigest":
        """Return the digest of rows that are there whole."""
        found = cls(rows.shapes)
        found.add(rows)
        return found

    def add(self, rows: Rows) -> None:
        """Digest the next rows."""
        for start in range(0, len(rows), AT_ONCE):
            self._add(rows.frame.slice(start, AT_ONCE))

    def record(self) -> dict[str, Any]:
        """Return the digest in hexadecimal, the number of rows, and what each column holds."""
        whole = hashlib.sha256()
        for name, shape in self._shapes.items():
            for word in (name, _kind(shape)):
                whole.update(len(word.encode()).to_bytes(4, "little") + word.encode())
            for one in self._parts[name]:
                whole.update(one.digest())
        columns = {name: shape.value for name, shape in self._shapes.items()}
        return {"sha256": whole.hexdigest(), "rows": self._rows, "columns": columns}

    def _add(self, frame: pl.DataFrame) -> None:
        self._rows += frame.height
        plain = guarded(frame, self._shapes)
        for name, shape in self._shapes.items():
            there, values = self._parts[name]
            column = plain[name]
            if shape.is_text:
                column = _plain_text(column, shape)
                lengths = column.str.len_bytes().fill_null(MISSING).cast(pl.UInt32)
                there.update(lengths.to_numpy().astype("<u4").tobytes())
                values.update(str(column.fill_null("").str.join("").item()).encode())
            else:
                there.update(column.is_not_null().to_numpy().tobytes())
                values.update(column.fill_null(0).to_numpy().astype("<i8").tobytes())


def _kind(shape: Shape) -> str:
    """Return what of a column's shape decides how its cells are digested."""
    return Shape.text.value if shape.is_text else str(shape.scale)


def _plain_text(column: pl.Series, shape: Shape) -> pl.Series:
    held = pl.col("text")
    figure = held.str.contains(FIGURE) & held.str.contains(".", literal=True)
    plain = held.str.strip_chars_end("0").str.strip_chars_end(".")
    frame = column.alias("text").to_frame()
    if shape is Shape.figure:
        frame = frame.select(pl.when(figure).then(plain).otherwise(held).alias("text"))
    return frame.select(pl.when(held != "").then(held).alias("text"))["text"]
