"""The minimum per-pupil level: the uplift that brings a school's funding for each pupil to the level.

Source: technical notes of the schools national funding formula, minimum per-pupil levels: the level of a school
is the mean of the levels of its key stages, weighted by its year groups of each.
"""

from engine.columns import Int
from engine.jit import kernel
from engine.kernels.notional import OpenPart
from engine.money import MILLION, round_ratio


@kernel
def fill_minimum(
    start: int,
    stop: int,
    base: Int,
    pupils: Int,
    years: Int,
    level: Int,
    scale: int,
    part: OpenPart,
    out_uplift: Int,
) -> None:
    """Fill each school's uplift, pence, computed on unrounded amounts and rounded once.

    base        (schools) millionths of a penny a year, times ``scale``
    pupils      (schools) millionths of a pupil
    years       (3, schools) year groups of primary, key stage 3 and key stage 4
    level       (3) pence a pupil for each
    part        the days of the year that each school is open
    out_uplift  (schools) pence; 0 where the school has no years of these ages
    """
    days, year_days = part.days, part.year_days
    for school in range(start, stop):
        groups = 0
        weighted = 0
        for stage in range(len(level)):
            groups += years[stage, school]
            weighted += years[stage, school] * level[stage]
        out_uplift[school] = 0
        if groups > 0:
            short = weighted * pupils[school] * scale - base[school] * groups
            if short > 0:
                open_days = days[school] if len(days) > 0 else year_days
                whole = groups * scale * MILLION * year_days
                # Apart, because what a large school is short of times its days may not fit.
                rest = round_ratio(short % whole * open_days, whole)
                out_uplift[school] = short // whole * open_days + rest
