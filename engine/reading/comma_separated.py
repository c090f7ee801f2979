"""Comma-separated text, read strictly: UTF-8, as many cells in each row as in the header."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from engine.errors import TableRefused
from engine.reading.header import MOST_ABOVE, Header, has_text, header_of, header_place
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.reading.row_lengths import RowLengths
from engine.reading.separators import refuse_quoted_separators, refuse_separators
from engine.reading.table_text import TableText
from engine.reading.text_encoding import not_utf8, refuse_wide_letters
from engine.reading.whole_lines import refuse_lines_in_cells

_CHUNK = 4 << 20
_LONGEST_HEADER = 1 << 20
_LONGEST_END = 1 << 16
_ENDS = re.compile(rb'"[^"]*"|\n|\r(?![\r\n]|\Z)')
"""Texts in quotation marks, newlines, and carriage returns that end a row alone."""
_MARK = codecs.BOM_UTF8

_QUOTATION = "put a cell that has a quotation mark in quotation marks, and double its own"


def read_comma_separated(content: bytes, header_row: int | None, limits: Limits) -> TableText:
    """Return the table of a CSV file, every cell as text, or raise ``TableRefused``.

    The column names are in the row that is named, or in the first that is not blank.
    """
    refuse_wide_letters(content)
    content = _with_newlines(content)
    rows = _first_rows(content, max(MOST_ABOVE, header_row or 0))
    at = _header_place(rows, header_row)
    refuse_separators(rows.cells, at)
    refuse_lines_in_cells(rows.cells, at)
    header = header_of(rows.cells[at], at + 1, limits)
    cells = _checked_rows(content, rows.ends[at], at + 2, len(header.names), limits)
    frame = _frame(content, rows.ends[at - 1] if at else 0, header, cells)
    named, problems = header.named(frame)
    return TableText(
        named,
        first_row=at + 2,
        header_row=at + 1,
        problems=(*problems, *cells.problems),
        total=len(problems) + cells.total,
        unread=frozenset((one.row or 0, None) for one in cells.problems),
        columns=problems,
        places=header.places,
        above=tuple(map(tuple, rows.cells[:MOST_ABOVE])),
    )


class PlainHead(NamedTuple):
    """The names of a file's columns, where the rows below them start, and the number of the first of those."""

    names: tuple[str, ...]
    start: int
    first_row: int


def plain_head(content: bytes, limits: Limits) -> PlainHead | None:
    """Return where the rows of a file start whose columns have names of their own; None where one has not.

    Raises ``TableRefused`` as ``read_comma_separated`` does for a row that has no names.
    """
    rows = _first_rows(content, MOST_ABOVE)
    at = _header_place(rows, None)
    header = header_of(rows.cells[at], at + 1, limits)
    return None if header.problems else PlainHead(header.names, rows.ends[at], at + 2)


def _frame(content: bytes, start: int, header: Header, cells: "RowLengths") -> pl.DataFrame:
    """Return the rows below the header that starts at a place; one that is too long loses its end, and is refused."""
    rows = cells.row - header.row - 1
    try:
        frame = pl.read_csv(
            content,
            infer_schema=False,
            new_columns=header.names,
            skip_lines=content.count(b"\n", 0, start),
            raise_if_empty=False,
            glob=False,
            truncate_ragged_lines=bool(cells.total),
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


class _Rows(NamedTuple):
    """The first rows of a file: the cells of each, where in the file each ends, and the fault of the next."""

    cells: list[list[str]]
    ends: list[int]
    fault: TableRefused | None


def _first_rows(content: bytes, most: int) -> _Rows:
    """Return the first rows of a file; a cell in quotation marks may have several lines.

    Only a megabyte is looked at: what is longer is no introduction and no header.
    """
    file = io.BytesIO(content[: _LONGEST_HEADER + 1])
    rows = _Rows([], [], None)
    while len(rows.cells) < most:
        line = b""
        while piece := file.readline():
            line += piece
            if line.count(b'"') % 2 == 0:
                break
        if not line:
            break
        row = len(rows.cells) + 1
        try:
            if file.tell() > _LONGEST_HEADER:
                raise refusal("no-header", "the row is too long for column names", row=row)
            rows.cells.append(_cells(line, row))
        except TableRefused as fault:
            return rows._replace(fault=fault)
        rows.ends.append(file.tell())
    return rows


def _header_place(rows: _Rows, header_row: int | None) -> int:
    """Return at which position the column names are; raise the fault of a row above or at it."""
    beyond = header_row is not None and header_row > len(rows.cells)
    if rows.fault is not None and (beyond or not any(map(has_text, rows.cells))):
        raise rows.fault
    return header_place(rows.cells, header_row)


def _cells(line: bytes, row: int) -> list[str]:
    """Return the cells of a row; ``TableRefused`` where its text or its quotation marks are broken."""
    try:
        text = line.removeprefix(_MARK if row == 1 else b"").decode()
        return next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    except UnicodeDecodeError:
        raise not_utf8(line, row) from None
    except csv.Error:
        refuse_quoted_separators(line, row)
        raise refusal("quotation", "has a quotation mark that is not closed", row=row) from None


def _chunks(content: bytes, start: int) -> Iterator[bytes]:
    """Yield the file from a place, without the newlines at its end, and then the last row's newline."""
    end = content[-_LONGEST_END:]
    left = max(len(content) - (len(end) - len(end.rstrip(b"\r\n"))), start)
    for at in range(start, left, _CHUNK):
        yield content[at : min(at + _CHUNK, left)]
    if left > start:
        yield b"\n"


def _checked_rows(
    content: bytes, start: int, first_row: int, width: int, limits: Limits
) -> "RowLengths":
    """Return the count of the rows from a place on, once each is UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    cells = RowLengths(width, first_row)
    for chunk in _chunks(content, start):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            cells.count(chunk[: error.start])
            raise not_utf8(content[start:], cells.row) from None
        if b"\0" in chunk:
            cells.count(chunk[: chunk.index(b"\0")])
            sentence = "is not plain text; save the file as 'CSV UTF-8'"
            raise refusal("encoding", sentence, row=cells.row)
        cells.count(chunk)
        if cells.row > limits.rows + first_row:
            raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    if cells.quoted:
        raise refusal("quotation", "a quotation mark is not closed")
    return cells
