"""Sparsity: what a school earns by how small it is and how far from others.

Source: the Department for Education's technical notes of the schools national formula (average year group
size, and mean distance to the second nearest school); the thresholds are data of the rule set.
"""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem
from engine.modules.school_formula.school_inputs import lacking
from engine.money import MILLION
from engine.rules.compiled import CompiledLine
from engine.rules.line_steps import DISTANCE, PUPILS, YEARS, sparsity_steps
from engine.rules.phases_paid import APPLIES, OWN_PHASE
from engine.rules.unprinted import stand_in
from engine.steps import Ratios, work_rows
from engine.tables import SchoolTable
from engine.vocabulary import NOT_PRINTED


def earning(schools: SchoolTable, line: CompiledLine) -> NDArray[np.bool_]:
    """Return the schools that may earn a line of sparsity."""
    return schools.of(OWN_PHASE.get(line.key.phase, APPLIES[line.key.phase]))


def lacking_distance(schools: SchoolTable, line: CompiledLine) -> list[Problem]:
    """Return a problem where sparsity needs a distance and the table has no such column."""
    rule = line.line.sparsity
    if rule is None or line.rate is None or rule.miles is None or DISTANCE in schools.columns:
        return []
    return [lacking(DISTANCE)] if earning(schools, line).any() else []


ANY_POUNDS = "1000000"
"""In the place of a unit value that is not printed, by which it is seen who earns anything."""


def sparsity_amounts(
    line: CompiledLine, schools: SchoolTable, pupils: Int, pupils_known: NDArray[np.bool_]
) -> tuple[Int, NDArray[np.bool_]] | None:
    """Return what each school earns in a year by each segment's value (segments, schools; pence), and where it is known.

    The unit value times the share by size times the share by distance, as the line's steps say, rounded once.
    None where no school of the table could earn it. Not known where the school's pupils (millionths),
    year groups or distance are not.
    """
    rule, values = line.line.sparsity, [one.value for one in line.segments]
    if (
        rule is None
        or None in values
        or (rule.miles is not None and DISTANCE not in schools.columns)
    ):
        return None
    groups = schools.years.sum(axis=0)
    known = earning(schools, line) & pupils_known & (groups > 0)
    if rule.miles is not None:
        known = known & (schools.columns[DISTANCE] >= 0)
    own = {PUPILS: Ratios(pupils[known], MILLION), YEARS: Ratios(groups[known])}
    if rule.miles is not None:
        own[DISTANCE] = Ratios(schools.columns[DISTANCE][known], MILLION)
    earned = np.zeros((len(values), len(schools)), np.int64)
    for at, one in enumerate(line.segments):
        if one.value is not None:
            value, area = (
                (one.value, one.area)
                if one.pays[0] != NOT_PRINTED
                else (stand_in(one.value, ANY_POUNDS), None)
            )
            earned[at, known] = work_rows(sparsity_steps(rule, value, area, one.place), own)
    return earned, known
