"""Changes added up by group: sums before and after, winners, losers, and how many are not known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import PUPIL_COLUMNS, Int
from engine.kernels.sums import SIDES, fill_group_sums
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.row_chunks import ONE_THREAD, Blocks
from engine.tables import frozen


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


def group_sums(
    group: NDArray[np.int32], amount: Int, groups: int, blocks: Blocks
) -> tuple[Int, Int]:
    """Return the sum, pence, and the number of members of each group; exact in any division."""
    rows = len(group)
    bounds = np.arange(0, rows + blocks.rows, blocks.rows, dtype=np.int64)
    sums = np.empty((len(bounds) - 1, SIDES, groups), np.int64)
    counts = np.empty_like(sums)
    Blocks(blocks.threads, rows=1).run(
        fill_group_sums,
        len(bounds) - 1,
        frozen(bounds),
        frozen(group.astype(np.int32, copy=False)),
        frozen(amount),
        sums,
        counts,
    )
    return sums.sum(axis=(0, 1)), counts.sum(axis=(0, 1))


def sums_by_code(outcome: TopUpOutcome, name: str, blocks: Blocks = ONE_THREAD) -> Int:
    """Return the top-ups of all pupils of each code of a column, pence, by the code; not supplied is 0.

    ``name`` is a column of codes from 1 upwards (a need, a setting). Only who may be paid is looked at.
    """
    codes = PUPIL_COLUMNS[name].codes
    if codes is None or min(codes) < 1:
        message = "groups need a column of codes from 1 upwards"
        raise ValueError(message)
    held = np.maximum(outcome.funded.columns[name], 0)
    return group_sums(held.astype(np.int32), outcome.funded_amount, max(codes) + 1, blocks)[0]


def grouped(
    kind: str,
    names: Sequence[str],
    group: NDArray[np.int32],
    before: Int,
    after: Int,
    known: NDArray[np.bool_],
    blocks: Blocks,
) -> Grouping:
    """Return the change of each group that has members, in the order of ``names``."""
    size = len(names)

    def count(mask: NDArray[np.bool_]) -> Int:
        return group_sums(group, mask.astype(np.int64), size, blocks)[0]

    sums_before, number = group_sums(group, np.where(known, before, 0), size, blocks)
    absent = count(~known)
    change = after - before
    sums_after, _ = group_sums(group, np.where(known, after, 0), size, blocks)
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
