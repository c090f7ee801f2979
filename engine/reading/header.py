"""The row of a file that has the names of its columns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.errors import Problem, TableRefused
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.unseen_characters import unseen_in

MOST_ABOVE = 100
"""Rows in which column names are looked for that are not where they were read; a refusal says so."""

_NO_NAME, _REPEATED = "no-name", "repeated-column"
_UNNAMED = "\0"
"""How a column without a name of its own is called until it is known whether it holds anything."""


def column_names(cells: Sequence[str], limits: Limits) -> list[str]:
    """Return the names that a header spells, or raise ``TableRefused``.

    A refusal gives positions, not names: without a header, the first row holds a pupil's data.
    """
    header = header_of(cells, 1, limits, in_sheet=False)
    if header.problems:
        raise TableRefused(list(header.problems.values()))
    return list(header.names)


@dataclass(frozen=True, slots=True)
class Header:
    """The names of columns in their order, and the problem of each that has no name of its own.

    Those of ``blank`` headings are no problem where the columns hold nothing; ``repeated`` has the name of
    each column that another has already.
    """

    row: int
    names: tuple[str, ...]
    problems: dict[str, Problem]
    blank: frozenset[str]
    repeated: Mapping[str, str]

    @property
    def places(self) -> dict[str, str]:
        """Return how a spreadsheet shows the place of each column: its number and its letters."""
        return {name: _lettered(place) for place, name in enumerate(self.names, start=1)}

    def with_faults(self, faults: Mapping[int, Problem]) -> "Header":
        """Return the header with the faults of headings, by column from 1, in place of their having no name."""
        found = {self.names[column - 1]: problem for column, problem in faults.items()}
        problems = self.problems | {one: found[one] for one in found if one in self.problems}
        return replace(self, problems=problems, blank=self.blank - found.keys())

    def named(
        self, frame: pl.DataFrame, in_error: Collection[str] = ()
    ) -> tuple[pl.DataFrame, dict[Problem, str]]:
        """Return the columns of a frame that have names, and the problems of others that hold anything, with their names.

        ``in_error`` are columns that hold something that is not in the frame.
        """
        filled = [
            name
            for name in self.problems
            if name not in self.blank or name in in_error or _filled(frame[name])
        ]
        kept = [name for name in self.names if name not in self.problems]
        problems = {self.problems[name]: self.repeated.get(name, "") for name in filled}
        return frame.select(kept), problems


def header_of(
    cells: Sequence[str],
    row: int,
    limits: Limits,
    merged: Collection[int] = (),
    *,
    in_sheet: bool = True,
) -> Header:
    """Return the names of columns as a row spells them; raise ``TableRefused`` for too many.

    Blanks and line breaks within a name count as one blank. ``merged`` are the columns, from 1, whose
    heading is part of another's cell. ``in_sheet`` is whether columns have letters.
    """
    if len(cells) > limits.columns:
        raise refusal(
            "too-many-columns", f"a table may have at most {limits.columns} columns", row=row
        )
    names: list[str] = []
    problems: dict[str, Problem] = {}
    blank: set[str] = set()
    repeated: dict[str, str] = {}
    for place, cell in enumerate(cells, start=1):
        name = " ".join(part.strip(" \n\r\xa0") for part in cell.splitlines()).strip()
        sentence, rule = _fault(name, place, names, merged=place in merged, in_sheet=in_sheet)
        if sentence:
            if rule == _REPEATED:
                repeated[f"{_UNNAMED}{place}"] = name
            name = f"{_UNNAMED}{place}"
            problems[name] = Problem(sentence, rule, row=row)
            if not cell.strip():
                blank.add(name)
        names.append(name)
    return Header(row, tuple(names), problems, frozenset(blank), repeated)


def _fault(
    name: str, place: int, names: Sequence[str], *, merged: bool, in_sheet: bool
) -> tuple[str, str]:
    """Return what is wrong with the name of a column, and by which rule; two empty texts for nothing."""
    numbered = _lettered if in_sheet else str
    column = f"column {numbered(place)}"
    if not name:
        if merged:
            return f"{column} has no name of its own: unmerge the headings, and name each", _NO_NAME
        return f"{column} has values but no name; name it, or delete it", _NO_NAME
    if not name.isprintable():
        unseen = unseen_in(name)
        if unseen is None:
            return f"the name of {column} must be one line of plain text", _NO_NAME
        sentence = f"the name of {column} has a character that cannot be seen ({unseen}); delete it"
        return sentence, _NO_NAME
    if name in names:
        first = numbered(names.index(name) + 1)
        return f"columns {first} and {numbered(place)} have the same name; keep one", _REPEATED
    return "", ""


def _lettered(place: int) -> str:
    return f"{place} ({letters(place)})"


def letters(place: int) -> str:
    """Return how a spreadsheet names a column by its place, from 1.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    text = ""
    while place:
        place, letter = divmod(place - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def _filled(cells: pl.Series) -> bool:
    return bool((cells.fill_null("").str.strip_chars() != "").any())


def has_text(cells: Sequence[str]) -> bool:
    """Return whether any cell of a row holds something."""
    return any(cell.strip() for cell in cells)


def header_place(rows: Sequence[Sequence[str]], header_row: int | None) -> int:
    """Return at which position the column names are: of the row that was named, or the first with any cell.

    Raises ``TableRefused`` where there is none.
    """
    if header_row is None:
        found = next((at for at, cells in enumerate(rows) if has_text(cells)), None)
        if found is None:
            sentence = (
                "there is nothing in the file or sheet; its first row must have the column names"
            )
            raise refusal("no-header", sentence, row=1)
        return found
    if header_row > len(rows) or not has_text(rows[header_row - 1]):
        sentence = "is blank; the row with the column names must have them"
        raise refusal("no-header", sentence, row=header_row)
    return header_row - 1
