"""The extra funding that one school would be due for its plans, where rules work it out for one alone."""

from dataclasses import dataclass
from fractions import Fraction

from engine.expected_calls import CallsStatement, Pence
from engine.modules.targeted.valuation import SchoolCalls, TargetedAmount, value_targeted
from engine.money import MILLION
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import CompiledTargeted, Pattern, TargetedFunding
from engine.vocabulary import Missing


@dataclass(frozen=True, slots=True)
class TargetedStatement:
    """What one school would be paid, or why it is not known, and what that follows from.

    ``left_after``, pence, is what the calls leave of the budget once it is paid: negative where it still
    falls short, None where it is not known. ``pupils`` are millionths.
    """

    rule: TargetedFunding
    calls: CallsStatement
    pupils: int | None
    paid: TargetedAmount | None
    left_after: Pence
    missing: Missing | None

    @property
    def due(self) -> Pence:
        """Return what the school would be due, pence; None where it is not known."""
        return None if self.paid is None else self.paid.amount


def targeted_statement(
    rules: CompiledRules, calls: CallsStatement, pupils: int | None
) -> TargetedStatement | None:
    """Return what a school would be due; None where the rules have no targeted funding."""
    targeted = rules.part(CompiledTargeted)
    if targeted is None:
        return None
    rule, missing = targeted.rule, _missing(targeted, calls, pupils)
    if missing is not None:
        return TargetedStatement(rule, calls, pupils, None, None, missing)
    budget, plans = calls.expected.budget or 0, Fraction(calls.school.plans or 0)
    school = SchoolCalls(budget, plans, Fraction(pupils or 0, MILLION))
    (paid,) = value_targeted(targeted, [school])
    left = calls.expected.left
    after = None if left is None else left + paid.amount
    return TargetedStatement(rule, calls, pupils, paid, after, None)


def _missing(
    targeted: CompiledTargeted, calls: CallsStatement, pupils: int | None
) -> Missing | None:
    """Return the reason why one school's funding cannot be worked out alone, or None."""
    pattern = targeted.rule.pattern
    if targeted.later:
        return Missing.later
    if pattern is Pattern.gap_then_pot or targeted.pot is not None:
        return Missing.other_schools
    if calls.school.plans is None:
        return Missing.plans
    if pattern is Pattern.plans_above_rate:
        return Missing.pupils if pupils is None else None
    return Missing.budget if calls.expected.budget is None else None
