"""A school's or a pupil's whole answer: every page, API, cell, command and file formats it and decides nothing."""

from engine.statement.changes import ExplainedChange, explain_change
from engine.statement.details import (
    change_detail_rows,
    detail_rows,
    have_needs,
    school_workings,
    with_calls,
)
from engine.statement.pupils import SpellStatement, spell_statements
from engine.statement.reasons import ReasonCount, left_out, pupil_reasons, school_reasons
from engine.statement.schools import (
    AdjustmentStatement,
    LineStatement,
    SchoolStatement,
    SchoolTotals,
    Statements,
)
from engine.statement.sums import SumStatement, top_up_sums

__all__ = [
    "AdjustmentStatement",
    "ExplainedChange",
    "LineStatement",
    "ReasonCount",
    "SchoolStatement",
    "SchoolTotals",
    "SpellStatement",
    "Statements",
    "SumStatement",
    "change_detail_rows",
    "detail_rows",
    "explain_change",
    "have_needs",
    "left_out",
    "pupil_reasons",
    "school_reasons",
    "school_workings",
    "spell_statements",
    "top_up_sums",
    "with_calls",
]
