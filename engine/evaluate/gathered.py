"""The formula's lines with what is given for them, as they are gathered school by school."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import GIVEN_UNITS
from engine.rules.compiled import CompiledLine
from engine.rules.formula import LinePhase
from engine.tables import frozen
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
    """The formula's lines and what is given for them, (schools, lines) unless named otherwise."""

    day: date
    lines: tuple[CompiledLine, ...]
    form: NDArray[np.int8]
    units: Int
    given: Int
    absent: Int
    phase: NDArray[np.int8]
    years: Int
    pupils: Int
    pupils_known: NDArray[np.bool_]
    in_pence: set[int] = field(default_factory=set)
    """lines of which some school's amount is given"""
    found: dict[tuple[SchoolPhase, ...], NDArray[np.bool_]] = field(default_factory=dict)

    def of(self, phases: tuple[SchoolPhase, ...]) -> NDArray[np.bool_]:
        """Return which schools are of one of some phases; looked up once, not to be written."""
        if phases not in self.found:
            self.found[phases] = frozen(of_phases(self.phase, phases))
        return self.found[phases]

    @property
    def mainstream(self) -> NDArray[np.bool_]:
        """Return which schools are funded by the schools formula."""
        return self.of(MAINSTREAM)


def of_phases(phase: NDArray[np.int8], phases: tuple[SchoolPhase, ...]) -> NDArray[np.bool_]:
    """Return which schools are of one of some phases, by one look-up a school."""
    table = np.zeros(max(SchoolPhase) + 1, bool)
    table[list(phases)] = True
    return table.take(phase)


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
