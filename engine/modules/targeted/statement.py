"""The extra funding that one school would be due for its plans, where rules work it out for one alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.expected_calls import CallsStatement, Pence
from engine.modules.targeted.valuation import (
    SchoolFigures,
    TargetedAmount,
    shares_a_total,
    value_alone,
    value_known,
)
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import CompiledTargeted, TargetedFunding
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


def targeted_statements(
    rules: CompiledRules, schools: Sequence[tuple[CallsStatement, int | None]]
) -> tuple[TargetedStatement | None, ...]:
    """Return what each school would be due by its calls and pupils; None where the rules have no targeted funding."""
    targeted = rules.part(CompiledTargeted)
    if targeted is None:
        return (None,) * len(schools)
    figures = [
        SchoolFigures(
            calls.expected.budget,
            calls.school.plans,
            pupils,
            calls.expected.total,
            # Without them it is not known whether the school has a part in the rest of a total.
            Missing.other_schools,
        )
        for calls, pupils in schools
    ]
    paid: Sequence[TargetedAmount | Missing]
    if shares_a_total(targeted):
        paid = [value_alone(targeted, one) for one in figures]
    else:
        paid = value_known(targeted, figures)
    return tuple(
        _statement(targeted.rule, *school, each) for school, each in zip(schools, paid, strict=True)
    )


def _statement(
    rule: TargetedFunding, calls: CallsStatement, pupils: int | None, paid: TargetedAmount | Missing
) -> TargetedStatement:
    if isinstance(paid, Missing):
        return TargetedStatement(rule, calls, pupils, None, None, paid)
    left = calls.expected.left
    after = None if left is None else left + paid.amount
    return TargetedStatement(rule, calls, pupils, paid, after, None)


def targeted_statement(
    rules: CompiledRules, calls: CallsStatement, pupils: int | None
) -> TargetedStatement | None:
    """Return what one school would be due, as ``targeted_statements`` does."""
    return targeted_statements(rules, [(calls, pupils)])[0]
