"""The minimum funding guarantee, and the cap and scaling of gains.

Computed on unrounded amounts with whole-number ratios; only the adjustment is rounded.
Source: Department for Education statement arithmetic, cases W1 and W7 (see docs).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.evaluate.gathered import Gathered
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, YEARS_AMOUNT, OpenPart
from engine.money import MILLION, half_away
from engine.rules.compiled import CompiledFormula
from engine.rules.values import Given
from engine.tables import SchoolTable


@dataclass(frozen=True, slots=True)
class Protected:
    """Adjustments, pence (schools), and 1 where they cannot be known."""

    adjustment: Int
    absent: Int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A school's budget a pupil against last year's, exact, in pence."""

    prior_unit: Fraction
    unit: Fraction
    pupils: Fraction
    headroom: Fraction

    @property
    def change(self) -> Fraction:
        """Return the change as a share of last year's."""
        return self.unit / self.prior_unit - 1


def protect(
    formula: CompiledFormula,
    schools: SchoolTable,
    gathered: Gathered,
    exact: Int,
    base: Int,
    uplift: list[tuple[int, int]],
    settled: NDArray[np.bool_],
    part: OpenPart,
) -> Protected:
    """Return each school's guarantee, or what the cap takes back, rounded once.

    Whole years are compared; a school open for part of the year gets that part of the result.

    It is not known where what it compares is not ``settled``: the lines, and the minimum
    per-pupil level.
    """
    adjustment, absent = np.zeros(len(schools), np.int64), np.zeros(len(schools), np.int64)
    if formula.guarantee is None and formula.cap is None:
        return Protected(adjustment, absent)
    for school in np.flatnonzero(gathered.mainstream):
        compared = compare_school(formula, schools, gathered, int(school), (exact, base, uplift))
        if compared is None or not settled[school]:
            absent[school] = 1
            continue
        due = adjustment_of(formula, compared)
        if len(part.days):
            due *= Fraction(int(part.days[school]), part.year_days)
        adjustment[school] = half_away(*due.as_integer_ratio())
    return Protected(adjustment, absent)


def compare_school(
    formula: CompiledFormula,
    schools: SchoolTable,
    gathered: Gathered,
    school: int,
    sums: tuple[Int, Int, list[tuple[int, int]]],
) -> Comparison | None:
    """Return a school's comparison with last year, or None where last year is not supplied."""
    exact, base, uplift = sums
    prior_budget, prior_pupils = (
        _given(schools, "prior_budget", school),
        _given(schools, "prior_pupils", school),
    )
    pupils = Fraction(int(gathered.pupils[school]), MILLION)
    if prior_budget is None or not prior_pupils or not gathered.pupils_known[school]:
        return None
    raised = Fraction(*uplift[school])
    current = Fraction(int(exact[school]), MILLION) + raised
    prior = Fraction(prior_budget)
    for at, line in enumerate(gathered.lines):
        if not line.factor.in_guarantee:
            current -= _exact(gathered, school, at)
        if line.factor.removed_from_prior:
            prior -= _exact(gathered, school, at)
    if prior <= 0:
        return None
    headroom = (
        Fraction(int(base[school]), MILLION) + raised - _floor(formula, gathered, school, pupils)
    )
    return Comparison(
        prior / Fraction(prior_pupils, MILLION),
        current / pupils,
        pupils,
        max(headroom, Fraction(0)),
    )


def adjustment_of(formula: CompiledFormula, compared: Comparison) -> Fraction:
    """Return the exact adjustment, pence: up to the guarantee, or down by the scaled gain above the cap.

    A cap never takes a school below the minimum per-pupil level.
    """
    floor, cap = _ratio(formula.guarantee), _ratio(formula.cap)
    if floor is not None and compared.change < floor:
        return (compared.prior_unit * (1 + floor) - compared.unit) * compared.pupils
    if cap is not None and compared.change > cap:
        scaling = _ratio(formula.scaling)
        taken = (
            (compared.change - cap)
            * (1 if scaling is None else scaling)
            * compared.prior_unit
            * compared.pupils
        )
        return -min(taken, compared.headroom)
    return Fraction(0)


def _ratio(given: Given | None) -> Fraction | None:
    return None if given is None else Fraction(given.decimal) / 100


def _given(schools: SchoolTable, name: str, school: int) -> int | None:
    if name not in schools.columns or schools.columns[name][school] < 0:
        return None
    return int(schools.columns[name][school])


def _exact(gathered: Gathered, school: int, at: int) -> Fraction:
    if gathered.form[school, at] == GIVEN_UNITS:
        return Fraction(int(gathered.units[school, at]) * (gathered.lines[at].rate or 0), MILLION)
    if gathered.form[school, at] in {GIVEN_AMOUNT, YEARS_AMOUNT}:
        return Fraction(int(gathered.given[school, at]))
    return Fraction(0)


def _floor(formula: CompiledFormula, gathered: Gathered, school: int, pupils: Fraction) -> Fraction:
    """Return the money of the minimum per-pupil level, pence; nothing where there is none."""
    if formula.levels is None:
        return Fraction(0)
    groups = int(gathered.years[school].sum())
    if not groups:
        return Fraction(0)
    return Fraction(int(gathered.years[school] @ formula.levels), groups) * pupils
