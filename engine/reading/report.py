"""Collects what is wrong with a table, so that all problems are reported at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

import polars as pl

from engine.columns import Column, Kind
from engine.errors import Problem, TableRefused
from engine.reading.odd_characters import is_identity, is_odd
from engine.reading.table_text import MOST_PROBLEMS, Unread
from engine.table_checks import BLANK, LONGEST_TEXT, Check
from engine.vocabulary import local_authorities

FEW = 100_000
"""Rows up to which looking at numbers costs less than a query of polars over them."""


def is_clean(values: pl.Series, column: Column) -> bool:
    """Return whether every cell of a short column was read and lies in its range, so that no check can fail."""
    if len(values) > FEW or values.null_count():
        return False
    if column.dtype is None:
        least = 1 if column.kind is Kind.key else 0
        texts = values.to_list()
        fits = all(least <= len(text) <= LONGEST_TEXT for text in texts)
        return fits and not (is_identity(column) and any(map(is_odd, texts)))
    held = values.to_numpy()
    given = held[held != BLANK]
    if column.missing is None and len(given) < len(held):
        return False
    if column.kind in {Kind.code, Kind.flag, Kind.label} or not len(given):
        return True
    if column.name == "la":
        return set(given.tolist()) <= local_authorities().keys()
    return bool(column.lowest <= given.min() and given.max() <= column.highest)


def refusal(
    rule: str, sentence: str, *, row: int | None = None, column: str | None = None
) -> TableRefused:
    """Return the refusal of a file for one reason."""
    return TableRefused([Problem(sentence, rule, column=column, row=row)])


def refuse(problems: Sequence[Problem]) -> None:
    """Raise ``TableRefused`` with the first problems if there are any, and how many in all."""
    if problems:
        raise TableRefused(list(problems[:MOST_PROBLEMS]), len(problems))


class Report:
    """The problems found so far in one table, in the order of rows and columns.

    Of a row or cell that has a problem already nothing more is said, once it is set aside.
    """

    def __init__(self, first_row: int) -> None:
        """Give the table's first row its number in the source."""
        self.first_row = first_row
        self.total = 0
        self._problems: list[Problem] = []
        self._aside: dict[str | None, set[int]] = defaultdict(set)

    def add(self, problems: Sequence[Problem], total: int = 0) -> None:
        """Keep problems that were found; ``total`` counts them where only the first are listed."""
        self._problems += problems
        self.total += max(total, len(problems))

    def set_aside(self, cells: Collection[Unread]) -> None:
        """Say nothing more of cells, or of whole rows, by their row in the source."""
        for row, column in cells:
            self._aside[column].add(row - self.first_row)

    @property
    def rows_aside(self) -> set[int]:
        """Return the rows that are set aside as a whole, by their number in the source."""
        return {self.first_row + place for place in self._aside[None]}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the problems that were kept, in the order in which they were found."""
        return tuple(self._problems)

    def look(
        self,
        frame: pl.DataFrame,
        checks: Sequence[Check],
        sentence_of: Callable[[Check, int], str] = lambda check, _: check.sentence,
    ) -> None:
        """Run checks over the rows, and keep the first rows that break each.

        ``sentence_of`` says what is wrong, by the check and the position of the row.
        """
        if not checks or not frame.height:
            return
        every = [self._fails(check) for check in checks]
        counts = frame.select(fails.sum().alias(str(place)) for place, fails in enumerate(every))
        for check, fails, count in zip(checks, every, counts.row(0), strict=True):
            if count:
                self.total += count
                failing = frame.select(fails.arg_true().head(MOST_PROBLEMS)).to_series()
                self._keep(check, failing, sentence_of)

    def look_once(self, frame: pl.DataFrame, checks: Iterable[Check]) -> None:
        """Run checks one after another, and set aside each row, or cell, that one of them finds."""
        for check in checks:
            failing = frame.select(self._fails(check).arg_true()).to_series()
            self.total += len(failing)
            self._keep(check, failing.head(MOST_PROBLEMS))
            self._aside[check.column].update(failing.to_list())

    def leave_out_cells_of_rows(self) -> None:
        """Say of rows that are set aside as a whole nothing of their single cells, not even what was said."""
        rows = self._aside[None]
        kept = [
            one
            for one in self._problems
            if one.column is None or one.row is None or one.row - self.first_row not in rows
        ]
        self.total -= len(self._problems) - len(kept)
        self._problems = kept

    def _fails(self, check: Check) -> pl.Expr:
        aside = self._aside[None] | (self._aside[check.column] if check.column else set())
        if not aside:
            return check.fails
        position = pl.int_range(pl.len(), dtype=pl.Int64)
        return check.fails & ~position.is_in(list(aside))

    def _keep(
        self,
        check: Check,
        positions: pl.Series,
        sentence_of: Callable[[Check, int], str] = lambda check, _: check.sentence,
    ) -> None:
        self._problems += [
            Problem(
                sentence_of(check, position),
                check.rule,
                column=check.column,
                row=self.first_row + position,
            )
            for position in positions
        ]

    def refuse(self) -> None:
        """Raise ``TableRefused`` with the first problems if any was found."""
        if self.total:
            problems = sorted(self._problems, key=lambda problem: problem.row or 0)
            raise TableRefused(problems[:MOST_PROBLEMS], self.total)
