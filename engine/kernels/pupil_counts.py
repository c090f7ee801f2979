"""Pupils counted by school (whichever authority placed them there), sixteen lanes to a word."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel

LANES = 16
"""Lanes of a word: each counts, in four bits of its own, the pupils who belong to it."""

WORDS = 2
"""Words that one pass over the pupils adds; memberships are padded to a multiple."""

FEW = 15
"""Pupils that can be added before a lane must be emptied: four bits hold no more."""

CHUNK = 17 * FEW
"""Pupils whose lanes can be emptied into bytes before these must be: a byte holds no more."""


@kernel
def fill_members(
    start: int,
    stop: int,
    attributes: NDArray[np.int32],
    missing: int,
    lowest: Int,
    offsets: Int,
    allowed: Int,
    out_member: Int,
) -> None:
    """Fill each combination's lanes: those that every one of its values is allowed in.

    attributes  (combinations, columns) values
    missing     the number that means "not supplied"
    lowest      (columns) lowest value of each column that ``allowed`` has
    offsets     (columns + 1) where each column's values start: not supplied, then ``lowest`` and upwards
    allowed     (values, words) 1 in the bits of each lane that may count a pupil with the value
    out_member  (combinations, words) 1 in the bits of each lane of the combination
    """
    for combination in range(start, stop):
        member = out_member[combination]
        for word in range(0, len(member), WORDS):
            one = two = -1
            for column in range(len(lowest)):
                value = attributes[combination, column]
                place = offsets[column]
                if value != missing:
                    place += value - lowest[column] + 1
                allows = allowed[place]
                one &= allows[word]
                two &= allows[word + 1]
            member[word] = one
            member[word + 1] = two


class PlacedCodes(NamedTuple):
    """The combination of each pupil, by placement.

    placements  (placements) by school, positions
    offsets     (placements + 1) where each placement's pupils start
    code        (pupils) the pupil's combination of attributes, or the number of combinations
    """

    placements: Int
    offsets: Int
    code: NDArray[np.int16]


class LaneLines(NamedTuple):
    """Which lanes count the pupils of each combination, and what for.

    member  (combinations + 1, words) 1 in the bits of each lane that counts the pupil
    line    (lanes) position of the line that the lane's pupils count in
    weight  (lanes) what a pupil counts, millionths; negative where it is not known
    """

    member: NDArray[np.uint64]
    line: Int
    weight: Int


@kernel
def fill_counts(
    start: int,
    stop: int,
    spans: Int,
    pupils: PlacedCodes,
    lanes: LaneLines,
    out_units: Int,
    out_missing: Int,
    out_count: Int,
) -> None:
    """Fill the units of each line at each school, and its pupils not known to count.

    Adding whole words counts the pupils of 32 lanes at once: ten times the speed of an entry each.

    spans      (schools, 2) the first of each school's placements, and the one after its last
    pupils     the combination of each pupil, by placement
    lanes      which lanes count a combination's pupils, and what for
    out_units  (lines, schools) millionths, added to what is held; ``out_missing`` pupils not known to count
    out_count  (schools, words * 16) scratch, of which a block uses its first row: pupils in each lane
    """
    placements, offsets, code = pupils.placements, pupils.offsets, pupils.code
    member, line, weight = lanes.member, lanes.line, lanes.weight
    words = member.shape[1]
    four = np.uint64(4)
    byte = np.uint64(0xFF)
    halves = np.uint64(0x0F0F0F0F0F0F0F0F)
    counts = out_count[start]
    for school in range(start, stop):
        counts[:] = 0
        for at in range(spans[school, 0], spans[school, 1]):
            placement = placements[at]
            codes = code[offsets[placement] : offsets[placement + 1]]
            for word in range(0, words, WORDS):
                for first in range(0, len(codes), CHUNK):
                    chunk = codes[first : first + CHUNK]
                    low = high = lower = higher = np.uint64(0)
                    whole = len(chunk) // FEW
                    for begin in range(whole):
                        few = chunk[FEW * begin : FEW * begin + FEW]
                        one = two = np.uint64(0)
                        # So many that the compiler writes them out; a loop it would gather apart.
                        for pupil in range(FEW):
                            counted = member[np.uint64(few[pupil])]
                            one += counted[word]
                            two += counted[word + 1]
                        low += one & halves
                        high += (one >> four) & halves
                        lower += two & halves
                        higher += (two >> four) & halves
                    # The others likewise; in one loop with them, those above would be gathered too.
                    few = chunk[FEW * whole :]
                    one = two = np.uint64(0)
                    for pupil in range(len(few)):
                        counted = member[np.uint64(few[pupil])]
                        one += counted[word]
                        two += counted[word + 1]
                    low += one & halves
                    high += (one >> four) & halves
                    lower += two & halves
                    higher += (two >> four) & halves
                    for pair in range(LANES // 2):
                        shift = np.uint64(8 * pair)
                        lane = LANES * word + 2 * pair
                        counts[lane] += np.int64((low >> shift) & byte)
                        counts[lane + 1] += np.int64((high >> shift) & byte)
                        counts[lane + LANES] += np.int64((lower >> shift) & byte)
                        counts[lane + LANES + 1] += np.int64((higher >> shift) & byte)
        for lane in range(len(line)):
            if weight[lane] < 0:
                out_missing[line[lane], school] += counts[lane]
            else:
                out_units[line[lane], school] += counts[lane] * weight[lane]
