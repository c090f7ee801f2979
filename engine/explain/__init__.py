"""Workings that people can follow: rows with operators, read off an outcome's parts.

Nothing here is stored: the same rules and tables give the same explanation.
"""

from engine.explain.budget_check import calls_workings, targeted_working
from engine.explain.pupils import explain_pupil
from engine.explain.rows import Explanation, Operator, Row, Working
from engine.explain.schools import explain_school
from engine.explain.subjects import explain

__all__ = [
    "Explanation",
    "Operator",
    "Row",
    "Working",
    "calls_workings",
    "explain",
    "explain_pupil",
    "explain_school",
    "targeted_working",
]
