"""Figures that may be wrong: questioned at every entry point alike, never refused and never changed."""

from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.plausibility.pupils import pupil_checks
from engine.plausibility.schools import school_checks
from engine.plausibility.warning import (
    Correction,
    Doubt,
    PlausibilityWarning,
    WarningCount,
    Warnings,
)
from engine.rules.document import RuleSet
from engine.rules.odd_values import odd_values
from engine.rules.year_labels import oddities

__all__ = [
    "Correction",
    "Doubt",
    "PlausibilityWarning",
    "WarningCount",
    "Warnings",
    "pupil_warnings",
    "rule_warnings",
    "school_warnings",
]


def rule_warnings(document: RuleSet) -> tuple[PlausibilityWarning, ...]:
    """Return the labels, dates and values of a rule set that may not be meant."""
    return tuple(
        PlausibilityWarning("rules", Doubt.rules, None, (), f"{document.identifier}: {sentence}")
        for sentence in (*oddities(document), *odd_values(document))
    )


def school_warnings(outcome: NotionalOutcome, sen_support_cost: int | None = None) -> Warnings:
    """Return what may be wrong with the figures of schools and their rules; the cost is pence for a pupil on SEN support."""
    checks = school_checks(outcome, sen_support_cost)
    return Warnings(rule_warnings(outcome.rules.document), checks, outcome.schools.rows)


def pupil_warnings(outcome: TopUpOutcome) -> Warnings:
    """Return what may be wrong with the figures of pupils and their rules."""
    return Warnings(
        rule_warnings(outcome.rules.document), pupil_checks(outcome), outcome.pupils.rows
    )
