"""What candidates of a schools formula come to: lines that vary are looked up, lifts are worked out, and schools are added up."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel, scalar
from engine.kernels.minimum_level import uplift_of
from engine.kernels.notional import OpenPart
from engine.money import MILLION, round_ratio, round_twice

AFTER, WINNERS, LOSERS, TOTAL, FORMULA = range(5)
SUMS = 5
"""What is added up of schools: pence of those known on both sides, who of them gains and who loses, pence of those known
under the candidate, and what the formula pays those known on both sides."""

KNOWN_AFTER, KNOWN = 1, 2
"""How far a school is known: under the candidates, and under the baseline as well; below it is not."""

OF_NOTIONAL, OF_FORMULA = 0, 1
"""What is compared: notional SEN, or all that the formula pays."""


LANES = 16
"""Candidates that are worked out side by side."""

AMOUNT, NOTIONAL, BASE, CURRENT = range(4)
"""What is added up of the lines of a school: pence, pence of notional SEN, and what the minimum level and the comparison with last
year count, millionths of a penny for a whole year, times all weights."""

ADDED = 4


class LineTables(NamedTuple):
    """What each line that varies comes to, by classes of schools that have the same of it.

    added  (blocks, lines, classes, numbers × LANES) ``AMOUNT`` to ``CURRENT`` of all candidates of a block one after another; the first
           two alone where nothing is compared
    place  (lines, schools) the class of each school
    """

    added: Int
    place: NDArray[np.int32]


class FixedParts(NamedTuple):
    """What no candidate changes of schools (schools).

    added   (schools, ``ADDED``) of the lines that do not vary
    before  pence under the baseline
    known   0, ``KNOWN_AFTER`` or ``KNOWN``
    cell    where a school is added up
    """

    added: Int
    before: Int
    known: NDArray[np.int8]
    cell: NDArray[np.int32]


class MinimumLevels(NamedTuple):
    """The minimum per-pupil level of each candidate, and what it needs of schools.

    level    (blocks, 3, LANES) pence a pupil of each key stage; (blocks, 0, LANES) where the rules have none
    percent  (blocks, LANES) its notional part, millionths
    pupils   (schools) millionths; ``years`` (3, schools) year groups, none where nothing can be lifted
    scale    how many times the amount of a year an exact amount is
    """

    level: Int
    percent: Int
    pupils: Int
    years: Int
    scale: int


class LastYear(NamedTuple):
    """What lies between the guarantee and the cap of each school, as whole numbers of the parts in which it is paid.

    With ``groups`` times the scale times a million as D, the guaranteed amount G, the amount K above which is scaled, the share
    that is taken back t ÷ u and the part of the year that is paid d ÷ y:

    compared  (schools) 1 where a school is compared with last year
    least     (schools) the whole of 2 × d × G × D; ``reaches`` the whole above or at G × D, from which nothing is added
    most      (schools) the whole of -2 × d × t × K × D
    days      (schools) d, with ``year_days`` y; ``taken`` t and ``taken_of`` u
    percent   (blocks, LANES) the notional part of what is added or taken back, millionths
    """

    compared: NDArray[np.int8]
    least: Int
    reaches: Int
    most: Int
    days: Int
    year_days: int
    taken: int
    taken_of: int
    percent: Int


@scalar
def moved_of(
    now: Any,
    short: Any,
    bounds: tuple[Any, Any, Any],
    share: tuple[Any, Any],
    days: Any,
    whole: Any,
) -> Any:
    """Return what the guarantee adds to a school, or a cap takes back as less than 0, pence, rounded once.

    now     what it is compared by, of all year groups together, in the parts of ``LastYear``; ``short`` of the minimum level likewise
    bounds  least, reaches and most of the school; ``share`` what is taken back above a cap, of how much
    days    of the year that are paid; ``whole`` those of a year times all parts
    """
    least, reaches, most = bounds
    taken, taken_of = share
    if now < reaches:
        return round_twice(least - 2 * days * now, whole)
    above = max(round_twice(2 * days * taken * now + most, taken_of * whole), 0)
    return -min(above, round_twice(2 * days * max(-short, 0), whole))


@kernel
def fill_school_candidates(
    start: int,
    stop: int,
    tables: LineTables,
    fixed: FixedParts,
    minimum: MinimumLevels,
    last_year: LastYear,
    part: OpenPart,
    measure: int,
    out_sums: Int,
    out_added: Int,
) -> None:
    """Fill, for blocks of ``LANES`` candidates, what schools come to and who of them gains and loses, by cell.

    part       the part of a year for which the minimum level is paid
    measure    ``OF_NOTIONAL`` or ``OF_FORMULA``
    out_sums   (blocks, cells, ``SUMS``, LANES)
    out_added  (blocks, ``ADDED`` × LANES) is written over for each school

    A floor of a whole number and a fraction over a whole number is that of the whole number alone, so that each amount is rounded
    once, half away from zero, as by the steps.
    """
    place, pupils, years, scale = tables.place, minimum.pupils, minimum.years, minimum.scale
    stages, width = minimum.level.shape[1], tables.added.shape[3]
    share, year_days = (last_year.taken, last_year.taken_of), last_year.year_days
    paid = (NOTIONAL if measure == OF_NOTIONAL else AMOUNT) * LANES
    for block in range(start, stop):
        table, levels = tables.added[block], minimum.level[block]
        sums = out_sums[block]
        added = out_added[block]
        sums[:] = 0
        for school in range(len(fixed.cell)):
            known = fixed.known[school]
            if known == 0:
                continue
            for number in range(ADDED):
                added[number * LANES : (number + 1) * LANES] = fixed.added[school, number]
            for line in range(len(place)):
                more = table[line, np.uint64(place[line, school])]
                for at in range(width):
                    added[at] += more[at]
            if width > 2 * LANES:
                groups, is_compared = 0, last_year.compared[school] > 0
                for stage in range(stages):
                    groups += years[stage, school]
                open_days = part.days[school] if len(part.days) > 0 else part.year_days
                bounds = last_year.least[school], last_year.reaches[school], last_year.most[school]
                days, whole = last_year.days[school], year_days * max(groups, 1) * scale * MILLION
                for lane in range(LANES):
                    # Without a level nothing is short of it, and all lies above it.
                    short = -added[BASE * LANES + lane] * max(groups, 1)
                    for stage in range(stages):
                        each = years[stage, school] * levels[stage, lane]
                        short += each * pupils[school] * scale
                    if short > 0 and groups > 0:
                        lift = uplift_of(short, groups * scale, open_days, part.year_days)
                        added[lane] += lift
                        of_lift = round_ratio(lift * minimum.percent[block, lane], MILLION)
                        added[NOTIONAL * LANES + lane] += of_lift
                    if is_compared:
                        now = added[CURRENT * LANES + lane] * max(groups, 1) + max(short, 0)
                        lift = moved_of(now, short, bounds, share, days, whole)
                        added[lane] += lift
                        of_lift = round_ratio(lift * last_year.percent[block, lane], MILLION)
                        added[NOTIONAL * LANES + lane] += of_lift
            was = fixed.before[school]
            cell = sums[fixed.cell[school]]
            for lane in range(LANES):
                cell[TOTAL, lane] += added[paid + lane]
                if known == KNOWN:
                    pence = added[paid + lane]
                    cell[AFTER, lane] += pence
                    cell[FORMULA, lane] += added[lane]
                    cell[WINNERS, lane] += int(pence > was)
                    cell[LOSERS, lane] += int(pence < was)
