"""Pupils counted by school (whichever authority placed them there), eight lanes to a word."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel

LANES = 8
"""Lanes of a word: each counts, in a byte of its own, the pupils who belong to it."""

WORDS = 4
"""Words that one pass over the pupils adds; memberships are padded to a multiple."""

CHUNK = 255
"""Pupils that can be added before a lane must be emptied: a byte holds no more."""


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
    missing     stands for a value not supplied
    lowest      (columns) lowest value of each column that ``allowed`` has
    offsets     (columns + 1) where each column's values start: not supplied, then ``lowest`` and upwards
    allowed     (values, words) 1 in the byte of each lane that a pupil with the value may belong to
    out_member  (combinations, words) 1 in the byte of each lane of the combination
    """
    for combination in range(start, stop):
        member = out_member[combination]
        for word in range(0, len(member), WORDS):
            one = two = three = four = -1
            for column in range(len(lowest)):
                value = attributes[combination, column]
                place = offsets[column]
                if value != missing:
                    place += value - lowest[column] + 1
                allows = allowed[place]
                one &= allows[word]
                two &= allows[word + 1]
                three &= allows[word + 2]
                four &= allows[word + 3]
            member[word] = one
            member[word + 1] = two
            member[word + 2] = three
            member[word + 3] = four


@kernel
def fill_counts(
    start: int,
    stop: int,
    spans: Int,
    placements: Int,
    offsets: Int,
    code: NDArray[np.int16],
    member: NDArray[np.uint64],
    line: Int,
    weight: Int,
    out_units: Int,
    out_missing: Int,
    out_count: Int,
    out_last: Int,
) -> None:
    """Fill the units of each line at each school, and its pupils not known to count.

    Adding whole words counts the pupils of 32 lanes at once: eight times the speed of an entry each.

    spans        (schools, 2) the first of each school's ``placements``, and the one after its last
    placements   (placements) by school, positions
    offsets      (placements + 1) where each placement's pupils start
    code         (pupils) the pupil's combination of attributes, or the number of combinations
    member       (combinations + 1, words) 1 in the byte of each lane that the pupil belongs to
    line         (lanes) position of the line that the lane's pupils count in
    weight       (lanes) what a pupil counts, millionths; negative where it is not known
    out_units    (lines, schools) millionths, added to what is held; ``out_missing`` pupils not known to count
    out_count    (schools, words * 8) scratch, of which a block uses its first row: pupils in each lane
    out_last     (schools) scratch likewise: position of the pupil counted last, of those counted together
    """
    words = member.shape[1]
    byte = np.uint64(255)
    counts = out_count[start]
    last = out_last[start : start + 1]
    for school in range(start, stop):
        counts[:] = 0
        for at in range(spans[school, 0], spans[school, 1]):
            placement = placements[at]
            pupils = code[offsets[placement] : offsets[placement + 1]]
            for word in range(0, words, WORDS):
                for first in range(0, len(pupils), CHUNK):
                    part = pupils[first : first + CHUNK]
                    one = two = three = four = np.uint64(0)
                    for pupil in range(len(part)):
                        lanes = member[np.uint64(part[pupil])]
                        one += lanes[word]
                        two += lanes[word + 1]
                        three += lanes[word + 2]
                        four += lanes[word + 3]
                        # A store in between keeps the compiler from gathering each word apart,
                        # which takes half as long again as reading the row.
                        last[0] = pupil
                    for lane in range(LANES):
                        shift = np.uint64(LANES * lane)
                        base = LANES * word + lane
                        counts[base] += np.int64((one >> shift) & byte)
                        counts[base + LANES] += np.int64((two >> shift) & byte)
                        counts[base + 2 * LANES] += np.int64((three >> shift) & byte)
                        counts[base + 3 * LANES] += np.int64((four >> shift) & byte)
        for lane in range(len(line)):
            if weight[lane] < 0:
                out_missing[line[lane], school] += counts[lane]
            else:
                out_units[line[lane], school] += counts[lane] * weight[lane]
