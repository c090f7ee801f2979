"""Sums of a table's money: everything, then each group that a column names; what is not known is counted."""

from collections.abc import Mapping, Sequence

import polars as pl

from engine.rows import Rows, Shape

NOT_SUPPLIED = "not supplied"


def sums(rows: Rows, money: Sequence[str], groupings: Mapping[str, str]) -> Rows:
    """Return the sums of what is known, null where nothing is: one row for everything, then by group.

    ``groupings`` name columns, each with what the sums call it; a column that is not there is left
    out, and what has no group comes last. Rows whose ``not_known`` is missing lack parts where the
    last of the money is null.
    """
    shapes = {
        "part": Shape.text, "grouping": Shape.text, "group": Shape.text, "number": Shape.whole,
        **dict.fromkeys(money, Shape.pounds), "not_known": Shape.whole,
    }  # fmt: skip
    counted = "not_known" in rows.shapes
    absent = pl.col("not_known") if counted else pl.col(money[-1]).is_null().cast(pl.Int64)
    frame = rows.frame.with_columns(absent.alias("not_known"))
    keys = {"total": pl.lit("total")}
    keys |= {title: pl.col(name) for name, title in groupings.items() if name in frame.columns}
    found = [
        _sums(frame, money, key).with_columns(
            pl.lit(rows.name).alias("part"), pl.lit(title).alias("grouping")
        )
        for title, key in keys.items()
    ]
    return Rows("totals", shapes, pl.concat(found).select(list(shapes)))


def _sums(frame: pl.DataFrame, money: Sequence[str], key: pl.Expr) -> pl.DataFrame:
    known = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
        for name in money
    ]
    return (
        frame.group_by(key.cast(pl.String).alias("group"))
        .agg(pl.len().cast(pl.Int64).alias("number"), *known, pl.col("not_known").sum())
        .sort("group", nulls_last=True)
        .with_columns(pl.col("group").fill_null(NOT_SUPPLIED))
    )
