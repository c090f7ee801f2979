"""Lines that pay for the school itself: lump sums by phase, and sparsity by size and distance."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.errors import Problem
from engine.evaluate.gathered import APPLIES, Gathered, place
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN, YEARS_AMOUNT
from engine.money import MILLION, decimal_of, half_away
from engine.rules.compiled import CompiledLine
from engine.rules.formula import LinePhase, Sparsity
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

WHOLE = frozenset({LinePhase.all, LinePhase.all_through, LinePhase.middle})
"""Phases whose line pays a school whole; the others may share one between them."""

SHARED = (LinePhase.middle, LinePhase.all_through)
"""Kinds of school that are paid whole by a line of their own, or shared where there is none."""

DISTANCE = "sparsity_distance"
OWN_PHASE = {
    LinePhase.primary: (SchoolPhase.primary,),
    LinePhase.secondary: (SchoolPhase.secondary,),
}


def school_share(
    gathered: Gathered, at: int, line: CompiledLine, covered: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Place a line that counts the school itself, where no combined amount does; return where it applies.

    A middle or all-through school without a line of its own is shared between
    primary and secondary by its year groups.
    """
    whole = line.key.phase in WHOLE
    first = line.key.phase is LinePhase.primary
    kind = LinePhase.primary if first else LinePhase.secondary
    applies = gathered.of(line.key.phase) if whole else gathered.schools.of(OWN_PHASE[kind])
    free = True if covered is None else ~covered
    place(gathered, at, GIVEN_UNITS, MILLION, applies & free)
    own = {other.key.phase for other in gathered.lines if other.key.factor == line.key.factor}
    others = [] if whole else [phase for phase in SHARED if phase not in own]
    if not others:
        return applies
    shared = gathered.schools.of(tuple(kind for phase in others for kind in APPLIES[phase]))
    total = gathered.years.sum(axis=1)
    known = shared & (total > 0) & free
    total, primary = total[known], gathered.years[known, 0]
    share = (2 * primary * MILLION + total) // (2 * total)
    units = np.zeros(len(shared), np.int64)
    units[known] = share if first else MILLION - share
    place(gathered, at, GIVEN_UNITS, units, known)
    return applies | shared


def place_sparsity(
    gathered: Gathered,
    schools: SchoolTable,
    at: int,
    line: CompiledLine,
    covered: NDArray[np.bool_] | None,
) -> list[Problem]:
    """Place what a school earns for being small and remote, where no combined amount holds it.

    Pence, rounded once. Not supplied where its pupils, its year groups or its distance are not.
    """
    rule, rate = line.line.sparsity, line.rate
    if rule is None or rate is None:
        return []
    applies = schools.of(OWN_PHASE.get(line.key.phase, APPLIES[line.key.phase]))
    unsettled = gathered.form[:, at] == NOT_KNOWN
    if covered is not None:
        unsettled &= ~covered
    gathered.absent[unsettled & ~applies, at] = 0
    applies = applies & unsettled
    gathered.absent[applies, at] = 1
    if rule.miles is not None and applies.any() and DISTANCE not in schools.columns:
        sentence = (
            "is used by the rule set and is not in the table; add it, empty where it is not known"
        )
        return [Problem(sentence, "missing-column", column=DISTANCE)]
    earned = np.zeros(len(schools), np.int64)
    known = applies & gathered.pupils_known & (gathered.years.sum(axis=1) > 0)
    for school in np.flatnonzero(known):
        distance = int(schools.columns[DISTANCE][school]) if DISTANCE in schools.columns else 0
        if rule.miles is not None and distance < 0:
            known[school] = False
            continue
        size = Fraction(int(gathered.pupils[school]), MILLION) / int(gathered.years[school].sum())
        exact = rate * _small(rule, size) * _far(rule, Fraction(distance, MILLION))
        earned[school] = half_away(*exact.as_integer_ratio())
    place(gathered, at, YEARS_AMOUNT, earned, known, absent=0)
    return []


def _small(rule: Sparsity, size: Fraction) -> Fraction:
    """Return the share that a school of ``size`` pupils a year group earns, 0 to 1."""
    start, end = Fraction(decimal_of(rule.full_below)), Fraction(decimal_of(rule.pupils_per_year))
    if size <= start and start > 0:
        return Fraction(1)
    return max((end - size) / (end - start), Fraction(0)) if end > start else Fraction(0)


def _far(rule: Sparsity, miles: Fraction) -> Fraction:
    """Return the share that a school so far from others earns, 0 to 1."""
    if rule.miles is None:
        return Fraction(1)
    end = Fraction(decimal_of(rule.miles))
    start = Fraction(decimal_of(rule.tapers_from_miles)) if rule.tapers_from_miles else end
    if miles >= end:
        return Fraction(1)
    return max((miles - start) / (end - start), Fraction(0)) if end > start else Fraction(0)
