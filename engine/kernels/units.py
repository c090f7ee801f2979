"""Pupils to units of the formula's lines, by placement (one authority's pupils at one school)."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel


@kernel
def fill_units(
    start: int,
    stop: int,
    offsets: Int,
    identity: NDArray[np.int32],
    entry_offsets: Int,
    entry_line: NDArray[np.int32],
    entry_weight: Int,
    out_units: Int,
    out_missing: Int,
) -> None:
    """Fill the units of each placement's lines, millionths, and its pupils not known.

    offsets        (placements + 1) where each placement's pupils start
    identity       (pupils) the pupil's combination of attributes
    entry_offsets  (combinations + 1) where each combination's entries start
    entry_line     (entries) line that the pupil counts in
    entry_weight   (entries) millionths of a pupil, or -1 where it is not known
    out_units      (placements, lines) millionths of a pupil
    out_missing    (placements, lines) pupils of whom it is not known whether they count
    """
    for placement in range(start, stop):
        units = out_units[placement]
        missing = out_missing[placement]
        units[:] = 0
        missing[:] = 0
        pupils = identity[offsets[placement] : offsets[placement + 1]]
        for at in range(len(pupils)):
            combination = pupils[at]
            for entry in range(entry_offsets[combination], entry_offsets[combination + 1]):
                weight = entry_weight[entry]
                if weight >= 0:
                    units[entry_line[entry]] += weight
                else:
                    missing[entry_line[entry]] += 1
