"""The extra funding that the school would get for its plans, with the values behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.calculations.targeted import OneSchool, targeted_due
from app.pages.calls import Calls
from engine.atlas.targeted import PATTERNS
from engine.explain import Row, Working
from engine.explain.rows import Operator, Unit, given_row
from engine.money import known_pounds, number
from engine.rules.compiled import CompiledRules
from engine.rules.dated import in_force
from engine.rules.targeted import Pattern, TargetedFunding

PART = "targeted_funding"


@dataclass(frozen=True, slots=True)
class Targeted:
    """What a school would be due, pence, or why it is not known, and the rows that lead to it.

    ``left_after`` is what the calls leave of the budget once it is paid: negative where it
    still falls short, None where it is not known.
    """

    label: str
    pattern: str
    tiers: tuple[str, ...]
    amount: int | None
    not_known: str | None
    left_after: int | None
    working: Working


def targeted_for(rules: CompiledRules, calls: Calls, pupils: int | None) -> Targeted | None:
    """Return the extra funding of the page's one school; None where its rules have none."""
    school = OneSchool(calls.expected.budget, calls.school.plans, pupils, calls.expected)
    due = targeted_due(rules, school)
    if due is None:
        return None
    rule = due.rule
    rows = (
        *_counts(rule, school),
        *_values(rules, rule),
        Row(Operator.decides, "What is due", PATTERNS[rule.pattern], Unit.text, f"{PART}.pattern"),
        *(Row(Operator.decides, "Tier", said, Unit.text) for said in _tiers(rule)),
        Row(Operator.equals, "Extra funding due", known_pounds(due.amount), Unit.pounds),
        Row(Operator.equals, _after(due.left_after), known_pounds(due.left_after), Unit.pounds),
    )
    return Targeted(
        label=rule.label,
        pattern=PATTERNS[rule.pattern],
        tiers=_tiers(rule),
        amount=due.amount,
        not_known=due.not_known,
        left_after=due.left_after,
        working=Working(PART, rule.label, rows),
    )


def _after(left: int | None) -> str:
    """Return what is left of the budget, in the words of its sign."""
    return f"{'Shortfall' if left is not None and left < 0 else 'Headroom'} once it is paid"


def _counts(rule: TargetedFunding, school: OneSchool) -> Iterator[Row]:
    plans = None if school.plans is None else str(school.plans)
    yield Row(Operator.start, "EHC plans", plans, Unit.units)
    if rule.pattern is Pattern.plans_above_rate:
        pupils = None if school.pupils is None else number(school.pupils)
        yield Row(Operator.start, "Pupils", pupils, Unit.pupils)
    else:
        budget = known_pounds(school.notional)
        yield Row(Operator.start, "Notional SEN budget", budget, Unit.pounds)


def _values(rules: CompiledRules, rule: TargetedFunding) -> Iterator[Row]:
    """Yield the values of the rules, each with its source and standing."""
    means, rate = rule.means_percent, rule.plans_per_hundred
    values = (
        ("threshold", "First part of a plan, which the school pays", rule.threshold, Unit.pounds),
        ("means_percent", "Share of the notional SEN budget used for plans", means, Unit.percent),
        ("plans_per_hundred", "Plans per 100 pupils with no extra funding", rate, Unit.units),
        ("pot", "Total available, shared between schools", rule.pot, Unit.pounds),
    )
    for name, label, series, unit in values:
        given = in_force(series, rules.day)
        if given is not None:
            yield given_row(rules, Operator.start, label, given, unit, f"{PART}.{name}")


def _tiers(rule: TargetedFunding) -> tuple[str, ...]:
    return tuple(
        f"{one.paid_percent}% of the cost of plans beyond {one.consumed_percent}% of the budget"
        for one in rule.tiers
    )
