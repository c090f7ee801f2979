"""Lump sums: lines that pay for the school itself, whole or shared by its year groups.

Sources: the Department for Education's technical notes of the schools national formula (lump sum) and the
schools operational guide (a school with pupils of both phases). The sharing by year groups, where an
authority has no line for middle or all-through schools, is the Authority Proforma Tool's.
"""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.money import MILLION, half_away
from engine.rules.compile_reads import WHOLE, shared_phases
from engine.rules.compiled import CompiledLine
from engine.rules.formula import LinePhase
from engine.rules.phases_paid import APPLIES, OWN_PHASE
from engine.tables import SchoolTable


def lump_sum_applies(
    line: CompiledLine, lines: tuple[CompiledLine, ...], schools: SchoolTable
) -> NDArray[np.bool_]:
    """Return the schools (schools, bool) to which a line that counts the school itself applies."""
    applies: NDArray[np.bool_] = _paid_whole(line, schools) | _sharing(line, lines, schools)
    return applies


def lump_sum_units(
    line: CompiledLine, lines: tuple[CompiledLine, ...], schools: SchoolTable
) -> tuple[Int, NDArray[np.bool_]]:
    """Return the lump sums of each school (schools, millionths), and where they are known (schools, bool).

    A middle or all-through school without a line for it gets a share of the primary and of the
    secondary line, by its year groups of each age; the shares add to one.
    """
    whole, sharing = _paid_whole(line, schools), _sharing(line, lines, schools)
    if not sharing.any():
        return whole * MILLION, whole
    groups = schools.years.sum(axis=0)
    primary = half_away(schools.years[0] * MILLION, np.maximum(groups, 1))
    share = primary if line.key.phase is LinePhase.primary else MILLION - primary
    return np.where(whole, MILLION, share), whole | (sharing & (groups > 0))


def shared_amounts(
    line: CompiledLine, lines: tuple[CompiledLine, ...], schools: SchoolTable
) -> tuple[Int, NDArray[np.bool_]] | None:
    """Return the shares of a line in each segment of the year (segments, schools; pence a year), and where they are known.

    A share is of year groups and exact: a third of £154,000 is £51,333.33. None where no school shares the line,
    or it has no unit value.
    """
    sharing, rates = _sharing(line, lines, schools), [one.rate for one in line.segments]
    if not sharing.any() or None in rates or not line.year_is_printed:
        return None
    part, groups = shared_parts(line, schools)
    each = [half_away(part * (rate or 0), np.maximum(groups, 1)) for rate in rates]
    return np.stack(each), sharing & (groups > 0)


def shared_parts(line: CompiledLine, schools: SchoolTable) -> tuple[Int, Int]:
    """Return the year groups of each school that a line is paid for where it is shared, and all of its year groups (schools each)."""
    groups, primary = schools.years.sum(axis=0), schools.years[0]
    return (primary if line.key.phase is LinePhase.primary else groups - primary), groups


def _paid_whole(line: CompiledLine, schools: SchoolTable) -> NDArray[np.bool_]:
    """Return the schools that have the whole of a line."""
    phase = line.key.phase
    own = OWN_PHASE.get(phase, OWN_PHASE[LinePhase.secondary])
    return schools.of(APPLIES[phase] if phase in WHOLE else own)


def _sharing(
    line: CompiledLine, lines: tuple[CompiledLine, ...], schools: SchoolTable
) -> NDArray[np.bool_]:
    """Return the schools that have a share of a line."""
    return schools.of(
        tuple(kind for phase in shared_phases(line, lines) for kind in APPLIES[phase])
    )
