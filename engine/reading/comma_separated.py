"""Comma-separated text, read strictly: UTF-8, as many cells in each row as in the header."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from engine.columns import Int
from engine.errors import Problem, TableRefused
from engine.reading.header import column_names
from engine.reading.limits import Limits
from engine.reading.report import MOST_PROBLEMS, refusal
from engine.tables import Array

_CHUNK = 4 << 20
_LONGEST_HEADER = 1 << 20
_LONGEST_END = 1 << 16
_ENDS = re.compile(rb'"[^"]*"|\n|\r(?![\r\n]|\Z)')
"""Texts in quotation marks, newlines, and carriage returns that end a row alone."""

_QUOTATION = "put a cell that has a quotation mark in quotation marks, and double its own"


def read_comma_separated(content: bytes, limits: Limits) -> pl.DataFrame:
    """Return the table of a CSV file, every cell as text, or raise ``TableRefused``."""
    content = _with_newlines(content)
    names = column_names(_header(content), limits)
    rows = _checked_rows(content, len(names), limits)
    try:
        frame = pl.read_csv(
            content,
            schema=dict.fromkeys(names, pl.String),
            has_header=False,
            skip_lines=1,
            raise_if_empty=False,
            glob=False,
        )
    except pl.exceptions.PolarsError:
        raise refusal("quotation", _QUOTATION) from None
    if frame.height < rows or not _is_blank(frame.slice(rows)):
        raise refusal("quotation", _QUOTATION)
    return frame.head(rows)


def _with_newlines(content: bytes) -> bytes:
    """Return text whose rows end in a newline; refuse one of which only some rows do.

    Spreadsheet programs on older computers end rows in a carriage return alone.
    """
    if b"\n" not in content:
        return content.replace(b"\r", b"\n")
    if content.count(b"\r") == content.count(b"\r\n"):
        return content
    row = 1
    for found in _ENDS.finditer(content):
        row += found[0] == b"\n"
        if found[0] == b"\r":
            sentence = (
                "has a carriage return within; give every row the same line end, as 'CSV UTF-8' has"
            )
            raise refusal("line-end", sentence, row=row)
    return content


def _is_blank(frame: pl.DataFrame) -> bool:
    return bool(sum(frame.null_count().row(0)) == frame.height * frame.width)


def _header(content: bytes) -> list[str]:
    line = io.BytesIO(content[: _LONGEST_HEADER + 1]).readline()
    if not line.strip():
        raise refusal(
            "no-header", "the file is empty; its first row must have the column names", row=1
        )
    if len(line) > _LONGEST_HEADER:
        raise refusal("no-header", "the first row is too long for column names", row=1)
    try:
        return next(csv.reader([line.decode("utf-8-sig")], strict=True))
    except UnicodeDecodeError:
        raise _not_utf8(1) from None
    except csv.Error:
        raise refusal(
            "quotation", "the first row has a quotation mark that is not closed", row=1
        ) from None


def _not_utf8(row: int) -> TableRefused:
    return refusal("encoding", "is not UTF-8 text; save the file as 'CSV UTF-8'", row=row)


def _chunks(content: bytes) -> Iterator[bytes]:
    """Yield the file without the newlines at its end, and then the last row's newline."""
    end = content[-_LONGEST_END:]
    left = len(content) - (len(end) - len(end.rstrip(b"\r\n")))
    for start in range(0, left, _CHUNK):
        yield content[start : min(start + _CHUNK, left)]
    yield b"\n"


def _checked_rows(content: bytes, width: int, limits: Limits) -> int:
    """Return the number of rows below the header, once each has ``width`` cells of UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    cells = CellCount(width)
    for chunk in _chunks(content):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            cells.count(chunk[: error.start])
            raise _not_utf8(cells.row) from None
        if b"\0" in chunk:
            cells.count(chunk[: chunk.index(b"\0")])
            sentence = "is not plain text; save the file as 'CSV UTF-8'"
            raise refusal("encoding", sentence, row=cells.row)
        cells.count(chunk)
        if cells.row > limits.rows + 2:
            raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    if cells.quoted:
        raise refusal("quotation", "a quotation mark is not closed")
    cells.refuse()
    return cells.row - 2


_COMMA, _NEWLINE, _QUOTE = b',\n"'


class CellCount:
    """The cells of each row of text that comes some megabytes at a time; ``row`` is that of the next byte."""

    def __init__(self, width: int) -> None:
        """Expect ``width`` cells in every row."""
        self.width = width
        self.row = 1
        self.quoted = False
        self.total = 0
        self._begun = 0
        self._problems: list[Problem] = []

    def count(self, chunk: bytes) -> None:
        """Count the rows that end in ``chunk``."""
        marks, is_end = self._marks(chunk)
        ends = np.flatnonzero(is_end)
        cells = np.diff(ends, prepend=-1)
        if len(ends):
            cells[0] += self._begun
            self._begun = 0
            marks = marks[ends[-1] + 1 :]
        self._begun += len(marks)
        self._keep(np.flatnonzero(cells != self.width), cells)
        self.row += len(ends)

    def _marks(self, chunk: bytes) -> tuple[Int, Array]:
        """Return where cells end, outside quotation marks, and which of them end a row."""
        text = np.frombuffer(chunk, np.uint8)
        marked = (text == _COMMA) | (text == _NEWLINE)
        if self.quoted or b'"' in chunk:
            quotes = np.cumsum(text == _QUOTE, dtype=np.int32) + int(self.quoted)
            marked &= quotes % 2 == 0
            self.quoted = bool(len(text) and quotes[-1] % 2)
        marks = np.flatnonzero(marked)
        return marks, text[marks] == _NEWLINE

    def _keep(self, wrong: Int, cells: Int) -> None:
        self.total += len(wrong)
        self._problems += [
            Problem(
                f"has {cells[row]} cells; the first row has {self.width}",
                "ragged",
                row=self.row + int(row),
            )
            for row in wrong[: MOST_PROBLEMS - len(self._problems)]
        ]

    def refuse(self) -> None:
        """Raise ``TableRefused`` if a row was longer or shorter than the header."""
        if self.total:
            raise TableRefused(self._problems, self.total)
