"""The sheets of a decision workbook read as rows of text, each part with the cell that it came from."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.columns import LEVEL_PREFIX
from engine.errors import Problem, TableRefused
from engine.notices import MOST_ROWS, Notice, of_table, rows_named
from engine.reading import Location, TablesFile
from engine.reading.blank_rows import is_blank
from engine.reading.scanned_sheet import HIDDEN_SHEETS
from engine.reading.table_text import TableText
from engine.reading.text import text_rows
from engine.table_checks import missing_columns, unknown_columns

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A sheet, and the row and column of it where one is known."""

    sheet: str
    row: int | None = None
    column: str | None = None

    def problem(self, sentence: str, rule: str) -> Problem:
        """Return a problem at this place."""
        where = f"sheet {self.sheet}" + (f", column {self.column}" if self.column else "")
        return Problem(sentence, rule, column=self.column, row=self.row, place=where)


@dataclass(frozen=True, slots=True)
class Origins:
    """The places of a document by the cells that they were read from."""

    held: dict[Path, Origin] = field(default_factory=dict)

    def note(self, path: Sequence[str | int], origin: Origin) -> None:
        """Keep where a part of the document came from."""
        self.held[tuple(map(str, path))] = origin

    def named(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return problems of a document with the sheet, row and column in place of its path."""
        return [self._named(problem) for problem in problems]

    def _named(self, problem: Problem) -> Problem:
        # A rule that bears the name of a word, such as source, is about that word.
        path = (*(problem.place or "").split("."), problem.rule)
        for length in range(len(path), 0, -1):
            origin = self.held.get(path[:length])
            if origin is not None:
                return origin.problem(problem.sentence, problem.rule)
        return problem


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( .*)?")


class Row(NamedTuple):
    """One row of a sheet: its number as the spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet as read: its columns in order, and its rows that are not blank."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def origin(self, row: Row | None = None, column: str | None = None) -> Origin:
        """Return the place of a row or a cell."""
        return Origin(self.name, None if row is None else row.number, column)


def read_page(file: TablesFile, name: str, needed: Sequence[str], known: Collection[str]) -> Page:
    """Return one sheet, or raise ``TableRefused`` that names it.

    Columns of levels are known beside ``known``: every authority names its own areas of need.
    """
    try:
        text = file.text(Location(name))
        frame = text.whole()
    except TableRefused as refused:
        raise TableRefused(
            [_on(name, problem) for problem in refused.problems], refused.total
        ) from None
    levels = {one for one in frame.columns if one.startswith(LEVEL_PREFIX)}
    problems = missing_columns(frame.columns, needed, "is missing from the sheet")
    problems += unknown_columns(frame.columns, {*known, *levels}, ())
    if problems:
        raise TableRefused([_on(name, problem) for problem in problems])
    rows = (Row(*row) for row in text_rows(frame, text.first_row))
    filled = tuple(row for row in rows if any(row.cells.values()))
    return Page(name, tuple(frame.columns), filled)


def sheet_notices(file: TablesFile, names: Iterable[str]) -> tuple[Notice, ...]:
    """Return the notes on sheets that were read, such as their hidden rows, each by the name of its sheet.

    Hidden sheets are read where they are named: what is left out of such a workbook is in no document.
    """
    return tuple(
        notice
        for name in names
        for text in (file.text(Location(name)),)
        for notice in of_table(f"sheet {name}", (*text.notices, *_blank_rows(text)))
        if notice.rule != HIDDEN_SHEETS
    )


def _blank_rows(text: TableText) -> tuple[Notice, ...]:
    """Return the notice of blank rows between others, which people leave to divide a sheet for the eye."""
    rows = (is_blank(text.frame).arg_true() + text.first_row).to_list() if text.frame.width else []
    if not rows:
        return ()
    verb = "row is" if len(rows) == 1 else "rows are"
    sentence = f"{len(rows):,} {verb} blank ({rows_named(rows)}), and left out"
    return (Notice("blank-rows", sentence, len(rows), tuple(rows[:MOST_ROWS])),)


def _on(name: str, problem: Problem) -> Problem:
    return Origin(name, problem.row, problem.column).problem(problem.sentence, problem.rule)


def choices(page: Page, row: Row, column: str, problems: list[Problem]) -> list[str]:
    """Return the choices of a cell; a range that a spreadsheet made a date of is refused."""
    text = row.cells.get(column, "")
    if _DATE.fullmatch(text):
        sentence = "has become a date; format the cell as text and enter the range again"
        problems.append(page.origin(row, column).problem(sentence, "date"))
    return [one.strip() for one in text.split(",") if one.strip()]


def whole(page: Page, row: Row, column: str, problems: list[Problem]) -> int:
    """Return a whole number of a cell, or note that it is none."""
    text = row.cells.get(column, "")
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        problems.append(page.origin(row, column).problem("must be a whole number", "unreadable"))
        return 0
    return int(text)
