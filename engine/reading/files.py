"""Reads a file of a known kind into a frame of text, within limits and without guessing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from engine.errors import Problem
from engine.input_file import STANDARD_INPUT, InputFile, read_input
from engine.reading.arrow import AN_ARROW_FILE, scan_arrow
from engine.reading.blank_rows import without_last_blanks
from engine.reading.column_files import Scan, read_columns
from engine.reading.comma_separated import read_comma_separated
from engine.reading.file_kinds import ARROW, CSV, PARQUET, WORKBOOK, kind_of
from engine.reading.limits import Limits
from engine.reading.memory import BYTES_OF_TEXT_FILE, check_memory
from engine.reading.parquet import A_PARQUET_FILE, scan_parquet
from engine.reading.report import refusal
from engine.reading.table_text import ANYWHERE, Location, TableText, Unread
from engine.reading.workbook import read_workbook, sheet_names
from engine.table_checks import plain_name


def _text(content: bytes, location: Location, limits: Limits) -> TableText:
    check_memory(len(content) * BYTES_OF_TEXT_FILE, "as text")
    return read_comma_separated(content, location.header_row, limits)


def _workbook(content: bytes, location: Location, limits: Limits) -> TableText:
    return read_workbook(content, location.sheet, location.header_row, limits)


def _parquet(content: bytes, location: Location, limits: Limits) -> TableText:
    return _columns(lambda: scan_parquet(content, limits), A_PARQUET_FILE, location)


def _arrow(content: bytes, location: Location, limits: Limits) -> TableText:
    return _columns(lambda: scan_arrow(content, limits), AN_ARROW_FILE, location)


def _columns(scan: Scan, kind: str, location: Location) -> TableText:
    if location.header_row is not None:
        sentence = f"{kind} has no row of column names; leave the header row out"
        raise refusal("header-row", sentence)
    frame, problems = read_columns(scan, kind)
    return TableText(
        without_last_blanks(frame),
        problems=tuple(problems),
        columns=problems,
        untyped=frozenset(problems.values()),
    )


READERS: dict[str, Callable[[bytes, Location, Limits], TableText]] = {
    CSV: _text, WORKBOOK: _workbook, PARQUET: _parquet, ARROW: _arrow,
}  # fmt: skip


def read_table(
    path: Path,
    sheet: str | None = None,
    header_row: int | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> pl.DataFrame:
    """Return the table of a CSV, XLSX, Parquet or Arrow file, every cell as text.

    ``sheet`` and ``header_row`` say where the table is, as in ``Location``. Standard input, ``-``, is
    whichever kind its first bytes say. Raises ``TableRefused`` with everything that is wrong with the
    file, and ``FileRefused`` for what is no file or changes meanwhile.
    """
    return read_table_file(path, Location(sheet, header_row), limits=limits)[0].whole()


def read_table_file(
    path: Path,
    location: Location = ANYWHERE,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> tuple[TableText, InputFile]:
    """Return the table of a file as its rows are numbered there, and which bytes it was read from.

    What is wrong with single cells and rows is in the table, and said once its columns are checked.
    """
    file = read_tables_file(path, limits=limits)
    return file.text(location), file.source


@dataclass(frozen=True, slots=True)
class TablesFile:
    """A file that was read once, whose sheets are tables; only a workbook has more than one."""

    content: bytes = field(repr=False)
    kind: str
    source: InputFile
    limits: Limits

    def table(self, sheet: str | None = None) -> pl.DataFrame:
        """Return the sheet that is named, or the only one; raises ``TableRefused``."""
        return self.text(Location(sheet)).whole()

    def has(self, sheet: str) -> bool:
        """Return whether a workbook has a sheet of a name; nothing else has sheets."""
        return self.kind == WORKBOOK and sheet in sheet_names(self.content)

    def text(self, location: Location = ANYWHERE) -> TableText:
        """Return the table at a location of the file; raises ``TableRefused`` where there is none."""
        if location.sheet is not None and self.kind != WORKBOOK:
            sentence = "only a workbook (.xlsx) has sheets; leave the sheet's name out"
            raise refusal("no-sheet", sentence)
        text = READERS[self.kind](self.content, location, self.limits)
        text = replace(text, frame=without_last_blanks(text.frame))
        return _with_long_cells(text, self.limits, in_text=self.kind == CSV)


def read_tables_file(path: Path, *, limits: Limits = Limits()) -> TablesFile:  # noqa: B008 - frozen
    """Return a file of which several sheets are wanted.

    Raises ``TableRefused`` for a kind of file that is not read, and ``FileRefused`` for what is
    no file, is too large or changes meanwhile.
    """
    name = None if path == STANDARD_INPUT else path.name
    try:
        content, source = read_input(path, limits.file_bytes)
    except FileNotFoundError:
        kind_of(b"", name)
        raise
    kind = kind_of(content, name)
    return TablesFile(content, kind, source, limits)


def _with_long_cells(text: TableText, limits: Limits, *, in_text: bool) -> TableText:
    """Return the table with a problem for the longest cell of each column that has one of too many bytes."""
    frame = text.frame
    longest = frame.select(pl.all().str.len_bytes().max().fill_null(0))
    found: dict[Problem, str] = {}
    unread: set[Unread] = set()
    for name, length in zip(frame.columns, longest.row(0) if frame.height else (), strict=False):
        if length > limits.cell_bytes:
            row = text.first_row + int(frame[name].str.len_bytes().arg_max() or 0)
            question = (
                "; is there a quotation mark that is not closed?" if in_text else "; shorten it"
            )
            sentence = f"has more than {limits.cell_bytes} bytes{question}"
            found[Problem(sentence, "too-long", column=plain_name(name), row=row)] = name
            unread.add((row, name))
    if not found:
        return text
    return replace(
        text,
        problems=(*text.problems, *found),
        total=max(text.total, len(text.problems)) + len(found),
        unread=text.unread | unread,
        columns={**text.columns, **found},
    )
