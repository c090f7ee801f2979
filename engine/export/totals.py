"""An outcome's totals as rows: all schools and pupils, then by authority, phase, need, setting and reason."""

import numpy as np
import polars as pl

from engine.export.pupils import pupil_rows
from engine.export.schools import school_rows
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.rows import Rows, Shape, where_known
from engine.run import Outcome
from engine.tables import NO_SCHOOL

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
PROTECTION = {"school_protection": Shape.pounds, "protection_not_known": Shape.whole}
"""What schools are protected by beside their pupils' top-ups, where the rules do so."""


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
    shapes = SHAPES
    top_ups = outcome.top_ups
    if top_ups is not None and top_ups.top_ups.school_protection is not None:
        shapes = {**SHAPES, **PROTECTION}
        frames.append(_sums(PUPILS, _with_schools(parts[PUPILS], top_ups), "urn", "school"))
        frames = [_protected(frame, top_ups) for frame in frames]
    empty = Rows.of_records("totals", shapes, [])
    everything = pl.concat([empty.frame, *frames], how="diagonal")
    return Rows("totals", shapes, everything.select(list(shapes)))


def _with_schools(pupils: pl.DataFrame, top_ups: TopUpOutcome) -> pl.DataFrame:
    """Return pupils with a school's column, empty where the table names no schools."""
    absent = pl.lit(None, pl.Int64).alias("urn")
    return pupils if top_ups.pupils.has("urn") else pupils.with_columns(absent)


def _protected(sums: pl.DataFrame, top_ups: TopUpOutcome) -> pl.DataFrame:
    """Return sums of pupils with what protects their schools: in all, by authority and by school.

    Not known to any part where none of the group's schools is known.
    """
    urn = top_ups.pupils.placement_urn.astype(np.int64)
    placements = pl.DataFrame(
        {
            "total": pl.Series(["total"] * len(urn), dtype=pl.String),
            "la": pl.Series(top_ups.pupils.placement_la).cast(pl.String),
            "school": where_known(urn, urn != NO_SCHOOL).cast(pl.String).fill_null(NOT_SUPPLIED),
            "school_protection": top_ups.school_protection,
            "protection_not_known": top_ups.school_protection_absent,
        }
    )
    known = pl.col("school_protection").filter(pl.col("protection_not_known") == 0)
    by_group = pl.concat(
        placements.group_by(pl.col(grouping).alias("group"))
        .agg(
            pl.when(known.len() > 0).then(known.sum()).alias("school_protection"),
            pl.col("protection_not_known").sum(),
        )
        .with_columns(pl.lit(grouping).alias("grouping"), pl.lit(PUPILS).alias("part"))
        for grouping in ("total", "la", "school")
    )
    return sums.join(by_group, on=["part", "grouping", "group"], how="left", maintain_order="left")


def _sums(
    part: str, frame: pl.DataFrame, grouping: str | None, title: str | None = None
) -> pl.DataFrame:
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
        pl.lit(title or TITLES.get(grouping or "total", grouping or "total")).alias("grouping"),
        pl.col("group").fill_null(NOT_SUPPLIED),
    )
