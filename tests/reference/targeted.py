"""Extra funding for schools with many plans, one school at a time; then the pot, if there is one."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import NamedTuple

from tests.reference.numbers import given, nearest


class School(NamedTuple):
    """A school's notional SEN budget and calls on it in pounds, its plans and its pupils."""

    notional: Fraction | None
    plans: Fraction | None
    pupils: Fraction | None
    calls: Fraction | None


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
    supported: int | None, plans: int | None, cost: Decimal, threshold: Fraction | None
) -> Fraction | None:
    """Return what pupils on SEN support and plans are expected to cost a school, or None, in pounds."""
    if supported is None or plans is None or (plans and threshold is None):
        return None
    return supported * Fraction(cost) + (plans and plans * threshold)


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


def due(rules, school: School, day: date) -> Fraction:
    """Return what the pattern gives a school before any pot, in exact pounds."""
    threshold, nothing = given(rules.threshold, day), Fraction(0)
    called_for = threshold * school.plans
    if rules.pattern == "tiers":
        return tiered(rules, school, called_for)
    if rules.pattern == "plans_above_rate":
        usual = given(rules.plans_per_hundred, day) * school.pupils / 100
        return max(nothing, (school.plans - usual) * threshold)
    means = given(rules.means_percent, day) / 100 * max(nothing, school.notional)
    if rules.pattern == "plans_above_means":
        # A plan that costs the school nothing needs no means.
        paid_for = floor(means / threshold) if threshold else 0
        return threshold * max(nothing, school.plans - paid_for)
    return max(nothing, called_for - means)


def tiered(rules, school: School, called_for: Fraction) -> Fraction:
    """Return what the tiers pay: each changes the share that is paid of all calls beyond its start."""
    total, before = Fraction(0), Fraction(0)
    for tier in rules.tiers:
        start = Fraction(Decimal(tier.consumed_percent)) / 100 * max(Fraction(0), school.notional)
        share = Fraction(Decimal(tier.paid_percent)) / 100
        total += (share - before) * max(Fraction(0), called_for - start)
        before = share
    return total


def still_short(rules, school: School, day: date) -> Fraction:
    """Return how far a school's budget and what is due to it fall short of its calls, in pounds."""
    return max(Fraction(0), school.calls - school.notional - due(rules, school, day))


def divided(pot: int, weights: list[Fraction]) -> list[int]:
    """Return pence in proportion to weights: what all schools up to one are paid is rounded at once."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    upto = [nearest(pot * sum(weights[:number]) / whole) for number in range(len(weights) + 1)]
    return [upto[at + 1] - upto[at] for at in range(len(weights))]


def funded(rules, schools: list[School], day: date) -> list[Paid] | None:
    """Return what each school is paid out of the pot there is, or None where it cannot be known.

    Where schools share a pot, a school of which something is not known leaves all unknown.
    """
    known = all(
        getattr(school, name) is not None for school in schools for name in READ[rules.pattern]
    )
    if not known or not has_begun(rules, day):
        return None
    dues = [due(rules, school, day) for school in schools]
    first = [nearest(one * 100) for one in dues]
    if rules.pot is None:
        return [Paid(one, 0) for one in first]
    pot = nearest(given(rules.pot, day) * 100)
    if sum(dues) * 100 > pot or sum(first) > pot:
        first = divided(pot, dues)
    rest = [0] * len(schools)
    if rules.pattern == "gap_then_pot":
        short = [still_short(rules, school, day) for school in schools]
        rest = divided(pot - sum(first), short)
    return [Paid(one, more) for one, more in zip(first, rest, strict=True)]
