"""Budgets that schools know, and the needs that they are compared with: what may be wrong with them."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from engine.expected_calls import School, threshold_of
from engine.limits import limits
from engine.money import MILLION, PENCE, half_away, number, pounds
from engine.plausibility.own_tables import check_of, far_from_others, less_than_one
from engine.plausibility.warning import Check, Doubt, Words, found
from engine.rules.compiled import CompiledRules


class KnownBudget(NamedTuple):
    """A school that gives its notional SEN budget: its needs, the budget in pence, and its pupils in millionths."""

    needs: School
    notional: int | None
    pupils: int | None


def budget_checks(rules: CompiledRules, schools: Sequence[KnownBudget]) -> tuple[Check, ...]:
    """Return what may be wrong with budgets that schools know, and the needs that they are compared with."""
    pupils = [one.pupils or 0 for one in schools]
    less, say = [0 < one < MILLION for one in pupils], partial(less_than_one, "pupil", pupils)
    return found(
        [
            check_of("school", Doubt.share, ("pupils",), less, say),
            *_needs(schools),
            *_support(rules, schools),
            *_budgets(schools),
            *_plans(rules, schools),
        ]
    )


def _needs(schools: Sequence[KnownBudget]) -> Iterable[Check]:
    """Yield schools whose pupils with plans and on SEN support are more than all their pupils."""
    both = [(one.needs.sen_support_pupils or 0) + (one.needs.plans or 0) for one in schools]
    wrong = [
        (one.pupils or 0) >= MILLION and each * MILLION > (one.pupils or 0)
        for one, each in zip(schools, both, strict=True)
    ]

    def say(at: int) -> Words:
        whole = number(schools[at].pupils or 0)
        return (
            f"{both[at]:,} with plans or on SEN support are more than the school's {whole} pupils.",
            None,
        )

    yield check_of("school", Doubt.needs, ("sen_support_pupils", "ehc_plans"), wrong, say)


def _support(rules: CompiledRules, schools: Sequence[KnownBudget]) -> Iterable[Check]:
    """Yield schools where a pupil on SEN support costs more than a school is expected to meet of a plan."""
    met = max((pence or 0 for pence, _ in threshold_of(rules).pence), default=0)
    each = [_cost(one.needs) for one in schools]
    wrong = [bool(met) and one > met for one in each]

    def say(at: int) -> Words:
        return (
            f"£{pounds(each[at])} for a pupil on SEN support is more than the £{pounds(met)} of a plan that a school"
            " is expected to meet: pounds or pence?"
        ), None

    yield check_of("school", Doubt.support_cost, ("sen_support_pupils",), wrong, say)


def _cost(needs: School) -> int:
    """Return pence for a pupil on SEN support, 0 where it is not known or there is none."""
    if not needs.sen_support_pupils:
        return 0
    if needs.sen_support_figure is not None:
        return half_away(needs.sen_support_figure, needs.sen_support_pupils)
    return needs.sen_support_cost or 0


def _budgets(schools: Sequence[KnownBudget]) -> Iterable[Check]:
    """Yield budgets that are far from any a pupil, or that one plan takes many times over or hardly touches."""
    limit = limits()["notional_pounds_a_pupil"]
    low, high = int(limit.lower * PENCE), int(limit.upper * PENCE)
    wrong = [
        (one.pupils or 0) >= MILLION
        and (one.notional or 0) > 0
        and not low * (one.pupils or 0) <= (one.notional or 0) * MILLION <= high * (one.pupils or 0)
        for one in schools
    ]

    def say(at: int) -> Words:
        notional, whole = schools[at].notional or 0, schools[at].pupils or 1
        each = pounds(half_away(notional * MILLION, whole))
        return (
            f"A notional SEN budget of £{each} a pupil is far from any known: pounds or pence?",
            None,
        )

    yield check_of("school", Doubt.amount, ("notional_sen",), wrong, say)
    most = int(limits()["notional_pounds_of_a_school"].upper * PENCE)
    above = [not one.pupils and (one.notional or 0) > most for one in schools]

    def say_most(at: int) -> Words:
        whole = pounds(schools[at].notional or 0)
        return f"A notional SEN budget of £{whole} is more than any school is known to have: pounds or pence?", None  # fmt: skip

    yield check_of("school", Doubt.amount, ("notional_sen",), above, say_most)
    budgets = [one.notional or 0 for one in schools]
    yield from far_from_others("school", "notional_sen", budgets, "notional SEN budget")


def _plans(rules: CompiledRules, schools: Sequence[KnownBudget]) -> Iterable[Check]:
    """Yield budgets of which the first parts of the school's plans are many times as much."""
    met = max((pence or 0 for pence, _ in threshold_of(rules).pence), default=0)
    most = limits()["times_the_budget"].upper
    parts = [met * (one.needs.plans or 0) for one in schools]
    wrong = [
        (one.notional or 0) > 0 and due > (one.notional or 0) * most
        for one, due in zip(schools, parts, strict=True)
    ]

    def say(at: int) -> Words:
        budget, due = pounds(schools[at].notional or 0), pounds(parts[at])
        return (
            f"The first parts of {schools[at].needs.plans or 0:,} plans are £{due}, many times the notional SEN budget of"
            f" £{budget}: check both."
        ), None

    yield check_of("school", Doubt.amount, ("notional_sen", "ehc_plans"), wrong, say)
