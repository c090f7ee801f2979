"""Values of pupils' columns to one number a pupil: what combination, or what cell, it stands for."""

import numpy as np
from numpy.typing import NDArray

from engine.jit import kernel


@kernel
def fill_codes(
    start: int,
    stop: int,
    value: NDArray[np.int16],
    lowest: int,
    part: NDArray[np.int32],
    out_code: NDArray[np.int32],
) -> None:
    """Add to each pupil's code what the pupil's value contributes to it.

    value     (pupils) what a column holds; below ``lowest`` is "not supplied"
    part      (values + 1) contribution of "not supplied", then of ``lowest`` and upwards;
              values above the last contribute as the last does
    out_code  (pupils) sums of contributions
    """
    values = value[start:stop]
    codes = out_code[start:stop]
    highest = len(part) - 1
    for pupil in range(len(values)):
        place = min(max(int(values[pupil]) - lowest + 1, 0), highest)
        codes[pupil] += part[np.uint64(place)]
