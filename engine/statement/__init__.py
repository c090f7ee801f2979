"""A school's or a pupil's whole answer: every page, API, cell, command and file formats it and decides nothing."""

from engine.plausibility import (
    Correction,
    KnownBudget,
    PlausibilityWarning,
    WarningCount,
    Warnings,
    allocation_warnings,
    budget_warnings,
    pupil_warnings,
    school_warnings,
)
from engine.statement.changes import ExplainedChange, explain_change
from engine.statement.details import (
    change_detail_rows,
    detail_rows,
    school_workings,
    why_cost_is_unused,
    with_calls,
)
from engine.statement.pupils import SpellStatement, spell_statements
from engine.statement.reasons import (
    ReasonCount,
    left_out,
    not_funded,
    outcome_reasons,
    outcome_warnings,
    protection_reasons,
    pupil_reasons,
    school_reasons,
)
from engine.statement.schools import (
    AdjustmentStatement,
    LineStatement,
    SchoolStatement,
    SchoolTotals,
    Statements,
)
from engine.statement.side_by_side import FigurePair, SideBySide, side_by_side
from engine.statement.sums import SumStatement, top_up_sums

__all__ = [
    "AdjustmentStatement",
    "Correction",
    "ExplainedChange",
    "FigurePair",
    "KnownBudget",
    "LineStatement",
    "PlausibilityWarning",
    "ReasonCount",
    "SchoolStatement",
    "SchoolTotals",
    "SideBySide",
    "SpellStatement",
    "Statements",
    "SumStatement",
    "WarningCount",
    "Warnings",
    "allocation_warnings",
    "budget_warnings",
    "change_detail_rows",
    "detail_rows",
    "explain_change",
    "left_out",
    "not_funded",
    "outcome_reasons",
    "outcome_warnings",
    "protection_reasons",
    "pupil_reasons",
    "pupil_warnings",
    "school_reasons",
    "school_warnings",
    "school_workings",
    "side_by_side",
    "spell_statements",
    "top_up_sums",
    "why_cost_is_unused",
    "with_calls",
]
