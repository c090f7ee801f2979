"""Groups of pupils that answers are added up by: everyone, authorities, needs, settings, phases, schools."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.tables import NO_SCHOOL, PupilTable, frozen
from engine.tables.combinations import PHASE
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


class _Found(NamedTuple):
    """The names of groups, and the group of each row of a table."""

    names: tuple[str, ...]
    of: Codes


def _everyone(pupils: PupilTable) -> _Found:
    return _Found((TOTAL,), np.zeros(len(pupils), np.int32))


def _authority(pupils: PupilTable) -> _Found:
    return _placed(pupils, pupils.placement_la, None)


def _region(pupils: PupilTable) -> _Found:
    """Return the region of each row's authority; codes that have none are not supplied."""
    regions = authority_regions()
    of = [regions.get(int(one), NOT_SUPPLIED) for one in pupils.placement_la]
    names = tuple(sorted(set(of), key=lambda one: (one == NOT_SUPPLIED, one)))
    position = np.asarray([names.index(one) for one in of], np.int32)
    return _Found(names, np.repeat(position, np.diff(pupils.offsets)))


def _school(pupils: PupilTable) -> _Found:
    return _placed(pupils, pupils.placement_urn, NO_SCHOOL)


def _placed(pupils: PupilTable, values: NDArray[np.signedinteger], missing: int | None) -> _Found:
    distinct, position = np.unique(values, return_inverse=True)
    names = tuple(NOT_SUPPLIED if one == missing else str(one) for one in distinct.tolist())
    return _Found(names, np.repeat(position.astype(np.int32), np.diff(pupils.offsets)))


def _coded(column: str, codes: type[IntEnum]) -> Callable[[PupilTable], _Found | None]:
    """Return how rows are grouped by a column of codes; the first group is of those without one."""

    def found(pupils: PupilTable) -> _Found | None:
        if not pupils.has(column):
            return None
        held = pupils.column(column).astype(np.int32)
        lowest = min(int(one) for one in codes)
        names = (NOT_SUPPLIED, *(one.name for one in codes))
        return _Found(names, np.where(held < lowest, 0, held - lowest + 1).astype(np.int32))

    return found


MAKERS: dict[str, Callable[[PupilTable], _Found | None]] = {
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
                of.append(frozen(found.of + np.int32(start)))
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
