"""What each of several causes brings of a change, exactly: a school's budget from one year to the next, rules clause by clause."""

from engine.attribution.amounts import Amounts, Valuation, pupil_amounts, school_amounts
from engine.attribution.causes import (
    CAUSES,
    Cause,
    CauseChange,
    PartChange,
    YearChange,
    YearChanges,
)
from engine.attribution.clause_effects import ClauseChange, ClauseEffects, clause_effects
from engine.attribution.effect_rows import effect_rows
from engine.attribution.pupil_changes import (
    Funding,
    KindOfPupil,
    PupilChange,
    PupilChanges,
    pupil_changes,
)
from engine.attribution.year_change import year_changes

__all__ = [
    "CAUSES",
    "Amounts",
    "Cause",
    "CauseChange",
    "ClauseChange",
    "ClauseEffects",
    "Funding",
    "KindOfPupil",
    "PartChange",
    "PupilChange",
    "PupilChanges",
    "Valuation",
    "YearChange",
    "YearChanges",
    "clause_effects",
    "effect_rows",
    "pupil_amounts",
    "pupil_changes",
    "school_amounts",
    "year_changes",
]
