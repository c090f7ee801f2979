"""The minimum funding guarantee, and the cap and scaling of gains.

Computed on unrounded amounts with whole-number ratios; only the adjustment is rounded.
Source: Department for Education statement arithmetic, cases W1 and W7 (see docs).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, YEARS_AMOUNT, OpenPart
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, PENCE
from engine.rules.adjustment_steps import (
    CURRENT,
    HEADROOM,
    PRIOR,
    PRIOR_PUPILS,
    Gains,
    protection_steps,
)
from engine.rules.compiled import CompiledFormula
from engine.rules.line_steps import FORMULA, OPEN, PUPILS
from engine.rules.values import DatedValue
from engine.steps import DocumentValue, Ratios, Unit, work_rows
from engine.steps.ratios import Whole
from engine.tables import SchoolTable


@dataclass(frozen=True, slots=True)
class Protected:
    """Adjustments, pence (schools), and 1 where they cannot be known."""

    adjustment: Int
    absent: Int


@dataclass(frozen=True, slots=True)
class Compared:
    """What schools are compared with last year by, exact: whole numbers of any size, one a school.

    prior, current   pence times millionths, comparable: without the lines that are left out
    raised           the uplift to the minimum per-pupil level, of ``groups`` year groups together
    headroom         what lies above that level, likewise
    pupils, prior_pupils  millionths
    """

    mainstream: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    comparable: NDArray[np.bool_]
    prior: Whole
    current: Whole
    raised: Whole
    headroom: Whole
    groups: Whole
    pupils: Int
    prior_pupils: Int

    def own(self, schools: NDArray[np.intp]) -> dict[str, Ratios]:
        """Return the numbers of some schools that can be compared, in pounds and pupils."""
        groups = self.groups[schools]
        current = self.current[schools] * groups + self.raised[schools]
        return {
            PRIOR: Ratios(self.prior[schools], MILLION * PENCE),
            PRIOR_PUPILS: Ratios(self.prior_pupils[schools], MILLION),
            CURRENT: Ratios(current, groups * (MILLION * PENCE)),
            PUPILS: Ratios(self.pupils[schools], MILLION),
            HEADROOM: Ratios(self.headroom[schools], groups * (MILLION * PENCE)),
        }

    def of(self, school: int) -> dict[str, Fraction]:
        """Return the numbers of one school that can be compared."""
        own = self.own(np.asarray([school]))
        return {name: held.row(0) for name, held in own.items()}


def protect(
    formula: CompiledFormula,
    compared: Compared | None,
    all_known: NDArray[np.bool_],
    part: OpenPart,
) -> Protected:
    """Return each school's guarantee, or what the cap takes back, rounded once.

    Whole years are compared; a school open for part of the year gets that part of the result.

    It is not known where what it compares is not ``all_known``: the lines, and the minimum
    per-pupil level. A school without pupils is protected for none of them: 0, whatever was last year.
    """
    adjustment, absent = np.zeros(len(all_known), np.int64), np.zeros(len(all_known), np.int64)
    if compared is None:
        return Protected(adjustment, absent)
    known = all_known & compared.comparable
    absent[compared.mainstream & ~compared.empty & ~known] = 1
    chosen = np.flatnonzero(compared.mainstream & known)
    own, is_open = compared.own(chosen), not len(part.days)
    if not is_open:
        own[OPEN] = Ratios(part.days[chosen], part.year_days)
    adjustment[chosen] = work_rows(protection_steps(gains_of(formula), is_open=is_open), own)
    return Protected(adjustment, absent)


def gains_of(formula: CompiledFormula) -> Gains:
    """Return the guarantee, the cap and the scaling in force, with their places in the document."""
    place = f"{FORMULA}.protection"

    def percent(dated: DatedValue | None, leaf: str) -> DocumentValue | None:
        return None if dated is None else DocumentValue(dated, f"{place}.{leaf}", Unit.percent)

    return Gains(
        percent(formula.guarantee, "guarantee_percent"),
        percent(formula.cap, "cap_percent"),
        percent(formula.scaling, "scaling_percent"),
    )


def compare_schools(
    formula: CompiledFormula, inputs: SchoolInputs, exact: Int, base: Int
) -> Compared | None:
    """Return what each school is compared with last year by; None without guarantee and cap.

    exact, base  (schools) all lines, and those under the minimum level, millionths of a penny
    """
    if formula.guarantee is None and formula.cap is None:
        return None
    schools, lines = inputs.schools, inputs.lines
    budget, before = _last_year(schools, "prior_budget"), _last_year(schools, "prior_pupils")
    removed = _exact(inputs, [line.factor.removed_from_prior for line in lines])
    left_out = _exact(inputs, [not line.factor.in_guarantee for line in lines])
    prior = np.maximum(budget, 0).astype(object) * MILLION - removed
    groups, short = _short_of_level(formula, inputs, base)
    raised, headroom = np.maximum(short, 0) * (formula.levels is not None), np.maximum(-short, 0)
    comparable = (
        (budget >= 0) & (before > 0) & inputs.pupils_known & (inputs.pupils > 0) & (prior > 0)
    )
    return Compared(
        inputs.mainstream, inputs.empty, comparable.astype(np.bool_), prior, exact.astype(object) - left_out,
        raised, headroom, groups, inputs.pupils, before,
    )  # fmt: skip


def _last_year(schools: SchoolTable, name: str) -> Int:
    """Return a column of last year; negative where it is not supplied."""
    return schools.columns.get(name, np.full(len(schools), -1)).astype(np.int64)


def _exact(inputs: SchoolInputs, chosen: list[bool]) -> Whole:
    """Return what some lines come to in each school, millionths of a penny, not rounded."""
    some = np.flatnonzero(chosen)
    form, rates = inputs.units.form[some], [inputs.lines[at].rate or 0 for at in some]
    units = inputs.units.units[some].astype(object) * np.asarray(rates, object).reshape(-1, 1)
    amounts = inputs.units.given[some].astype(object) * MILLION
    is_amount = (form == GIVEN_AMOUNT) | (form == YEARS_AMOUNT)
    parts = np.where(form == GIVEN_UNITS, units, np.where(is_amount, amounts, 0))
    total: Whole = parts.sum(axis=0)
    return total


def _short_of_level(
    formula: CompiledFormula, inputs: SchoolInputs, base: Int
) -> tuple[Whole, Whole]:
    """Return the year groups of each school, and what all together are short of the minimum per-pupil level.

    One group, and short of nothing, where there is no level.
    """
    if formula.levels is None:
        return np.ones(len(base), object), -base.astype(object)
    groups = np.maximum(inputs.year_groups, 1).astype(object)
    level = (formula.levels @ inputs.schools.years).astype(object) * inputs.pupils
    return groups, level - base * groups
