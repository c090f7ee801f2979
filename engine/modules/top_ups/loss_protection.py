"""Loss protection: no pupil, or no school, is paid less than a share of what is paid today."""

import numpy as np

from engine.columns import Int
from engine.modules.top_ups.year_share import year_share_of
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, half_away, scaled
from engine.rules.compiled import CompiledTopUps
from engine.tables import NO_SCHOOL, Pupils, PupilTable, frozen


def protected_of(top_ups: CompiledTopUps, pupils: Pupils) -> Int:
    """Return each pupil's protected amount a year, pence; empty where no pupil is protected."""
    if top_ups.protected < 0:
        return frozen(np.empty(0, np.int64))
    held = pupils.columns["top_up"]
    share = half_away(np.maximum(held, 0) * top_ups.protected, MILLION)
    return frozen(np.where(held < 0, -1, share))


def school_protection(
    top_ups: CompiledTopUps, pupils: PupilTable, placement_sum: Int, placement_absent: Int
) -> tuple[Int, Int]:
    """Return each school's protection (a share of today's top-ups less the new ones), pence, and where it is not known.

    A pupil's top-up today counts for the part of the year that the pupil earns, as this year's
    does. Where protection ends within the year, the part of the year before its end is paid.
    By placement: an authority protects the schools where it places pupils. A top-up not known
    could make up for what a school lacks, and pupils without a school's number may be at any,
    so that it is not known what protection adds.
    """
    nothing = np.zeros_like(placement_sum)
    percent = top_ups.school_protection
    if percent is None:
        return nothing, nothing
    held = pupils.columns["top_up"]
    placement = np.repeat(np.arange(len(placement_sum)), np.diff(pupils.offsets))
    unknown = nothing.copy()
    np.add.at(unknown, placement, held < 0)
    part, calendar = year_share_of(top_ups, pupils), top_ups.calendar
    share = scaled(percent.decimal, PERCENT_TO_MILLIONTHS)
    # Whole numbers of any size: pence times shares, over all of a school's pupils, may pass 63 bits.
    earned = np.zeros(len(placement_sum), object)
    np.add.at(earned, placement, np.maximum(held, 0).astype(object) * part)
    whole = calendar.denominator * MILLION
    least = np.asarray([half_away(int(one) * share, whole) for one in earned], np.int64)
    short = np.maximum(least - placement_sum, 0)
    if calendar.dated:
        until, year = int(calendar.cumulative[top_ups.protected_days]), calendar.denominator
        short = np.asarray([half_away(int(one) * until, year) for one in short], np.int64)
    lacking = (placement_absent > 0) | (pupils.placement_urn == NO_SCHOOL)
    open_lift = (unknown > 0) | (lacking & (short > 0))
    return np.where(open_lift, 0, short), open_lift.astype(np.int64)
