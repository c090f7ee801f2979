"""What is given for each school's lines, and in which form: units, an amount, or not at all."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX, Int
from engine.errors import PairRefused, Problem
from engine.evaluate.combined import combined_lines
from engine.evaluate.units import above_share, by_school, counted_lines, counts
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, NOT_KNOWN
from engine.money import MILLION, half_away
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.dated import in_force
from engine.rules.formula import Blend, Counts, LinePhase
from engine.tables import PupilTable, SchoolTable
from engine.vocabulary import Presence, SchoolPhase

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

    @property
    def mainstream(self) -> NDArray[np.bool_]:
        """Return which schools are funded by the schools formula."""
        return _of_phases(self.phase, MAINSTREAM)


def _of_phases(phase: NDArray[np.int8], phases: tuple[SchoolPhase, ...]) -> NDArray[np.bool_]:
    """Return which schools are of one of some phases, by one look-up a school."""
    table = np.zeros(max(SchoolPhase) + 1, bool)
    table[list(phases)] = True
    return table[phase]


def gather(
    rules: CompiledRules,
    formula: CompiledFormula,
    schools: SchoolTable,
    pupils: PupilTable | None,
    years: Int,
    blocks: Blocks,
) -> Gathered:
    """Gather units and amounts for every line of every school, or refuse with every problem."""
    extra, covered = combined_lines(formula, schools)
    lines = (*formula.lines, *(line for line, _ in extra))
    shape = (len(schools), len(lines))
    gathered = Gathered(
        rules.day, lines, np.full(shape, NOT_KNOWN, np.int8), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
        np.zeros(shape, np.int64), schools.columns["phase"], years,
        np.zeros(len(schools), np.int64), np.zeros(len(schools), bool),
    )  # fmt: skip
    problems: list[Problem] = []
    for at, line in enumerate(formula.lines):
        _take(
            gathered,
            schools,
            at,
            line,
            covered.get(line.name),
            counted=pupils is not None,
            problems=problems,
        )
    for at, (_, column) in enumerate(extra, start=len(formula.lines)):
        _place(gathered, at, GIVEN_AMOUNT, schools.values[column], schools.given(column))
    if problems:
        raise PairRefused(problems)
    if pupils is not None:
        _count(rules, formula, gathered, schools, pupils, blocks, covered)
    _pupils(formula, gathered)
    return gathered


def _place(gathered: Gathered, at: int, form: int, values: Int, where: NDArray[np.bool_]) -> None:
    target = gathered.given if form == GIVEN_AMOUNT else gathered.units
    target[where, at] = values[where]
    gathered.form[where, at] = form
    gathered.absent[where, at] = 0


def _take(
    gathered: Gathered,
    schools: SchoolTable,
    at: int,
    line: CompiledLine,
    covered: NDArray[np.bool_] | None,
    *,
    counted: bool,
    problems: list[Problem],
) -> None:
    applies = _of_phases(gathered.phase, APPLIES[line.key.phase])
    if line.counts is Counts.school:
        applies &= _school_share(gathered, at, line, covered)
    if line.line.blend is not None and all(
        name in schools.values for name in _inputs(line.line.blend)
    ):
        units, known = _blended(line, line.line.blend, schools, gathered.lines, gathered.day)
        _place(gathered, at, GIVEN_UNITS, units, known)
    names = [f"{prefix}{line.name}" for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)]
    held = [name for name in names if name in schools.values]
    needed = applies & (gathered.form[:, at] == NOT_KNOWN) & (True if covered is None else ~covered)
    gathered.absent[needed, at] = 1
    for name in held:
        gathered.absent[schools.presence[name] == Presence.not_applicable, at] = 0
        form = GIVEN_AMOUNT if name.startswith(AMOUNT_PREFIX) else GIVEN_UNITS
        _place(gathered, at, form, schools.values[name], schools.given(name))
    priced = (gathered.form[:, at] == GIVEN_UNITS) & (gathered.units[:, at] != 0)
    if line.rate is None and priced.any():
        problems.append(_no_unit_value(line))
    elsewhere = line.counts is Counts.school or (counted and line.counts is Counts.pupils)
    if not held and needed.any() and not elsewhere:
        wanted = names[1] if line.counts is Counts.amount or line.rate is None else names[0]
        sentence = (
            "is used by the rule set and is not in the table; add it, empty where it is not known"
        )
        problems.append(Problem(sentence, "missing-column", column=wanted))


def _no_unit_value(line: CompiledLine) -> Problem:
    sentence = f"has no unit value in the rule set; give {AMOUNT_PREFIX}{line.name} in pounds"
    return Problem(sentence, "no-unit-value", column=f"{UNITS_PREFIX}{line.name}")


def _school_share(
    gathered: Gathered, at: int, line: CompiledLine, covered: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """Place a line that counts the school itself, where no combined amount does; return where it applies.

    A middle school, and an all-through one without a line of its own, is shared between
    primary and secondary by its year groups.
    """
    phase, years = gathered.phase, gathered.years
    has_own = any(other.key == (line.key.factor, LinePhase.all_through) for other in gathered.lines)
    total = years.sum(axis=1)
    halves = 2 * years[:, 0] * MILLION + total
    primary = np.where(total > 0, halves // np.maximum(2 * total, 1), 0)
    shared = (phase == SchoolPhase.middle) | ((phase == SchoolPhase.all_through) & (not has_own))
    shared &= line.key.phase not in {LinePhase.all, LinePhase.all_through}
    whole = np.full(len(phase), MILLION, np.int64)
    if line.key.phase is LinePhase.all:
        applies, units = _of_phases(phase, MAINSTREAM), whole
    elif line.key.phase is LinePhase.all_through:
        applies, units = phase == SchoolPhase.all_through, whole
    else:
        first = line.key.phase is LinePhase.primary
        own = SchoolPhase.primary if first else SchoolPhase.secondary
        applies = (phase == own) | shared
        units = np.where(shared, primary if first else MILLION - primary, whole)
    known = applies & ((total > 0) | ~shared) & (True if covered is None else ~covered)
    _place(gathered, at, GIVEN_UNITS, units, known)
    return applies


def _inputs(blend: Blend) -> tuple[str, ...]:
    return (blend.new, blend.old, *blend.assessed)


def _blended(
    line: CompiledLine,
    blend: Blend,
    schools: SchoolTable,
    lines: tuple[CompiledLine, ...],
    day: date,
) -> tuple[Int, NDArray[np.bool_]]:
    """Return units from two profiles' counts, exact and rounded once, and where they are known."""
    pupils = [f"{UNITS_PREFIX}{one.name}" for one in lines if _counts_pupils_of(one, line)]
    names = [*_inputs(blend), *pupils]
    known = np.ones(len(schools), bool)
    for name in names:
        known &= schools.given(name) if name in schools.values else False
    weight = in_force(blend.weight, day)
    share = Fraction(weight.decimal) if weight else Fraction(1)
    units = np.zeros(len(schools), np.int64)
    for school in np.flatnonzero(known):
        new, old, *assessed = (int(schools.values[name][school]) for name in _inputs(blend))
        phase_pupils = sum(int(schools.values[name][school]) for name in pupils)
        if sum(assessed) == 0:
            known[school] = False
            continue
        exact = (share * new + old) / sum(assessed) * phase_pupils
        units[school] = half_away(*exact.as_integer_ratio())
    return units, known


