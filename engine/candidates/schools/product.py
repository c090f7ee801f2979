"""A schools formula as a product: what schools have of each line, by classes, times what many candidates pay for it.

Each line's amount and its notional part are rounded by the kernel of lines, a class once for each candidate; minimum level,
guarantee, cap and scaling come after it, school by school, in whole numbers.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.schools.line_classes import LineClasses
from engine.candidates.schools.thresholds import last_year_of
from engine.candidates.schools.tried import MINIMUM, PROTECTION, Tried
from engine.candidates.values import Some
from engine.columns import Int
from engine.kernels.notional import OpenPart
from engine.kernels.school_candidates import (
    ADDED,
    AMOUNT,
    CURRENT,
    LANES,
    SUMS,
    FixedParts,
    LastYear,
    LineTables,
    MinimumLevels,
    fill_school_candidates,
)
from engine.modules.school_formula.combined_amounts import combined_stems
from engine.modules.school_formula.exact_amounts import exact_amounts
from engine.modules.school_formula.fringe import open_part, paid_part
from engine.modules.school_formula.guarantee import gains_of
from engine.modules.school_formula.line_inputs import school_inputs
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.pupil_counts import PlacedPupils
from engine.modules.school_formula.school_inputs import SchoolInputs
from engine.modules.school_formula.valuation import LARGEST, MOST_YEARS, largest_year
from engine.row_chunks import Blocks
from engine.rules.compile_reads import family
from engine.rules.compiled import CompiledFormula
from engine.steps import are_printed
from engine.tables import PupilTable, frozen

TOGETHER = 64
"""Candidates whose tables of classes are held at once."""


class Compared(NamedTuple):
    """What schools are compared with and added up by (schools): pence before, how far each is known, and the cell of each."""

    before: Int
    known: NDArray[np.int8]
    cell: NDArray[np.int32]
    cells: int
    measure: int


@dataclass(frozen=True, slots=True, eq=False)
class SchoolProduct:
    """Candidates of one variant whose schools are worked out together."""

    tried: Tried
    inputs: SchoolInputs
    outcome: NotionalOutcome
    classes: tuple[LineClasses, ...]
    place: NDArray[np.int32]
    years: Int
    fixed: FixedParts
    compared: Compared
    part: OpenPart
    last_year: LastYear

    @classmethod
    def of(
        cls,
        tried: Tried,
        outcome: NotionalOutcome,
        pupils: PupilTable | None,
        compared: Compared,
        blocks: Blocks,
    ) -> "SchoolProduct | None":
        """Return the product of a variant, whose first candidate comes to ``outcome``; None where candidates are valued one by one."""
        formula, schools = tried.formula, outcome.schools
        if not _adds_up(tried, formula):
            return None
        stems = combined_stems(formula, schools)
        if any({one.key.factor, family(one.key.factor)} & stems for one in tried.lines):
            return None
        placed = None if pupils is None else PlacedPupils(pupils, schools)
        inputs = school_inputs(formula, schools, placed, blocks)
        part = open_part(formula, schools)
        paid, largest = paid_part(formula, part, len(schools)), _largest(tried, inputs)
        if 2 * largest * max(MOST_YEARS, formula.year_days) >= LARGEST:
            return None
        last_year = last_year_of(formula, outcome, paid, largest)
        if last_year is None:
            return None
        classes = tuple(LineClasses.among(inputs, at, formula, part) for at in tried.at)
        place = [one.of for one in classes]
        return cls(
            tried, inputs, outcome, classes,
            frozen(np.stack(place) if place else np.zeros((0, len(schools)), np.int32)),
            _liftable(inputs, outcome), _fixed(tried, inputs, outcome, compared), compared, paid, last_year,
        )  # fmt: skip

    @property
    def number_of_classes(self) -> int:
        """Return how many classes the lines that vary have together."""
        return sum(map(len, self.classes))

    def sums(self, some: Some) -> Int:
        """Return what some candidates of the variant come to (candidates, cells, ``SUMS``)."""
        places = np.arange(len(self.tried.variant))[some]
        out = np.empty((len(places), self.compared.cells, SUMS), np.int64)
        for first in range(0, len(places), TOGETHER):
            those = places[first : first + TOGETHER]
            out[first : first + len(those)] = self._sums(those)
        return out

    def _sums(self, those: Int) -> Int:
        tried, formula = self.tried, self.tried.formula
        minimum = MinimumLevels(
            _in_lanes(tried.levels(those)), _in_lanes(tried.lift_percent(MINIMUM, those)),
            self.inputs.pupils, self.years, formula.scale,
        )  # fmt: skip
        percent = _in_lanes(tried.lift_percent(PROTECTION, those))
        blocks, cells = len(percent), self.compared.cells
        out = np.empty((blocks, cells, SUMS, LANES), np.int64)
        added = np.empty((blocks, ADDED * LANES), np.int64)
        fill_school_candidates(
            0, blocks, self._tables(those), self.fixed, minimum,
            self.last_year._replace(percent=percent), self.part, self.compared.measure, out, added,
        )  # fmt: skip
        found = np.moveaxis(out, 3, 1).reshape(blocks * LANES, cells, SUMS)
        return found[: len(those)]

    @property
    def compares(self) -> bool:
        """Return whether schools are compared with a minimum level or with last year."""
        return self.tried.formula.levels is not None or bool(self.last_year.compared.any())

    def _tables(self, those: Int) -> LineTables:
        """Return what each class of each line comes to, side by side; a line of few classes has room left."""
        numbers = ADDED if self.compares else CURRENT - AMOUNT - 1
        blocks, most = -(-len(those) // LANES), max(map(len, self.classes), default=0)
        added = np.zeros((blocks, len(self.classes), most, numbers, LANES), np.int64)
        priced = zip(self.classes, self.tried.lines, self.tried.priced(those), strict=True)
        for at, (classes, line, tried) in enumerate(priced):
            amount, notional, exact = classes.amounts(tried.rates, tried.percents)
            factor = line.factor
            parts = amount, notional, exact * factor.in_minimum_base, exact * factor.in_guarantee
            for number, one in enumerate(parts[:numbers]):
                added[:, at, : len(classes), number] = _in_lanes(one)
        shape = (*added.shape[:3], numbers * LANES)
        return LineTables(frozen(added.reshape(shape)), self.place)


def _in_lanes(values: Int) -> Int:
    """Return numbers (candidates, ...) as (blocks, ..., LANES); the last block is filled up with its last candidate."""
    short = -len(values) % LANES
    whole = np.concatenate([values, np.repeat(values[-1:], short, axis=0)])
    blocks = whole.reshape(len(whole) // LANES, LANES, *values.shape[1:])
    return frozen(np.ascontiguousarray(np.moveaxis(blocks, 1, -1)))


def _liftable(inputs: SchoolInputs, outcome: NotionalOutcome) -> Int:
    """Return the year groups of schools that the minimum level may lift (3, schools); none of the others."""
    countable = (inputs.pupils > 0) & inputs.pupils_known
    lifted = countable & (outcome.minimum_absent == 0)
    return frozen(np.where(lifted, inputs.schools.years, 0))


def _adds_up(tried: Tried, formula: CompiledFormula) -> bool:
    """Return whether lines add up school by school whatever a candidate tries, and no more of a school becomes known by it."""
    printed = are_printed(formula.minimum_percent, formula.protection_percent)
    whole = not formula.fringe and not formula.tables
    return whole and printed and gains_of(formula).are_printed and tried.are_plain


def _largest(tried: Tried, inputs: SchoolInputs) -> int:
    """Return what no school earns more of in a year under any candidate, millionths of a penny, times all weights."""
    every = slice(0, len(tried.variant))
    rates = np.asarray(
        [max(one.rate or 0 for one in line.segments) for line in inputs.lines], np.int64
    )
    for line in tried.priced(every):
        rates[line.at] = line.rates.max(initial=0)
    level = int(tried.levels(every).max(initial=0))
    return largest_year(inputs, rates, level) * tried.formula.scale


def _fixed(
    tried: Tried, inputs: SchoolInputs, outcome: NotionalOutcome, compared: Compared
) -> FixedParts:
    """Return what the lines come to that no candidate changes."""
    others = np.ones(len(inputs.lines), np.bool_)
    others[tried.at] = False
    exact = exact_amounts(inputs)
    in_minimum = np.asarray([line.factor.in_minimum_base for line in inputs.lines])
    in_guarantee = np.asarray([line.factor.in_guarantee for line in inputs.lines])
    added = (
        outcome.amount[:, others].sum(axis=1), outcome.notional[:, others].sum(axis=1),
        exact[others & in_minimum].sum(axis=0), exact[others & in_guarantee].sum(axis=0),
    )  # fmt: skip
    return FixedParts(
        frozen(np.stack(added, axis=1)), compared.before, compared.known, compared.cell
    )
