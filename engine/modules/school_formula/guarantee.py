"""The minimum funding guarantee, and the cap and scaling of gains.

Computed on unrounded amounts with whole-number ratios; only the adjustment is rounded.
Source: Department for Education statement arithmetic, cases W1 and W7 (see docs).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.columns import SCHOOL_COLUMNS, Int
from engine.kernels.notional import OpenPart
from engine.modules.school_formula.exact_amounts import exact_sum
from engine.modules.school_formula.prior_amounts import Deductions, deductions
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, PENCE
from engine.rules.adjustment_steps import (
    BUDGET,
    CURRENT,
    HEADROOM,
    PRIOR,
    PRIOR_PUPILS,
    Gains,
    protection_steps,
)
from engine.rules.compile_school_tables import OF_PROTECTION, PROTECTION
from engine.rules.compiled import CompiledFormula
from engine.rules.line_steps import IS_OPEN, OPEN, PUPILS, months_part
from engine.steps import Ratios, Steps, exact_rows, work_rows
from engine.steps.ratios import Whole
from engine.tables import SchoolTable

REMOVED = "removed "
"""What the names of the numbers that are taken off last year's budget begin with."""


@dataclass(frozen=True, slots=True)
class Protected:
    """Adjustments, pence (schools), and 1 where they cannot be known; ``unprinted`` where all else is known."""

    adjustment: Int
    absent: Int
    unprinted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Compared:
    """What schools are compared with last year by, exact: whole numbers of any size, one a school.

    first_year       schools that had no last year, and are protected by nothing
    deductions        what is taken off last year's budget, ``budget`` in pence
    prior, current   pence times millionths, times ``scale``, comparable: without the lines that are left out
    raised           the uplift to the minimum per-pupil level, of ``groups`` year groups together
    headroom         what lies above that level, likewise
    pupils, prior_pupils  millionths
    scale            how many times the amount of a year each of these amounts is
    """

    mainstream: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    first_year: NDArray[np.bool_]
    comparable: NDArray[np.bool_]
    budget: Int
    deductions: Deductions
    prior: Whole
    current: Whole
    raised: Whole
    headroom: Whole
    groups: Whole
    pupils: Int
    prior_pupils: Int
    scale: int

    def own(self, schools: NDArray[np.intp]) -> dict[str, Ratios]:
        """Return the numbers of some schools that can be compared, in pounds and pupils."""
        groups = self.groups[schools]
        current = self.current[schools] * groups + self.raised[schools]
        each = MILLION * PENCE * self.scale
        return {
            PRIOR: Ratios(self.prior[schools], each),
            PRIOR_PUPILS: Ratios(self.prior_pupils[schools], MILLION),
            CURRENT: Ratios(current, groups * each),
            PUPILS: Ratios(self.pupils[schools], MILLION),
            HEADROOM: Ratios(self.headroom[schools], groups * each),
        }

    def of(self, school: int) -> dict[str, Fraction]:
        """Return the numbers of one school that can be compared: what is taken off last year's budget, too."""
        own = self.own(np.asarray([school]))
        each = MILLION * PENCE * self.scale
        parts = {
            f"{REMOVED}{at}": Fraction(int(one.amount[school]), each)
            for at, one in enumerate(self.deductions.parts)
        }
        whole = {BUDGET: Fraction(int(self.budget[school]), PENCE)}
        return {name: held.row(0) for name, held in own.items()} | whole | parts

    def without(self, school: int) -> list[str]:
        """Return the labels of the lines that one school's budget of last year is taken to be given without."""
        return [label for label, of in self.deductions.without if of[school]]

    def is_above(self, school: int) -> bool:
        """Return whether anything of one school lies above its minimum per-pupil level."""
        return bool(self.headroom[school] > 0)

    def labels(self, school: int) -> dict[str, str]:
        """Return the label of each amount that is taken off one school's budget of last year, by the name of its number."""
        parts = enumerate(self.deductions.parts)
        return {f"{REMOVED}{at}": one.label for at, one in parts if one.of[school]}


