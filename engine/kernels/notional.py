"""Units to amounts, and amounts to notional SEN, for each school and line."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.days import MONTHS
from engine.jit import kernel
from engine.money import MILLION, round_ratio

GIVEN_UNITS, GIVEN_AMOUNT, NOT_KNOWN, YEARS_AMOUNT, SHARED_AMOUNT = 0, 1, 2, 3, 4
"""How a school's line is given: units to be priced, an amount, not at all, what a whole year of it earns, or a share
of the unit value for a whole year, which is exact where the units beside it are rounded."""

BY_UNITS = (GIVEN_UNITS, SHARED_AMOUNT)
"""What has units and a unit value."""


class LineUnits(NamedTuple):
    """What each school has of each line.

    form   (lines, schools) how the line is given: ``GIVEN_UNITS`` and the others
    units  (lines, schools) millionths of a pupil or school
    given  (segments, lines, schools) pence a year
    """

    form: NDArray[np.int8]
    units: Int
    given: Int


class LinePrices(NamedTuple):
    """What each line pays, by each segment of the year: a run of months in which no line changes.

    rate        (segments, lines) pence a unit, area adjusted
    percent     (segments, lines) notional part, millionths; 0 where there is none
    in_minimum  (lines) 1 where the line counts towards the minimum per-pupil level
    months      (segments) twelve in all, or fewer where a part of a year is paid
    weight      (segments) what each counts for in exact amounts
    """

    rate: Int
    percent: Int
    in_minimum: Int
    months: Int
    weight: Int


class OpenPart(NamedTuple):
    """The days of the year that each school is open: (schools, or none where all are open all year).

    ``year_days`` are those of a year: it may count in months.
    """

    days: Int
    year_days: int


@kernel
def fill_notional(
    start: int,
    stop: int,
    lines: LineUnits,
    prices: LinePrices,
    part: OpenPart,
    out_amount: Int,
    out_notional: Int,
    out_minimum_base: Int,
    out_exact: Int,
    out_amount_sum: Int,
    out_notional_sum: Int,
) -> None:
    """Fill each line's amount and notional SEN, rounded once each, and exact sums.

    A line that changes, or a part of a year, is paid by months: each segment's amount of a year, to the
    penny, and its notional part are multiplied by its months, added, and divided by twelve once.

    lines             what each school has of each line
    prices            what each line pays
    part              the days of the year that each school is open
    out_amount        (schools, lines) pence
    out_notional      (schools, lines) pence
    out_minimum_base  (schools) millionths of a penny for a whole year, not rounded, times all weights
    out_exact         (schools) sum of all lines, likewise
    out_amount_sum    (schools) sum of all lines, pence; ``out_notional_sum`` of their notional SEN
    """
    form, units, given = lines.form, lines.units, lines.given
    rate, percent = prices.rate, prices.percent
    in_minimum, months, weight = prices.in_minimum, prices.months, prices.weight
    days, year_days = part.days, part.year_days
    segments = len(months)
    by_months = segments > 1 or months[0] != MONTHS
    for school in range(start, stop):
        base, exact, amounts, notionals = 0, 0, 0, 0
        for line in range(len(in_minimum)):
            amount, year, total, share = 0, 0, 0, 0
            for segment in range(segments):
                amount, product = 0, 0
                if form[line, school] == GIVEN_UNITS:
                    product = units[line, school] * rate[segment, line]
                    if len(days) > 0:
                        amount = round_ratio(product * days[school], MILLION * year_days)
                    else:
                        # The same, by a divisor that the compiler knows.
                        amount = round_ratio(product, MILLION)
                elif form[line, school] == GIVEN_AMOUNT:
                    amount = given[segment, line, school]
                    product = amount * MILLION
                elif form[line, school] != NOT_KNOWN:
                    product = given[segment, line, school] * MILLION
                    open_days = days[school] if len(days) > 0 else year_days
                    amount = round_ratio(given[segment, line, school] * open_days, year_days)
                year += product * weight[segment]
                total += amount * months[segment]
                share += amount * percent[segment, line] * months[segment]
            notional = round_ratio(amount * percent[0, line], MILLION)
            if by_months:
                amount = round_ratio(total, MONTHS)
                notional = round_ratio(share, MONTHS * MILLION)
            out_amount[school, line] = amount
            out_notional[school, line] = notional
            amounts += amount
            notionals += notional
            exact += year
            base += year * in_minimum[line]
        out_minimum_base[school] = base
        out_exact[school] = exact
        out_amount_sum[school] = amounts
        out_notional_sum[school] = notionals
