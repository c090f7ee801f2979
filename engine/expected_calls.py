"""What a notional SEN budget is expected to pay for, and what is left or lacking.

A school is expected to meet the costs of pupils on SEN support and, for each plan in
its mainstream part, the cost up to the high-needs threshold of the rule set. All are a year's:
rules for part of a year count their months, and so does each value of a threshold that changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.days import MONTHS
from engine.money import PENCE, half_away, scaled
from engine.reading import pence_in
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.rules.in_force import lacks_row
from engine.rules.months import MonthlyValue
from engine.rules.targeted import CompiledTargeted
from engine.rules.values import DatedValue
from engine.steps import Conditions
from engine.tables import SchoolTable
from engine.vocabulary import Missing

Pence = int | None
"""None is not known, never nothing."""

HIGHEST_COST = 10**8
"""Pence that a pupil on SEN support may be assumed to cost."""

THRESHOLD = "schools_formula.expected_calls.high_needs_threshold"
TARGETED_THRESHOLD = "targeted_funding.threshold"


def support_cost(text: str) -> int:
    """Return pence for pounds that a pupil on SEN support is assumed to cost, with at most two decimals.

    Raises ``ValueError`` for anything else than pounds from 0 up to a million.

    >>> support_cost("1500.50"), support_cost("£1,500")
    (150050, 150000)
    """
    amount = pence_in(text)
    if amount is None or not 0 <= amount <= HIGHEST_COST:
        message = "is pounds such as 1500 or 1500.50"
        raise ValueError(message)
    return amount


@dataclass(frozen=True, slots=True)
class School:
    """What is known of a school's needs: numbers, and pence. None is not given.

    ``sen_support_figure`` is the school's own for SEN support, in place of pupils times cost.
    """

    sen_support_pupils: int | None = None
    sen_support_cost: Pence = None
    sen_support_figure: Pence = None
    plans: int | None = None

    @property
    def says_anything(self) -> bool:
        """Return whether anything is given that a budget is expected to pay for."""
        said = (self.sen_support_pupils, self.sen_support_figure, self.plans)
        return any(one is not None for one in said)

    @property
    def says_what_support_costs(self) -> bool:
        """Return whether calls are asked for: something is given, with what SEN support costs."""
        costed = self.sen_support_cost is not None or self.sen_support_figure is not None
        return costed and self.says_anything


NEEDS = ("sen_support_pupils", "sen_support_figure", "ehc_plans")
"""The columns of schools that say what a budget is expected to pay for."""


def needs_of(schools: SchoolTable, school: int, sen_support_cost: Pence) -> School:
    """Return what a register says of a school's needs; the cost is pence for a pupil on SEN support."""
    pupils, figure, plans = (schools.cell(name, school) for name in NEEDS)
    return School(pupils, sen_support_cost, figure, plans)


@dataclass(frozen=True, slots=True)
class ExpectedCalls:
    """Calls on a notional SEN budget, pence; ``left`` is negative where the budget falls short.

    ``missing`` says why those that are None are not known: only what depends on what is
    missing is not known either.
    """

    budget: Pence
    sen_support: Pence
    plans: Pence
    total: Pence
    left: Pence
    missing: tuple[Missing, ...] = ()

    @property
    def why_support(self) -> Missing | None:
        """Return why the cost of SEN support is not known, None where it is."""
        return self._why(Missing.sen_support_pupils, Missing.sen_support_cost)

    @property
    def why_plans(self) -> Missing | None:
        """Return why the cost of plans is not known, None where it is."""
        of_threshold = (
            Missing.threshold, Missing.formula_threshold, Missing.not_printed, Missing.no_value,
        )  # fmt: skip
        return self._why(Missing.plans, *of_threshold)

    def _why(self, *reasons: Missing) -> Missing | None:
        return next((one for one in self.missing if one in reasons), None)


MonthlyPence = tuple[Pence, int]
"""Pence a year, None where they are not printed, and the months for which they count."""


@dataclass(frozen=True, slots=True)
class PlanThreshold:
    """Up to what a school meets a plan: the values of the rules' year with their months, and their path in the rules.

    ``months`` are those that the rules are for, twelve or fewer. No values: none is in force, for a reason. ``of``
    are the conditions of the row, where it is in a table.
    """

    values: tuple[MonthlyValue, ...] = ()
    place: str = THRESHOLD
    months: int = MONTHS
    why_none: Missing = Missing.threshold
    of: Conditions = ()

    @property
    def first(self) -> DatedValue | None:
        """Return the value with which the year begins, None where the rules name none."""
        return self.values[0].dated if self.values else None

    @property
    def pence(self) -> tuple[MonthlyPence, ...]:
        """Return the pence a year of each value, with its months."""
        return tuple(
            (scaled(one.decimal, PENCE) if one.is_printed else None, months)
            for one, months in self.values
        )

    @property
    def is_year(self) -> bool:
        """Return whether one value holds for the whole of a year."""
        return self.months == MONTHS and len(self.values) < 2  # noqa: PLR2004 - one value, or none


@dataclass(frozen=True, slots=True)
class CallsStatement:
    """Calls on one school's budget, and what they come of: its needs and the threshold of the rules."""

    school: School
    threshold: PlanThreshold
    expected: ExpectedCalls

    @property
    def met(self) -> Pence:
        """Return what the school meets of each plan over the rules' months, pence, rounded once."""
        return _over_months(1, self.threshold.pence)


