"""A comparison as rows: totals with winners and losers, each school, each pupil."""

import numpy as np
import polars as pl

from engine.columns import Int
from engine.compare import Change, Comparison, Group
from engine.compare.outcomes import DECILES
from engine.export.pupils import bands, pupil_columns, reasons
from engine.export.rows import Columns, Rows, Shape, where_known
from engine.export.schools import school_columns
from engine.outcome import TopUpOutcome
from engine.vocabulary import Reason

SHAPES = {
    "part": Shape.text,
    "measure": Shape.text,
    "grouping": Shape.text,
    "group": Shape.text,
    "number": Shape.whole,
    "before": Shape.pounds,
    "after": Shape.pounds,
    "change": Shape.pounds,
    "winners": Shape.whole,
    "losers": Shape.whole,
    "unchanged": Shape.whole,
    "not_known": Shape.whole,
}
MEASURES = {"schools": "notional_sen", "pupils": "top_up"}
Record = dict[str, str | int | None]


def change_totals(comparison: Comparison) -> Rows:
    """Return the change of everyone, its deciles, and the change of each group."""
    changes = {"schools": comparison.schools, "pupils": comparison.pupils}
    records = [
        {"part": part, "measure": MEASURES[part], **record}
        for part, change in changes.items()
        if change is not None
        for record in _records(change)
    ]
    return Rows.listed("comparison", SHAPES, records)


def _records(change: Change) -> list[Record]:
    deciles: list[Record] = [
        {"grouping": "decile", "group": str(share), "change": pence}
        for share, pence in zip(DECILES, change.deciles, strict=False)
    ]
    groups = [
        _group(grouping.kind, group) for grouping in change.groupings for group in grouping.groups
    ]
    return [_group("total", change.total), *deciles, *groups]


def _group(kind: str, group: Group) -> Record:
    known = group.number > group.absent
    return {
        "grouping": kind,
        "group": group.name,
        "number": group.number,
        "before": group.before if known else None,
        "after": group.after if known else None,
        "change": group.change if known else None,
        "winners": group.winners,
        "losers": group.losers,
        "unchanged": group.unchanged,
        "not_known": group.absent,
    }


def changed_schools(comparison: Comparison) -> Rows | None:
    """Return one row a school: its notional SEN budget before and after."""
    change, baseline = comparison.schools, comparison.baseline.notional
    candidate = comparison.candidate.notional
    if change is None or baseline is None or candidate is None:
        return None
    absent = (baseline.absent_total, candidate.absent_total)
    return Rows.of("schools", {**school_columns(baseline), **_amounts(change, *absent)})


def changed_pupils(comparison: Comparison) -> Rows | None:
    """Return one row a pupil: band, top-up and deciding clause before and after."""
    change, baseline = comparison.pupils, comparison.baseline.top_ups
    candidate = comparison.candidate.top_ups
    if change is None or baseline is None or candidate is None:
        return None
    columns = {
        **pupil_columns(baseline.pupils),
        "band_before": (Shape.text, bands(baseline)),
        "band_after": (Shape.text, bands(candidate)),
        "reason_before": (Shape.text, reasons(baseline)),
        "reason_after": (Shape.text, reasons(candidate)),
        **_amounts(change, _absent(baseline), _absent(candidate)),
    }
    return Rows.of("pupils", columns)


def _absent(outcome: TopUpOutcome) -> Int:
    absent: Int = (outcome.reason == Reason.not_supplied).astype(np.int64)
    return absent


def _amounts(change: Change, before: Int, after: Int) -> Columns:
    """Return amounts on both sides, null where a part of them is not known."""
    return {
        "before": (Shape.pounds, where_known(change.before, before == 0)),
        "after": (Shape.pounds, where_known(change.after, after == 0)),
        "change": (Shape.pounds, where_known(change.change, change.known)),
        "not_known": (Shape.whole, pl.Series(before + after)),
    }
