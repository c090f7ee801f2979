"""An outcome's pupils as rows: the band, the price and what is paid, with the clause that decided."""

from enum import IntEnum

import numpy as np
import polars as pl

from engine.modules.sums import NOT_SUPPLIED
from engine.modules.top_ups.group_sums import GroupSums, outcome_sums
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.pupil_groups import AUTHORITY, COLUMNS, REASON, SCHOOL, TOTAL
from engine.modules.top_ups.several_reasons import REASON_NAMES, every_reason
from engine.rows import Columns, Rows, Shape, named, where_known
from engine.tables import NO_SCHOOL, PupilTable
from engine.vocabulary import Need, Setting

PROTECTION = {"school_protection": Shape.pounds, "protection_not_known": Shape.whole}
"""What schools are protected by beside their pupils' top-ups, where the rules do so."""

CODED: dict[str, type[IntEnum]] = {"primary_need": Need, "setting": Setting}


def pupil_columns(pupils: PupilTable) -> Columns:
    """Return the columns that say which pupil a row is about."""
    columns: dict[str, tuple[Shape, pl.Series]] = {"pupil_key": (Shape.text, pupils.keys)}
    if "urn" in pupils.columns:
        urn = pupils.columns["urn"]
        columns["urn"] = (Shape.whole, where_known(urn, urn != NO_SCHOOL))
    columns["la"] = (Shape.whole, pl.Series(pupils.columns["la"]))
    for name, codes in CODED.items():
        if name in pupils.columns:
            columns[name] = (Shape.text, coded(pupils.columns[name], codes))
    return columns


def coded(held: np.ndarray[tuple[int], np.dtype[np.int8]], codes: type[IntEnum]) -> pl.Series:
    """Return codes by name, null where there is none; codes count up from 0 or 1 without a gap."""
    names = ["" if min(codes) else min(codes).name, *(code.name for code in sorted(codes) if code)]
    return named(held, names)


def bands(outcome: TopUpOutcome) -> pl.Series:
    """Return each pupil's band by name, null where there is none."""
    return named(outcome.pupil_bands(), list(outcome.top_ups.bands))


def reasons(outcome: TopUpOutcome) -> pl.Series:
    """Return the clause that decided each pupil's top-up, by name; both of a pupil who is not known for two reasons."""
    return named(every_reason(outcome), list(REASON_NAMES))


def pupil_rows(outcome: TopUpOutcome) -> Rows:
    """Return one row a pupil in the order of authority, school and key."""
    return by_key(_rows(outcome), outcome.pupils)


def by_key(rows: Rows, pupils: PupilTable, each: int = 1) -> Rows:
    """Return rows of pupils, ``each`` a pupil, in the order of authority, school and key."""
    order = pupils.key_order
    if order is None:
        return rows
    places = (order[:, None] * each + np.arange(each)).reshape(-1)
    return Rows(rows.name, rows.shapes, rows.frame[places])


def _rows(outcome: TopUpOutcome) -> Rows:
    """Return one row a pupil in the order of the table."""
    known = outcome.known
    return Rows.of(
        "pupils",
        {
            **pupil_columns(outcome.pupils),
            "band": (Shape.text, bands(outcome)),
            "annual_rate": (Shape.pounds, where_known(outcome.annual, outcome.rate_known)),
            "top_up": (Shape.pounds, where_known(outcome.amount, known)),
            "reason": (Shape.text, reasons(outcome)),
            "not_known": (Shape.whole, pl.Series((~known).astype(np.int64))),
        },
    )


def pupil_sums(outcome: TopUpOutcome) -> Rows:
    """Return the sums of top-ups in all and by group; by school too where the rules protect schools.

    A pupil with several spells is counted once.
    """
    shapes = {
        "part": Shape.text, "grouping": Shape.text, "group": Shape.text, "number": Shape.whole,
        "top_up": Shape.pounds, "not_known": Shape.whole,
    }  # fmt: skip
    protects = outcome.top_ups.school_protection is not None
    kinds = [TOTAL, AUTHORITY, *(one for one in COLUMNS if outcome.pupils.has(COLUMNS[one][0]))]
    kinds += [REASON, SCHOOL] if protects else [REASON]
    found = outcome_sums(outcome)
    frame = pl.concat(_sums(kind, found[kind]) for kind in kinds).select(list(shapes))
    if not protects:
        return Rows("totals", shapes, frame)
    return Rows("totals", {**shapes, **PROTECTION}, _protected(frame, outcome))


def _sums(kind: str, sums: GroupSums) -> pl.DataFrame:
    """Return the sums of the groups of one kind in the order of their names; those without one come last."""
    frame = pl.DataFrame(
        {
            "group": pl.Series(list(sums.names), dtype=pl.String),
            "number": sums.number,
            "top_up": where_known(sums.before, sums.known),
            "not_known": sums.absent,
        }
    )
    last = pl.col("group") == NOT_SUPPLIED
    return frame.sort(last, "group").with_columns(
        pl.lit("pupils").alias("part"), pl.lit(kind).alias("grouping")
    )


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
        .with_columns(pl.lit(grouping).alias("grouping"), pl.lit("pupils").alias("part"))
        for grouping in ("total", "la", "school")
    )
    return sums.join(by_group, on=["part", "grouping", "group"], how="left", maintain_order="left")
