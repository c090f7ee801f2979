"""Lines that a school table has no column for, declared by whoever gives the table.

A published statement often prints only the lines that a school is paid for. A missing
column is refused unless the giver says what it means: nothing there, or not known.
"""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX
from engine.evaluate.combined import combined_lines
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts
from engine.tables import SchoolTable, frozen
from engine.vocabulary import Presence

GIVEN = (Counts.amount, Counts.sparsity)
"""What is given, or worked out, in pounds."""


class AbsentLines(StrEnum):
    """What it means that a table has no column for a line of the formula."""

    refused = "refused"
    zero = "zero"
    not_supplied = "not_supplied"


def declare_absent(
    formula: CompiledFormula, schools: SchoolTable, meaning: AbsentLines
) -> SchoolTable:
    """Return the table with the formula's other lines filled as declared."""
    if meaning is AbsentLines.refused:
        return schools
    _, covered = combined_lines(formula, schools)
    names = [
        f"{AMOUNT_PREFIX if line.counts in GIVEN else UNITS_PREFIX}{line.name}"
        for line in formula.lines
        if _lacks(line, schools) and line.name not in covered and line.counts is not Counts.school
    ]
    presence = Presence.given if meaning is AbsentLines.zero else Presence.not_supplied
    nothing = frozen(np.zeros(len(schools), np.int64))
    states = frozen(np.full(len(schools), presence, np.int8))
    return replace(
        schools,
        values={**schools.values, **dict.fromkeys(names, nothing)},
        presence={**schools.presence, **dict.fromkeys(names, states)},
    )


def _lacks(line: CompiledLine, schools: SchoolTable) -> bool:
    if line.line.blend is not None and line.line.blend.new in schools.values:
        return False
    return not any(
        f"{prefix}{line.name}" in schools.values for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)
    )
