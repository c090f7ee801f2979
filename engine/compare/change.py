"""What changes from one column of pence to another: for each, in all, by group and in tenths."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.compare.groups import Group, Grouping, grouped

DECILES = tuple(range(10, 100, 10))


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for pupils or schools, in the order of their table; pence.

    ``known`` marks those whose amount is known on both sides: totals need no mark of each. The sums, winners and
    losers are theirs alone, and ``total.absent`` counts the others, of those to whom the amount
    can apply at all: a school that the formula does not fund is in no sum and no count. ``deciles`` are the
    nine values that divide the known changes into tenths (nearest rank).
    """

    before: Int
    after: Int
    find_known: Callable[[], NDArray[np.bool_]] = field(repr=False)
    total: Group
    groupings: tuple[Grouping, ...]
    deciles: tuple[int, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which of them are known on both sides; worked out when it is asked for."""
        return self.find_known()

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
    counted: NDArray[np.bool_] | None = None,
    members: Int | None = None,
) -> Change:
    """Return what changes from one column of pence to another, in all and by group.

    ``counted`` marks those to whom it can apply; without it, everyone. ``members`` number the pupils of
    rows of which one pupil may have several: counts and deciles are then of pupils, each with what all spells
    together gain or lose within the group, and known where all of them are.
    """
    if members is not None:
        return _of_members(before, after, known, kinds, members)
    among = slice(None) if counted is None else counted
    columns = (before[among], after[among], known[among])
    groupings = tuple(grouped(kind, names, group[among], *columns) for kind, names, group in kinds)
    nobody_apart = np.zeros(len(columns[0]), np.int32)
    everyone = grouped("total", ["total"], nobody_apart, *columns)
    total = everyone.groups[0] if everyone.groups else Group("total", 0, 0, 0, 0, 0, 0, 0)
    changes = deciles((after - before)[known])
    return Change(before, after, lambda: known, total, groupings, changes)


def _of_members(
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    kinds: list[tuple[str, list[str], NDArray[np.int32]]],
    members: Int,
) -> Change:
    """Return the change of rows, of which counts and deciles are those of their pupils."""
    rows = change_between(before, after, known, kinds)
    everyone = np.zeros(len(before), np.int32)
    _, changes, all_known = by_member(everyone, members, after - before, known)
    total = change_between(np.zeros_like(changes), changes, all_known, [])
    groupings = []
    for (kind, names, group), of_rows in zip(kinds, rows.groupings, strict=True):
        groups, gained, sure = by_member(group, members, after - before, known)
        of_pupils = grouped(kind, names, groups, np.zeros_like(gained), gained, sure)
        pairs = zip(of_rows.groups, of_pupils.groups, strict=True)
        groupings.append(Grouping(kind, tuple(_counted(*pair) for pair in pairs)))
    return Change(
        before,
        after,
        lambda: known,
        _counted(rows.total, total.total),
        tuple(groupings),
        total.deciles,
    )


def by_member(
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


def deciles(changes: Int, noughts: int = 0) -> tuple[int, ...]:
    """Return the nine nearest-rank deciles of changes, pence; none where there are no changes.

    ``noughts`` is the number of changes of 0 that are not among ``changes``: they lie between those who
    lose and those who gain, and need no place in an array.
    """
    number = len(changes) + noughts
    if not number:
        return ()
    below = int(np.count_nonzero(changes < 0))
    ranks = [-(-share * number // 100) - 1 for share in DECILES]
    places = [rank if rank < below else rank - noughts for rank in ranks]
    listed = [not below <= rank < below + noughts for rank in ranks]
    wanted = sorted({place for place, is_listed in zip(places, listed, strict=True) if is_listed})
    ordered = np.partition(changes, wanted) if wanted else changes
    return tuple(
        int(ordered[place]) if is_listed else 0
        for place, is_listed in zip(places, listed, strict=True)
    )
