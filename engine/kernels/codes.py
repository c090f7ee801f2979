"""Values of pupils' columns to one number a pupil: its combination, or its class among all that rules tell apart."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel


class Contribution(NamedTuple):
    """What the values of a column contribute to pupils' codes.

    value   (pupils) what the column holds; below ``lowest`` is "not supplied"
    part    (values + 1) contribution of "not supplied", then of ``lowest`` and upwards;
            values above the last contribute as the last does

    A kernel takes values of two bytes and contributions of four.
    """

    value: NDArray[Any]
    lowest: int
    part: NDArray[Any]


@kernel
def fill_codes(
    start: int,
    stop: int,
    one: Contribution,
    other: Contribution,
    more: int,
    out_code: NDArray[np.int32],
) -> None:
    """Fill each pupil's code with what two of the pupil's values contribute to it.

    one       what a column holds, and what its values contribute
    other     what another column holds, with its own lowest value and contributions
    more      1 where the contributions are added to what ``out_code`` holds already
    out_code  (pupils) sums of contributions
    """
    lowest, part = one.lowest, one.part
    other_lowest, other_part = other.lowest, other.part
    values = one.value[start:stop]
    others = other.value[start:stop]
    codes = out_code[start:stop]
    highest = len(part) - 1
    other_highest = len(other_part) - 1
    for pupil in range(len(values)):
        place = min(max(int(values[pupil]) - lowest + 1, 0), highest)
        beside = min(max(int(others[pupil]) - other_lowest + 1, 0), other_highest)
        code = part[np.uint64(place)] + other_part[np.uint64(beside)]
        codes[pupil] = code + codes[pupil] if more else code


@kernel
def fill_chosen(
    start: int,
    stop: int,
    bounds: Int,
    offsets: Int,
    code: NDArray[np.int16],
    chosen: NDArray[np.int8],
    out_where: Int,
    out_code: NDArray[np.int16],
    out_number: Int,
) -> None:
    """Fill, for each block of placements, the pupils whose code is chosen, ascending, and their number.

    bounds      (blocks + 1) where each block of placements starts
    offsets     (placements + 1) where each placement's pupils start
    code        (pupils) position of what the pupil has in common with others
    chosen      (codes) 1 where its pupils are chosen
    out_where   (pupils) each block's chosen pupils, from the block's first pupil on; ``out_code`` theirs
    out_number  (placements) how many they are
    """
    for block in range(start, stop):
        first = offsets[bounds[block]]
        last = offsets[bounds[block + 1]]
        places = out_where[first:last]
        held = out_code[first:last]
        number = 0
        for placement in range(bounds[block], bounds[block + 1]):
            codes = code[offsets[placement] : offsets[placement + 1]]
            before = number
            for at in range(len(codes)):
                # Written whether chosen or not, and kept where the next one moves on: no branch to guess.
                places[np.uint64(number)] = offsets[placement] + at
                held[np.uint64(number)] = codes[at]
                number += int(chosen[np.uint64(codes[at])])
            out_number[placement] = number - before
