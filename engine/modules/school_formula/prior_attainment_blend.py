"""Low prior attainment of primary schools from two early years profiles, as funded up to 2017-18.

Source: the Authority Proforma Tool of 2017-18 and the schools operational guide of that year. Pupils assessed
under the new profile (from 2013) and the old one (73 or 78 points) count together, the new with a national weight.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.columns import UNITS_PREFIX, Int
from engine.money import half_away
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Blend, Counts
from engine.tables import SchoolTable


def blend_columns(blend: Blend) -> tuple[str, ...]:
    """Return the columns that a blend reads."""
    return (blend.new, blend.old, *blend.assessed)


def blended(
    line: CompiledLine,
    blend: Blend,
    schools: SchoolTable,
    lines: tuple[CompiledLine, ...],
) -> tuple[Int, NDArray[np.bool_]]:
    """Return units (schools, millionths) from the counts of two profiles, and where they are known (schools, bool).

    ``(weight × new + old) / assessed × pupils of the phase``, exact and rounded once. Not known where a
    count is missing or no pupil was assessed.
    """
    pupils = [f"{UNITS_PREFIX}{one.name}" for one in lines if _counts_pupils_of(one, line)]
    names = [*blend_columns(blend), *pupils]
    known = np.ones(len(schools), bool)
    for name in names:
        known &= schools.has_value(name) if name in schools.values else False
    weight = line.blend_weight
    share = Fraction(weight.decimal) if weight else Fraction(1)
    units = np.zeros(len(schools), np.int64)
    for school in np.flatnonzero(known):
        new, old, *assessed = (int(schools.values[name][school]) for name in blend_columns(blend))
        phase_pupils = sum(int(schools.values[name][school]) for name in pupils)
        if sum(assessed) == 0:
            known[school] = False
            continue
        exact = (share * new + old) / sum(assessed) * phase_pupils
        units[school] = half_away(*exact.as_integer_ratio())
    return units, known


def _counts_pupils_of(one: CompiledLine, line: CompiledLine) -> bool:
    return (
        one.counts is Counts.pupils and one.factor.where is None and one.key.phase == line.key.phase
    )
