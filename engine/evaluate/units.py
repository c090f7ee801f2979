"""Pupil records to the units of each school's lines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.evaluate.lanes import NOT_KNOWN, YEAR_GROUP, Counting, lanes_of, members_of
from engine.kernels.units import LANES, fill_counts
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, scaled
from engine.rules.compile_formula import year_weight
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.dated import in_force
from engine.rules.formula import Counts, LinePhase
from engine.tables import PupilTable, SchoolTable, frozen
from engine.vocabulary import KEY_STAGE_YEARS, Idaci, PupilPhase

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


class Counted(NamedTuple):
    """Units counted from pupils: (schools, lines) millionths, and pupils not known; a line together.

    ``unsure`` are the lines of which some pupils are not known to count.
    """

    units: Int
    missing: Int
    unsure: frozenset[int]


def counted_lines(formula: CompiledFormula) -> tuple[CompiledLine, ...]:
    """Return the lines whose units are counted from pupils."""
    return tuple(line for line in formula.lines if line.counts is Counts.pupils)


def school_counts(
    rules: CompiledRules,
    lines: tuple[CompiledLine, ...],
    pupils: PupilTable,
    schools: SchoolTable,
    paid: NDArray[np.bool_],
    blocks: Blocks,
) -> Counted:
    """Return the units of lines that count pupils at the schools ``paid``, before any share is left out.

    Worked out once for any unit values.
    """
    names = columns(lines)
    absent = [name for name in (*names, "urn") if not pupils.has(name)]
    if absent:
        sentence = "is counted by the formula and is not in the pupil table"
        raise PairRefused([Problem(sentence, "missing-column", column=name) for name in absent])
    counting = tuple(_counting(rules, line) for line in lines)
    key = (counting, schools.urn.tobytes(), paid.tobytes())
    if key not in pupils.counted:
        pupils.counted[key] = _counted(
            names, counting, pupils, _spans(pupils, schools, paid), blocks
        )
    counted: Counted = pupils.counted[key]
    return counted


def columns(lines: tuple[CompiledLine, ...]) -> tuple[str, ...]:
    """Return the pupil columns that lines read, the year group first."""
    names = {
        name for line in lines if line.factor.where for name in line.factor.where.model_fields_set
    }
    return (YEAR_GROUP, *sorted(names))


def _counting(rules: CompiledRules, line: CompiledLine) -> Counting:
    years, where = sorted(YEARS[line.key.phase]), line.factor.where
    wanted = {} if where is None else {one: getattr(where, one) for one in where.model_fields_set}
    codes = {
        name: int(Idaci[one]) if isinstance(one, str) else int(one) for name, one in wanted.items()
    }
    weights = [
        year_weight(line.line, year, rules.day) if line.line.year_weights else MILLION
        for year in years
    ]
    return Counting(tuple(years), tuple(sorted(codes.items())), tuple(weights))


def _counted(
    names: tuple[str, ...],
    counting: tuple[Counting, ...],
    pupils: PupilTable,
    spans: Int,
    blocks: Blocks,
) -> Counted:
    placements, _ = pupils.by_school
    units, missing = (np.zeros((len(counting), len(spans)), np.int64) for _ in range(2))
    unsure: set[int] = set()
    for _, code, attributes in pupils.narrow_parts(names):
        lanes = lanes_of(names, counting, attributes)
        member = members_of(lanes, attributes)
        unsure |= set(lanes.line[lanes.weight == NOT_KNOWN].tolist())
        count = np.empty((len(spans), member.shape[1] * LANES), np.int64)
        blocks.of_groups(len(spans), len(pupils)).run(
            fill_counts, len(spans), spans, placements, pupils.offsets, code, member, lanes.line,
            lanes.weight, units, missing, count, np.empty(len(spans), np.int64),
        )  # fmt: skip
    return Counted(frozen(units).T, frozen(missing).T, frozenset(unsure))


def _spans(pupils: PupilTable, schools: SchoolTable, paid: NDArray[np.bool_]) -> Int:
    """Return where each school's placements start and end in those by school; none of schools not paid.

    A school's pupils may be placed there by several authorities.
    """
    _, urn = pupils.by_school
    ends = [np.searchsorted(urn, schools.urn, side=side) for side in ("left", "right")]
    return frozen(np.stack(ends, axis=1).astype(np.int64) * paid[:, None])


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
