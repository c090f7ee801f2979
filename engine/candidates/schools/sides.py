"""What schools come to under one rule set, by one measure: pence, who is known, and to whom it can apply."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.groups import Groups
from engine.columns import Int
from engine.kernels.school_candidates import (
    AFTER,
    FORMULA,
    LOSERS,
    OF_FORMULA,
    OF_NOTIONAL,
    SUMS,
    TOTAL,
    WINNERS,
)
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import budget_known, funded, of_formula


class Measure(StrEnum):
    """What of a school candidates are compared by."""

    notional_sen = "notional_sen"
    formula = "formula"

    @property
    def code(self) -> int:
        """Return the number by which kernels know it."""
        return OF_NOTIONAL if self is Measure.notional_sen else OF_FORMULA


class SchoolSide(NamedTuple):
    """Schools under one rule set (schools): pence by the measure and of the formula; ``counted`` those to whom it can apply.

    ``pupils`` are millionths, counted or given.
    """

    pence: Int
    formula: Int
    known: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    pupils: Int


def side_of(outcome: NotionalOutcome, measure: Measure) -> SchoolSide:
    """Return what schools come to: a budget of notional SEN is known, or all that the formula pays, where no part of it is missing."""
    if measure is Measure.notional_sen:
        pence, known = outcome.notional_total, budget_known(outcome)
    else:
        pence, known = outcome.formula_total, (outcome.absent_total == 0) & funded(outcome)
    return SchoolSide(pence, outcome.formula_total, known, of_formula(outcome), outcome.pupils)


class SchoolSums(NamedTuple):
    """One candidate's schools added up by group (groups); ``sums`` has a column each for what a kernel adds up."""

    people: Int
    before: Int
    unknown: Int
    sums: Int


def sums_of(before: SchoolSide, after: SchoolSide, groups: Groups) -> SchoolSums:
    """Return what changes for schools from one side to another."""
    known, counted = before.known & after.known, before.counted | after.counted
    change = after.pence - before.pence
    added = {
        AFTER: groups.sums(np.where(known, after.pence, 0)),
        WINNERS: groups.counts(known & (change > 0)),
        LOSERS: groups.counts(known & (change < 0)),
        TOTAL: groups.sums(np.where(after.known, after.pence, 0)),
        FORMULA: groups.sums(np.where(known, after.formula, 0)),
    }
    return SchoolSums(
        groups.counts(counted),
        groups.sums(np.where(known, before.pence, 0)),
        groups.counts(counted & ~known),
        np.stack([added[at] for at in range(SUMS)], axis=1),
    )
