"""Changes added up by group: sums before and after, winners, losers, and how many are not known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.modules.top_ups.group_sums import GroupSums


@dataclass(frozen=True, slots=True)
class Group:
    """One group's change, pence and counts; pupils or schools not known on either side are apart."""

    name: str
    before: int
    after: int
    number: int
    winners: int
    losers: int
    unchanged: int
    absent: int

    @property
    def is_known(self) -> bool:
        """Return whether any member is known on both sides; else its sums are no amounts."""
        return self.number > self.absent

    @property
    def change(self) -> int:
        """Return after less before, pence."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of one kind, for example by local authority."""

    kind: str
    groups: tuple[Group, ...]


def group_sums(group: NDArray[np.int32], amount: Int, groups: int) -> tuple[Int, Int]:
    """Return the sum, pence, and the number of members of each group."""
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, group, amount)
    return sums, np.bincount(group, minlength=groups).astype(np.int64)


def grouped(
    kind: str,
    names: Sequence[str],
    group: NDArray[np.int32],
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
) -> Grouping:
    """Return the change of each group that has members, in the order of ``names``."""
    size = len(names)

    def count(mask: NDArray[np.bool_]) -> Int:
        return group_sums(group, mask.astype(np.int64), size)[0]

    sums_before, number = group_sums(group, np.where(known, before, 0), size)
    absent = count(~known)
    change = after - before
    sums_after, _ = group_sums(group, np.where(known, after, 0), size)
    winners, losers = count(known & (change > 0)), count(known & (change < 0))
    rows = [
        Group(
            names[at], int(sums_before[at]), int(sums_after[at]), int(number[at]), int(winners[at]), int(losers[at]),
            int(number[at] - winners[at] - losers[at] - absent[at]), int(absent[at]),
        )
        for at in range(size)
        if number[at]
    ]  # fmt: skip
    return Grouping(kind, tuple(rows))


def grouping_of(kind: str, sums: GroupSums) -> Grouping:
    """Return the change of each group that has members, from sums that are added up already."""
    before, after, number, winners, losers, absent = (each.tolist() for each in sums[1:7])
    rows = zip(sums.names, before, after, number, winners, losers, absent, strict=True)
    return Grouping(
        kind,
        tuple(
            Group(name, old, new, all_, gain, lose, all_ - gain - lose - lack, lack)
            for name, old, new, all_, gain, lose, lack in rows
        ),
    )
