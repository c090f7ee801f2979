"""Pupil records to the units of each school's lines."""

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.kernels.units import LANES, WORDS, fill_counts
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, scaled
from engine.rules.compile_formula import year_weight
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.dated import in_force
from engine.rules.formula import Counts, LinePhase
from engine.tables import MISSING, PupilTable, SchoolTable, Tuples, frozen
from engine.vocabulary import (
    HIGHEST_YEAR_GROUP,
    KEY_STAGE_YEARS,
    LOWEST_YEAR_GROUP,
    Idaci,
    PupilPhase,
)

YEAR_GROUP = "year_group"
UNKNOWN, ELSEWHERE = -1, -2

_STAGES = {
    LinePhase.primary: (PupilPhase.primary,),
    LinePhase.ks3: (PupilPhase.ks3,),
    LinePhase.ks4: (PupilPhase.ks4,),
    LinePhase.secondary: (PupilPhase.ks3, PupilPhase.ks4),
    LinePhase.all: tuple(KEY_STAGE_YEARS),
    LinePhase.all_through: tuple(KEY_STAGE_YEARS),
    LinePhase.middle: tuple(KEY_STAGE_YEARS),
}
YEARS = {
    phase: frozenset(year for stage in stages for year in KEY_STAGE_YEARS[stage])
    for phase, stages in _STAGES.items()
}
"""The year groups that a line of a phase counts."""


Lane = tuple[int, int]
"""A line, and a weight of pupils in it: millionths, or ``UNKNOWN``."""


class Counted(NamedTuple):
    """Units counted from pupils: (schools, lines) millionths, and pupils not known."""

    units: Int
    missing: Int


def counted_lines(formula: CompiledFormula) -> tuple[CompiledLine, ...]:
    """Return the lines whose units are counted from pupils."""
    return tuple(line for line in formula.lines if line.counts is Counts.pupils)


def counts(
    rules: CompiledRules, lines: tuple[CompiledLine, ...], pupils: PupilTable, blocks: Blocks
) -> Counted:
    """Return the units of lines that count pupils by placement, before any share is left out."""
    names = columns(lines)
    absent = [name for name in (*names, "urn") if not pupils.has(name)]
    if absent:
        sentence = "is counted by the formula and is not in the pupil table"
        raise PairRefused([Problem(sentence, "missing-column", column=name) for name in absent])
    return _counted(rules, lines, pupils, blocks)


def school_counts(
    rules: CompiledRules,
    lines: tuple[CompiledLine, ...],
    pupils: PupilTable,
    schools: SchoolTable,
    blocks: Blocks,
) -> Counted:
    """Return the units of lines that count pupils by school; worked out once for any unit values."""
    counting = (_counting(rules, lines), schools.urn.tobytes())
    if counting not in pupils.counted:
        found = counts(rules, lines, pupils, blocks)
        pupils.counted[counting] = by_school(found, pupils, schools)
    counted: Counted = pupils.counted[counting]
    return counted


def _counting(rules: CompiledRules, lines: tuple[CompiledLine, ...]) -> Hashable:
    """Return what decides the counts: phases, conditions and weights, but no unit value."""
    return tuple(
        (
            line.key.phase,
            line.factor.where,
            tuple(
                (year, in_force(weight, rules.day))
                for year, weight in line.line.year_weights.items()
            ),
        )
        for line in lines
    )


def _counted(
    rules: CompiledRules, lines: tuple[CompiledLine, ...], pupils: PupilTable, blocks: Blocks
) -> Counted:
    tuples = pupils.tuples(columns(lines))
    weights = _weights(rules, lines, tuples)
    lanes = _lanes(rules, lines, weights)
    placements = len(pupils.placement_la)
    member = _members(weights, lanes)
    count = np.empty((placements, member.shape[1] * LANES), np.int64)
    of_placements = blocks.of_groups(placements, len(pupils))
    of_placements.run(
        fill_counts, placements, pupils.offsets, tuples.identity, frozen(member), count
    )
    units, missing = (np.zeros((placements, len(lines)), np.int64) for _ in range(2))
    for at, (line, weight) in enumerate(lanes):
        if weight == UNKNOWN:
            missing[:, line] += count[:, at]
        else:
            units[:, line] += count[:, at] * weight
    return Counted(units, missing)


def _lanes(rules: CompiledRules, lines: tuple[CompiledLine, ...], weights: Int) -> list[Lane]:
    """Return the distinct weights of each line: pupils of one lane count alike in one line."""
    lanes = []
    for at, line in enumerate(lines):
        possible = sorted({int(weight) for weight in _year_weights(rules, line) if weight})
        held = weights[:, at]
        lanes += [(at, one) for one in (UNKNOWN, *possible) if (held == one).any()]
    return lanes


