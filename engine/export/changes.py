"""A comparison as rows: totals with winners and losers, each school, each pupil."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.compare import Change, Comparison, Group, SchoolChange
from engine.compare.change import DECILES
from engine.modules.school_formula.parts import budget_absent, budget_known, of_formula
from engine.modules.school_formula.table import school_columns
from engine.modules.top_ups.table import bands, by_key, pupil_columns, reasons
from engine.rows import Columns, Rows, Shape, where_known
from engine.tables import NO_SCHOOL

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
TOP_UP, PROTECTION, PAID = "top_up", "school_protection", "top_up_and_protection"
"""What schools are paid for their pupils, what protects them beside it, and both together."""

NOT_INCLUDED = {"not_included": Shape.text}
"""Names what is no pupil's and so in no figure of pupils, where rules protect schools."""

Record = dict[str, str | int | None]


def change_totals(comparison: Comparison) -> Rows:
    """Return the change of everyone, its deciles, and the change of each group.

    Where a rule set protects schools against loss, schools have rows of their own for their
    pupils' top-ups, for protection, and for both together, whose winners and losers they are.
    """
    changes = {"schools": comparison.schools, "pupils": comparison.pupils}
    placed = comparison.placed
    without: Record = {} if placed is None else {"not_included": PROTECTION}
    records: list[Record] = [
        {"part": part, "measure": MEASURES[part], **record, **(without if part == "pupils" else {})}
        for part, change in changes.items()
        if change is not None
        for record in _records(change)
    ]
    if placed is None:
        return Rows.of_records("comparison", SHAPES, records)
    records += [{"part": "schools", **record} for record in _placed(placed)]
    return Rows.of_records("comparison", {**SHAPES, **NOT_INCLUDED}, records)


def _placed(placed: SchoolChange) -> Iterator[Record]:
    """Yield schools' parts under each other, each with their sum; only the sum wins or loses."""
    parts = {TOP_UP: placed.top_ups, PROTECTION: placed.protection, PAID: placed.paid}
    for measure, change in parts.items():
        yield {"measure": measure, **_part(measure, "total", change.total)}
    yield from ({"measure": PAID, **one} for one in _deciles(placed.paid))
    by_kind = zip(*(change.groupings for change in parts.values()), strict=True)
    for groupings in by_kind:
        for groups in zip(*(grouping.groups for grouping in groupings), strict=True):
            for measure, group in zip(parts, groups, strict=True):
                yield {"measure": measure, **_part(measure, groupings[0].kind, group)}


def _part(measure: str, kind: str, group: Group) -> Record:
    record = _group(kind, group)
    if measure == PAID:
        return record
    return {name: one for name, one in record.items() if name not in GAINS}


GAINS = {"winners", "losers", "unchanged"}


def _deciles(change: Change) -> list[Record]:
    return [
        {"grouping": "decile", "group": str(share), "change": pence}
        for share, pence in zip(DECILES, change.deciles, strict=False)
    ]


def _records(change: Change) -> list[Record]:
    groups = [
        _group(grouping.kind, group) for grouping in change.groupings for group in grouping.groups
    ]
    return [_group("total", change.total), *_deciles(change), *groups]


def _group(kind: str, group: Group) -> Record:
    return {
        "grouping": kind,
        "group": group.name,
        "number": group.number,
        "before": group.before if group.is_known else None,
        "after": group.after if group.is_known else None,
        "change": group.change if group.is_known else None,
        "winners": group.winners,
        "losers": group.losers,
        "unchanged": group.unchanged,
        "not_known": group.absent,
    }


def changed_schools(comparison: Comparison) -> Rows | None:
    """Return one row a school: its notional SEN budget, and what it is paid with its protection."""
    budgets, placed = _budgets(comparison), comparison.placed
    if placed is None:
        return budgets
    paid = Rows.of("schools", _paid(placed))
    if budgets is None:
        return paid
    frame = budgets.frame.join(paid.frame, on="urn", how="full", coalesce=True)
    shapes = {**budgets.shapes, **paid.shapes}
    return Rows("schools", shapes, frame.sort("urn", nulls_last=True).select(list(shapes)))


def _budgets(comparison: Comparison) -> Rows | None:
    """Return one row a school with its notional SEN budget before and after."""
    change, baseline = comparison.schools, comparison.baseline.notional
    candidate = comparison.candidate.notional
    if change is None or baseline is None or candidate is None:
        return None
    sides = (baseline, candidate)
    known = [budget_known(one) for one in sides]
    # A school that the formula does not fund has no budget, of which nothing is missing.
    counted = of_formula(baseline) | of_formula(candidate)
    absent = [
        np.maximum(budget_absent(one), counted & ~there)
        for one, there in zip(sides, known, strict=True)
    ]
    return Rows.of("schools", {**school_columns(baseline), **_amounts(change, absent, known)})


def _paid(placed: SchoolChange) -> Columns:
    """Return what schools are paid for their pupils, to protect them, and both together."""
    before, after = placed.before_known, placed.after_known
    columns: dict[str, tuple[Shape, pl.Series]] = {
        "urn": (Shape.whole, where_known(placed.urn, placed.urn != NO_SCHOOL))
    }
    parts = (
        (TOP_UP, placed.top_ups, before[0], after[0]),
        (PROTECTION, placed.protection, before[1], after[1]),
        (PAID, placed.paid, before[0] & before[1], after[0] & after[1]),
    )
    for name, change, known_before, known_after in parts:
        both = known_before & known_after
        columns[f"{name}_before"] = (Shape.pounds, where_known(change.before, known_before))
        columns[f"{name}_after"] = (Shape.pounds, where_known(change.after, known_after))
        columns[f"{name}_change"] = (Shape.pounds, where_known(change.difference, both))
    unknown = np.sum([~one for one in (*before, *after)], axis=0, dtype=np.int64)
    columns["paid_not_known"] = (Shape.whole, pl.Series(unknown))
    return columns


def changed_pupils(comparison: Comparison) -> Rows | None:
    """Return one row a pupil: band, top-up and deciding clause before and after."""
    change, baseline = comparison.pupils, comparison.baseline.top_ups
    candidate = comparison.candidate.top_ups
    if change is None or baseline is None or candidate is None:
        return None
    sides = (baseline, candidate)
    columns = {
        **pupil_columns(baseline.pupils),
        "band_before": (Shape.text, bands(baseline)),
        "band_after": (Shape.text, bands(candidate)),
        "reason_before": (Shape.text, reasons(baseline)),
        "reason_after": (Shape.text, reasons(candidate)),
        **_amounts(change, [~one.known for one in sides], [one.known for one in sides]),
    }
    if comparison.placed is not None:
        columns["not_included"] = (Shape.text, pl.Series([PROTECTION] * len(baseline.pupils)))
    return by_key(Rows.of("pupils", columns), baseline.pupils)


def _amounts(
    change: Change,
    absent: Sequence[NDArray[np.integer | np.bool_]],
    known: Sequence[NDArray[np.bool_]],
) -> Columns:
    """Return amounts on both sides, null where they are not known, and the parts of both that are not."""
    amounts = (change.before, change.after, change.change)
    each = (*known, known[0] & known[1])
    return {
        **{
            name: (Shape.pounds, where_known(pence, there))
            for name, pence, there in zip(("before", "after", "change"), amounts, each, strict=True)
        },
        "not_known": (Shape.whole, pl.Series(np.add(*absent, dtype=np.int64))),
    }
