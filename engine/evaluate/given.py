"""What is given for each school's lines, and in which form: units, an amount, or not at all."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX, Int
from engine.errors import PairRefused, Problem
from engine.evaluate.blend import blend_columns, blended
from engine.evaluate.combined import combined_lines
from engine.evaluate.gathered import APPLIES, Gathered, place
from engine.evaluate.school_lines import place_sparsity, school_share
from engine.evaluate.units import YEARS, above_share, counted_lines, school_counts
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, NOT_KNOWN
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Counts, LinePhase
from engine.tables import PupilTable, SchoolTable
from engine.vocabulary import Presence

RECEPTION = "reception_difference"
OF_ONE_KIND = frozenset({LinePhase.middle, LinePhase.all_through})
"""Phases that are a kind of school, not an age: their lines count pupils of such schools alone."""


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
        rules.day, lines, np.full(shape, NOT_KNOWN, np.int8, "F"), np.zeros(shape, np.int64, "F"),
        np.zeros(shape, np.int64, "F"), np.zeros(shape, np.int64, "F"), schools.columns["phase"], years,
        np.zeros(len(schools), np.int64), np.zeros(len(schools), bool),
    )  # fmt: skip
    problems: list[Problem] = []
    alone = frozenset(
        line.name
        for line in formula.lines
        if pupils is not None and _is_counted_alone(line, schools, covered)
    )
    for at, line in enumerate(formula.lines):
        if line.name in alone:
            continue
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
        place(gathered, at, GIVEN_AMOUNT, schools.values[column], schools.given(column))
    if problems:
        raise PairRefused(problems)
    if pupils is not None:
        _count(rules, formula, gathered, schools, pupils, blocks, covered, alone)
    _add_reception(formula, gathered, schools)
    _pupils(formula, gathered)
    for at, line in enumerate(formula.lines):
        if line.counts is Counts.sparsity:
            problems += place_sparsity(gathered, schools, at, line, covered.get(line.name))
    if problems:
        raise PairRefused(problems)
    return gathered


def _is_counted_alone(
    line: CompiledLine, schools: SchoolTable, covered: dict[str, NDArray[np.bool_]]
) -> bool:
    """Return whether nothing but pupils' records decides a line's units, in all mainstream schools alike."""
    return (
        line.counts is Counts.pupils
        and line.rate is not None
        and line.line.blend is None
        and line.factor.only_above_percent is None
        and line.key.phase not in OF_ONE_KIND
        and line.name not in covered
        and not _held(line, schools)
    )


def _held(line: CompiledLine, schools: SchoolTable) -> list[str]:
    """Return the columns of a school table that give a line."""
    names = [f"{prefix}{line.name}" for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)]
    return [name for name in names if name in schools.values]


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
    applies = gathered.of(APPLIES[line.key.phase])
    if line.counts is Counts.school:
        applies = applies & school_share(gathered, at, line, covered)
    if line.line.blend is not None and all(
        name in schools.values for name in blend_columns(line.line.blend)
    ):
        units, known = blended(line, line.line.blend, schools, gathered.lines, gathered.day)
        place(gathered, at, GIVEN_UNITS, units, known)
    held = _held(line, schools)
    needed = applies & (gathered.form[:, at] == NOT_KNOWN)
    if covered is not None:
        needed &= ~covered
    gathered.absent[:, at] = needed
    for name in held:
        elsewhere = schools.presence[name] == Presence.not_applicable
        np.copyto(gathered.absent[:, at], 0, where=elsewhere)
        form = GIVEN_AMOUNT if name.startswith(AMOUNT_PREFIX) else GIVEN_UNITS
        place(gathered, at, form, schools.values[name], schools.given(name))
    if line.rate is None:
        priced = (gathered.form[:, at] == GIVEN_UNITS) & (gathered.units[:, at] != 0)
        problems += [_no_unit_value(line)] if priced.any() else []
    worked_out = line.counts in {Counts.school, Counts.sparsity} or (
        counted and line.counts is Counts.pupils
    )
    if not (held or worked_out) and needed.any():
        in_pounds = line.counts is Counts.amount or line.rate is None
        wanted = f"{AMOUNT_PREFIX if in_pounds else UNITS_PREFIX}{line.name}"
        sentence = (
            "is used by the rule set and is not in the table; add it, empty where it is not known"
        )
        problems.append(Problem(sentence, "missing-column", column=wanted))


def _no_unit_value(line: CompiledLine) -> Problem:
    sentence = f"has no unit value in the rule set; give {AMOUNT_PREFIX}{line.name} in pounds"
    return Problem(sentence, "no-unit-value", column=f"{UNITS_PREFIX}{line.name}")


def _count(
    rules: CompiledRules,
    formula: CompiledFormula,
    gathered: Gathered,
    schools: SchoolTable,
    pupils: PupilTable,
    blocks: Blocks,
    covered: dict[str, NDArray[np.bool_]],
    alone: frozenset[str],
) -> None:
    """Fill the lines that the school table has no amount or column for from the pupils' records."""
    lines = counted_lines(formula)
    open_lines = [(at, line) for at, line in enumerate(lines) if not _held(line, schools)]
    if not open_lines:
        return
    lines, phase_pupils = _with_pupils_of_phases(formula, lines)
    counted = school_counts(rules, lines, pupils, schools, gathered.mainstream, blocks)
    position = {line.name: at for at, line in enumerate(gathered.lines)}
    problems, mainstream = [], gathered.mainstream
    known = np.where(mainstream, np.int8(GIVEN_UNITS), np.int8(NOT_KNOWN))
    for at, line in open_lines:
        target = position[line.name]
        if line.name in alone:
            gathered.units[:, target], gathered.form[:, target] = counted.units[:, at], known
            if at in counted.unsure:
                gathered.absent[:, target] = counted.missing[:, at]
            continue
        free = mainstream & (gathered.form[:, target] == NOT_KNOWN)
        if line.key.phase in OF_ONE_KIND:
            free &= gathered.of(APPLIES[line.key.phase])
        if line.name in covered:
            free &= ~covered[line.name]
        units, missing = counted.units[:, at], counted.missing[:, at]
        if line.factor.only_above_percent is not None:
            of_phase = phase_pupils[line.key.phase]
            units = above_share(rules, line, units, counted.units[:, of_phase].sum(axis=1))
            # The share that is left out is not known where it is not known who is of the phase.
            missing = np.maximum(missing, counted.missing[:, of_phase].max(axis=1))
        place(gathered, target, GIVEN_UNITS, units, free, missing)
        if line.rate is None and units[free].any():
            problems.append(_no_unit_value(line))
    if problems:
        raise PairRefused(problems)


