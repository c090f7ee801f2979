"""The phases of school that each line of a formula is for."""

from engine.rules.formula import LinePhase
from engine.vocabulary import SchoolPhase

MAINSTREAM = (
    SchoolPhase.primary,
    SchoolPhase.secondary,
    SchoolPhase.all_through,
    SchoolPhase.middle,
)
"""The phases of school that a schools formula funds."""

APPLIES = {
    LinePhase.primary: (SchoolPhase.primary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.ks3: (SchoolPhase.secondary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.ks4: (SchoolPhase.secondary, SchoolPhase.all_through),
    LinePhase.secondary: (SchoolPhase.secondary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.middle: (SchoolPhase.middle,),
    LinePhase.all_through: (SchoolPhase.all_through,),
    LinePhase.all: MAINSTREAM,
}
"""The phases of school in which a line is expected; elsewhere an empty cell is not applicable."""

OWN_PHASE = {
    LinePhase.primary: (SchoolPhase.primary,),
    LinePhase.secondary: (SchoolPhase.secondary,),
}
"""The phase whose schools have the whole of a line that pays for the school itself."""
