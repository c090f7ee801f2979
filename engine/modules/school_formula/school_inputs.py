"""The lines of a formula with the units and amounts of each school."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem
from engine.kernels.notional import GIVEN_UNITS
from engine.rules.compiled import CompiledLine
from engine.rules.formula import Factor, LinePhase
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

MAINSTREAM = (
    SchoolPhase.primary,
    SchoolPhase.secondary,
    SchoolPhase.all_through,
    SchoolPhase.middle,
)
APPLIES = {
    LinePhase.primary: (SchoolPhase.primary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.ks3: (SchoolPhase.secondary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.ks4: (SchoolPhase.secondary, SchoolPhase.all_through),
    LinePhase.secondary: (SchoolPhase.secondary, SchoolPhase.all_through, SchoolPhase.middle),
    LinePhase.middle: (SchoolPhase.middle,),
    LinePhase.all_through: (SchoolPhase.all_through,),
    LinePhase.all: MAINSTREAM,
}
"""The phases of school in which a line is expected; elsewhere an empty cell is not applicable."""


@dataclass(slots=True)
class Gathered:
    """The lines of a formula with their units and amounts; arrays are (schools, lines) unless named otherwise."""

    lines: tuple[CompiledLine, ...]
    form: NDArray[np.int8]
    units: Int
    given: Int
    absent: Int
    schools: SchoolTable
    pupils: Int
    pupils_known: NDArray[np.bool_]
    in_pence: set[int] = field(default_factory=set)
    """lines of which some school's amount is given"""

    def of(self, phase: LinePhase) -> NDArray[np.bool_]:
        """Return the schools in which a line of a phase is expected; not to be written."""
        return self.schools.of(APPLIES[phase])

    def all_known(self, wanted: Callable[[Factor], bool]) -> NDArray[np.bool_]:
        """Return the schools of which every line of some factors is known."""
        among = [at for at, line in enumerate(self.lines) if wanted(line.factor)]
        known: NDArray[np.bool_] = np.logical_and.reduce(self.absent.T[among] == 0, axis=0)
        return known

    @property
    def years(self) -> Int:
        """Return the year groups of each key stage (schools, 3)."""
        return self.schools.years.T

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


def place(
    gathered: Gathered,
    at: int,
    form: int,
    values: Int | int,
    where: NDArray[np.bool_],
    absent: Int | int | None = None,
) -> None:
    """Place values of one form in a line, where they are given: units (millionths) or pence.

    ``absent`` are the pupils of whom it is not known whether they count; None leaves what is held.
    """
    target = gathered.units if form == GIVEN_UNITS else gathered.given
    if form != GIVEN_UNITS:
        gathered.in_pence.add(at)
    np.copyto(target[:, at], values, where=where)
    np.copyto(gathered.form[:, at], form, where=where)
    if absent is not None:
        np.copyto(gathered.absent[:, at], absent, where=where)