def threshold_of(rules: CompiledRules) -> PlanThreshold:
    """Return up to what a school meets a plan, in every answer under the rules.

    It is the formula's, which may name none; only rules without a formula have that of their targeted funding.
    """
    targeted = rules.part(CompiledTargeted)
    if rules.formula is not None:
        why = Missing.threshold if targeted is None else Missing.formula_threshold
        return formula_threshold(rules.formula, why)
    values = () if targeted is None else targeted.thresholds
    return PlanThreshold(values, TARGETED_THRESHOLD)


def formula_threshold(formula: CompiledFormula, why: Missing) -> PlanThreshold:
    """Return the threshold of a formula; none where a table has it and it is not said, or not known, of which school."""
    place, of = formula.threshold_row
    tabled = any(one.path == THRESHOLD for one in formula.tables)
    if tabled or any(lacks_row(one.dated) for one in formula.thresholds):
        return PlanThreshold((), THRESHOLD, formula.year_months, Missing.no_value)
    return PlanThreshold(formula.thresholds, place, formula.year_months, why, of)


def calls_statement(
    budget: Pence,
    school: School,
    threshold: PlanThreshold,
    no_budget: Missing = Missing.budget,
) -> CallsStatement:
    """Return the calls on a budget, pence, by the needs of a school; None is a budget not known, for ``no_budget``."""
    expected = calls_by_months(
        budget, school, threshold.pence, threshold.months, None, (no_budget, threshold.why_none)
    )
    return CallsStatement(school, threshold, expected)


def product(number: int | None, each: Pence) -> Pence:
    """Return a number of something times what each costs, pence: none of it costs nothing.

    >>> product(0, None), product(3, None), product(3, 600_000)
    (0, None, 1800000)
    """
    if number == 0:
        return 0
    return None if number is None or each is None else number * each


def expected_calls(
    budget: Pence,
    school: School,
    threshold: Pence,
    assessed_costs: tuple[int, ...] | None = None,
    no_budget: Missing = Missing.budget,
) -> ExpectedCalls:
    """Return the calls on a budget; all money in pence.

    Each plan calls for ``threshold`` or, where ``assessed_costs`` are given (one for each
    plan), for its cost up to the threshold. Raises ``ValueError`` where they are not one for
    each plan.

    >>> expected_calls(5_000_000, School(20, 80_000, plans=3), 60_000).left
    3220000
    >>> expected_calls(None, School(0, plans=3), 600_000).total
    1800000
    """
    parts = () if threshold is None else ((threshold, MONTHS),)
    why = (no_budget, Missing.threshold)
    return calls_by_months(budget, school, parts, MONTHS, assessed_costs, why)


def calls_by_months(
    budget: Pence,
    school: School,
    threshold: tuple[MonthlyPence, ...],
    months: int,
    assessed_costs: tuple[int, ...] | None,
    why: tuple[Missing, Missing],
) -> ExpectedCalls:
    """Return the calls on a budget over the ``months`` that rules are for: costs and thresholds are pounds a year.

    ``why`` says why the budget is not known, and why there is no threshold, where that is so. Each sum is rounded once. Raises ``ValueError`` as ``expected_calls`` does.
    """
    support = school.sen_support_figure
    if support is None:
        support = product(school.sen_support_pupils, school.sen_support_cost)
    if support is not None:
        support = half_away(support * months, MONTHS)
    plans = _of_plans(school.plans, threshold, assessed_costs)
    total = None if support is None or plans is None else support + plans
    left = None if total is None or budget is None else budget - total
    missing = _missing(school, support, plans, Missing.not_printed if threshold else why[1])
    if budget is None:
        missing.append(why[0])
    return ExpectedCalls(budget, support, plans, total, left, tuple(missing))


def _of_plans(
    plans: int | None, threshold: tuple[MonthlyPence, ...], assessed: tuple[int, ...] | None
) -> Pence:
    if assessed is None or not threshold:
        return _over_months(plans, threshold)
    if len(assessed) != plans:
        message = "needs one assessed cost for each plan"
        raise ValueError(message)
    return _rounded((_up_to(pence, assessed), months) for pence, months in threshold)


def _up_to(threshold: Pence, costs: tuple[int, ...]) -> Pence:
    """Return what costs come to, each up to a threshold; costs of nothing come to nothing up to any."""
    if threshold is None:
        return None if any(costs) else 0
    return sum(min(cost, threshold) for cost in costs)


def _over_months(number: int | None, threshold: tuple[MonthlyPence, ...]) -> Pence:
    """Return what a number of plans comes to, each value for its months: rounded once. None of it costs nothing."""
    if number is None or not threshold:
        return product(number, None)
    return _rounded((product(number, pence), months) for pence, months in threshold)


def _rounded(parts: Iterable[MonthlyPence]) -> Pence:
    """Return what pence a year come to over their months, None where any are not known."""
    total = 0
    for pence, months in parts:
        if pence is None:
            return None
        total += pence * months
    return half_away(total, MONTHS)


def _missing(school: School, support: Pence, plans: Pence, no_threshold: Missing) -> list[Missing]:
    missing = []
    if support is None:
        no_pupils = school.sen_support_pupils is None
        missing.append(Missing.sen_support_pupils if no_pupils else Missing.sen_support_cost)
    if plans is None:
        missing.append(Missing.plans if school.plans is None else no_threshold)
    return missing
