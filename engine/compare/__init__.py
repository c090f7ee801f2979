"""A candidate against a baseline: who gains, who loses, and what it comes to."""

from engine.compare.groups import Group, Grouping
from engine.compare.outcomes import Change, Comparison, compare, compare_notional, compare_top_ups

__all__ = [
    "Change",
    "Comparison",
    "Group",
    "Grouping",
    "compare",
    "compare_notional",
    "compare_top_ups",
]
