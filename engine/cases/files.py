"""Files of cases: CSV, XLSX, Parquet, or the tables of a Markdown text; and those that come with a rule document."""

from pathlib import Path
from typing import NamedTuple

import polars as pl

from engine.errors import Problem
from engine.input_file import InputFile, read_input
from engine.notices import Notice, of_table
from engine.reading import ANYWHERE, Limits, Location, read_table_file
from engine.reading.markdown import read_markdown
from engine.reading.report import refusal
from engine.reading.table_text import TableText, Unread

MARKDOWN = (".md", ".markdown")
BESIDE = "cases"
"""The last part of the name of a file of cases that comes with a rule document, before its ending."""
_KINDS = (".csv", ".xlsx", *MARKDOWN)


class CaseTable(NamedTuple):
    """A table of cases as text, the number of its first row in its file, and notes on that file.

    ``problems`` are what was found wrong while reading it, ``unread`` the cells and rows, and ``untyped`` the
    columns that those are about.
    """

    frame: pl.DataFrame
    first_row: int = 2
    notices: tuple[Notice, ...] = ()
    problems: tuple[Problem, ...] = ()
    unread: frozenset[Unread] = frozenset()
    untyped: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: TableText, notices: tuple[Notice, ...] = ()) -> "CaseTable":
        """Return a table as it was read; raises ``TableRefused`` where it has more problems than are listed."""
        if text.total > len(text.problems):
            text.whole()
        return cls(text.frame, text.first_row, notices, text.problems, text.unread, text.untyped)


def case_tables(path: Path, location: Location = ANYWHERE) -> tuple[list[CaseTable], InputFile]:
    """Return the tables of a file of cases, and which bytes were read; rows of Markdown are numbered by line.

    Raises ``TableRefused`` for a file without a table, and as ``read_table_file`` does.
    """
    if path.suffix.lower() not in MARKDOWN:
        text, file = read_table_file(path, location)
        notices = of_table("cases", text.notices)
        return [CaseTable.of(text, notices)], file
    if location.sheet is not None:
        raise refusal("no-sheet", "only a workbook (.xlsx) has sheets; leave the sheet's name out")
    if location.header_row is not None:
        sentence = "the tables of a Markdown text have their column names in their first line; leave the header row out"
        raise refusal("header-row", sentence)
    content, file = read_input(path, Limits().file_bytes)
    tables = [CaseTable(*one) for one in read_markdown(content, Limits())]
    if not tables:
        sentence = "no table found; a table has a line of headings between | and a line of dashes"
        raise refusal("no-table", sentence)
    return tables, file


def case_files(document: Path) -> list[Path]:
    """Return the files of cases beside a rule document: ``NAME.cases.csv`` beside ``NAME.yaml``, or ``NAME.….cases.csv``."""
    stem = f"{document.stem}."
    return sorted(
        path
        for path in document.parent.glob(f"*{BESIDE}.*")
        if path.name.startswith(stem)
        and path.suffix in _KINDS
        and path.stem.rpartition(".")[2] == BESIDE
    )
