"""What each school has of each line."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem
from engine.kernels.notional import LineUnits
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Factor
from engine.rules.phases_paid import MAINSTREAM
from engine.tables import SchoolTable


@dataclass(frozen=True, slots=True)
class SchoolInputs:
    """The units and amounts of each school by which the lines of a formula are priced.

    units         form, units and amount of each line
    weights       (segments) what each segment of the year counts for in exact amounts
    absent        (lines, schools) parts not known: pupils, or 1 for a figure
    pupils        (schools) millionths
    pupils_known  (schools)
    in_pence      lines of which an amount may be given
    """

    schools: SchoolTable
    lines: tuple[CompiledLine, ...]
    units: LineUnits
    weights: tuple[int, ...]
    absent: Int
    pupils: Int
    pupils_known: NDArray[np.bool_]
    in_pence: frozenset[int]

    def all_known(self, counts: Callable[[Factor], bool]) -> NDArray[np.bool_]:
        """Return the schools of which every line of some factors is known."""
        among = [at for at, line in enumerate(self.lines) if counts(line.factor)]
        known: NDArray[np.bool_] = np.logical_and.reduce(self.absent[among] == 0, axis=0)
        return known

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Return the schools that are known to have no pupils: nothing is added for each of none."""
        none: NDArray[np.bool_] = self.pupils_known & (self.pupils == 0)
        return none

    @property
    def year_groups(self) -> Int:
        """Return the year groups of each school, of all key stages together."""
        groups: Int = self.schools.years.sum(axis=0)
        return groups

    @property
    def mainstream(self) -> NDArray[np.bool_]:
        """Return which schools are funded by the schools formula."""
        return self.schools.of(MAINSTREAM)


def lacking(column: str) -> Problem:
    """Return the problem of a column that the rule set needs and the school table does not have."""
    sentence = (
        "is missing; these rules need this column (leave it empty where the figure is not known)"
    )
    return Problem(sentence, "missing-column", column=column)
