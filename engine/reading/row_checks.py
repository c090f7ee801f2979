"""Checks of a pupil's row that look at several of its columns, each said once.

What fails is a formula over columns, so that it holds for a query of polars as for the
arrays of a handful of rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from engine.cache import cached
from engine.columns import Int
from engine.table_checks import BLANK, Check
from engine.vocabulary import Need, SenProvision

Of = Callable[[str], Any]
"""A column by its name, as an expression or as an array; both have the same operators."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A check of one column of a row that depends on other columns."""

    rule: str
    column: str
    sentence: str
    fails: Callable[[Of], Any]

    def as_check(self) -> Check:
        """Return the check for a frame, in which null is what could not be read."""
        return Check(
            self.rule, self.column, self.sentence, self.fails(pl.col).fill_null(value=False)
        )

    def any_fails(self, columns: Mapping[str, Int]) -> bool:
        """Return whether a row fails, of columns that were all read."""
        return bool(self.fails(columns.__getitem__).any())


def _given(of: Of, name: str) -> Any:
    return of(name) != BLANK


def end_before_start() -> RowCheck:
    """Refuse a stay that ends before it starts."""
    return RowCheck(
        "end-before-start",
        "end",
        "must not be before the start",
        lambda of: _given(of, "start") & _given(of, "end") & (of("end") < of("start")),
    )


def dates_and_parts(dates: tuple[str, ...]) -> RowCheck:
    """Refuse a row that gives both dates and parts of the year."""
    return RowCheck(
        "dates-and-parts",
        "parts_on_roll",
        "must be blank where start or end is given",
        lambda of: _given(of, "parts_on_roll") & reduce(or_, (_given(of, one) for one in dates)),
    )


def unassessed_need(need: str) -> RowCheck:
    """Refuse the need NSA (no specialist assessment) on a row that is not on SEN support."""
    return RowCheck(
        "unassessed-need",
        need,
        "may be NSA only where sen_provision is K",
        lambda of: (
            (of(need) == int(Need.NSA))
            & _given(of, "sen_provision")
            & (of("sen_provision") != int(SenProvision.K))
        ),
    )


@cached(64)
def pupil_checks(names: frozenset[str]) -> tuple[RowCheck, ...]:
    """Return the checks of a pupil's row that look at several columns."""
    checks = []
    dates = tuple(name for name in ("start", "end") if name in names)
    if len(dates) > 1:
        checks.append(end_before_start())
    if dates and "parts_on_roll" in names:
        checks.append(dates_and_parts(dates))
    if "sen_provision" in names:
        checks += [
            unassessed_need(need) for need in ("primary_need", "secondary_need") if need in names
        ]
    return tuple(checks)
