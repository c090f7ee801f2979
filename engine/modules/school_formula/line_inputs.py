"""The units or amount of each school's lines, from its columns or from pupil records, and why one is missing."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.columns import AMOUNT_PREFIX, UNITS_PREFIX, Int
from engine.errors import PairRefused, Problem
from engine.kernels.notional import GIVEN_AMOUNT, GIVEN_UNITS, NOT_KNOWN
from engine.modules.school_formula.combined_amounts import Covered, combined_lines
from engine.modules.school_formula.lump_sums_and_sparsity import (
    earning,
    lacking_distance,
    place_sparsity,
    school_share,
)
from engine.modules.school_formula.prior_attainment_blend import blend_columns, blended
from engine.modules.school_formula.pupil_counts import (
    Counted,
    above_share,
    lacking_columns,
    school_counts,
)
from engine.modules.school_formula.school_inputs import MAINSTREAM, Gathered, lacking, place
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledFormula, CompiledLine
from engine.rules.formula import Counts, LinePhase
from engine.tables import PupilTable, SchoolTable
from engine.vocabulary import Presence

RECEPTION = "reception_difference"
OF_THE_SCHOOL = frozenset({Counts.school, Counts.sparsity})
"""What applies by what the school is, so that more than a column of its own has a say."""

FEW_SCHOOLS = 300
"""Schools up to which lines are quicker taken together than one by one."""

OF_ONE_KIND = frozenset({LinePhase.middle, LinePhase.all_through})
"""Phases that are a kind of school, not an age: their lines count pupils of such schools alone."""


def gather(
    formula: CompiledFormula,
    schools: SchoolTable,
    pupils: PupilTable | None,
    blocks: Blocks,
) -> Gathered:
    """Return the units and amounts of every line of every school; raises ``PairRefused`` with every problem."""
    extra, covered = combined_lines(formula, schools)
    wanted = _to_count(formula, schools, covered) if pupils is not None else ()
    problems = lacking_columns(formula.counted, pupils) if pupils is not None and wanted else []
    counted = None
    if pupils is not None and wanted and not problems:
        counted = school_counts(formula.counted, pupils, schools, schools.of(MAINSTREAM), blocks)
    alone = [at for at in wanted if _is_counted_alone(formula.lines[at])]
    lines = (*formula.lines, *(line for line, _ in extra))
    gathered = _blank(formula, lines, schools, counted, alone)
    known = set(alone) if counted is not None else set()
    plain = _plainly_given(formula, schools, covered)
    unpriced = _take_given(gathered, schools, plain)
    for at, line in enumerate(formula.lines):
        problems += [_no_unit_value(line)] if at in unpriced else []
        if at not in known and at not in plain:
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
        place(gathered, at, GIVEN_AMOUNT, schools.values[column], schools.has_value(column))
    if counted is not None:
        others = [at for at in wanted if at not in alone]
        problems += _count(formula, gathered, counted, others)
    if problems:
        raise PairRefused(problems)
    _add_reception(formula, gathered, schools)
    _pupils(formula, gathered)
    for at, line in enumerate(formula.lines):
        if line.counts is Counts.sparsity and _is_worked_out(line, schools, covered):
            place_sparsity(gathered, schools, at, line)
    return gathered


def _to_count(formula: CompiledFormula, schools: SchoolTable, covered: Covered) -> tuple[int, ...]:
    """Return the positions of the lines to count from pupils: those that the table has no column for."""
    return tuple(
        at
        for at, line in enumerate(formula.lines)
        if line.counts is Counts.pupils and _is_worked_out(line, schools, covered)
    )


def _is_worked_out(line: CompiledLine, schools: SchoolTable, covered: Covered) -> bool:
    """Return whether a table has no column for a line."""
    return line.name not in covered and not _held(line, schools)


def _is_counted_alone(line: CompiledLine) -> bool:
    """Return whether a line's units come only from pupil records, in every mainstream school."""
    return (
        line.rate is not None
        and line.line.blend is None
        and line.factor.only_above_percent is None
        and line.key.phase not in OF_ONE_KIND
    )


