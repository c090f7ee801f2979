"""The share of the year that each pupil earns: as kernel arrays, and of one pupil by segment."""

from itertools import pairwise
from math import lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.calendars import Calendar, backdated
from engine.columns import Int
from engine.kernels.top_ups import UNKNOWN, YearShares, share_between, stay
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, PupilTable, frozen

NO_DAYS: NDArray[np.int32] = frozen(np.empty(0, np.int32))
NO_COUNTS: NDArray[np.int16] = frozen(np.empty(0, np.int16))
"""Empty arrays for a column that the rules do not read."""

ONE_SEGMENT = 2
"""Bounds of a year in which nothing changes."""


def year_parts(top_ups: CompiledTopUps) -> int:
    """Return in how many parts of a year amounts before rounding are: those of the calendar, and of the days before the rules."""
    earlier, own = top_ups.continues, top_ups.calendar.denominator
    return own if earlier is None else lcm(own, earlier.calendar.denominator)


def year_shares(top_ups: CompiledTopUps, pupils: Pupils) -> YearShares:
    """Return the calendar and the pupils' dates or counted parts; empty where a column is missing."""
    whole, columns = whole_year(top_ups), pupils.columns
    if top_ups.calendar.dated:
        whole = whole._replace(began=_began(top_ups, pupils), ended=columns.get("end", NO_DAYS))
    return whole._replace(parts=columns.get("parts_on_roll", NO_COUNTS))


def earlier_shares(top_ups: CompiledTopUps, pupils: Pupils, calendar: Calendar) -> YearShares:
    """Return the days before the rules by their own ``calendar``, as one segment of the year, and the pupils' dates."""
    bounds = frozen(np.array([0, len(calendar.cumulative) - 1], np.int64))
    began, ended = _began(top_ups, pupils), pupils.columns.get("end", NO_DAYS)
    return YearShares(
        calendar.first,
        calendar.denominator,
        0,
        calendar.cumulative,
        bounds,
        began,
        ended,
        NO_COUNTS,
    )


def whole_year(top_ups: CompiledTopUps) -> YearShares:
    """Return the calendar for pupils who stay all year."""
    calendar = top_ups.calendar
    return YearShares(
        calendar.first, calendar.denominator, calendar.each, calendar.cumulative, top_ups.bounds,
        NO_DAYS, NO_DAYS, NO_COUNTS,
    )  # fmt: skip


def _began(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the first day paid of each pupil; empty where no start is given."""
    return frozen(began_of(top_ups, pupils)) if "start" in pupils.columns else NO_DAYS


def began_of(top_ups: CompiledTopUps, pupils: Pupils) -> NDArray[np.int32]:
    """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
    columns, days = pupils.columns, top_ups.backdated_days
    if "start" not in columns:
        return np.full(len(pupils), -1, np.int32)
    start: NDArray[np.int32] = columns["start"]
    return backdated(start, columns["requested"], days) if days else start


def year_share_of(top_ups: CompiledTopUps, pupils: PupilTable) -> Int:
    """Return the part of the year that each pupil earns, of the calendar's denominator."""
    calendar, columns = top_ups.calendar, pupils.columns
    whole = np.full(
        len(pupils), calendar.share if calendar.dated else calendar.denominator, np.int64
    )
    if calendar.dated and len(pupils.dated):
        # Few have a first or last day: the others stay all year.
        dated, nowhere = pupils.dated, np.full(len(pupils.dated), -1, np.int32)
        began = began_of(top_ups, pupils)[dated]
        end = columns["end"][dated] if "end" in columns else nowhere
        open_start, open_end = calendar.first, calendar.first + len(calendar.cumulative)
        start = np.where(began < 0, open_start, began)
        whole[dated] = calendar.year_share(start, np.where(end < 0, open_end, end))
    if "parts_on_roll" not in columns:
        return whole
    parts = columns["parts_on_roll"].astype(np.int64)
    share: Int = np.where(parts < 0, whole, parts * calendar.each)
    return share


class SegmentShare(NamedTuple):
    """What a pupil earns in a segment of the year, of the calendar's denominator; ``kept`` until protection ends."""

    part: int
    kept: int


def segment_shares(top_ups: CompiledTopUps, pupils: Pupils, pupil: int) -> list[SegmentShare]:
    """Return the share of the year that a pupil whose top-up is known earns in each segment."""
    time, bounds = year_shares(top_ups, pupils), top_ups.bounds.tolist()
    counted = int(time.parts[pupil]) if len(time.parts) else UNKNOWN
    by_days = counted < 0 or (
        len(bounds) > ONE_SEGMENT and counted * time.each == top_ups.calendar.share
    )
    if not by_days:
        # Of several segments nothing changes for the pupil, or nothing is paid.
        first = SegmentShare(counted * time.each, counted * time.each)
        return [first, *[SegmentShare(0, 0)] * (len(bounds) - 2)]
    opens, closes = (0, bounds[-1])
    if counted < 0:
        opens, closes = stay(pupil, time.began, time.ended, time.first_day, bounds[-1])
    return [
        SegmentShare(
            share_between(max(opens, low), min(closes, high), time.cumulative),
            share_between(
                max(opens, low), min(closes, high, top_ups.protected_days), time.cumulative
            ),
        )
        for low, high in pairwise(bounds)
    ]
