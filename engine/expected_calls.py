"""What a notional SEN budget is expected to pay for, and what is left or lacking.

A school is expected to meet the costs of pupils on SEN support and, for each plan in
its mainstream part, the cost up to the high-needs threshold of the rule set.
"""

from dataclasses import dataclass

from engine.money import PENCE, scaled
from engine.reading import pence_in
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import CompiledTargeted
from engine.rules.values import DatedValue
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
        return self._why(Missing.plans, Missing.threshold)

    def _why(self, *reasons: Missing) -> Missing | None:
        return next((one for one in self.missing if one in reasons), None)


@dataclass(frozen=True, slots=True)
class CallsStatement:
    """Calls on one school's budget, and what they come of: its needs and the threshold of the rules.

    ``threshold`` is the value up to which the school meets a plan, and ``place`` where it is in
    the rules.
    """

    school: School
    threshold: DatedValue | None
    place: str
    expected: ExpectedCalls

    @property
    def met(self) -> Pence:
        """Return what the school meets of each plan, pence."""
        return None if self.threshold is None else scaled(self.threshold.decimal, PENCE)


def threshold_of(rules: CompiledRules) -> tuple[DatedValue | None, str]:
    """Return up to what a school meets a plan, in every answer under the rules, and its path.

    It is the formula's, which may name none; only rules without a formula have that of their targeted funding.
    """
    if rules.formula is not None:
        return rules.formula.threshold, THRESHOLD
    targeted = rules.part(CompiledTargeted)
    return None if targeted is None else targeted.threshold, TARGETED_THRESHOLD


def calls_statement(
    budget: Pence,
    school: School,
    threshold: DatedValue | None,
    place: str = THRESHOLD,
    no_budget: Missing = Missing.budget,
) -> CallsStatement:
    """Return the calls on a budget, pence, by the needs of a school; None is a budget not known, for ``no_budget``."""
    met = None if threshold is None else scaled(threshold.decimal, PENCE)
    return CallsStatement(
        school, threshold, place, expected_calls(budget, school, met, no_budget=no_budget)
    )


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
    support = school.sen_support_figure
    if support is None:
        support = product(school.sen_support_pupils, school.sen_support_cost)
    plans = _of_plans(school.plans, threshold, assessed_costs)
    total = None if support is None or plans is None else support + plans
    left = None if total is None or budget is None else budget - total
    missing = _missing(school, support, plans)
    if budget is None:
        missing.append(no_budget)
    return ExpectedCalls(budget, support, plans, total, left, tuple(missing))


def _of_plans(plans: int | None, threshold: Pence, assessed: tuple[int, ...] | None) -> Pence:
    if assessed is None or threshold is None:
        return product(plans, threshold)
    if len(assessed) != plans:
        message = "needs one assessed cost for each plan"
        raise ValueError(message)
    return sum(min(cost, threshold) for cost in assessed)


def _missing(school: School, support: Pence, plans: Pence) -> list[Missing]:
    missing = []
    if support is None:
        no_pupils = school.sen_support_pupils is None
        missing.append(Missing.sen_support_pupils if no_pupils else Missing.sen_support_cost)
    if plans is None:
        missing.append(Missing.plans if school.plans is None else Missing.threshold)
    return missing
