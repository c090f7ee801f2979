"""Rows of a grid for combinations of attributes: bands, prices and who is paid at all."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel


@kernel
def fill_answers(
    start: int,
    stop: int,
    attributes: NDArray[np.int32],
    edges: Int,
    offsets: Int,
    strides: Int,
    answers: NDArray[np.int32],
    out_row: NDArray[np.int32],
) -> None:
    """Fill the deciding row of each combination, or -1 where none fits.

    attributes  (combinations, inputs) values; below an input's first edge is "not supplied"
    edges       the inputs' edges one after the other, ascending within an input
    offsets     (inputs + 1) where each input's edges start
    strides     (inputs) step of each input's slot in ``answers``
    answers     (slots) deciding row or -1
    """
    inputs = len(strides)
    for combination in range(start, stop):
        slot = 0
        for at in range(inputs):
            value = attributes[combination, at]
            low = offsets[at]
            high = offsets[at + 1]
            while low < high:
                middle = (low + high) // 2
                if edges[middle] <= value:
                    low = middle + 1
                else:
                    high = middle
            slot += (low - offsets[at]) * strides[at]
        out_row[combination] = answers[slot]
