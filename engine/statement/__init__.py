"""A school's or a pupil's whole answer: every page, API, cell, command and file formats it and decides nothing."""

from engine.statement.pupils import SpellStatement, spell_statements
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
    "LineStatement",
    "SchoolStatement",
    "SchoolTotals",
    "SpellStatement",
    "Statements",
    "SumStatement",
    "spell_statements",
    "top_up_sums",
]
