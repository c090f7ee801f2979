"""Groups of pupils that answers are added up by: everyone, authorities, needs, settings, phases, schools."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.tables import NO_SCHOOL, PupilTable, frozen
from engine.tables.combinations import PHASE, NarrowCombinations
from engine.vocabulary import (
    Idaci,
    Need,
    PupilPhase,
    SenProvision,
    Setting,
    authority_regions,
)

NOT_SUPPLIED = "not supplied"
TOTAL = "total"
TOGETHER = 2**20
"""Rows that are counted together: they are widened for it."""

Codes = NDArray[np.int32]


class Kind(NamedTuple):
    """Groups of one kind: their names, and where they are on the axis of all groups."""

    name: str
    groups: tuple[str, ...]
    start: int

    @property
    def slice(self) -> slice:
        """Return the kind's part of the axis of all groups."""
        return slice(self.start, self.start + len(self.groups))


class _ByPlacement(NamedTuple):
    """The names of groups, and the group of each placement of a table."""

    names: tuple[str, ...]
    of: Codes

    def rows(self, pupils: PupilTable) -> Codes:
        """Return the group of each row."""
        return np.repeat(self.of, np.diff(pupils.offsets))

    def counts(self, pupils: PupilTable) -> Int:
        """Return the rows of each group."""
        out = np.zeros(len(self.names), np.int64)
        np.add.at(out, self.of, np.diff(pupils.offsets))
        return out


class _ByColumn(NamedTuple):
    """The names of the groups of a column of codes; the first is of those without one."""

    names: tuple[str, ...]
    column: str
    lowest: int

    def _of(self, held: NDArray[np.signedinteger]) -> Codes:
        code = held.astype(np.int32)
        return np.where(code < self.lowest, 0, code - self.lowest + 1).astype(np.int32)

    def rows(self, pupils: PupilTable) -> Codes:
        """Return the group of each row."""
        return self._of(pupils.column(self.column))

    def counts(self, pupils: PupilTable) -> Int:
        """Return the rows of each group, by the combinations that a large table is laid out by."""
        size = len(self.names)
        for narrow in pupils.narrow:
            if self.column in narrow.names:
                number = pupils.cache.get(("rows", narrow.names), _rows_of_combinations, narrow)
                out = np.zeros(size, np.int64)
                np.add.at(out, self._of(narrow.values()[self.column]), number)
                return out
        return np.bincount(self.rows(pupils), minlength=size).astype(np.int64)


def _rows_of_combinations(narrow: NarrowCombinations) -> Int:
    """Return the rows of each combination."""
    number = np.zeros(len(narrow.attributes), np.int64)
    for start in range(0, len(narrow.combination), TOGETHER):
        some = narrow.combination[start : start + TOGETHER]
        number += np.bincount(some, minlength=len(number))
    return number


Grouping = _ByPlacement | _ByColumn


def _everyone(pupils: PupilTable) -> Grouping:
    return _ByPlacement((TOTAL,), np.zeros(len(pupils.placement_la), np.int32))


def _authority(pupils: PupilTable) -> Grouping:
    return _placed(pupils.placement_la, None)


def _region(pupils: PupilTable) -> Grouping:
    """Return the region of each placement's authority; codes that have none are not supplied."""
    regions = authority_regions()
    of = [regions.get(int(one), NOT_SUPPLIED) for one in pupils.placement_la]
    names = tuple(sorted(set(of), key=lambda one: (one == NOT_SUPPLIED, one)))
    return _ByPlacement(names, np.asarray([names.index(one) for one in of], np.int32))


def _school(pupils: PupilTable) -> Grouping:
    return _placed(pupils.placement_urn, NO_SCHOOL)


def _placed(values: NDArray[np.signedinteger], missing: int | None) -> Grouping:
    distinct, position = np.unique(values, return_inverse=True)
    names = tuple(NOT_SUPPLIED if one == missing else str(one) for one in distinct.tolist())
    return _ByPlacement(names, position.astype(np.int32))


