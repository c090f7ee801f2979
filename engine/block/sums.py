"""Sums of an authority's tables: everything, then each group that a column names."""

from collections.abc import Iterable
from typing import Protocol

import polars as pl

from engine.export.rows import Rows, Shape

GROUPED = {
    "places": ("la", "place_type"),
    "high_needs_block": (),
    "targeted_funding": (),
}
SUMMED = {
    "places": ("amount",),
    "high_needs_block": ("total",),
    "targeted_funding": ("due", "shared", "amount"),
}


class Valued(Protocol):
    """A row of one of an authority's tables that is worked out."""

    @property
    def pence(self) -> int:
        """Return what it comes to."""


def total_of(rows: Iterable[Valued]) -> int:
    """Return what all rows of a table come to, pence; every one of them is known."""
    return sum(row.pence for row in rows)


def table_sums(rows: Rows) -> Rows:
    """Return the sums of a table's money, in all and by group; every part of these is known."""
    money = SUMMED[rows.name]
    shapes = {
        "part": Shape.text, "grouping": Shape.text, "group": Shape.text, "number": Shape.whole,
        **dict.fromkeys(money, Shape.pounds), "not_known": Shape.whole,
    }  # fmt: skip
    frames = [_sums(rows, grouping, money) for grouping in (None, *GROUPED[rows.name])]
    return Rows("totals", shapes, pl.concat(frames).select(list(shapes)))


def _sums(rows: Rows, grouping: str | None, money: tuple[str, ...]) -> pl.DataFrame:
    key = pl.lit("total") if grouping is None else pl.col(grouping).cast(pl.String)
    sums = rows.frame.group_by(key.alias("group")).agg(
        pl.len().cast(pl.Int64).alias("number"), *(pl.col(name).sum() for name in money)
    )
    return sums.sort("group").with_columns(
        pl.lit(rows.name).alias("part"),
        pl.lit(grouping or "total").alias("grouping"),
        pl.lit(0, pl.Int64).alias("not_known"),
    )
