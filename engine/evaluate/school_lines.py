"""Lines that pay for the school itself: lump sums by phase, and sparsity by size and distance.

Sources: the Department for Education's technical notes of the schools national formula (lump sum;
sparsity by average year group and mean distance to the second nearest school) and the schools operational
guide (a school with pupils of both phases). The sharing of a lump sum by year groups, where an authority has no
line for middle or all-through schools, is the Authority Proforma Tool's; the thresholds are data of the rule set.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.errors import Problem
from engine.evaluate.gathered import APPLIES, Gathered, lacking, place
from engine.kernels.notional import GIVEN_UNITS, YEARS_AMOUNT
from engine.money import MILLION, decimal_of, half_away
from engine.rules.compile_reads import WHOLE, shared_phases
from engine.rules.compiled import CompiledLine
from engine.rules.formula import LinePhase, Sparsity
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

DISTANCE = "sparsity_distance"
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

    The unit value times the share by size times the share by distance (technical note, "Sparsity").
    Not supplied where the school's pupils, year groups or distance are not.
    """
    rule, rate = line.line.sparsity, line.rate
    if rule is None or rate is None:
        return
    applies = earning(schools, line)
    earned = np.zeros(len(schools), np.int64)
    known = applies & gathered.pupils_known & (gathered.years.sum(axis=1) > 0)
    for school in np.flatnonzero(known):
        distance = 0 if rule.miles is None else int(schools.columns[DISTANCE][school])
        if distance < 0:
            known[school] = False
            continue
        size = Fraction(int(gathered.pupils[school]), MILLION) / int(gathered.years[school].sum())
        exact = rate * _small(rule, size) * _far(rule, Fraction(distance, MILLION))
        earned[school] = half_away(*exact.as_integer_ratio())
    place(gathered, at, YEARS_AMOUNT, earned, known, absent=0)


def _small(rule: Sparsity, size: Fraction) -> Fraction:
    """Return the share by size, 0 to 1, of a school with ``size`` pupils for each year group."""
    start, end = Fraction(decimal_of(rule.full_below)), Fraction(decimal_of(rule.pupils_per_year))
    if size <= start and start > 0:
        return Fraction(1)
    return max((end - size) / (end - start), Fraction(0)) if end > start else Fraction(0)


def _far(rule: Sparsity, miles: Fraction) -> Fraction:
    """Return the share by distance, 0 to 1, of a school ``miles`` from the next."""
    if rule.miles is None:
        return Fraction(1)
    end = Fraction(decimal_of(rule.miles))
    start = Fraction(decimal_of(rule.tapers_from_miles)) if rule.tapers_from_miles else end
    if miles >= end:
        return Fraction(1)
    return max((miles - start) / (end - start), Fraction(0)) if end > start else Fraction(0)