def protect(
    formula: CompiledFormula,
    compared: Compared | None,
    all_known: NDArray[np.bool_],
    part: OpenPart,
) -> Protected:
    """Return each school's guarantee, or what the cap takes back, rounded once.

    Whole years are compared; of the result, the part of the year is paid that the school is open or the rules are for.

    It is not known where what it compares is not ``all_known``: the lines, and the minimum
    per-pupil level. A school without pupils is protected for none of them: 0, whatever was last year; one that
    had no last year by nothing: 0, whatever else is not known. A guarantee, cap or scaling that is not printed leaves
    known what it does not change.
    """
    adjustment, absent = np.zeros(len(all_known), np.int64), np.zeros(len(all_known), np.int64)
    unprinted = np.zeros(len(all_known), np.bool_)
    if compared is None:
        return Protected(adjustment, absent, unprinted)
    known = all_known & compared.comparable
    absent[compared.mainstream & ~compared.empty & ~compared.first_year & ~known] = 1
    chosen = np.flatnonzero(compared.mainstream & known)
    own, steps = compared.own(chosen), months_part(formula.year_months)
    if len(part.days) and not steps:
        own[OPEN], steps = Ratios(part.days[chosen], part.year_days), (IS_OPEN,)
    gains = gains_of(formula)
    least, most = gains.between()
    adjustment[chosen] = work_rows(protection_steps(most, steps), own)
    if not gains.are_printed:
        unprinted[chosen] = ~_same(
            protection_steps(least, steps), protection_steps(most, steps), own
        )
        unprinted &= ~compared.empty & ~compared.first_year
        adjustment[unprinted] = 0
        absent[unprinted] = 1
    return Protected(adjustment, absent, unprinted)


def _same(one: Steps, other: Steps, own: Mapping[str, Ratios]) -> NDArray[np.bool_]:
    """Return the schools for which steps come to the same before they are rounded."""
    return exact_rows(one[:-1], own).equals(exact_rows(other[:-1], own))


def gains_of(formula: CompiledFormula) -> Gains:
    """Return the guarantee, the cap and the scaling in force, with their places in the document."""
    return Gains(*(formula.values.get(f"{PROTECTION}.{name}") for name in OF_PROTECTION))


def compare_schools(
    formula: CompiledFormula, inputs: SchoolInputs, exact: Int, base: Int
) -> Compared | None:
    """Return what each school is compared with last year by; None without guarantee and cap.

    exact, base  (schools) all lines, and those under the minimum level, as ``exact_amounts`` has them
    """
    if not is_compared(formula):
        return None
    schools, lines = inputs.schools, inputs.lines
    budget, before = _last_year(schools, "prior_budget"), _last_year(schools, "prior_pupils")
    removed = deductions(formula, inputs)
    left_out = exact_sum(inputs, [not line.factor.in_guarantee for line in lines])
    prior = np.maximum(budget, 0).astype(object) * (MILLION * formula.scale) - removed.total
    groups, short = _short_of_level(formula, inputs, base)
    raised, headroom = np.maximum(short, 0) * (formula.levels is not None), np.maximum(-short, 0)
    comparable = (
        (budget >= 0) & (before > 0) & inputs.pupils_known & (inputs.pupils > 0) & (prior > 0)
    ) & ~removed.unknown
    return Compared(
        inputs.mainstream, inputs.empty, had_no_last_year(schools), comparable.astype(np.bool_),
        budget, removed, prior, exact.astype(object) - left_out, raised, headroom, groups,
        inputs.pupils, before, formula.scale,
    )  # fmt: skip


def is_compared(formula: CompiledFormula) -> bool:
    """Return whether a formula compares schools with last year: it has a guarantee or a cap."""
    return formula.guarantee is not None or formula.cap is not None


def had_no_last_year(schools: SchoolTable) -> NDArray[np.bool_]:
    """Return the schools that had no last year: they say none of its budget or of its pupils, and no number of the other."""
    budget, before = _last_year(schools, "prior_budget"), _last_year(schools, "prior_pupils")
    none = SCHOOL_COLUMNS["prior_budget"].none
    found: NDArray[np.bool_] = (np.maximum(budget, before) == none).astype(np.bool_)
    return found


def _last_year(schools: SchoolTable, name: str) -> Int:
    """Return a column of last year; negative where it is not supplied."""
    return schools.columns.get(name, np.full(len(schools), -1)).astype(np.int64)


def _short_of_level(
    formula: CompiledFormula, inputs: SchoolInputs, base: Int
) -> tuple[Whole, Whole]:
    """Return the year groups of each school, and what all together are short of the minimum per-pupil level.

    One group, and short of nothing, where there is no level.
    """
    if formula.levels is None:
        return np.ones(len(base), object), -base.astype(object)
    groups = np.maximum(inputs.year_groups, 1).astype(object)
    level = (formula.levels @ inputs.schools.years).astype(object) * inputs.pupils * formula.scale
    return groups, level - base.astype(object) * groups
