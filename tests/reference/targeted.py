"""Extra funding for schools with many plans, one school at a time; then the pot, if there is one."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from tests.reference.numbers import (
    NOT_PRINTED,
    WHY,
    Known,
    given,
    is_known,
    nearest,
    product,
    total,
)

OTHER_SCHOOLS = "other_schools"
"""What is not known of a school because it is not known of those that it shares a pot with."""
NOTHING = Fraction(0)


class School(NamedTuple):
    """A school's notional SEN budget and calls on it in pounds, its plans and its pupils."""

    notional: Fraction | None
    plans: Fraction | None
    pupils: Fraction | None
    calls: Known


class Paid(NamedTuple):
    """What a school is paid, pence: what its pattern makes due, and its part of the pot's rest."""

    due: int
    shared: int


READ = {
    "gap": ("plans", "notional"),
    "plans_above_means": ("plans", "notional"),
    "plans_above_rate": ("plans", "pupils"),
    "tiers": ("plans", "notional"),
    "gap_then_pot": ("plans", "notional", "calls"),
}
"""What of a school each pattern needs to know."""


def expected_calls(
    supported: int | None, plans: int | None, cost: Decimal, threshold: Known
) -> Known:
    """Return what pupils on SEN support and plans are expected to cost a school, or None, in pounds."""
    if supported is None or plans is None or (plans and threshold is None):
        return None
    return total(supported * Fraction(cost), product(plans, threshold))


def threshold_of(document, day: date) -> Fraction | None:
    """Return up to what a school meets a plan: the formula's, which may name none, where there is one."""
    formula = document.schools_formula
    if formula is None:
        return given(document.targeted_funding.threshold, day)
    calls = formula.expected_calls
    return None if calls is None else given(calls.high_needs_threshold, day)


def has_begun(rules, day: date) -> bool:
    """Return whether every value that the rule names is in force."""
    named = (rules.threshold, rules.means_percent, rules.plans_per_hundred, rules.pot)
    return all(given(series, day) is not None for series in named if series)


def no_less(one: Known) -> Known:
    """Return a number, or nothing where it is below it."""
    return max(NOTHING, one) if is_known(one) else one


def less(one: Known, other: Known) -> Known:
    """Return a difference, where both are known."""
    return total(one, product(other, -1))


def part_of(percent: Known, whole: Known) -> Known:
    """Return a percentage of something that is not below nothing."""
    return product(percent, whole, Fraction(1, 100))


def due(rules, school: School, day: date) -> Known:
    """Return what the pattern gives a school before any pot, in exact pounds; no plans are paid nothing."""
    threshold, budget = given(rules.threshold, day), max(NOTHING, school.notional or NOTHING)
    if not school.plans:
        return NOTHING
    called_for = product(threshold, school.plans)
    if rules.pattern == "tiers":
        printed = all(one not in WHY for tier in rules.tiers for _, one in tier)
        pay = tiered if printed and is_known(called_for) else tiers_in_turn
        return pay(rules, budget, called_for)
    if rules.pattern == "plans_above_rate":
        usual = part_of(given(rules.plans_per_hundred, day), school.pupils)
        return product(no_less(less(school.plans, usual)), threshold)
    means = part_of(given(rules.means_percent, day), budget)
    if rules.pattern == "plans_above_means":
        if not (is_known(means) and is_known(threshold)):
            return product(threshold, NOT_PRINTED)
        # A plan that costs the school nothing needs no means.
        paid_for = floor(means / threshold) if threshold else 0
        return threshold * max(NOTHING, school.plans - paid_for)
    return no_less(less(called_for, means))


def tiered(rules, budget: Fraction, called_for: Fraction) -> Fraction:
    """Return what the tiers pay: each changes the share that is paid of all calls beyond its start."""
    paid, before = Fraction(0), Fraction(0)
    for tier in rules.tiers:
        start = Fraction(Decimal(tier.consumed_percent)) / 100 * budget
        share = Fraction(Decimal(tier.paid_percent)) / 100
        paid += (share - before) * max(NOTHING, called_for - start)
        before = share
    return paid


def tiers_in_turn(rules, budget: Fraction, called_for: Known) -> Known:
    """Return what tiers pay of which something is not printed: each its share of the calls up to the next one's start."""
    percents = [[WHY.get(one) or Fraction(Decimal(one)) for _, one in tier] for tier in rules.tiers]
    starts = [part_of(consumed, budget) for consumed, _ in percents]
    paid: list[Known] = []
    for at, (_, share) in enumerate(percents):
        held = called_for
        if at + 1 < len(starts) and held != 0:
            both = (held, starts[at + 1])
            held = min(both) if all(map(is_known, both)) else NOT_PRINTED
        paid.append(part_of(share, no_less(less(held, starts[at]))))
    return total(*paid)


def still_short(rules, school: School, day: date) -> Known:
    """Return how far a school's budget and what is due to it fall short of its calls, in pounds."""
    return no_less(less(less(school.calls, school.notional), due(rules, school, day)))


def divided(pot: int, weights: list[Fraction]) -> list[int]:
    """Return pence in proportion to weights: what all schools up to one are paid is rounded at once."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    upto = [nearest(pot * sum(weights[:number]) / whole) for number in range(len(weights) + 1)]
    return [upto[at + 1] - upto[at] for at in range(len(weights))]


def of_any_pot(rules, school: School, day: date) -> Paid | str:
    """Return that a school is paid nothing of a pot, whatever that and the others are, or why it is not known."""
    claim, pot = due(rules, school, day), given(rules.pot, day)
    if rules.pattern == "gap_then_pot":
        if not is_known(school.calls):
            return school.calls
        claim = total(claim, still_short(rules, school, day))
    if claim == 0:
        return Paid(0, 0)
    return OTHER_SCHOOLS if is_known(claim) and is_known(pot) else NOT_PRINTED


def funded(rules, schools: list[School], day: date) -> list[Paid | str] | None:
    """Return what each school is paid out of the pot there is, or why it is not known; None where all are refused.

    Where schools share a pot, a school of which something is not known leaves all unknown to whom anything is due.
    """
    known = all(
        getattr(school, name) is not None for school in schools for name in READ[rules.pattern]
    )
    if not known or not has_begun(rules, day):
        return None
    dues = [due(rules, school, day) for school in schools]
    if rules.pot is None:
        return [Paid(nearest(one * 100), 0) if is_known(one) else one for one in dues]
    calls = [one.calls for one in schools if rules.pattern == "gap_then_pot"]
    if not all(map(is_known, (*dues, *calls, given(rules.pot, day)))):
        return [of_any_pot(rules, one, day) for one in schools]
    first = [nearest(one * 100) for one in dues]
    pot = nearest(given(rules.pot, day) * 100)
    if sum(dues) * 100 > pot or sum(first) > pot:
        first = divided(pot, dues)
    rest = [0] * len(schools)
    if rules.pattern == "gap_then_pot":
        short = [still_short(rules, school, day) for school in schools]
        rest = divided(pot - sum(first), short)
    return [Paid(one, more) for one, more in zip(first, rest, strict=True)]
