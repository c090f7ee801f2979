"""Sums of pence and counts of pupils, by placement and by any grouping of pupils."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel


@kernel
def fill_placement_sums(
    start: int,
    stop: int,
    offsets: Int,
    amount: Int,
    reason: NDArray[np.int8],
    absent: int,
    gap: int,
    out_sum: Int,
    out_absent: Int,
    out_gap: Int,
) -> None:
    """Fill each placement's sum, pence, and its pupils whose amount is not known, or who have no band.

    offsets  (placements + 1) where each placement's pupils start
    amount   (pupils) pence
    reason   (pupils) reason code; ``gap`` is that of no band
    absent   codes of an amount that is not known, each a bit
    """
    for placement in range(start, stop):
        amounts = amount[offsets[placement] : offsets[placement + 1]]
        reasons = reason[offsets[placement] : offsets[placement + 1]]
        total = 0
        unknown = 0
        gaps = 0
        for at in range(len(amounts)):
            total += amounts[at]
            unknown += (absent >> int(reasons[at])) & 1
            gaps += reasons[at] == gap
        out_sum[placement] = total
        out_absent[placement] = unknown
        out_gap[placement] = gaps


SIDES = 4


@kernel
def fill_group_sums(
    start: int,
    stop: int,
    bounds: Int,
    group: NDArray[np.int32],
    amount: Int,
    out_sum: Int,
    out_count: Int,
) -> None:
    """Fill, for each block of pupils, the sum and the number of pupils of each group.

    bounds     (blocks + 1) where each block of pupils starts; the last may end beyond the last pupil
    group      (pupils) position of the pupil's group
    amount     (pupils) pence
    out_sum    (blocks, ``SIDES``, groups) pence; neighbours are added apart, as pupils of one
               group would else wait for each other's sum
    out_count  (blocks, ``SIDES``, groups) pupils
    """
    for block in range(start, stop):
        sums = out_sum[block]
        counts = out_count[block]
        sums[:] = 0
        counts[:] = 0
        groups = group[bounds[block] : bounds[block + 1]]
        amounts = amount[bounds[block] : bounds[block + 1]]
        for at in range(len(groups)):
            side = at % SIDES
            sums[side, np.uint64(groups[at])] += amounts[at]
            counts[side, np.uint64(groups[at])] += 1
