"""A table as its source spells it: cells that are not yet checked, and what was found while reading them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from engine.errors import Problem, TableRefused
from engine.notices import Notice

MOST_PROBLEMS = 200
"""Problems that a refusal lists; it counts the others."""

UNDER_A_HEADER = 2
"""The number of a table's first row in a file whose first row has the column names."""

MOST_HEADER_ROW = 1_000_000
"""The last row that can be named as the one with the column names."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where in a file its table is: the sheet of a workbook, and the row that has the column names.

    Without a sheet it is the only one that is shown and not empty; without a row, the first that is not blank.
    """

    sheet: str | None = None
    header_row: int | None = None

    def __or__(self, other: "Location") -> "Location":
        """Return this location, with what it leaves open as another has it."""
        return Location(self.sheet or other.sheet, self.header_row or other.header_row)

    def record(self) -> dict[str, object]:
        """Return what is named, as plain values."""
        named = {"sheet": self.sheet, "header_row": self.header_row}
        return {name: one for name, one in named.items() if one is not None}


ANYWHERE = Location()

Unread = tuple[int, str | None]
"""A row of the source, and the column of a cell that could not be read; None for all of the row."""


@dataclass(frozen=True, slots=True)
class TableText:
    """A frame of a source, and how its rows are numbered there.

    frame       the cells, as text or as a typed source has them
    first_row   the number of the frame's first row in the source
    header_row  the row that has the column names; None for a frame or records, which have none
    problems    what was found wrong while reading; it is said together with what the checks find
    total       how many problems there are, where only the first are listed
    unread      the cells and rows those are about, of which nothing more is said
    notices     what is to be said of a table that is read
    columns     the column that a problem is about, of those that are about one; empty for one without a name
    places      how each column is numbered in a file, with its letter
    hidden      the letter of each column that a sheet hides
    percentages the letter of each column with numbers that a sheet shows as percentages
    above       the text of the source's first rows, to find column names that are in another row
    untyped     the columns that are missing, or of a type that no table has: blank, and nothing is said of cells
    layout      what the layout is called that gave the columns their names, empty where there is none
    """

    frame: pl.DataFrame
    first_row: int = UNDER_A_HEADER
    header_row: int | None = None
    problems: tuple[Problem, ...] = ()
    total: int = 0
    unread: frozenset[Unread] = frozenset()
    notices: tuple[Notice, ...] = ()
    columns: Mapping[Problem, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    percentages: Mapping[str, str] = field(default_factory=dict)
    above: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    untyped: frozenset[str] = frozenset()
    layout: str = ""

    def whole(self) -> pl.DataFrame:
        """Return the frame, or raise ``TableRefused`` with what was found wrong while reading it."""
        if self.problems:
            listed = sorted(self.problems, key=lambda problem: problem.row or 0)
            raise TableRefused(listed[:MOST_PROBLEMS], max(self.total, len(listed)))
        return self.frame

    def without_columns(self, names: Collection[str]) -> "TableText":
        """Return the text without the problems of columns that are not read: all but these."""
        left_out = {one for one, name in self.columns.items() if name not in names}
        problems = tuple(one for one in self.problems if one not in left_out)
        total = max(self.total, len(self.problems)) - (len(self.problems) - len(problems))
        return replace(self, problems=problems, total=total)

    def with_names(self, names: Mapping[str, Sequence[str]], frame: pl.DataFrame) -> "TableText":
        """Return the text as a frame has it in which columns have other names, maybe several each.

        A problem is that of the first.
        """
        unread = {
            (row, other)
            for row, name in self.unread
            for other in ([None] if name is None else names.get(name, [name]))
        }
        hidden, percentages = (
            {other: letter for name, letter in one.items() for other in names.get(name, [name])}
            for one in (self.hidden, self.percentages)
        )
        untyped = frozenset(other for name in self.untyped for other in names.get(name, [name]))
        renamed = {
            one: replace(one, column=names[name][0]) if name in names else one
            for one, name in self.columns.items()
        }
        columns = {
            renamed[one]: _only(names.get(name, [name])) for one, name in self.columns.items()
        }
        return replace(
            self,
            frame=frame,
            unread=frozenset(unread),
            hidden=hidden,
            percentages=percentages,
            problems=tuple(renamed.get(one, one) for one in self.problems),
            columns=columns,
            untyped=untyped,
        )


def _only(names: Sequence[str]) -> str:
    """Return the one name that a column has; none where it has several, as its problem is theirs whichever are read."""
    return names[0] if len(names) == 1 else ""


def table_text(table: "pl.DataFrame | TableText", first_row: int = UNDER_A_HEADER) -> TableText:
    """Return a table as it was read, a plain frame as one whose first row has a number."""
    return table if isinstance(table, TableText) else TableText(table, first_row)