def _blank(
    formula: CompiledFormula,
    lines: tuple[CompiledLine, ...],
    schools: SchoolTable,
    counted: Counted | None,
    alone: list[int],
) -> Gathered:
    """Return the lines with the units counted from pupil records and nothing else yet."""
    shape = (len(lines), len(schools))
    form = np.full(shape, NOT_KNOWN, np.int8)
    given, absent = (np.zeros(shape, np.int64) for _ in range(2))
    if counted is None:
        units = np.zeros(shape, np.int64)
    else:
        units = _units_counted(formula, counted, shape, alone)
    gathered = Gathered(
        lines, form.T, units.T, given.T, absent.T, schools,
        np.zeros(len(schools), np.int64), np.zeros(len(schools), bool),
    )  # fmt: skip
    if counted is not None:
        form[alone] = np.where(gathered.mainstream, np.int8(GIVEN_UNITS), np.int8(NOT_KNOWN))
        unsure = list(counted.unsure.intersection(alone))
        absent[unsure] = counted.missing[unsure]
    return gathered


def _units_counted(
    formula: CompiledFormula, counted: Counted, shape: tuple[int, int], alone: list[int]
) -> Int:
    """Return the units (lines, schools) of the lines that are counted only from pupil records; 0 elsewhere."""
    own = len(formula.lines)
    units = np.empty(shape, np.int64)
    # In one step, as lines that do not count pupils have none there either.
    units[:own], units[own:] = counted.units[:own], 0
    counting = {member.line for member in formula.counted.members if member.line < own}
    units[sorted(counting.difference(alone))] = 0
    return units


def _held(line: CompiledLine, schools: SchoolTable) -> list[str]:
    """Return the columns of a school table that give a line."""
    names = [f"{prefix}{line.name}" for prefix in (UNITS_PREFIX, AMOUNT_PREFIX)]
    return [name for name in names if name in schools.values]


def _plainly_given(
    formula: CompiledFormula, schools: SchoolTable, covered: Covered
) -> dict[int, str]:
    """Return the column of each line that depends on one column only.

    None where there are many schools, for their columns would be copied to be taken together.
    """
    plain: dict[int, str] = {}
    if len(schools) > FEW_SCHOOLS:
        return plain
    for at, line in enumerate(formula.lines):
        if line.counts in OF_THE_SCHOOL or line.name in covered:
            continue
        held = _held(line, schools)
        if len(held) == 1:
            plain[at] = held[0]
    return plain


def _take_given(gathered: Gathered, schools: SchoolTable, columns: Mapping[int, str]) -> set[int]:
    """Fill all lines that depend on one column only, at once; equal to ``_take`` line by line.

    Return those that have units and no unit value.
    """
    if not columns:
        return set()
    lines = np.asarray(list(columns))
    in_pence = np.asarray([name.startswith(AMOUNT_PREFIX) for name in columns.values()])
    values = np.stack([schools.values[name] for name in columns.values()])
    presence = np.stack([schools.presence[name] for name in columns.values()])
    given = presence == Presence.given
    values = np.where(given, values, 0)
    forms = np.where(in_pence, GIVEN_AMOUNT, GIVEN_UNITS).astype(np.int8)
    gathered.form.T[lines] = np.where(given, forms[:, np.newaxis], np.int8(NOT_KNOWN))
    gathered.units.T[lines[~in_pence]] = values[~in_pence]
    gathered.given.T[lines[in_pence]] = values[in_pence]
    gathered.in_pence.update(lines[in_pence].tolist())
    applies = np.stack([gathered.of(gathered.lines[at].key.phase) for at in columns])
    empty = ~given & (presence != Presence.not_applicable)
    # What is withheld is there, wherever a line is usually expected.
    withheld = gathered.mainstream & (presence == Presence.suppressed)
    gathered.absent.T[lines] = (applies & empty) | withheld
    counts = values.any(axis=1) & ~in_pence
    counting = {at for at, counted in zip(columns, counts, strict=True) if counted}
    return {at for at in counting if gathered.lines[at].rate is None}


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
    held, applies = _held(line, schools), gathered.of(line.key.phase)
    derived = not held and covered is None
    if line.counts is Counts.school:
        applies = applies & school_share(gathered, at, line, derived=derived)
    if line.counts is Counts.sparsity:
        applies = applies & earning(schools, line)
        problems += lacking_distance(schools, line) if derived and applies.any() else []
    if (
        derived
        and line.line.blend is not None
        and all(name in schools.values for name in blend_columns(line.line.blend))
    ):
        units, known = blended(line, line.line.blend, schools, gathered.lines)
        place(gathered, at, GIVEN_UNITS, units, known)
    for name in held:
        form = GIVEN_AMOUNT if name.startswith(AMOUNT_PREFIX) else GIVEN_UNITS
        place(gathered, at, form, schools.values[name], schools.has_value(name))
    needed = applies & (gathered.form[:, at] == NOT_KNOWN)
    if covered is not None:
        needed &= ~covered
    for name in held:
        needed &= schools.presence[name] != Presence.not_applicable
        # What is withheld is there, wherever a line is usually expected.
        needed |= gathered.mainstream & (schools.presence[name] == Presence.suppressed)
    gathered.absent[:, at] = needed
    if line.rate is None and gathered.units[:, at].any():
        priced = (gathered.form[:, at] == GIVEN_UNITS) & (gathered.units[:, at] != 0)
        problems += [_no_unit_value(line)] if priced.any() else []
    worked_out = line.counts in OF_THE_SCHOOL or (counted and line.counts is Counts.pupils)
    if not (held or worked_out) and needed.any():
        in_pounds = line.counts is Counts.amount or line.rate is None
        wanted = f"{AMOUNT_PREFIX if in_pounds else UNITS_PREFIX}{line.name}"
        problems.append(lacking(wanted))


