"""What each of several causes brings of a change, exactly: a school's budget from one year to the next, rules clause by clause."""

from engine.attribution.causes import (
    CAUSES,
    Cause,
    CauseChange,
    PartChange,
    YearChange,
    YearChanges,
)
from engine.attribution.year_change import year_changes

__all__ = [
    "CAUSES",
    "Cause",
    "CauseChange",
    "PartChange",
    "YearChange",
    "YearChanges",
    "year_changes",
]
