"""Whom any candidate may pay: their rows are worked out for each; all others are paid nothing, and counted once for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.groups import Groups, pupils_of_groups, rows_of_groups
from engine.columns import Int
from engine.modules.top_ups.bands import answers_of
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE
from engine.tables import PupilTable, frozen
from engine.tables.chosen_pupils import ChosenPupils, some_pupils
from engine.tables.combinations import NarrowCombinations
from engine.tables.part_of_table import is_among, part_of


class Others(NamedTuple):
    """How many the others are, by group: rows, and pupils, of whom one with several rows counts once in each group."""

    rows: Int
    number: Int


class _Chosen(NamedTuple):
    """Which combinations of some columns any rule set may pay, and the rows that have them, with all rows of their pupils."""

    by: NarrowCombinations
    wanted: NDArray[np.bool_]
    pupils: ChosenPupils


@dataclass(frozen=True, slots=True, eq=False)
class Payable:
    """The rows of a table that any of some rule sets may pay, and how many the others are.

    whole   the table
    pupils  the rows, as a table of their own in the same order; the whole table where nearly all may be paid
    groups  their groups; names are those of the whole table's
    """

    whole: PupilTable
    pupils: PupilTable
    groups: Groups
    others: Others
    chosen: _Chosen | None

    @classmethod
    def of(
        cls,
        pupils: PupilTable,
        kinds: Sequence[str],
        rule_sets: Sequence[CompiledTopUps],
        blocks: Blocks,
    ) -> "Payable":
        """Return whom any of some rule sets may pay, in some kinds of groups; without a rule set, everyone."""
        chosen = _chosen(pupils, rule_sets, blocks)
        if chosen is None:
            return cls._in(pupils, pupils, kinds, None)
        key = "payable", chosen.by.names, chosen.wanted.tobytes()
        part = pupils.cache.get(key, part_of, pupils, chosen.pupils, chosen.by.names)
        return cls._in(pupils, part, kinds, chosen)

    @classmethod
    def _in(
        cls, whole: PupilTable, part: PupilTable, kinds: Sequence[str], chosen: _Chosen | None
    ) -> "Payable":
        groups = Groups.among(part, kinds)
        if chosen is None:
            nothing = frozen(np.zeros(len(groups), np.int64))
            return cls(whole, part, groups, Others(nothing, nothing), None)
        return cls(whole, part, groups, _others(whole, chosen.pupils.where, groups), chosen)

    def among(self, kinds: Sequence[str]) -> "Payable":
        """Return the same rows in other kinds of groups."""
        return self._in(self.whole, self.pupils, kinds, self.chosen)

    @property
    def other_rows(self) -> int:
        """Return how many rows the others are."""
        return len(self.whole) - len(self.pupils)

    def has_all_of(self, top_ups: CompiledTopUps) -> bool:
        """Return whether all rows that a rule set may pay are among these."""
        if self.chosen is None:
            return True
        values = self.chosen.by.values()
        if not set(top_ups.funded.inputs) <= values.keys():
            return False
        pays = answers_of(top_ups.funded, values) != NONE
        return not bool((pays & ~self.chosen.wanted).any())


def _chosen(
    pupils: PupilTable, rule_sets: Sequence[CompiledTopUps], blocks: Blocks
) -> _Chosen | None:
    """Return the rows that any rule set may pay; None where nearly all may be, or the table is not laid out by what says so."""
    names = {name for one in rule_sets for name in one.funded.inputs}
    if not all(one.funded.inputs for one in rule_sets):
        return None
    for narrow in pupils.narrow if names else ():
        if names <= set(narrow.names):
            values = narrow.values()
            pays = [answers_of(one.funded, values) != NONE for one in rule_sets]
            wanted: NDArray[np.bool_] = np.logical_or.reduce(pays)
            found = pupils.chosen(narrow, wanted, blocks)
            if not isinstance(found, ChosenPupils):
                return None
            return _Chosen(narrow, wanted, _with_all_rows(pupils, found))
    return None


def _with_all_rows(pupils: PupilTable, chosen: ChosenPupils) -> ChosenPupils:
    """Return chosen pupils with those of their rows that were not: the rows of a pupil are compared together."""
    places = _several(pupils)
    if not len(places):
        return chosen
    members, inside = _members(pupils, places), is_among(chosen.where, places)
    more = places[~inside & np.isin(members, members[inside])]
    if not len(more):
        return chosen
    where = np.union1d(chosen.where, more).astype(np.int64)
    return some_pupils(pupils, frozen(where))


def _several(pupils: PupilTable) -> Int:
    """Return the rows of pupils who have several, ascending."""
    later, first = pupils.later_rows
    return np.union1d(later, first).astype(np.int64)


def _members(pupils: PupilTable, places: Int) -> Int:
    """Return the first row of the pupil of each of the rows of pupils who have several, which ``places`` are."""
    later, first = pupils.later_rows
    found = places.copy()
    found[np.searchsorted(places, later)] = first
    return found


def _others(whole: PupilTable, where: Int, groups: Groups) -> Others:
    """Return how many rows and pupils are of none of the rows at ``where``, by group."""
    rows = rows_of_groups(whole, groups.kinds) - groups.counts()
    places = _several(whole)
    apart = places[~is_among(where, places)]
    if not len(apart):
        return Others(frozen(rows), frozen(rows))
    kinds = [one.name for one in groups.kinds]
    theirs = Groups.among(part_of(whole, some_pupils(whole, frozen(apart))), kinds)
    once = pupils_of_groups(theirs, _members(whole, places)[np.searchsorted(places, apart)])
    return Others(frozen(rows), frozen(rows - theirs.counts() + once))
