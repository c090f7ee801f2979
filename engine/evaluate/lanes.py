"""Lines that count pupils as lanes: which values of a pupil's columns let the pupil into each.

A lane counts pupils of one weight in one line. Whether a pupil belongs to it is decided by
each column apart, so that a lane is a byte in a short table of each column's values, and a
combination's lanes are those that all its values allow.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import ONE_THREAD
from engine.columns import PUPIL_COLUMNS, Int
from engine.kernels.units import LANES, WORDS, fill_members
from engine.tables import MISSING, frozen
from engine.vocabulary import LOWEST_YEAR_GROUP

YEAR_GROUP = "year_group"
NOT_KNOWN = -1
"""The weight of a pupil of whom it is not known whether they count."""


class Counting(NamedTuple):
    """What decides who counts in a line, and for how much: no unit value.

    years   the year groups of the line's phase
    where   code of each further column that a pupil must have
    weight  what a pupil of each of ``years`` counts, millionths
    """

    years: tuple[int, ...]
    where: tuple[tuple[str, int], ...]
    weight: tuple[int, ...]


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
    """Return the lanes of each combination, a byte each, in words of 64 bits; none in a last row."""
    member = np.zeros((len(attributes) + 1, lanes.allowed.shape[1]), np.int64)
    ONE_THREAD.run(
        fill_members, len(attributes), attributes, MISSING, lanes.lowest, lanes.offsets,
        lanes.allowed, lanes.sure, member,
    )  # fmt: skip
    return frozen(member.view(np.uint64))


def lanes_of(
    names: tuple[str, ...], lines: tuple[Counting, ...], attributes: NDArray[np.int32]
) -> Lanes:
    """Return the lanes of lines that read the columns ``names``, which the combinations hold."""
    unsure = [name for at, name in enumerate(names) if (attributes[:, at] == MISSING).any()]
    return _lanes(names, lines, frozenset(unsure))


@lru_cache(maxsize=64)
def _lanes(names: tuple[str, ...], lines: tuple[Counting, ...], unsure: frozenset[str]) -> Lanes:
    """Return the lanes where ``unsure`` are the columns that some pupils lack."""
    certain = [
        (at, weight)
        for at, line in enumerate(lines)
        for weight in sorted(set(line.weight) - {0}) or [0]
    ]
    doubtful = [
        at
        for at, line in enumerate(lines)
        if unsure & {YEAR_GROUP, *(name for name, _ in line.where)}
    ]
    lanes = [*certain, *((at, NOT_KNOWN) for at in doubtful)]
    registers = [PUPIL_COLUMNS[name] for name in names]
    sizes = [register.highest - register.lowest + 2 for register in registers]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    words = -(-max(len(lanes), 1) // (LANES * WORDS)) * WORDS
    allowed, sure = (np.zeros((int(offsets[-1]), words * LANES), np.int8) for _ in range(2))
    for name, start, size in zip(names, offsets, sizes, strict=False):
        may, does = (held[start : start + size] for held in (allowed, sure))
        for lane, (at, weight) in enumerate(lanes):
            if weight == NOT_KNOWN:
                may[0, lane], may[1:, lane] = 1, _allows(lines[at], name, size - 1)
                does[0, lane], does[1:, lane] = not _reads(lines[at], name), may[1:, lane]
            else:
                may[0, lane] = not _reads(lines[at], name)
                may[1:, lane] = _allows(lines[at], name, size - 1, weight)
    return Lanes(
        frozen(np.asarray([at for at, _ in lanes], np.int64)),
        frozen(np.asarray([weight for _, weight in lanes], np.int64)),
        frozen(np.asarray([register.lowest for register in registers], np.int64)),
        frozen(offsets),
        frozen(allowed.view(np.int64)),
        frozen(sure.view(np.int64)),
    )


def _reads(line: Counting, name: str) -> bool:
    return name == YEAR_GROUP or name in dict(line.where)


def _allows(
    line: Counting, name: str, size: int, weight: int | None = None
) -> Sequence[bool] | NDArray[np.bool_]:
    """Return which values of a column, from the lowest up, let a pupil count in a line (for a weight)."""
    if name == YEAR_GROUP:
        held = zip(line.years, line.weight, strict=True)
        years = [year for year, one in held if weight in {None, one}]
        return np.isin(np.arange(size) + LOWEST_YEAR_GROUP, years)
    wanted = dict(line.where).get(name)
    lowest = PUPIL_COLUMNS[name].lowest
    return [wanted is None or wanted == lowest + at for at in range(size)]
