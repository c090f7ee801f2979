"""Pupil records to the units of each school's lines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.kernels.units import fill_units
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, scaled
from engine.rules.compile_formula import year_weight
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.dated import in_force
from engine.rules.formula import Counts, LinePhase
from engine.tables import MISSING, PupilTable, SchoolTable, frozen
from engine.vocabulary import KEY_STAGE_YEARS, Idaci, PupilPhase

YEAR_GROUP = "year_group"
UNKNOWN = -1

_STAGES = {
    LinePhase.primary: (PupilPhase.primary,),
    LinePhase.ks3: (PupilPhase.ks3,),
    LinePhase.ks4: (PupilPhase.ks4,),
    LinePhase.secondary: (PupilPhase.ks3, PupilPhase.ks4),
    LinePhase.all: tuple(KEY_STAGE_YEARS),
    LinePhase.all_through: tuple(KEY_STAGE_YEARS),
}
YEARS = {
    phase: frozenset(year for stage in stages for year in KEY_STAGE_YEARS[stage])
    for phase, stages in _STAGES.items()
}
"""The year groups that a line of a phase counts."""


class Counted(NamedTuple):
    """Units counted from pupils: (schools, lines) millionths, and pupils not known."""

    units: Int
    missing: Int


def counted_lines(formula: CompiledFormula) -> tuple[CompiledLine, ...]:
    """Return the lines whose units are counted from pupils."""
    return tuple(line for line in formula.lines if line.counts is Counts.pupils)


def counts(
    rules: CompiledRules, formula: CompiledFormula, pupils: PupilTable, blocks: Blocks
) -> Counted:
    """Return the units of the counted lines by placement, before any share is left out."""
    lines = counted_lines(formula)
    names = columns(lines)
    absent = [name for name in (*names, "urn") if not pupils.has(name)]
    if absent:
        sentence = "is counted by the formula and is not in the pupil table"
        raise PairRefused([Problem(sentence, "missing-column", column=name) for name in absent])
    tuples = pupils.tuples(names)
    entries = [
        _entries(rules, lines, dict(zip(names, values, strict=True)))
        for values in tuples.attributes.tolist()
    ]
    placements = len(pupils.placement_la)
    units, missing = (
        np.empty((placements, len(lines)), np.int64),
        np.empty((placements, len(lines)), np.int64),
    )
    flat = [entry for group in entries for entry in group]
    blocks.run(
        fill_units, placements, pupils.offsets, tuples.identity,
        frozen(np.cumsum([0, *map(len, entries)]).astype(np.int64)),
        frozen(np.asarray([line for line, _ in flat], np.int32)),
        frozen(np.asarray([weight for _, weight in flat], np.int64)),
        units, missing,
    )  # fmt: skip
    return Counted(units, missing)


def columns(lines: tuple[CompiledLine, ...]) -> tuple[str, ...]:
    """Return the pupil columns that lines read, the year group first."""
    names = {
        name for line in lines if line.factor.where for name in line.factor.where.model_fields_set
    }
    return (YEAR_GROUP, *sorted(names))


def _entries(
    rules: CompiledRules, lines: tuple[CompiledLine, ...], values: dict[str, int]
) -> list[tuple[int, int]]:
    """Return the lines that a combination counts in, with millionths of a pupil, or -1 where not known."""
    entries = []
    for at, line in enumerate(lines):
        verdicts = [_in_phase(line, values[YEAR_GROUP]), *_meets(line, values)]
        if False in verdicts:
            continue
        unknown = None in verdicts
        entries.append(
            (at, UNKNOWN if unknown else year_weight(line.line, values[YEAR_GROUP], rules.day))
        )
    return entries


def _in_phase(line: CompiledLine, year_group: int) -> bool | None:
    return None if year_group == MISSING else year_group in YEARS[line.key.phase]


def _meets(line: CompiledLine, values: dict[str, int]) -> list[bool | None]:
    where = line.factor.where
    if where is None:
        return []
    verdicts: list[bool | None] = []
    for name in where.model_fields_set:
        wanted = getattr(where, name)
        code = Idaci[wanted] if isinstance(wanted, str) else int(wanted)
        verdicts.append(None if values[name] == MISSING else values[name] == code)
    return verdicts


def by_school(counted: Counted, pupils: PupilTable, schools: SchoolTable) -> Counted:
    """Return units by school: the placements of all authorities at a school together."""
    position = np.searchsorted(schools.urn, pupils.placement_urn)
    inside = np.minimum(position, len(schools) - 1)
    known = schools.urn[inside] == pupils.placement_urn
    units = np.zeros((len(schools), counted.units.shape[1]), np.int64)
    missing = np.zeros_like(units)
    np.add.at(units, inside[known], counted.units[known])
    np.add.at(missing, inside[known], counted.missing[known])
    return Counted(units, missing)


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
