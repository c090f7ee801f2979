"""Lines that count pupils as lanes: which values of a pupil's columns let the pupil into each.

A lane counts pupils of one weight in one line. Whether a lane counts a pupil is decided by
each column apart, so that a lane is four bits in a short table of each column's values, and
a combination's lanes are those that all its values allow.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cache import cached
from engine.columns import PUPIL_COLUMNS, Int
from engine.kernels.pupil_counts import LANES, WORDS, fill_members
from engine.row_chunks import ONE_THREAD
from engine.rules.compile_reads import YEAR_GROUP
from engine.rules.compiled import CountedLines, Membership
from engine.tables import MISSING, frozen
from engine.vocabulary import LOWEST_YEAR_GROUP

UNSURE = -1
"""The weight of a pupil of whom it is not known whether they count."""


class Lanes(NamedTuple):
    """The lanes of some lines, and what each column's values allow, as kernels take them.

    line, weight  (lanes) position of the line, and millionths of a pupil; the last lanes are of
                  pupils of whom it is not known whether they count
    """

    line: Int
    weight: Int
    lowest: Int
    offsets: Int
    allowed: Int
    sure: Int


def members_of(lanes: Lanes, attributes: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the lanes of each combination, four bits each, in words of 64; none in a last row.

    A lane of pupils of whom it is not known has all who may count, without those who do.
    """
    member = _allowed(lanes, lanes.allowed, attributes)
    if (lanes.weight == UNSURE).any():
        member ^= _allowed(lanes, lanes.sure, attributes)
    return frozen(member.view(np.uint64))


def _allowed(lanes: Lanes, allowed: Int, attributes: NDArray[np.int32]) -> Int:
    member = np.zeros((len(attributes) + 1, allowed.shape[1]), np.int64)
    ONE_THREAD.run(
        fill_members, len(attributes), attributes, MISSING, lanes.lowest, lanes.offsets, allowed,
        member,
    )  # fmt: skip
    return member


def lanes_of(counted: CountedLines, attributes: NDArray[np.int32]) -> Lanes:
    """Return the lanes of lines whose columns the combinations hold."""
    names = counted.columns
    lacking = np.flatnonzero(attributes == MISSING) % len(names)
    return _lanes(names, counted.members, frozenset(lacking.tolist()))


@cached(64)
def _lanes(names: tuple[str, ...], lines: tuple[Membership, ...], lacking: frozenset[int]) -> Lanes:
    """Return the lanes where some pupils lack the columns at the places ``lacking``."""
    unsure = {names[at] for at in lacking}
    certain = [(line, weight) for line in lines for weight in sorted(set(line.weight) - {0}) or [0]]
    doubtful = [line for line in lines if unsure & {YEAR_GROUP, *(name for name, _ in line.where)}]
    lanes = [*certain, *((line, UNSURE) for line in doubtful)]
    registers = [PUPIL_COLUMNS[name] for name in names]
    sizes = [register.highest - register.lowest + 2 for register in registers]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    words = -(-max(len(lanes), 1) // (LANES * WORDS)) * WORDS
    allowed, sure = (np.zeros((int(offsets[-1]), words * LANES), np.int8) for _ in range(2))
    for name, start, size in zip(names, offsets, sizes, strict=False):
        may, does = (held[start : start + size] for held in (allowed, sure))
        for lane, (line, weight) in enumerate(lanes):
            if weight == UNSURE:
                may[0, lane], may[1:, lane] = 1, _allows(line, name, size - 1)
                does[0, lane], does[1:, lane] = not _reads(line, name), may[1:, lane]
            else:
                may[0, lane] = not _reads(line, name)
                may[1:, lane] = _allows(line, name, size - 1, weight)
    return Lanes(
        frozen(np.asarray([line.line for line, _ in lanes], np.int64)),
        frozen(np.asarray([weight for _, weight in lanes], np.int64)),
        frozen(np.asarray([register.lowest for register in registers], np.int64)),
        frozen(offsets),
        _words(allowed),
        _words(sure),
    )


def _words(lanes: NDArray[np.int8]) -> Int:
    """Return rows of lanes, 0 or 1 each, four bits a lane: (values, words)."""
    packed = lanes[:, 0::2] | (lanes[:, 1::2] << 4)
    return frozen(np.ascontiguousarray(packed).view(np.int64))


def _reads(line: Membership, name: str) -> bool:
    return name == YEAR_GROUP or name in dict(line.where)


def _allows(
    line: Membership, name: str, size: int, weight: int | None = None
) -> Sequence[bool] | NDArray[np.bool_]:
    """Return which values of a column, from the lowest up, let a pupil count in a line (for a weight)."""
    if name == YEAR_GROUP:
        held = zip(line.years, line.weight, strict=True)
        years = [year for year, one in held if weight in {None, one}]
        return np.isin(np.arange(size) + LOWEST_YEAR_GROUP, years)
    wanted = dict(line.where).get(name)
    lowest = PUPIL_COLUMNS[name].lowest
    return [wanted is None or wanted == lowest + at for at in range(size)]
