"""Sums of a table's money: everything, then each group that a column names; what is not known is counted."""

from collections.abc import Mapping, Sequence

import polars as pl

from engine.rows import Rows, Shape

NOT_SUPPLIED = "not supplied"


def sums(
    rows: Rows, money: Sequence[str], groupings: Mapping[str, str], per: str | None = None
) -> Rows:
    """Return the sums of what is known, null where nothing is: one row for everything, then by group.

    ``groupings`` name columns, each with what the sums call it; a column that is not there is left
    out, and what has no group comes last. Rows whose ``not_known`` is missing lack parts where the
    last of the money is null. ``per`` is a column that says what several
    rows are about together: ``number`` and ``not_known`` count those.
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
        _sums(frame, money, key, per).with_columns(
            pl.lit(rows.name).alias("part"), pl.lit(title).alias("grouping")
        )
        for title, key in keys.items()
    ]
    return Rows("totals", shapes, pl.concat(found).select(list(shapes)))


def _sums(frame: pl.DataFrame, money: Sequence[str], key: pl.Expr, per: str | None) -> pl.DataFrame:
    known = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
        for name in money
    ]
    number, absent = pl.len().cast(pl.Int64), pl.col("not_known").sum()
    if per is not None:
        unknown = pl.col(per).filter(pl.col("not_known") > 0)
        number, absent = (one.n_unique().cast(pl.Int64) for one in (pl.col(per), unknown))
    return (
        frame.group_by(key.cast(pl.String).alias("group"))
        .agg(number.alias("number"), *known, absent.alias("not_known"))
        .sort("group", nulls_last=True)
        .with_columns(pl.col("group").fill_null(NOT_SUPPLIED))
    )
