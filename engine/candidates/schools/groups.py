"""Groups of schools that answers are added up by: all, regions, authorities, phases, and each school."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.groups import NOT_SUPPLIED, TOTAL, Groups, Kind
from engine.columns import Int
from engine.tables import SchoolTable, frozen
from engine.vocabulary import SchoolPhase, authority_regions

USUAL = (TOTAL, "region", "la", "school_phase")
"""The kinds of groups that answers have unless others are asked for: schools are many."""


def groups_of(schools: SchoolTable, names: Sequence[str]) -> Groups:
    """Return the groups of some kinds; those whose column the table has not are left out."""
    kinds, of, start = [], [], 0
    for name in names:
        labels = _labels(schools, name)
        if labels is not None:
            groups = tuple(sorted(set(labels), key=lambda one: (one == NOT_SUPPLIED, one)))
            place = {group: at for at, group in enumerate(groups)}
            kinds.append(Kind(name, groups, start))
            of.append(frozen(np.asarray([start + place[one] for one in labels], np.int32)))
            start += len(groups)
    return Groups(tuple(kinds), tuple(of))


def _labels(schools: SchoolTable, name: str) -> list[str] | None:
    """Return the group of each school of a kind, None where the table does not say."""
    if name == TOTAL:
        return [TOTAL] * len(schools)
    if name == "school":
        return [str(urn) for urn in schools.urn.tolist()]
    if name == "school_phase":
        words = {int(one): one.name for one in SchoolPhase}
        return [words.get(one, NOT_SUPPLIED) for one in schools.columns["phase"].tolist()]
    if "la" not in schools.columns:
        return None
    codes = schools.columns["la"].tolist()
    if name == "la":
        return [str(one) if one > 0 else NOT_SUPPLIED for one in codes]
    regions = authority_regions()
    return [regions.get(one, NOT_SUPPLIED) for one in codes]


class Cells(NamedTuple):
    """Schools that are in the same group of every kind: the cell of each (schools), and how the cells add up to groups.

    order  for each kind, the cells in the order of their groups; ``starts`` where each group begins among them
    """

    of: NDArray[np.int32]
    number: int
    order: tuple[Int, ...]
    starts: tuple[Int, ...]

    @classmethod
    def among(cls, groups: Groups) -> "Cells":
        """Return the cells of schools."""
        table = np.stack(groups.of, axis=1)
        distinct, of = np.unique(table, axis=0, return_inverse=True)
        orders, starts = [], []
        for at, kind in enumerate(groups.kinds):
            order = np.argsort(distinct[:, at], kind="stable")
            places = np.arange(kind.start, kind.start + len(kind.groups))
            orders.append(order.astype(np.int64))
            starts.append(np.searchsorted(distinct[order, at], places).astype(np.int64))
        return cls(
            frozen(of.reshape(-1).astype(np.int32)), len(distinct), tuple(orders), tuple(starts)
        )

    def grouped(self, sums: Int) -> Int:
        """Return sums of cells (candidates, cells) by group (candidates, groups): no group is without a cell."""
        parts = [
            np.add.reduceat(sums[:, order], starts, axis=1)
            for order, starts in zip(self.order, self.starts, strict=True)
        ]
        found: Int = np.concatenate(parts, axis=1)
        return found
