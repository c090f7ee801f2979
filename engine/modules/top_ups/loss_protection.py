"""Loss protection: no pupil, or no school, is paid less than a share of what is paid today.

A school's top-ups together keep a share of today's. By placement: an authority protects the schools where it places pupils. A pupil's top-up today counts
for the part of the year that the pupil earns, as this year's does.
"""

from fractions import Fraction
from math import gcd, prod

import numpy as np

from engine.calendars import Calendar
from engine.columns import Int
from engine.modules.top_ups.year_share import year_share_of
from engine.money import MILLION, PENCE, half_away
from engine.rules.clause_steps import RULE
from engine.rules.compiled import CompiledTopUps
from engine.rules.values import is_printed
from engine.steps import (
    UNPRINTED,
    DocumentValue,
    Op,
    Own,
    Plain,
    Ratios,
    Step,
    Steps,
    Unit,
    result,
    start,
    work_rows,
)
from engine.steps.ratios import LARGEST, Whole
from engine.tables import NO_SCHOOL, Pupils, PupilTable, frozen
from engine.vocabulary import Reason

EARNED, NEW = "earned_today", "new_top_ups"
PLACE = f"{RULE}.protection"


def protected_of(top_ups: CompiledTopUps, pupils: Pupils) -> Int:
    """Return each pupil's protected amount a year, pence, ``~reason`` where not known; empty where none is protected."""
    if not top_ups.protects_pupils:
        return frozen(np.empty(0, np.int64))
    held = pupils.columns["top_up"]
    share = half_away(np.maximum(held, 0) * top_ups.protected, MILLION)
    if top_ups.protected == UNPRINTED:
        share = np.where(held == 0, 0, UNPRINTED)
    return frozen(np.where(held < 0, ~int(Reason.not_supplied), share))


def protection_steps(top_ups: CompiledTopUps) -> Steps:
    """Return the steps from pupils' top-ups, today's and new, to what protects their school; none without it."""
    if top_ups.school_protection is None:
        return ()
    percent = DocumentValue(top_ups.school_protection, f"{PLACE}.school_percent", Unit.percent)
    year = str(top_ups.calendar.denominator)
    return (
        start(
            "Today's top-ups, each times the parts of the year on roll",
            Own(EARNED, PENCE, Unit.pounds),
        ),
        Step(Op.per, "Parts of the whole year", Plain(year)),
        Step(Op.percent_of, "Share of today's top-ups that the school keeps", percent),
        result("Least that the school keeps"),
        Step(Op.minus, "New top-ups of its pupils", Own(NEW, PENCE, Unit.pounds)),
        Step(Op.at_least, "None where they come to as much", Plain("0.00", Unit.pounds)),
        *_until(top_ups.calendar, top_ups.protected_days),
        result("Protection of the school's top-ups"),
    )


def _until(calendar: Calendar, days: int) -> Steps:
    """Return the step to the part of the year before protection ends, where it ends within the year."""
    kept = int(calendar.cumulative[days]) if calendar.dated else calendar.share
    if kept == calendar.share:
        return ()
    each = 1 if calendar.parts else gcd(kept, calendar.share)
    share = Plain(f"{kept // each}/{calendar.share // each}", Unit.share, f"{PLACE}.until")
    return (Step(Op.times, "Part of the year before protection ends", share),)


def own_of(
    top_ups: CompiledTopUps, pupils: PupilTable, placement_sum: Int, placement: int
) -> dict[str, Fraction]:
    """Return the numbers of one placement that the steps take, pounds."""
    earned = int(_earned(top_ups, pupils)[0][placement])
    return {EARNED: Fraction(earned, PENCE), NEW: Fraction(int(placement_sum[placement]), PENCE)}


def school_protection(
    top_ups: CompiledTopUps, pupils: PupilTable, placement_sum: Int, placement_absent: Int
) -> tuple[Int, Int]:
    """Return each placement's protection, pence, and 1 where it is not known.

    A top-up not known could make up for what a school lacks, and pupils without a school's number
    may be at any, so that it is not known what protection adds.
    """
    nothing, steps = np.zeros_like(placement_sum), protection_steps(top_ups)
    if not steps:
        return nothing, nothing
    earned, most = _earned(top_ups, pupils)
    without = _sums(pupils, (pupils.columns["top_up"] < 0).astype(np.int64))
    if not is_printed(top_ups.school_protection):
        return nothing, ((without > 0) | (earned > 0)).astype(np.int64)
    new = Ratios(placement_sum, PENCE, int(np.abs(placement_sum).max(initial=0)))
    added = work_rows(steps, {EARNED: Ratios(earned, PENCE, most), NEW: new})
    lacking = (placement_absent > 0) | (pupils.placement_urn == NO_SCHOOL)
    unknown = (without > 0) | (lacking & (added > 0))
    return np.where(unknown, 0, added), unknown.astype(np.int64)


def _earned(top_ups: CompiledTopUps, pupils: PupilTable) -> tuple[Whole, int | None]:
    """Return what is paid today for each placement's pupils, pence times parts of the year on roll, and its bound.

    In 63 bits where the largest amount, the longest stay and the most pupils of one placement prove that
    no sum passes them; else, without a bound, whole numbers of any size.
    """
    today, share = np.maximum(pupils.columns["top_up"], 0), year_share_of(top_ups, pupils)
    pupils_of = np.diff(pupils.offsets)
    most = prod(int(one.max(initial=0)) for one in (today, share, pupils_of))
    if most < LARGEST:
        return _sums(pupils, today * share), most
    return _sums(pupils, today.astype(object) * share), None


def _sums(pupils: PupilTable, each: Whole) -> Whole:
    """Return the sum of each placement's pupils, which follow one another."""
    starts = pupils.offsets[:-1]
    # Of a part of a table some placements have no pupil.
    filled = starts < pupils.offsets[1:]
    out = np.zeros(len(starts), each.dtype)
    if len(each):
        out[filled] = np.add.reduceat(each, starts[filled])
    return out