def _members(weights: Int, lanes: list[Lane]) -> Int:
    """Return each combination's lanes, a byte each, in words of 64 bits."""
    words = -(-max(len(lanes), 1) // (LANES * WORDS)) * WORDS
    member = np.zeros((words, len(weights), LANES), np.int8)
    for at, (line, weight) in enumerate(lanes):
        np.equal(weights[:, line], weight, out=member[at // LANES, :, at % LANES].view(bool))
    return np.ascontiguousarray(member.view(np.int64)[:, :, 0].T)


def columns(lines: tuple[CompiledLine, ...]) -> tuple[str, ...]:
    """Return the pupil columns that lines read, the year group first."""
    names = {
        name for line in lines if line.factor.where for name in line.factor.where.model_fields_set
    }
    return (YEAR_GROUP, *sorted(names))


def _weights(rules: CompiledRules, lines: tuple[CompiledLine, ...], tuples: Tuples) -> Int:
    """Return what a pupil of each combination counts in each line (combinations, lines).

    Millionths of a pupil, ``UNKNOWN`` where an attribute that matters is not supplied,
    ``ELSEWHERE`` where the pupil does not count.
    """
    values = {
        name: np.ascontiguousarray(tuples.attributes[:, at]) for at, name in enumerate(tuples.names)
    }
    weights = np.full((len(tuples.attributes), len(lines)), ELSEWHERE, np.int64, "F")
    for at, line in enumerate(lines):
        outside, unsure = _conditions(line, values)
        weights[:, at] = _year_weights(rules, line)[
            np.maximum(values[YEAR_GROUP], LOWEST_YEAR_GROUP) - LOWEST_YEAR_GROUP
        ]
        weights[unsure, at] = UNKNOWN
        weights[outside, at] = ELSEWHERE
    return weights


def _conditions(
    line: CompiledLine, values: dict[str, NDArray[np.int32]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which combinations a line certainly leaves out, and of which it is not known."""
    years = values[YEAR_GROUP]
    unsure = years == MISSING
    counted = np.zeros(HIGHEST_YEAR_GROUP - LOWEST_YEAR_GROUP + 1, bool)
    counted[[year - LOWEST_YEAR_GROUP for year in YEARS[line.key.phase]]] = True
    outside = ~counted[np.maximum(years, LOWEST_YEAR_GROUP) - LOWEST_YEAR_GROUP] & ~unsure
    where = line.factor.where
    for name in where.model_fields_set if where is not None else ():
        wanted = getattr(where, name)
        code = Idaci[wanted] if isinstance(wanted, str) else int(wanted)
        absent = values[name] == MISSING
        unsure |= absent
        outside |= (values[name] != code) & ~absent
    return outside, unsure


def _year_weights(rules: CompiledRules, line: CompiledLine) -> Int:
    """Return the weight of each year group, from the lowest up, millionths."""
    years = range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1)
    if not line.line.year_weights:
        return np.full(len(years), MILLION, np.int64)
    return np.asarray([year_weight(line.line, year, rules.day) for year in years], np.int64)


def by_school(counted: Counted, pupils: PupilTable, schools: SchoolTable) -> Counted:
    """Return units by school: the placements of all authorities at a school together."""
    position = np.searchsorted(schools.urn, pupils.placement_urn)
    inside = np.minimum(position, len(schools) - 1)
    known = schools.urn[inside] == pupils.placement_urn
    rows, school = np.flatnonzero(known), inside[known]
    order = np.argsort(school, kind="stable")
    rows, school = rows[order], school[order]
    return Counted(
        _by_row(counted.units, rows, school, len(schools)),
        _by_row(counted.missing, rows, school, len(schools)),
    )


def _by_row(parts: Int, rows: NDArray[np.int64], school: NDArray[np.int64], schools: int) -> Int:
    """Return the sum of the parts of each school, whose rows lie together."""
    sums = np.zeros((schools, parts.shape[1]), np.int64, "F")
    if not len(school) or not parts.any():
        return sums
    starts = np.flatnonzero(np.r_[True, school[1:] != school[:-1]])
    whole = parts[rows] if len(starts) == len(school) else np.add.reduceat(parts[rows], starts)
    sums[school[starts]] = whole
    return sums


def above_share(
    rules: CompiledRules, line: CompiledLine, units: Int, pupils: Int
) -> NDArray[np.int64]:
    """Return the units above the share of the phase's pupils that a line leaves out (mobility)."""
    given = in_force(line.factor.only_above_percent, rules.day)
    if given is None:
        return units
    left_out = scaled(given.decimal, PERCENT_TO_MILLIONTHS)
    exact = units * MILLION - pupils * left_out
    above: Int = np.maximum((2 * exact + MILLION) // (2 * MILLION), 0)
    return above
