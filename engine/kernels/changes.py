"""What changes for pupils from one side to another, by placement, need, setting and reason at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel
from engine.kernels.top_ups import Paid

BEFORE, AFTER, WINNERS, LOSERS, ABSENT = range(5)
SUMS = 5
"""What is added up of a change: pence before and after of those known on both sides, who gains,
who loses, and who is not known on either side."""


class Grouped(NamedTuple):
    """What pupils are grouped by beside their placement.

    offsets  (placements + 1) where each placement's pupils start
    need     (pupils) code of the primary need, and ``setting`` of the setting; below 1 is not supplied
    """

    offsets: Int
    need: NDArray[np.int8]
    setting: NDArray[np.int8]


@kernel
def fill_change_sums(
    start: int,
    stop: int,
    bounds: Int,
    grouped: Grouped,
    before: Paid,
    after: Paid,
    absent: int,
    out_placement: Int,
    out_need: Int,
    out_setting: Int,
    out_reason: Int,
    out_number: Int,
    out_change: Int,
    out_changes: Int,
) -> None:
    """Fill, for each block of placements, what changes from one side to the other by every group at once.

    bounds         (blocks + 1) where each block of placements starts
    absent         codes of an amount that is not known, each a bit
    out_placement  (placements, ``SUMS``)
    out_need       (blocks, needs + 1, ``SUMS``), ``out_setting`` (blocks, settings + 1, ``SUMS``) and
                   ``out_reason`` (blocks, reasons, ``SUMS``), by the reason after
    out_number     (blocks, reasons) pupils of each reason after
    out_change     (pupils) each block's changes that are known and not 0, pence, from the
                   block's first pupil on; ``out_changes`` (blocks) how many they are
    """
    for block in range(start, stop):
        needs = out_need[block]
        settings = out_setting[block]
        reasons = out_reason[block]
        numbers = out_number[block]
        needs[:] = 0
        settings[:] = 0
        reasons[:] = 0
        numbers[:] = 0
        changes = out_change[grouped.offsets[bounds[block]] : grouped.offsets[bounds[block + 1]]]
        listed = 0
        for placement in range(bounds[block], bounds[block + 1]):
            first = grouped.offsets[placement]
            last = grouped.offsets[placement + 1]
            old = before.amount[first:last]
            new = after.amount[first:last]
            old_reason = before.reason[first:last]
            new_reason = after.reason[first:last]
            need = grouped.need[first:last]
            setting = grouped.setting[first:last]
            sums = out_placement[placement]
            sums[:] = 0
            for at in range(len(old)):
                reason = np.uint64(new_reason[at])
                numbers[reason] += 1
                lacks = ((absent >> int(old_reason[at])) | (absent >> int(new_reason[at]))) & 1
                if lacks == 0 and old[at] == 0 and new[at] == 0:
                    continue
                of_need = np.uint64(max(int(need[at]), 0))
                of_setting = np.uint64(max(int(setting[at]), 0))
                if lacks:
                    sums[ABSENT] += 1
                    needs[of_need, ABSENT] += 1
                    settings[of_setting, ABSENT] += 1
                    reasons[reason, ABSENT] += 1
                    continue
                one, other = old[at], new[at]
                sums[BEFORE] += one
                sums[AFTER] += other
                needs[of_need, BEFORE] += one
                needs[of_need, AFTER] += other
                settings[of_setting, BEFORE] += one
                settings[of_setting, AFTER] += other
                reasons[reason, BEFORE] += one
                reasons[reason, AFTER] += other
                if one != other:
                    side = WINNERS if other > one else LOSERS
                    sums[side] += 1
                    needs[of_need, side] += 1
                    settings[of_setting, side] += 1
                    reasons[reason, side] += 1
                    changes[np.uint64(listed)] = other - one
                    listed += 1
        out_changes[block] = listed
