"""Figures that may be wrong: questioned at every entry point alike, never refused and never changed."""

import numpy as np

from engine.modules.allocation import Allocation, P, V
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.plausibility.allocations import allocation_checks
from engine.plausibility.budgets import KnownBudget, budget_checks
from engine.plausibility.pupils import pupil_checks
from engine.plausibility.schools import school_checks
from engine.plausibility.warning import (
    Correction,
    Doubt,
    PlausibilityWarning,
    WarningCount,
    Warnings,
)
from engine.rules.compiled import CompiledRules
from engine.rules.document import RuleSet
from engine.rules.odd_values import odd_values
from engine.rules.year_labels import oddities

__all__ = [
    "Correction",
    "Doubt",
    "KnownBudget",
    "PlausibilityWarning",
    "WarningCount",
    "Warnings",
    "allocation_warnings",
    "budget_warnings",
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


def _of_rules(rules: CompiledRules) -> tuple[PlausibilityWarning, ...]:
    """Return the warnings of compiled rules, which are looked for once: it takes longer than valuing a few pupils."""
    return rules.cache.get(rule_warnings, rule_warnings, rules.document)


def school_warnings(outcome: NotionalOutcome, sen_support_cost: int | None = None) -> Warnings:
    """Return what may be wrong with the figures of schools and their rules; the cost is pence for a pupil on SEN support."""
    checks = school_checks(outcome, sen_support_cost)
    return Warnings(_of_rules(outcome.rules), checks, outcome.schools.rows)


def pupil_warnings(outcome: TopUpOutcome) -> Warnings:
    """Return what may be wrong with the figures of pupils and their rules."""
    return Warnings(_of_rules(outcome.rules), pupil_checks(outcome), outcome.pupils.rows)


def allocation_warnings(outcome: Allocation[P, V]) -> Warnings:
    """Return what may be wrong with a table of the authority's own and its rules."""
    rows = np.array([one.row for one in outcome.valued], np.int64)
    return Warnings(_of_rules(outcome.rules), allocation_checks(outcome), rows)


def budget_warnings(rules: CompiledRules, school: KnownBudget) -> Warnings:
    """Return what may be wrong with the budget that a school knows, and with its rules."""
    checks = budget_checks(rules, [school])
    return Warnings(_of_rules(rules), checks, np.ones(1, np.int64))
