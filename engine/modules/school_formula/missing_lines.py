"""Lines for which a school table has no column, and the meaning that the user gives this.

A published statement often prints only the lines that a school is paid for. A missing
column is refused unless the user says what it means: 0, or not known.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from engine.columns import AMOUNT_PREFIX, SCHOOL_COLUMNS, UNITS_PREFIX
from engine.modules.school_formula.combined_amounts import combined_lines
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts
from engine.rules.line_steps import DISTANCE
from engine.tables import SchoolTable, frozen
from engine.vocabulary import Presence

IN_POUNDS = (Counts.amount, Counts.sparsity)
"""What is given, or worked out, in pounds."""


class AbsentLines(StrEnum):
    """What a line of the formula with no column in the table means."""

    refused = "refused"
    zero = "zero"
    not_supplied = "not_supplied"


def declare_absent(
    formula: CompiledFormula, schools: SchoolTable, meaning: AbsentLines
) -> SchoolTable:
    """Return the table with the formula's other lines filled as declared.

    Sparsity is worked out where the table has a distance, or the rules use none.
    """
    if meaning is AbsentLines.refused:
        return schools
    if meaning is AbsentLines.not_supplied and DISTANCE not in schools.columns:
        schools = _without_distance(formula, schools)
    _, covered, _ = combined_lines(formula, schools)
    names = [
        f"{AMOUNT_PREFIX if line.counts in IN_POUNDS else UNITS_PREFIX}{line.name}"
        for line in formula.lines
        if _lacks(line, schools)
        and line.name not in covered
        and not _needs_no_column(line, schools)
    ]
    presence = Presence.given if meaning is AbsentLines.zero else Presence.not_supplied
    nothing = frozen(np.zeros(len(schools), np.int64))
    states = frozen(np.full(len(schools), presence, np.int8))
    return replace(
        schools,
        values={**schools.values, **dict.fromkeys(names, nothing)},
        presence={**schools.presence, **dict.fromkeys(names, states)},
    )


def _needs_no_column(line: CompiledLine, schools: SchoolTable) -> bool:
    """Return whether a line is known from the school itself (lump sum, sparsity), so that it needs no column."""
    rule = line.line.sparsity
    if rule is None or line.rate is None:
        return line.counts is Counts.school
    return rule.miles is None or DISTANCE in schools.columns


def _without_distance(formula: CompiledFormula, schools: SchoolTable) -> SchoolTable:
    """Return the table with a column of distances that are not supplied, where sparsity reads one."""
    rules = [line.line.sparsity for line in formula.lines if line.line.sparsity is not None]
    if all(rule.miles is None for rule in rules):
        return schools
    column = SCHOOL_COLUMNS[DISTANCE]
    unknown = frozen(np.full(len(schools), column.missing, column.dtype))
    return replace(schools, columns={**schools.columns, DISTANCE: unknown})


def counts_pupils(formula: CompiledFormula, schools: SchoolTable) -> bool:
    """Return whether a table of schools leaves the units of a line to be counted from pupils."""
    return any(
        {UNITS_PREFIX + line.name, AMOUNT_PREFIX + line.name}.isdisjoint(schools.values)
        for line in formula.lines
        if line.counts is Counts.pupils
    )


def _lacks(line: CompiledLine, schools: SchoolTable) -> bool:
    if line.line.blend is not None and line.line.blend.new in schools.values:
        return False
    return not any(
        f"{prefix}{line.name}" in schools.values for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)
    )
