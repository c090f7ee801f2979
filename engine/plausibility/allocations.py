"""Figures of an authority's own tables that may be wrong: places, terms of a block, and budgets that schools know."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from engine.limits import limits
from engine.modules.allocation import Allocation
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK, BlockValued
from engine.modules.places import PLACES, PlacesValued
from engine.modules.targeted import TARGETED_FUNDING, SchoolTargeted
from engine.money import MILLION, PENCE, half_away, pounds
from engine.plausibility.budgets import KnownBudget, budget_checks
from engine.plausibility.own_tables import check_of, far_from_others, less_than_one
from engine.plausibility.warning import Check, Doubt, Words, found


def allocation_checks(outcome: Allocation[Any, Any]) -> tuple[Check, ...]:
    """Return what may be wrong with the rows of a table of the authority's own."""
    checks = _OF_MODULES.get(outcome.module.name)
    return () if checks is None else checks(outcome)


def _place_checks(outcome: Allocation[Any, PlacesValued]) -> tuple[Check, ...]:
    """Return numbers of places between 0 and 1: places are counted, and a share is no number of them."""
    rates = [bool(one.amount.rates) for one in outcome.valued]
    counts = [one.counts for one in outcome.valued]
    checks = []
    for at in range(max(map(len, counts), default=0)):
        of_period = [one[at] if at < len(one) else 0 for one in counts]
        wrong = [rated and 0 < one < MILLION for one, rated in zip(of_period, rates, strict=True)]
        say = partial(less_than_one, "place", of_period)
        checks.append(check_of("row", Doubt.share, (f"places_{at + 1}",), wrong, say))
    return found(checks)


def _block_checks(outcome: Allocation[Any, BlockValued]) -> tuple[Check, ...]:
    """Return terms and totals that are many times those of the other authorities."""
    totals = [one.pence or 0 for one in outcome.valued]
    checks = [*far_from_others("row", "total", totals, "total")]
    for name, term in outcome.part.rule.terms.items():
        amounts = [one.amount.term(name) or 0 for one in outcome.valued]
        checks += far_from_others("row", name, amounts, term.label)
        if term.times:
            values = [_pence(one.amount.own.get(name)) for one in outcome.valued]
            wrong = [one > limits()["pounds_of_a_price"].upper * PENCE for one in values]
            say = partial(_unit_words, term.label, values)
            checks.append(check_of("row", Doubt.amount, (name,), wrong, say))
    return found(checks)


def _pence(own: object) -> int:
    """Return the pence of an authority's own number of pounds, 0 where it is not known."""
    return half_away(*(own * PENCE).as_integer_ratio()) if isinstance(own, Fraction) else 0


def _unit_words(label: str, values: list[int], at: int) -> Words:
    """Return the question about a unit value that is more than any place costs."""
    return f"{label}: £{pounds(values[at])} each is more than any place is known to cost: pounds or pence?", None  # fmt: skip


def _targeted_checks(outcome: Allocation[Any, SchoolTargeted]) -> tuple[Check, ...]:
    known = [
        KnownBudget(one.needs, one.figures.notional, one.figures.pupils) for one in outcome.valued
    ]
    return budget_checks(outcome.rules, known)


_OF_MODULES: dict[str, Callable[[Allocation[Any, Any]], tuple[Check, ...]]] = {
    PLACES.name: _place_checks,
    HIGH_NEEDS_BLOCK.name: _block_checks,
    TARGETED_FUNDING.name: _targeted_checks,
}
