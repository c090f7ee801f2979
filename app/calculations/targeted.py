"""The extra funding that one school would be due for its plans, where rules work it out for one alone."""

from dataclasses import dataclass
from fractions import Fraction

from engine.block import SchoolTargeted, value_targeted
from engine.block.asked import targeted_of
from engine.block.targeted import SchoolCalls
from engine.calls import ExpectedCalls
from engine.errors import RuleRefused
from engine.money import MILLION
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledRules
from engine.rules.dated import in_force
from engine.rules.targeted import Pattern, TargetedFunding

OTHERS = "it depends on other schools: these rules share one total among them"
NO_PLANS = "the number of plans is not known"
NO_PUPILS = "the number of pupils is not known"
NO_BUDGET = "the whole notional SEN budget is not known"
LATER = "these rules are not in force on this day"


@dataclass(frozen=True, slots=True)
class OneSchool:
    """What is known of a school: pence, plans, and millionths of pupils; None where it is not."""

    notional: int | None
    plans: int | None
    pupils: int | None
    calls: ExpectedCalls | None


@dataclass(frozen=True, slots=True)
class TargetedDue:
    """Extra funding due, pence, or why it is not known; what is left of the budget once it is paid."""

    rule: TargetedFunding
    amount: int | None
    not_known: str | None
    left_after: int | None


def targeted_due(rules: CompiledRules, school: OneSchool) -> TargetedDue | None:
    """Return what a school would be due; None where the rules have no targeted funding."""
    rule = rules.document.targeted_funding
    if rule is None:
        return None
    wanting = _wanting(rules, rule, school)
    if wanting is not None:
        return TargetedDue(rule, None, wanting, None)
    plans = school.plans or 0
    pupils = Fraction(school.pupils or 0, MILLION)
    asked = SchoolCalls(school.notional or 0, Fraction(plans), pupils)
    (paid,) = value_targeted(rule, [asked], rules.day)
    held = SchoolTargeted(
        row=0, urn=0, name="", notional=school.notional, plans=plans, paid=paid, calls=school.calls
    )
    return TargetedDue(rule, paid.amount, None, held.left_after)


def _wanting(rules: CompiledRules, rule: TargetedFunding, school: OneSchool) -> str | None:
    """Return the reason why one school's funding cannot be worked out alone, or None."""
    try:
        targeted_of(rules)
    except RuleRefused:
        return LATER
    if rule.pattern is Pattern.gap_then_pot or in_force(rule.pot, rules.day) is not None:
        return OTHERS
    if school.plans is None:
        return NO_PLANS
    if rule.pattern is Pattern.plans_above_rate:
        return NO_PUPILS if school.pupils is None else None
    return NO_BUDGET if school.notional is None else None


def pupils_of(outcome: NotionalOutcome, school: int) -> int | None:
    """Return a school's pupils, millionths, or None where some of them are not known."""
    formula = outcome.rules.formula
    counted = () if formula is None else formula.pupil_lines
    absent = any(
        outcome.absent[school, at] for at, line in enumerate(outcome.lines) if line.name in counted
    )
    return None if absent else int(outcome.pupils[school])
