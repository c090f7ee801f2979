"""Published tables of plans: rows found by area and breakdown, cells that may say why they are empty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import Problem, TableRefused
from engine.money import is_digits
from engine.reading.report import MOST_PROBLEMS
from engine.vocabulary import ABSENT_SYMBOLS

ABSENT = {*ABSENT_SYMBOLS, "low"}
"""Symbols of the Department's open data standard in place of a number; ``low`` rounds to nothing."""
YEAR = "academic_year"
_FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of a table: its number in the file, and its cells."""

    number: int
    cells: dict[str, str]

    def plans(self, column: str) -> int | None:
        """Return the plans of a cell, or None where it holds a symbol instead of a number."""
        text = self.cells[column]
        return None if text in ABSENT else int(text)


class EhcTable:
    """One year of a published table, and what is wrong with the figures asked of it."""

    def __init__(self, frame: pl.DataFrame, needed: Sequence[str], year: str | None) -> None:
        """Take the rows of a year, the last one of the table where none is named."""
        self.problems: list[Problem] = []
        missing = [name for name in (YEAR, *needed) if name not in frame.columns]
        if missing:
            sentence = "is missing from the table of plans"
            raise TableRefused([Problem(sentence, "missing-column", column=one) for one in missing])
        years = set(frame[YEAR].drop_nulls())
        self.year = year or max(years, default="")
        if self.year not in years:
            raise TableRefused([Problem("has no row for this year", "no-year", column=YEAR)])
        self.rows = tuple(self._rows(frame, [name for name in needed if _counts(name)]))
        self.refuse()

    def _rows(self, frame: pl.DataFrame, counts: Sequence[str]) -> Iterator[Counted]:
        for number, cells in enumerate(frame.iter_rows(named=True), start=_FIRST_ROW):
            held = {name: (cell or "").strip() for name, cell in cells.items()}
            if held[YEAR] != self.year:
                continue
            wrong = [one for one in counts if held[one] not in ABSENT and not is_digits(held[one])]
            sentence = (
                f"must be a whole number of plans or one of {', '.join(sorted(ABSENT - {''}))}"
            )
            self.problems += [
                Problem(sentence, "unreadable", column=one, row=number) for one in wrong
            ]
            yield Counted(number, held)

    def find(self, **wanted: str) -> list[Counted]:
        """Return the rows that have the wanted words."""
        return [
            row
            for row in self.rows
            if all(row.cells.get(name) == one for name, one in wanted.items())
        ]

    def needed(self, row: Counted, column: str) -> int:
        """Return a figure that margins cannot do without; a symbol in its place is a problem."""
        plans = row.plans(column)
        if plans is None:
            sentence = "has a symbol in place of a number; the margins need the number"
            problem = Problem(sentence, "not-published", column=column, row=row.number)
            self.problems.append(problem)
        return plans or 0

    def refuse(self) -> None:
        """Raise ``TableRefused`` if anything was wrong."""
        if self.problems:
            raise TableRefused(self.problems[:MOST_PROBLEMS], len(self.problems))


TEXTS = frozenset({"geographic_level", "la_code", "breakdown_topic", "breakdown", "age"})


def _counts(name: str) -> bool:
    return name not in TEXTS