def _coded(column: str, codes: type[IntEnum]) -> Callable[[PupilTable], Grouping | None]:
    """Return how rows are grouped by a column of codes; the first group is of those without one."""

    def found(pupils: PupilTable) -> Grouping | None:
        if not pupils.has(column):
            return None
        names = (NOT_SUPPLIED, *(one.name for one in codes))
        return _ByColumn(names, column, min(int(one) for one in codes))

    return found


MAKERS: dict[str, Callable[[PupilTable], Grouping | None]] = {
    TOTAL: _everyone,
    "region": _region,
    "la": _authority,
    "need": _coded("primary_need", Need),
    "setting": _coded("setting", Setting),
    "phase": _coded(PHASE, PupilPhase),
    "sen_provision": _coded("sen_provision", SenProvision),
    "idaci": _coded("idaci", Idaci),
    "school": _school,
}
USUAL = tuple(name for name in MAKERS if name != "school")
"""The kinds of groups that answers have unless others are asked for: schools are many."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Kinds of groups, one after another on one axis, and the groups of each row of a table.

    of  (kinds, rows) the place on the axis
    """

    kinds: tuple[Kind, ...]
    of: tuple[Codes, ...]

    @classmethod
    def among(cls, pupils: PupilTable, names: Sequence[str]) -> "Groups":
        """Return the groups of some kinds; those whose column the table has not are left out."""
        kinds, of, start = [], [], 0
        for name in names:
            found = MAKERS[name](pupils)
            if found is not None:
                kinds.append(Kind(name, found.names, start))
                of.append(frozen(found.rows(pupils) + np.int32(start)))
                start += len(found.names)
        return cls(tuple(kinds), tuple(of))

    def at(self, where: Int) -> "Groups":
        """Return the same groups of some rows of the table."""
        return Groups(self.kinds, tuple(frozen(one[where]) for one in self.of))

    def __len__(self) -> int:
        """Return the length of the axis."""
        return sum(len(one.groups) for one in self.kinds)

    def kind(self, name: str) -> Kind | None:
        """Return a kind by its name, None where it is not among them."""
        return next((one for one in self.kinds if one.name == name), None)

    @property
    def everyone(self) -> tuple[slice, slice] | None:
        """Return the column of everyone and those of authorities, which add up to it; None without either."""
        everyone, authorities = self.kind(TOTAL), self.kind("la")
        return (
            None if everyone is None or authorities is None else (everyone.slice, authorities.slice)
        )

    def sums(self, values: Int) -> Int:
        """Return the sum of whole numbers of the rows of each group."""
        out = np.zeros(len(self), np.int64)
        for of in self.of:
            np.add.at(out, of, values)
        return out

    def counts(self, chosen: NDArray[np.bool_] | None = None) -> Int:
        """Return the number of rows, or of the chosen ones, of each group."""
        out = np.zeros(len(self), np.int64)
        for of in self.of:
            out += np.bincount(of if chosen is None else of[chosen], minlength=len(out))
        return out


def rows_of_groups(pupils: PupilTable, kinds: Sequence[Kind]) -> Int:
    """Return the rows of a table in each group of some kinds; no group of a row is laid out."""
    found = (MAKERS[one.name](pupils) for one in kinds)
    counts = [one.counts(pupils) for one in found if one is not None]
    return np.concatenate([*counts, np.zeros(0, np.int64)]).astype(np.int64)


def pupils_of_groups(groups: Groups, members: Int) -> Int:
    """Return the pupils of each group; ``members`` (rows) is the pupil of each row, who counts once in a group."""
    out = np.zeros(len(groups), np.int64)
    size = int(members.max(initial=0)) + 1
    for of in groups.of:
        out += np.bincount(
            np.unique(of.astype(np.int64) * size + members) // size, minlength=len(out)
        )
    return out
