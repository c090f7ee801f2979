"""Pupil records to the units of each school's lines."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import Problem
from engine.kernels.pupil_counts import LANES, LaneLines, PlacedCodes, fill_counts
from engine.modules.school_formula.packed_counts import UNSURE, lanes_of, members_of
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, half_away, scaled
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledFormula, CompiledLine, CountedLines
from engine.rules.phases_paid import MAINSTREAM
from engine.rules.reads import needed
from engine.table_checks import missing_columns
from engine.tables import PupilTable, SchoolTable, frozen


class Counted(NamedTuple):
    """Units counted from pupils: (lines, schools) millionths, and pupils not known; a line together.

    ``unsure`` are the lines of which some pupils are not known to count; ``missing`` is empty
    where there are none.
    """

    units: Int
    missing: Int
    unsure: frozenset[int]

    def missing_of(self, lines: tuple[int, ...]) -> Int | int:
        """Return the most pupils at each school that are not known to count in one of some lines."""
        unsure = [line for line in lines if line in self.unsure]
        most: Int | int = self.missing[unsure].max(axis=0) if unsure else 0
        return most


class PlacedPupils(NamedTuple):
    """Pupils, and the table of schools at which they are counted; ``among`` are the positions of those that are valued."""

    pupils: PupilTable
    schools: SchoolTable
    among: NDArray[np.intp] | None = None

    def counts(self, counted: CountedLines, blocks: Blocks) -> Counted:
        """Return the units of lines at the schools that are valued, before any share is taken off."""
        whole = school_counts(
            counted, self.pupils, self.schools, self.schools.of(MAINSTREAM), blocks
        )
        if self.among is None:
            return whole
        units, missing = (frozen(one[:, self.among]) for one in (whole.units, whole.missing))
        return Counted(units, missing, whole.unsure)


def lacking_columns(counted: CountedLines, pupils: PupilTable) -> list[Problem]:
    """Return a problem for each column that is counted and that a pupil table does not hold."""
    sentence = "is missing from the pupil table; the formula counts it"
    return missing_columns(pupils.columns, needed(counted.reads), sentence)


def school_counts(
    counted: CountedLines,
    pupils: PupilTable,
    schools: SchoolTable,
    paid: NDArray[np.bool_],
    blocks: Blocks,
) -> Counted:
    """Return the units of lines that count pupils at the schools ``paid``, before any share is taken off.

    Cached on the pupil table: unit values do not change the counts.
    """
    key = ("counts", counted.members, counted.length, schools.urn.tobytes(), paid.tobytes())
    return pupils.cache.get(
        key, lambda: _counted(counted, pupils, _spans(pupils, schools, paid), blocks)
    )


def _counted(counted: CountedLines, pupils: PupilTable, spans: Int, blocks: Blocks) -> Counted:
    parts = [
        (code, attributes, lanes_of(counted, attributes))
        for _, code, attributes in pupils.narrow_parts(counted.columns)
    ]
    unsure = {int(line) for *_, lanes in parts for line in lanes.line[lanes.weight == UNSURE]}
    units = np.zeros((counted.length, len(spans)), np.int64)
    missing = np.zeros((counted.length if unsure else 0, len(spans)), np.int64)
    for code, attributes, lanes in parts:
        member = members_of(lanes, attributes)
        count = np.empty((len(spans), member.shape[1] * LANES), np.int64)
        blocks.of_groups(len(spans), len(pupils)).run(
            fill_counts, len(spans), spans, PlacedCodes(pupils.by_school.placements, pupils.offsets, code),
            LaneLines(member, lanes.line, lanes.weight), units, missing, count,
        )  # fmt: skip
    return Counted(frozen(units), frozen(missing), frozenset(unsure))


def _spans(pupils: PupilTable, schools: SchoolTable, paid: NDArray[np.bool_]) -> Int:
    """Return where each school's placements start and end in those by school; none of schools not paid.

    A school's pupils may be placed there by several authorities.
    """
    spans = np.zeros((len(schools), 2), np.int64)
    _, urn, starts = pupils.by_school
    if len(urn):
        place = np.searchsorted(urn, schools.urn)
        there = paid & (urn.take(place, mode="clip") == schools.urn)
        spans[:, 0], spans[:, 1] = starts.take(place), starts.take(place + there)
    return frozen(spans)


def above_share(line: CompiledLine, units: Int, pupils: Int) -> NDArray[np.int64]:
    """Return the units (schools, millionths) above a share of the phase's pupils; never less than 0.

    Source: mobility in the national formula pays only for pupils above a share of the school (technical note,
    "Mobility"). The share itself is the value ``only_above_percent`` of the rule set.
    """
    given = line.only_above
    if given is None:
        return units
    left_out = scaled(given.decimal, PERCENT_TO_MILLIONTHS)
    exact = units * MILLION - pupils * left_out
    above: Int = np.maximum(half_away(exact, MILLION), 0)
    return above


def above_share_of_all(
    formula: CompiledFormula, line: CompiledLine, units: int, counts: Mapping[str, int | None]
) -> int | None:
    """Return the units above a line's share of one school's pupils, of all its units; millionths.

    ``counts`` are the units of lines by their names. None where one that adds to the pupils of the phase is not known, or
    where the formula counts them in no line.
    """
    places = formula.counted.of_phase.get(line.key.phase, ())
    pupils = [counts.get(formula.lines[at].name) for at in places if at < len(formula.lines)]
    known = [one for one in pupils if one is not None]
    if not known or len(known) < len(places):
        return None
    return int(above_share(line, np.array([units]), np.array([sum(known)]))[0])
