"""Rows as CSV, JSON, Parquet or a workbook; the same rows always give the same bytes."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import BinaryIO

from engine.errors import Problem, TableRefused
from engine.export.cell_text import decimal_text, exact, guarded
from engine.export.notes import Note
from engine.export.parquet_pieces import ROWS
from engine.rows import Rows

MOST_SHEET_ROWS = 1_048_575
"""Rows that a sheet of a workbook holds under its header."""

AT_ONCE = 100_000
"""Rows that are turned into text at once, so that memory does not grow with the table."""


class Format(StrEnum):
    """A kind of file, named as its ending."""

    csv = "csv"
    json = "json"
    parquet = "parquet"
    xlsx = "xlsx"


def write_rows(
    rows: Rows,
    kind: Format,
    file: BinaryIO,
    about: Mapping[str, str] | None = None,
    notes: Sequence[Note] = (),
) -> None:
    """Write rows to an open file; a Parquet file and a workbook keep ``about`` by key.

    A workbook has a sheet of ``notes``, where there are any; other kinds have them in their manifest alone.
    """
    if kind is Format.xlsx:
        _write_workbook(rows, file, about, notes)
        return
    if about and kind in KEEPERS:
        KEEPERS[kind](rows, file, about)
        return
    WRITERS[kind](rows, file)


def refuse_more_than_a_sheet(number: int) -> None:
    """Raise ``TableRefused`` for more rows than a sheet holds; there may be more of them than ``number`` still."""
    if number > MOST_SHEET_ROWS:
        sentence = f"a sheet has at most {MOST_SHEET_ROWS} rows and the result has more; write CSV or Parquet"
        raise TableRefused([Problem(sentence, "too-many-rows")])


def rows_as_bytes(rows: Rows, kind: Format) -> bytes:
    """Return what a file of the rows would hold."""
    buffer = io.BytesIO()
    write_rows(rows, kind, buffer)
    return buffer.getvalue()


def write_csv_rows(rows: Rows, file: BinaryIO, *, heading: bool = True) -> None:
    """Write rows as lines of a comma-separated file, after one of the column names where there is a ``heading``."""
    frame = guarded(decimal_text(rows), rows.shapes)
    frame.write_csv(file, line_terminator="\n", quote_style="necessary", include_header=heading)


def write_json_records(pieces: Iterable[Rows], file: BinaryIO) -> None:
    """Write a list with a record on each line; decimals are text, what is missing is null."""
    file.write(b"[")
    before = b"\n"
    for piece in pieces:
        frame = decimal_text(piece)
        for start in range(0, frame.height, AT_ONCE):
            lines = io.BytesIO()
            frame.slice(start, AT_ONCE).write_ndjson(lines)
            file.write(before + lines.getvalue().rstrip(b"\n").replace(b"\n", b",\n"))
            before = b",\n"
    file.write(b"\n]\n")


def _write_json(rows: Rows, file: BinaryIO) -> None:
    write_json_records([rows], file)


def _write_parquet(rows: Rows, file: BinaryIO, about: Mapping[str, str] | None = None) -> None:
    kept = dict(about) if about else None
    exact(rows).write_parquet(file, compression="zstd", row_group_size=ROWS, metadata=kept)


def _write_workbook(
    rows: Rows,
    file: BinaryIO,
    about: Mapping[str, str] | None = None,
    notes: Sequence[Note] = (),
) -> None:
    from engine.export.workbook import write_workbook  # noqa: PLC0415 - other kinds are written without it

    write_workbook(rows, file, about, notes=notes)


KEEPERS: dict[Format, Callable[[Rows, BinaryIO, Mapping[str, str]], None]] = {
    Format.parquet: _write_parquet,
    Format.xlsx: _write_workbook,
}
WRITERS: dict[Format, Callable[[Rows, BinaryIO], None]] = {
    Format.csv: write_csv_rows,
    Format.json: _write_json,
    Format.parquet: _write_parquet,
    Format.xlsx: _write_workbook,
}
