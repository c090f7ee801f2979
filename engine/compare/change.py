"""What changes from one column of pence to another: for each, in all, by group and in tenths."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.compare.groups import Group, Grouping, grouped
from engine.row_chunks import Blocks

DECILES = tuple(range(10, 100, 10))
NOT_SUPPLIED = "not supplied"


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for pupils or schools, in the order of their table; pence.

    ``known`` marks those whose amount is known on both sides; the sums, winners and
    losers are theirs alone, and ``total.absent`` counts the others, of those to whom the amount
    can apply at all: a school that the formula does not fund is in no sum and no count. ``deciles`` are the
    nine values that divide the known changes into tenths (nearest rank).
    """

    before: Int
    after: Int
    known: NDArray[np.bool_]
    total: Group
    groupings: tuple[Grouping, ...]
    deciles: tuple[int, ...]

    @property
    def difference(self) -> Int:
        """Return after less before for each, pence; only where both are known."""
        return self.after - self.before

    @property
    def change(self) -> Int:
        """Return after less before for each; 0 where not known."""
        return np.where(self.known, self.difference, 0)

    def __repr__(self) -> str:
        """Return the total of what changes."""
        return f"<Change: {self.total!r}>"


def change_between(
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    kinds: list[tuple[str, list[str], NDArray[np.int32]]],
    blocks: Blocks,
    counted: NDArray[np.bool_] | None = None,
    members: Int | None = None,
) -> Change:
    """Return what changes from one column of pence to another, in all and by group.

    ``counted`` marks those to whom it can apply; without it, everyone. ``members`` number the pupils of
    rows of which one pupil may have several: counts and deciles are then of pupils, each with what all spells
    together gain or lose within the group, and known where all of them are.
    """
    if members is not None:
        return _of_members(before, after, known, kinds, blocks, members)
    among = slice(None) if counted is None else counted
    columns = (before[among], after[among], known[among])
    groupings = tuple(
        grouped(kind, names, group[among], *columns, blocks) for kind, names, group in kinds
    )
    nobody_apart = np.zeros(len(columns[0]), np.int32)
    everyone = grouped("total", ["total"], nobody_apart, *columns, blocks)
    total = everyone.groups[0] if everyone.groups else Group("total", 0, 0, 0, 0, 0, 0, 0)
    return Change(before, after, known, total, groupings, deciles((after - before)[known]))


def _of_members(
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    kinds: list[tuple[str, list[str], NDArray[np.int32]]],
    blocks: Blocks,
    members: Int,
) -> Change:
    """Return the change of rows, of which counts and deciles are those of their pupils."""
    rows = change_between(before, after, known, kinds, blocks)
    everyone = np.zeros(len(before), np.int32)
    _, changes, all_known = _by_member(everyone, members, after - before, known)
    total = change_between(np.zeros_like(changes), changes, all_known, [], blocks)
    groupings = []
    for (kind, names, group), of_rows in zip(kinds, rows.groupings, strict=True):
        groups, gained, sure = _by_member(group, members, after - before, known)
        of_pupils = grouped(kind, names, groups, np.zeros_like(gained), gained, sure, blocks)
        pairs = zip(of_rows.groups, of_pupils.groups, strict=True)
        groupings.append(Grouping(kind, tuple(_counted(*pair) for pair in pairs)))
    return Change(
        before, after, known, _counted(rows.total, total.total), tuple(groupings), total.deciles
    )


def _by_member(
    group: NDArray[np.int32], members: Int, change: Int, known: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], Int, NDArray[np.bool_]]:
    """Return, for each pupil of each group, the group, what all spells gain, pence, and whether all are known."""
    order = np.lexsort((members, group))
    groups, pupils = group[order], members[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (groups[1:] != groups[:-1]) | (pupils[1:] != pupils[:-1])
    starts = np.flatnonzero(begins)
    if not len(starts):
        return groups, change, known
    gained = np.add.reduceat(change[order], starts)
    return groups[starts], gained, np.logical_and.reduceat(known[order], starts)


def _counted(of_rows: Group, of_pupils: Group) -> Group:
    """Return a group with its sums of rows and its counts of pupils."""
    return replace(of_pupils, before=of_rows.before, after=of_rows.after)


def deciles(changes: Int) -> tuple[int, ...]:
    """Return the nine nearest-rank deciles of changes, pence; none where there are no changes."""
    if not len(changes):
        return ()
    ranks = [-(-share * len(changes) // 100) - 1 for share in DECILES]
    ordered = np.partition(changes, sorted(set(ranks)))
    return tuple(int(ordered[rank]) for rank in ranks)


def coded(
    values: NDArray[np.signedinteger], missing: int | None
) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct values by name, with a name for missing ones, and the name of each."""
    distinct, position = np.unique(values, return_inverse=True)
    names = [NOT_SUPPLIED if value == missing else str(value) for value in distinct.tolist()]
    return names, position.astype(np.int32)
