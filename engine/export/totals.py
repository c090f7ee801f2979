"""An outcome's totals as rows: all schools and pupils, then by authority, phase, need, setting and reason."""

import polars as pl

from engine.export.pupils import pupil_rows
from engine.export.rows import Rows, Shape
from engine.export.schools import school_rows
from engine.outcome import Outcome

SHAPES = {
    "part": Shape.text,
    "grouping": Shape.text,
    "group": Shape.text,
    "number": Shape.whole,
    "formula_total": Shape.pounds,
    "notional_sen": Shape.pounds,
    "top_up": Shape.pounds,
    "not_known": Shape.whole,
}
NOT_SUPPLIED = "not supplied"
SCHOOLS, PUPILS = "schools", "pupils"
GROUPINGS = {SCHOOLS: ("la", "phase"), PUPILS: ("la", "primary_need", "setting", "reason")}
MONEY = {SCHOOLS: ("formula_total", "notional_sen"), PUPILS: ("top_up",)}
TITLES = {"primary_need": "need"}


def total_rows(outcome: Outcome) -> Rows:
    """Return the sums of what is known, and how many parts are not; null where nothing is known."""
    parts: dict[str, pl.DataFrame] = {}
    if outcome.notional is not None:
        parts[SCHOOLS] = school_rows(outcome.notional).frame
    if outcome.top_ups is not None:
        parts[PUPILS] = pupil_rows(outcome.top_ups).frame
    frames = [
        _sums(part, frame, grouping)
        for part, frame in parts.items()
        for grouping in (None, *(name for name in GROUPINGS[part] if name in frame.columns))
    ]
    empty = Rows.listed("totals", SHAPES, [])
    return Rows("totals", SHAPES, pl.concat([empty.frame, *frames], how="diagonal"))


def _sums(part: str, frame: pl.DataFrame, grouping: str | None) -> pl.DataFrame:
    """Return one row a group, in ascending order, what is not supplied last."""
    key = pl.lit("total") if grouping is None else pl.col(grouping).cast(pl.String)
    sums = (
        frame.group_by(key.alias("group"))
        .agg(
            pl.len().cast(pl.Int64).alias("number"),
            *(
                pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)
                for name in MONEY[part]
            ),
            pl.col("not_known").sum(),
        )
        .sort("group", nulls_last=True)
    )
    return sums.with_columns(
        pl.lit(part).alias("part"),
        pl.lit(TITLES.get(grouping or "total", grouping or "total")).alias("grouping"),
        pl.col("group").fill_null(NOT_SUPPLIED),
    )
