"""Workings that people can follow: rows with operators, read off an outcome's parts.

Nothing here is stored: the same rules and tables give the same explanation.
"""

from engine.explain.allocations import explain_allocation
from engine.explain.budget_check import calls_workings, targeted_working
from engine.explain.pupils import SENTENCES, explain_pupil
from engine.explain.rows import Explanation, Operator, Row, Unit, Working, label_of, words_of
from engine.explain.schools import explain_school
from engine.explain.subjects import explain
from engine.steps.rows import grouped

__all__ = [
    "SENTENCES",
    "Explanation",
    "Operator",
    "Row",
    "Unit",
    "Working",
    "calls_workings",
    "explain",
    "explain_allocation",
    "explain_pupil",
    "explain_school",
    "grouped",
    "label_of",
    "targeted_working",
    "words_of",
]
