"""Sums of pence and counts of pupils by placement."""

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
