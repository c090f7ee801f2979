"""Reads a file of a known kind into a frame of text, within limits and without guessing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from engine.input_file import STANDARD_INPUT, InputFile, read_input
from engine.reading.comma_separated import read_comma_separated
from engine.reading.limits import Limits
from engine.reading.parquet import read_parquet
from engine.reading.report import refusal
from engine.reading.workbook import read_workbook

READERS: dict[str, Callable[[bytes, str | None, Limits], pl.DataFrame]] = {
    ".csv": lambda content, sheet, limits: read_comma_separated(_whole(content, sheet), limits),
    ".xlsx": read_workbook,
    ".parquet": lambda content, sheet, limits: read_parquet(_whole(content, sheet), limits),
}


def _whole(content: bytes, sheet: str | None) -> bytes:
    """Return a file that is one table; refuse the name of a sheet."""
    if sheet is not None:
        raise refusal("no-sheet", "only a workbook (.xlsx) has sheets; leave the sheet's name out")
    return content


_STARTS = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet"}
"""How the kinds of file that are no text begin."""


def read_table(path: Path, sheet: str | None = None, *, limits: Limits = Limits()) -> pl.DataFrame:  # noqa: B008 - frozen
    """Return the table of a CSV, XLSX or Parquet file, every cell as text.

    The header is row 1, so that the frame's first row is row 2 of the file. ``sheet``
    names a sheet of a workbook; otherwise the only one is read that is shown and not empty. Standard
    input, ``-``, is whichever kind its first bytes say. Raises ``TableRefused``, and
    ``FileRefused`` for what is no file or changes meanwhile.
    """
    return read_table_file(path, sheet, limits=limits)[0]


def read_table_file(
    path: Path,
    sheet: str | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> tuple[pl.DataFrame, InputFile]:
    """Return the table of a file as ``read_table`` does, and which bytes it was read from."""
    file = read_tables_file(path, limits=limits)
    return file.table(sheet), file.source


@dataclass(frozen=True, slots=True)
class TablesFile:
    """A file that was read once, whose sheets are tables; only a workbook has more than one."""

    content: bytes = field(repr=False)
    kind: str
    source: InputFile
    limits: Limits

    def table(self, sheet: str | None = None) -> pl.DataFrame:
        """Return the sheet that is named, or the only one; raises ``TableRefused``."""
        frame = READERS[self.kind](self.content, sheet, self.limits)
        return _bounded(_without_last_blanks(frame), self.limits)


def read_tables_file(path: Path, *, limits: Limits = Limits()) -> TablesFile:  # noqa: B008 - frozen
    """Return a file of which several sheets are wanted.

    Raises ``TableRefused`` for a name that ends in no known kind, and ``FileRefused`` for what is
    no file, is too large or changes meanwhile.
    """
    kind = path.suffix.lower()
    if path != STANDARD_INPUT and kind not in READERS:
        sentence = (
            f"the name of a file must end in {', '.join(READERS)}; save the table as one of these"
        )
        raise refusal("unknown-kind", sentence)
    content, source = read_input(path, limits.file_bytes)
    if path == STANDARD_INPUT:
        kind = next((one for start, one in _STARTS.items() if content.startswith(start)), ".csv")
    return TablesFile(content, kind, source, limits)


def _without_last_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the blank rows that spreadsheets leave at the end; one in between is kept and counted."""
    if not frame.height or not _is_blank(frame.tail(1)).item():
        return frame
    filled = _is_blank(frame).not_().arg_true()
    return frame.head(int(filled[-1]) + 1 if len(filled) else 0)


def _is_blank(frame: pl.DataFrame) -> pl.Series:
    return frame.select(
        pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == "")
    ).to_series()


def _bounded(frame: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    longest = frame.select(pl.all().str.len_bytes().max().fill_null(0))
    for place, length in enumerate(longest.row(0) if frame.height else (), start=1):
        if length > limits.cell_bytes:
            sentence = f"a cell of column {place} is longer than {limits.cell_bytes} bytes; is there a quotation mark that is not closed?"
            raise refusal("too-long", sentence)
    return frame
