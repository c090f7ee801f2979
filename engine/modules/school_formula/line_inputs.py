"""The units or amount of each school's lines, from its columns or from pupil records, and why one is missing.

All lines are taken together, as arrays (lines, schools): what a school's phase or its pupils say of a line
comes first, and a cell of the table takes its place.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX, Int
from engine.errors import PairRefused, Problem
from engine.kernels.notional import (
    GIVEN_AMOUNT,
    GIVEN_UNITS,
    NOT_KNOWN,
    SHARED_AMOUNT,
    YEARS_AMOUNT,
    LineUnits,
)
from engine.modules.school_formula.combined_amounts import combined_lines
from engine.modules.school_formula.lump_sums import lump_sum_applies, lump_sum_units, shared_amounts
from engine.modules.school_formula.prior_attainment_blend import blend_columns, blended
from engine.modules.school_formula.pupil_counts import (
    Counted,
    PlacedPupils,
    above_share,
    lacking_columns,
)
from engine.modules.school_formula.school_inputs import SchoolInputs, lacking
from engine.modules.school_formula.sparsity import earning, lacking_distance, sparsity_amounts
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.rules.phases_paid import APPLIES, MAINSTREAM
from engine.tables import SchoolTable, frozen
from engine.vocabulary import WITHHELD, Presence

RECEPTION = "reception_difference"
OF_THE_SCHOOL = frozenset({Counts.school, Counts.sparsity})
"""What applies by what the school is, so that more than a column of its own has a say."""

OF_ONE_KIND = frozenset({LinePhase.middle, LinePhase.all_through})
"""Phases that are a kind of school, not an age: their lines count pupils of such schools alone."""


def school_inputs(
    formula: CompiledFormula, schools: SchoolTable, pupils: PlacedPupils | None, blocks: Blocks
) -> SchoolInputs:
    """Return the units and amounts of every line of every school; raises ``PairRefused`` with every problem."""
    lines = _Lines(formula, schools)
    problems = [*lines.problems, *(lines.count(pupils, blocks) if pupils is not None else [])]
    lines.work_out()
    lines.take_cells()
    lines.leave_out_unfunded()
    problems += lines.mark_absent(counted=pupils is not None)
    if problems:
        raise PairRefused(problems)
    lines.add_reception()
    return lines.inputs()


class _Lines:
    """The lines of a formula while they are filled: arrays (lines, schools), combined amounts last."""

    def __init__(self, formula: CompiledFormula, schools: SchoolTable) -> None:
        """Start with lines of which nothing is known."""
        combined, self.covered, self.problems = combined_lines(formula, schools)
        self.formula, self.schools = formula, schools
        self.lines = (*formula.lines, *(line for line, _ in combined))
        self.shape = (len(self.lines), len(schools))
        self.form = np.full(self.shape, NOT_KNOWN, np.int8)
        self.units, self.absent = (np.zeros(self.shape, np.int64) for _ in range(2))
        self.amounts = np.zeros((len(formula.months), *self.shape), np.int64)
        self.mainstream = schools.of(MAINSTREAM)
        self.unit_cells = self._cells(UNITS_PREFIX)
        self.amount_cells = self._cells(AMOUNT_PREFIX)
        in_cells = {*self.unit_cells, *self.amount_cells}
        self.without = [at for at in range(len(formula.lines)) if at not in in_cells]
        self.derived = [at for at in self.without if self.lines[at].name not in self.covered]
        self.in_pence = set(self.amount_cells)

    def _cells(self, prefix: str) -> dict[int, str]:
        """Return the columns of one form that the table has, by the line that they give."""
        names = [f"{prefix}{line.name}" for line in self.lines]
        return {at: name for at, name in enumerate(names) if name in self.schools.values}

    def _rows(self, rows: list[NDArray[Any]]) -> NDArray[Any]:
        """Return columns of the table as rows under each other."""
        return np.concatenate(rows).reshape(len(rows), len(self.schools))

    def count(self, pupils: PlacedPupils, blocks: Blocks) -> list[Problem]:
        """Fill the lines that count pupils and have no column, at every mainstream school."""
        counting = [at for at in self.derived if self.lines[at].counts is Counts.pupils]
        lines = self.formula.counted
        problems = lacking_columns(lines, pupils.pupils) if counting else []
        if problems or not counting:
            return problems
        counted = pupils.counts(lines, blocks)
        self.form[counting] = np.where(self.mainstream, GIVEN_UNITS, NOT_KNOWN)
        for at in counting:
            self.units[at] = counted.units[at]
        for at in counted.unsure.intersection(counting):
            self.absent[at] = counted.missing[at]
        for at in counting:
            self._count_part(at, counted)
        return []

    def _count_part(self, at: int, counted: Counted) -> None:
        """Change the units of a line for one kind of school, or for pupils above a share."""
        line = self.lines[at]
        if line.key.phase in OF_ONE_KIND:
            of_kind = self.schools.of(APPLIES[line.key.phase])
            for held, nothing in ((self.form, NOT_KNOWN), (self.units, 0), (self.absent, 0)):
                np.copyto(held[at], nothing, where=~of_kind)
        if line.factor.only_above_percent is not None:
            of_phase = self.formula.counted.of_phase.get(line.key.phase, ())
            pupils = counted.units[list(of_phase)].sum(axis=0)
            self.units[at] = above_share(line, self.units[at], pupils)
            # The share that is left out is not known where it is not known who is of the phase.
            missing = counted.missing_of((at, *of_phase))
            self.absent[at] = np.where(self.form[at] == GIVEN_UNITS, missing, 0)

    def work_out(self) -> None:
        """Fill the other lines without a column by what the school is, or by its columns of two profiles."""
        for at in self.derived:
            line, blend = self.lines[at], self.lines[at].line.blend
            if line.counts is Counts.school:
                self._put(at, GIVEN_UNITS, *lump_sum_units(line, self.formula.lines, self.schools))
                shared = shared_amounts(line, self.formula.lines, self.schools)
                if shared is not None:
                    self._put(at, SHARED_AMOUNT, *shared)
                    self.in_pence.add(at)
            elif blend is not None and self.schools.values.keys() >= set(blend_columns(blend)):
                self._put(at, GIVEN_UNITS, *blended(line, blend, self.schools, self.lines))

    def _put(self, at: int, form: int, values: Int, known: NDArray[np.bool_]) -> None:
        """Write the units (millionths), or the amounts (segments, schools; pence), of a line where it is known."""
        held = self.units[at] if form == GIVEN_UNITS else self.amounts[:, at]
        np.copyto(held, values, where=known)
        np.copyto(self.form[at], form, where=known)
        np.copyto(self.absent[at], 0, where=known)

    def take_cells(self) -> None:
        """Take what the table has a column for: units, and amounts in their place."""
        for held, form, cells in (
            (self.units[None], GIVEN_UNITS, self.unit_cells),
            (self.amounts, GIVEN_AMOUNT, self.amount_cells),
        ):
            if cells:
                lines = list(cells)
                given = self._presence(cells) == Presence.given
                self.form[lines] = np.where(given, np.int8(form), self.form[lines])
            for at, name in cells.items():
                held[:, at] = self.schools.values[name]

    def leave_out_unfunded(self) -> None:
        """Take nothing for schools of phases that a schools formula does not fund, whatever the table has of them."""
        unfunded = ~self.mainstream
        if unfunded.any():
            self.form[:, unfunded] = NOT_KNOWN
            for held in (self.units, self.absent, self.amounts):
                held[..., unfunded] = 0

    def _presence(self, cells: dict[int, str]) -> NDArray[np.int8]:
        return self._rows([self.schools.presence[name] for name in cells.values()])

    def mark_absent(self, *, counted: bool) -> list[Problem]:
        """Mark what is expected and not known; return the columns and unit values that are lacking.

        ``counted`` where pupils are, so that lines that count them need no column.
        """
        needed = self._needed()
        lacking_any = np.asarray(needed.any(axis=1))
        self.absent[lacking_any] = needed[lacking_any]
        problems: list[Problem] = []
        for at, line in enumerate(self.formula.lines):
            if line.counts is Counts.sparsity and at in self.derived:
                problems += lacking_distance(self.schools, line)
            if line.rate is None and (self.units[at] * (self.form[at] == GIVEN_UNITS)).any():
                problems.append(_no_unit_value(line))
            worked_out = line.counts in OF_THE_SCHOOL or (counted and line.counts is Counts.pupils)
            if lacking_any[at] and at in self.without and not worked_out:
                in_pounds = line.counts is Counts.amount or line.rate is None
                problems.append(
                    lacking(f"{AMOUNT_PREFIX if in_pounds else UNITS_PREFIX}{line.name}")
                )
        return problems

    def _needed(self) -> NDArray[np.bool_]:
        """Return what is expected of each school, by the phase of the line, and not known."""
        of = {phase: self.schools.of(phases) for phase, phases in APPLIES.items()}
        needed = self._rows([of[line.key.phase] for line in self.lines])
        needed &= self.form == NOT_KNOWN
        for at, line in enumerate(self.formula.lines):
            if line.counts is Counts.school:
                needed[at] &= lump_sum_applies(line, self.formula.lines, self.schools)
            if line.counts is Counts.sparsity:
                needed[at] &= earning(self.schools, line)
            if line.name in self.covered:
                needed[at] &= ~self.covered[line.name]
        for cells in filter(None, (self.unit_cells, self.amount_cells)):
            lines, presence = list(cells), self._presence(cells)
            # What is withheld is there, wherever a line is usually expected.
            withheld = self.mainstream & np.isin(presence, WITHHELD)
            needed[lines] = (needed[lines] & (presence != Presence.not_applicable)) | withheld
        needed[len(self.formula.lines) :] = False
        return needed

    def _mark_unprinted(self) -> None:
        """Mark as not known what has units and a unit value that is not printed; none of it is nothing."""
        for at, line in enumerate(self.lines):
            if not line.year_is_printed:
                earned = (self.form[at] == YEARS_AMOUNT) & self.amounts[:, at].any(axis=0)
                priced = earned | ((self.form[at] == GIVEN_UNITS) & (self.units[at] != 0))
                self.form[at][priced] = NOT_KNOWN
                self.absent[at][priced] = 1
                self.amounts[:, at, earned] = 0

    def add_reception(self) -> None:
        """Add the reception pupils who joined since the count to the pupils of primary age.

        Where a school leaves them empty, its pupils are not known.
        """
        if not self.formula.reception_uplift or RECEPTION not in self.schools.columns:
            return
        joined = self.schools.columns[RECEPTION]
        unknown = (joined < 0) & self.schools.of(APPLIES[LinePhase.primary])
        for at in self._pupil_lines():
            if self.lines[at].key.phase is LinePhase.primary:
                counted = self.form[at] == GIVEN_UNITS
                self.units[at] += np.where(counted, np.maximum(joined, 0), 0)
                self.absent[at] = np.maximum(self.absent[at], counted & unknown)

    def _pupil_lines(self) -> list[int]:
        """Return the lines that count each school's pupils."""
        names = self.formula.pupil_lines
        return [at for at, line in enumerate(self.lines) if line.name in names]

    def inputs(self) -> SchoolInputs:
        """Return the filled lines with each school's pupils, and what sparsity earns by them."""
        pupils, known = np.zeros(len(self.schools), np.int64), self.mainstream.copy()
        counted = np.zeros(len(self.schools), np.bool_)
        for at in self._pupil_lines():
            by_units = self.form[at] == GIVEN_UNITS
            pupils += np.where(by_units, self.units[at], 0)
            counted |= by_units
            known &= (self.absent[at] == 0) & (by_units | (self.form[at] == NOT_KNOWN))
        known &= counted
        for at in self.derived:
            if self.lines[at].counts is Counts.sparsity:
                earned = sparsity_amounts(self.lines[at], self.schools, pupils, known)
                if earned is not None:
                    self._put(at, YEARS_AMOUNT, *earned)
                    self.in_pence.add(at)
        self._mark_unprinted()
        units = LineUnits(frozen(self.form), frozen(self.units), frozen(self.amounts))
        return SchoolInputs(
            self.schools, self.lines, units, self.formula.weights, frozen(self.absent), frozen(pupils),
            frozen(known), frozenset(self.in_pence),
        )  # fmt: skip


def _no_unit_value(line: CompiledLine) -> Problem:
    sentence = f"has no unit value in these rules; give {AMOUNT_PREFIX}{line.name} in pounds"
    return Problem(sentence, "no-unit-value", column=f"{UNITS_PREFIX}{line.name}")