def _counts_pupils_of(one: CompiledLine, line: CompiledLine) -> bool:
    return (
        one.counts is Counts.pupils and one.factor.where is None and one.key.phase == line.key.phase
    )


def _count(
    rules: CompiledRules,
    formula: CompiledFormula,
    gathered: Gathered,
    schools: SchoolTable,
    pupils: PupilTable,
    blocks: Blocks,
    covered: dict[str, NDArray[np.bool_]],
) -> None:
    """Fill the lines that the school table has no amount or column for from the pupils' records."""
    lines = counted_lines(formula)
    open_lines = [
        (at, line)
        for at, line in enumerate(lines)
        if not any(
            f"{prefix}{line.name}" in schools.values for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)
        )
    ]
    if not open_lines:
        return
    counted = by_school(counts(rules, formula, pupils, blocks), pupils, schools)
    position = {line.name: at for at, line in enumerate(gathered.lines)}
    counted_position = {line.name: at for at, line in enumerate(lines)}
    problems = []
    for at, line in open_lines:
        target = position[line.name]
        free = gathered.mainstream & (gathered.form[:, target] == NOT_KNOWN)
        if line.name in covered:
            free &= ~covered[line.name]
        phase_pupils = sum(
            (counted.units[:, counted_position[name]] for name in _pupils_of(formula, line)),
            np.zeros(len(schools), np.int64),
        )
        units = above_share(rules, line, counted.units[:, at], phase_pupils)
        _place(gathered, target, GIVEN_UNITS, units, free)
        gathered.absent[free, target] = counted.missing[free, at]
        if line.rate is None and units[free].any():
            problems.append(_no_unit_value(line))
    if problems:
        raise PairRefused(problems)


def _pupils_of(formula: CompiledFormula, line: CompiledLine) -> list[str]:
    """Return the lines that count the pupils of a line's phase."""
    stages = {
        LinePhase.secondary: {LinePhase.ks3, LinePhase.ks4, LinePhase.secondary},
        LinePhase.all: set(LinePhase),
    }.get(line.key.phase, {line.key.phase})
    return [
        one.name
        for one in formula.lines
        if one.name in formula.pupil_lines and one.key.phase in stages
    ]


def _pupils(formula: CompiledFormula, gathered: Gathered) -> None:
    """Work out each school's pupils from the lines that count them."""
    known = gathered.mainstream.copy()
    for at, line in enumerate(gathered.lines):
        if line.name in formula.pupil_lines:
            units = gathered.form[:, at] == GIVEN_UNITS
            gathered.pupils += np.where(units, gathered.units[:, at], 0)
            known &= units | (gathered.absent[:, at] == 0) & (gathered.form[:, at] == NOT_KNOWN)
    gathered.pupils_known = known & (gathered.pupils > 0)
