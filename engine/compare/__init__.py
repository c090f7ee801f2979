"""A candidate compared with a baseline: who gains, who loses, and the totals."""

from engine.compare.change import Change
from engine.compare.groups import Group, Grouping
from engine.compare.outcomes import Comparison, compare, compare_notional, compare_top_ups
from engine.compare.schools import SchoolChange, compare_schools, protects_schools

__all__ = [
    "Change",
    "Comparison",
    "Group",
    "Grouping",
    "SchoolChange",
    "compare",
    "compare_notional",
    "compare_schools",
    "compare_top_ups",
    "protects_schools",
]
