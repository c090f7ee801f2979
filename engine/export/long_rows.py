"""Rows that may be too many for memory: one table in pieces, each written when it is worked out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import polars as pl

from engine.export.cell_text import exact
from engine.export.formats import (
    Format,
    refuse_more_than_a_sheet,
    write_csv_rows,
    write_json_records,
    write_rows,
)
from engine.export.manifest import with_rules
from engine.export.parquet_pieces import ParquetPieces
from engine.rows import Rows, Shape


class Counted(Protocol):
    """What is worked out of rows, piece by piece."""

    def add(self, rows: Rows) -> None:
        """Add the next rows."""


@dataclass(slots=True, eq=False)
class LongRows:
    """A table in pieces, in their order; the pieces can be asked for once.

    shapes  what each column counts, of every piece
    number  how many rows the pieces had that were asked for so far
    """

    name: str
    shapes: Mapping[str, Shape]
    pieces: Iterable[Rows]
    number: int = 0

    def __iter__(self) -> Iterator[Rows]:
        """Yield the pieces, and count their rows."""
        for piece in self.pieces:
            self.number += len(piece)
            yield piece

    def __len__(self) -> int:
        """Return how many rows there were so far."""
        return self.number

    def __repr__(self) -> str:
        """Return the name and the number of columns."""
        return f"<LongRows {self.name}: {len(self.shapes)} columns>"

    def with_rules(self, rule_sets: Sequence[Mapping[str, object]]) -> "LongRows":
        """Return the rows with the columns of ``manifest.with_rules``."""
        none = with_rules(Rows.of_records(self.name, self.shapes, []), rule_sets)
        return LongRows(self.name, none.shapes, (with_rules(one, rule_sets) for one in self))

    def through(self, *counted: Counted) -> "LongRows":
        """Return the rows, each piece of which is added to what counts them when it is asked for."""

        def pieces() -> Iterator[Rows]:
            for piece in self:
                for one in counted:
                    one.add(piece)
                yield piece

        return LongRows(self.name, self.shapes, pieces())

    def whole(self) -> Rows:
        """Return all rows together; raises ``TableRefused`` as soon as a sheet does not hold them."""
        return self._together(refuse_more_than_a_sheet)

    def together(self) -> Rows:
        """Return all rows together, however many."""
        return self._together(lambda _: None)

    def _together(self, check: Callable[[int], None]) -> Rows:
        frames = [Rows.of_records(self.name, self.shapes, []).frame]
        for piece in self:
            check(self.number)
            frames.append(piece.frame)
        return Rows(self.name, self.shapes, pl.concat(frames))


def write_long(
    rows: LongRows, kind: Format, file: BinaryIO, about: Mapping[str, str] | None = None
) -> None:
    """Write the pieces to an open file; the bytes are those of ``write_rows``.

    A workbook is made of ``whole`` rows, in memory.
    """
    none = Rows.of_records(rows.name, rows.shapes, [])
    if kind is Format.csv:
        write_csv_rows(none, file, heading=True)
        for piece in rows:
            write_csv_rows(piece, file, heading=False)
    elif kind is Format.json:
        write_json_records(rows, file)
    elif kind is Format.parquet:
        with ParquetPieces(file, exact(none).schema, about or {}) as parquet:
            for piece in rows:
                parquet.write(exact(piece))
    else:
        write_rows(rows.whole(), kind, file, about)
