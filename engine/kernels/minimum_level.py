"""The minimum per-pupil level: the uplift that brings a school's funding for each pupil to the level.

Source: technical notes of the schools national funding formula, minimum per-pupil levels: the level of a school
is the mean of the levels of its key stages, weighted by its year groups of each.
"""

from typing import Any

from engine.jit import scalar
from engine.money import MILLION, round_ratio


@scalar
def uplift_of(short: Any, groups: Any, open_days: Any, year_days: Any) -> Any:
    """Return the uplift of a school, pence, computed on unrounded amounts and rounded once: in kernels, or of arrays of schools.

    short      what all year groups together are short of the level, millionths of a penny, times the scale; not below 0
    groups     year groups, times the scale
    open_days  the days of ``year_days`` for which it is paid
    """
    whole = groups * MILLION * year_days
    # Apart, because what a large school is short of times its days may not fit.
    return short // whole * open_days + round_ratio(short % whole * open_days, whole)
