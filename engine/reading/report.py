"""Collects what is wrong with a table, so that all problems are reported at once."""

from collections.abc import Callable, Sequence

import polars as pl

from engine.columns import Column, Kind
from engine.errors import Problem, TableRefused
from engine.table_checks import BLANK, LONGEST_TEXT, Check
from engine.vocabulary import local_authorities

MOST_PROBLEMS = 200
"""Problems that a refusal lists; it counts the others."""


FEW = 100_000
"""Rows up to which looking at numbers costs less than a query of polars over them."""


def is_clean(values: pl.Series, column: Column) -> bool:
    """Return whether every cell of a short column was read and lies in its range, so that no check can fail."""
    if len(values) > FEW or values.null_count():
        return False
    if column.dtype is None:
        least = 1 if column.kind is Kind.key else 0
        return all(least <= len(text) <= LONGEST_TEXT for text in values.to_list())
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
    """The problems found so far in one table, in the order of rows and columns."""

    def __init__(self, first_row: int) -> None:
        """Give the table's first row its number in the file."""
        self.first_row = first_row
        self.total = 0
        self._problems: list[Problem] = []

    def add(self, problems: Sequence[Problem]) -> None:
        """Keep problems that concern the whole table or a column."""
        self._problems += problems
        self.total += len(problems)

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
        counts = frame.select(
            check.fails.sum().alias(str(place)) for place, check in enumerate(checks)
        )
        for check, count in zip(checks, counts.row(0), strict=True):
            if count:
                self.total += count
                rows = frame.select(check.fails.arg_true().head(MOST_PROBLEMS)).to_series()
                self._problems += [
                    Problem(
                        sentence_of(check, position),
                        check.rule,
                        column=check.column,
                        row=self.first_row + position,
                    )
                    for position in rows
                ]

    def refuse(self) -> None:
        """Raise ``TableRefused`` with the first problems if any was found."""
        if self.total:
            problems = sorted(self._problems, key=lambda problem: problem.row or 0)
            raise TableRefused(problems[:MOST_PROBLEMS], self.total)
