"""Lines that pay for the school itself: lump sums by phase, and sparsity by size and distance.

Sources: the Department for Education's technical notes of the schools national formula (lump sum;
sparsity by average year group and mean distance to the second nearest school) and the schools operational
guide (a school with pupils of both phases). The sharing of a lump sum by year groups, where an authority has no
line for middle or all-through schools, is the Authority Proforma Tool's; the thresholds are data of the rule set.
"""

import numpy as np
from numpy.typing import NDArray

from engine.errors import Problem
from engine.kernels.notional import GIVEN_UNITS, YEARS_AMOUNT
from engine.modules.school_formula.school_inputs import APPLIES, Gathered, lacking, place
from engine.money import MILLION, half_away
from engine.rules.compile_reads import WHOLE, shared_phases
from engine.rules.compiled import CompiledLine
from engine.rules.formula import LinePhase
from engine.rules.line_steps import DISTANCE, PUPILS, YEARS, sparsity_steps
from engine.steps import Ratios, work_rows
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

OWN_PHASE = {
    LinePhase.primary: (SchoolPhase.primary,),
    LinePhase.secondary: (SchoolPhase.secondary,),
}


def school_share(
    gathered: Gathered, at: int, line: CompiledLine, *, derived: bool
) -> NDArray[np.bool_]:
    """Return the schools (schools, bool) to which a line that counts the school itself applies.

    ``derived`` also writes the units there, in millionths: one for each school. A middle or all-through
    school without a line for it gets a share of the primary and of the secondary line, by its year
    groups of each age; the shares add to one.
    """
    whole = line.key.phase in WHOLE
    first = line.key.phase is LinePhase.primary
    kind = LinePhase.primary if first else LinePhase.secondary
    applies = gathered.of(line.key.phase) if whole else gathered.schools.of(OWN_PHASE[kind])
    if derived:
        place(gathered, at, GIVEN_UNITS, MILLION, applies)
    others = shared_phases(line, gathered.lines)
    if not others:
        return applies
    shared = gathered.schools.of(tuple(kind for phase in others for kind in APPLIES[phase]))
    if derived:
        total = gathered.years.sum(axis=1)
        known = shared & (total > 0)
        total, primary = total[known], gathered.years[known, 0]
        share = half_away(primary * MILLION, total)
        units = np.zeros(len(shared), np.int64)
        units[known] = share if first else MILLION - share
        place(gathered, at, GIVEN_UNITS, units, known)
    return applies | shared


def earning(schools: SchoolTable, line: CompiledLine) -> NDArray[np.bool_]:
    """Return the schools that may earn a line of sparsity."""
    return schools.of(OWN_PHASE.get(line.key.phase, APPLIES[line.key.phase]))


def lacking_distance(schools: SchoolTable, line: CompiledLine) -> list[Problem]:
    """Return a problem where sparsity needs a distance and the table has no such column."""
    rule = line.line.sparsity
    if rule is None or line.rate is None or rule.miles is None or DISTANCE in schools.columns:
        return []
    return [lacking(DISTANCE)]


def place_sparsity(gathered: Gathered, schools: SchoolTable, at: int, line: CompiledLine) -> None:
    """Write what each school earns for sparsity where the table has no amount: pence, rounded once.

    The unit value times the share by size times the share by distance, as the line's steps say.
    Not supplied where the school's pupils, year groups or distance are not.
    """
    rule, value, applies = line.line.sparsity, line.value, earning(schools, line)
    if rule is None or value is None:
        return
    if rule.miles is not None and DISTANCE not in schools.columns:
        # No school of the table could earn it, or the missing column is refused.
        return
    known = applies & gathered.pupils_known & (gathered.years.sum(axis=1) > 0)
    if rule.miles is not None:
        known = known & (schools.columns[DISTANCE] >= 0)
    own = {
        PUPILS: Ratios(gathered.pupils[known], MILLION),
        YEARS: Ratios(gathered.years[known].sum(axis=1)),
    }
    if rule.miles is not None:
        own[DISTANCE] = Ratios(schools.columns[DISTANCE][known], MILLION)
    earned = np.zeros(len(schools), np.int64)
    earned[known] = work_rows(sparsity_steps(rule, value, line.area, line.place), own)
    place(gathered, at, YEARS_AMOUNT, earned, known, absent=0)
