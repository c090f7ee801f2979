"""London fringe multipliers, and schools open for part of a year.

Source: Department for Education, Authority Proforma Tool technical specification: the
multiplier raises pupil-led funding, lump sum and sparsity, not premises. The notional
part of the rise is that of what it raises.
"""

from dataclasses import dataclass

import numpy as np

from engine.columns import Int
from engine.days import MONTHS
from engine.kernels.notional import OpenPart
from engine.modules.school_formula.exact_amounts import rounded_amounts
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.money import MILLION, half_away
from engine.rules.compiled import CompiledFormula
from engine.rules.phases_paid import MAINSTREAM
from engine.tables import SchoolTable, frozen

MULTIPLIER, OPEN = "london_fringe", "days_open"
NO_DAYS: Int = frozen(np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Fringe:
    """What the multiplier adds, by school.

    amount, notional     pence, rounded once each
    exact, minimum_base  millionths of a penny for a whole year, not rounded, times all weights of its segments
    absent               1 where the rules need a multiplier and none is given
    """

    amount: Int
    notional: Int
    exact: Int
    minimum_base: Int
    absent: Int


def open_part(formula: CompiledFormula, schools: SchoolTable) -> OpenPart:
    """Return the part of the year that schools are open; the whole year where it is not given."""
    if not formula.year_days or OPEN not in schools.columns:
        return OpenPart(NO_DAYS, 1)
    days = schools.columns[OPEN].astype(np.int64)
    whole = formula.year_days
    return OpenPart(frozen(np.where(days < 0, whole, np.minimum(days, whole))), whole)


def paid_part(formula: CompiledFormula, part: OpenPart, schools: int) -> OpenPart:
    """Return the part of what is compared for a year that is paid: of the days open, or of the months of the rules."""
    if formula.year_months == MONTHS:
        return part
    return OpenPart(frozen(np.full(schools, formula.year_months, np.int64)), MONTHS)


def fringe_of(formula: CompiledFormula, inputs: SchoolInputs, amount: Int, notional: Int) -> Fringe:
    """Return what each school's multiplier adds to the lines that it raises.

    ``amount`` and ``notional`` (schools, lines) are what is paid, for the days open or the months of the rules.
    """
    schools, lines = inputs.schools, inputs.lines
    nothing = np.zeros(len(schools), np.int64)
    if not formula.fringe:
        return Fringe(nothing, nothing, nothing, nothing, nothing)
    held = schools.columns.get(MULTIPLIER, nothing - 1)
    above = np.where(held < 0, 0, held - MILLION)
    raised = np.asarray([line.factor.in_fringe for line in lines])
    based = raised & np.asarray([line.factor.in_minimum_base for line in lines])
    whole = rounded_amounts(inputs)
    due = amount[:, raised].sum(axis=1) * above
    part = notional[:, raised].sum(axis=1) * above
    return Fringe(
        amount=half_away(due, MILLION),
        notional=half_away(part, MILLION),
        exact=whole[:, raised].sum(axis=1) * above,
        minimum_base=whole[:, based].sum(axis=1) * above,
        absent=((held < 0) & schools.of(MAINSTREAM)).astype(np.int64),
    )