def _no_unit_value(line: CompiledLine) -> Problem:
    sentence = f"has no unit value in these rules; give {AMOUNT_PREFIX}{line.name} in pounds"
    return Problem(sentence, "no-unit-value", column=f"{UNITS_PREFIX}{line.name}")


def _count(
    formula: CompiledFormula,
    gathered: Gathered,
    counted: Counted,
    lines: list[int],
) -> list[Problem]:
    """Fill lines from pupil records where another column changes their units too."""
    problems: list[Problem] = []
    for at in lines:
        line = formula.lines[at]
        free = gathered.mainstream & (gathered.form[:, at] == NOT_KNOWN)
        if line.key.phase in OF_ONE_KIND:
            free &= gathered.of(line.key.phase)
        units, of_phase = counted.units[at], formula.counted.of_phase.get(line.key.phase, ())
        if line.factor.only_above_percent is not None:
            units = above_share(line, units, counted.units[list(of_phase)].sum(axis=0))
        else:
            of_phase = ()
        # The share that is left out is not known where it is not known who is of the phase.
        missing = counted.missing_of((at, *of_phase))
        place(gathered, at, GIVEN_UNITS, units, free, missing)
        if line.rate is None and units[free].any():
            problems.append(_no_unit_value(line))
    return problems


def _add_reception(formula: CompiledFormula, gathered: Gathered, schools: SchoolTable) -> None:
    """Add the reception pupils who joined since the count to the pupils of primary age.

    Where a school leaves them empty, its pupils are not known.
    """
    if not formula.reception_uplift or RECEPTION not in schools.columns:
        return
    held = schools.columns[RECEPTION]
    more, unknown = np.maximum(held, 0), (held < 0) & gathered.of(LinePhase.primary)
    for at, line in enumerate(gathered.lines):
        if line.name in formula.pupil_lines and line.key.phase is LinePhase.primary:
            counted = gathered.form[:, at] == GIVEN_UNITS
            gathered.units[:, at] += np.where(counted, more, 0)
            gathered.absent[:, at] = np.maximum(gathered.absent[:, at], counted & unknown)


def _pupils(formula: CompiledFormula, gathered: Gathered) -> None:
    """Work out each school's pupils from the lines that count them."""
    known = gathered.mainstream.copy()
    for at, line in enumerate(gathered.lines):
        if line.name in formula.pupil_lines:
            units = gathered.form[:, at] == GIVEN_UNITS
            gathered.pupils += np.where(units, gathered.units[:, at], 0)
            known &= gathered.absent[:, at] == 0
            known &= units | (gathered.form[:, at] == NOT_KNOWN)
    gathered.pupils_known = known & (gathered.pupils > 0)