def _with_pupils_of_phases(
    formula: CompiledFormula, lines: tuple[CompiledLine, ...]
) -> tuple[tuple[CompiledLine, ...], dict[LinePhase, list[int]]]:
    """Return the counted lines, and for each phase a share is left out of, those that count its pupils.

    They are the lines that count the school's pupils where these make up the phase, one
    pupil as one. Else the pupils of the phase are counted on a line of their own, which is
    not paid: a formula may count its pupils by other phases than those of a factor.
    """
    counted, places = list(lines), {}
    for line in lines:
        phase = line.key.phase
        if line.factor.only_above_percent is None or phase in places:
            continue
        within = [
            at
            for at, one in enumerate(lines)
            if one.name in formula.pupil_lines
            and not one.line.year_weights
            and YEARS[one.key.phase] <= YEARS[phase]
        ]
        years = [year for at in within for year in YEARS[lines[at].key.phase]]
        if sorted(years) != sorted(YEARS[phase]):
            within = [len(counted)]
            factor = line.factor.model_copy(update={"where": None})
            own = line.line.model_copy(update={"year_weights": {}})
            counted.append(replace(line, factor=factor, line=own))
        places[phase] = within
    return tuple(counted), places


def _add_reception(formula: CompiledFormula, gathered: Gathered, schools: SchoolTable) -> None:
    """Add the reception pupils who joined since the count to the pupils of primary age."""
    if not formula.reception_uplift or RECEPTION not in schools.columns:
        return
    more = np.maximum(schools.columns[RECEPTION], 0)
    for at, line in enumerate(gathered.lines):
        if line.name in formula.pupil_lines and line.key.phase is LinePhase.primary:
            counted = gathered.form[:, at] == GIVEN_UNITS
            gathered.units[:, at] += np.where(counted, more, 0)


def _pupils(formula: CompiledFormula, gathered: Gathered) -> None:
    """Work out each school's pupils from the lines that count them."""
    known = gathered.mainstream.copy()
    for at, line in enumerate(gathered.lines):
        if line.name in formula.pupil_lines:
            units = gathered.form[:, at] == GIVEN_UNITS
            gathered.pupils += np.where(units, gathered.units[:, at], 0)
            known &= units | (gathered.absent[:, at] == 0) & (gathered.form[:, at] == NOT_KNOWN)
    gathered.pupils_known = known & (gathered.pupils > 0)
