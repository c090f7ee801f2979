"""What a line comes to for a whole year in formulas over its cells, by which schools are compared.

What ``exact_amounts`` works out for the table, with nothing rounded away: where values change within the year, each
segment counts for its months.
"""

from collections.abc import Sequence
from typing import NamedTuple

from engine.days import MONTHS
from engine.kernels.notional import GIVEN_UNITS
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import formula_of
from engine.rules.line_steps import AFTER_AREA, OPEN
from engine.steps import DocumentValue, Own, Unit
from engine.steps.formulas import StepFormula
from engine.steps.quotients import Quotient

WHOLE_YEAR = frozenset({"A whole year", "Earned in a whole year"})
"""The results of a line before the part of the year that its school is open."""


class YearAmount(NamedTuple):
    """What a line comes to for a whole year, pence: not rounded, and to the penny. None where no formula says it."""

    exact: Quotient | None
    rounded: Quotient | None


def whole_year(
    outcome: NotionalOutcome, school: int, at: int, worked: Sequence[StepFormula], due: Quotient
) -> YearAmount:
    """Return what a line comes to for a whole year, by its steps in formulas; ``due`` is what it pays."""
    formula, line = formula_of(outcome), outcome.lines[at]
    by_units = outcome.form[school, at] == GIVEN_UNITS
    if line.changes or formula.year_months != MONTHS:
        return YearAmount(_of_segments(outcome, at, worked, by_units=by_units), None)
    if by_units:
        exact = _rate(worked).times(units_of(worked))
        is_whole = len(formula.months) == 1
        return YearAmount(exact, Quotient(exact.rounded) if is_whole else None)
    year = next((one.held for one in worked if one.step.label in WHOLE_YEAR), due)
    return YearAmount(year, year)


def units_of(worked: Sequence[StepFormula]) -> Quotient:
    """Return the count of a line, which is in a cell."""
    return next(one.value for one in worked if one.row is not None and one.row.is_count)


def _of_segments(
    outcome: NotionalOutcome, at: int, worked: Sequence[StepFormula], *, by_units: bool
) -> Quotient | None:
    """Return each segment's amount of a year for its months; None where the year is open in part as well."""
    if any(isinstance(one.step.value, Own) and one.step.value.name == OPEN for one in worked):
        return None
    formula, changes = formula_of(outcome), outcome.lines[at].changes
    names = [f"amount {place}" for place in range(len(formula.months))] if changes else ["year"]
    ends = [place for place, one in enumerate(worked) if one.step.name in names]
    begins = [0, *(end + 1 for end in ends[:-1])]
    weights = formula.weights if changes else (formula.scale,)
    amounts = []
    for begin, end, weight in zip(begins, ends, weights, strict=True):
        segment = worked[begin : end + 1]
        year = _rate(segment).times(units_of(segment)) if by_units else worked[end].held
        amounts.append(year.times(Quotient(weight)))
    return Quotient.sum_of(amounts).per(Quotient(formula.scale))


def _rate(worked: Sequence[StepFormula]) -> Quotient:
    """Return the unit value of a line, after the area cost adjustment where there is one."""
    adjusted = [one.held for one in worked if one.step.label == AFTER_AREA]
    values = [
        one.value
        for one in worked
        if isinstance(one.step.value, DocumentValue) and one.step.value.unit is Unit.pounds
    ]
    return [*values, *adjusted][-1]
