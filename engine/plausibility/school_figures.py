"""The figures of schools as they are looked at, and what they are compared with: pupils of a phase, counts and amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, YEARS_AMOUNT
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.parts import applies
from engine.money import MILLION, number
from engine.rules.compiled import CompiledLine
from engine.rules.formula import PHASE_WORDS, Counts, LinePhase

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PupilsOfPhase:
    """The pupils of a phase at each school, millionths, and where they are known and at least one."""

    number: Int
    known: Mask

    def words(self, school: int, phase: LinePhase) -> str:
        """Return the pupils of a school in words, for example ``210 primary pupils``."""
        words = PHASE_WORDS[phase]
        return f"{number(int(self.number[school]))} {f'{words} ' if words else ''}pupils"


@dataclass(frozen=True)
class SchoolFigures:
    """The figures of schools, and what they are compared with; ``cost`` is pence for a pupil on SEN support."""

    outcome: NotionalOutcome
    cost: int | None

    @cached_property
    def by_phase(self) -> dict[LinePhase, PupilsOfPhase]:
        """Return the pupils of each phase of which the formula counts them."""
        formula = self.outcome.rules.document.schools_formula
        lines = {} if formula is None else formula.pupil_lines()
        return {phase: self._sum(names) for phase, names in lines.items() if names}

    def _sum(self, names: tuple[str, ...]) -> PupilsOfPhase:
        total = np.zeros(len(self.outcome.schools), np.int64)
        known = np.ones(len(total), bool)
        for at, line in enumerate(self.outcome.lines):
            if line.name in names:
                total += self.units(at)
                priced = self.outcome.form[:, at] == GIVEN_UNITS
                known &= (priced & (self.outcome.absent[:, at] == 0)) | ~applies(self.outcome, at)
        # Of less than one pupil, a share perhaps, nothing is a part.
        return PupilsOfPhase(total, known & (total >= MILLION))

    @cached_property
    def every(self) -> PupilsOfPhase:
        """Return all pupils of each school."""
        nothing = np.zeros(len(self.outcome.schools), np.int64)
        none = PupilsOfPhase(nothing, np.zeros(len(nothing), bool))
        return self.by_phase.get(LinePhase.all, none)

    def pupils(self, line: CompiledLine) -> PupilsOfPhase:
        """Return the pupils that a line counts some of: those of its phase, or all of them."""
        found = self.by_phase.get(line.key.phase)
        return self.every if found is None else found

    @cached_property
    def whole_lines(self) -> frozenset[str]:
        """Return the lines that count all pupils of a phase."""
        formula = self.outcome.rules.formula
        return frozenset() if formula is None else frozenset(formula.pupil_lines)

    def part_lines(self) -> Iterator[tuple[int, CompiledLine]]:
        """Yield the lines that count some of the pupils, with their positions."""
        for at, line in enumerate(self.outcome.lines):
            if line.counts is Counts.pupils and line.name not in self.whole_lines:
                yield at, line

    @cached_property
    def every_units(self) -> Int:
        """Return the units of each line where they are given (schools, lines), millionths, and 0 elsewhere."""
        priced: Int = np.where(self.outcome.form == GIVEN_UNITS, self.outcome.units, 0)
        return priced

    def units(self, at: int) -> Int:
        """Return the units of a line where they are given, millionths, and 0 elsewhere."""
        priced: Int = self.every_units[:, at]
        return priced

    def amounts(self, at: int) -> Int:
        """Return the amounts of a line where they are given as such, pence, and 0 elsewhere."""
        form = self.outcome.form[:, at]
        given = (form == GIVEN_AMOUNT) | (form == YEARS_AMOUNT)
        amount: Int = np.where(given, self.outcome.amount[:, at], 0)
        return amount

    def column(self, name: str) -> Int:
        """Return a column of the register, -1 where it is not given."""
        held = self.outcome.schools.columns.get(name)
        return np.full(len(self.outcome.schools), -1) if held is None else held.astype(np.int64)
