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
    """The lanes of some lines, and what each column's values allow.

    line, weight  (lanes) position of the line, ascending, and millionths of a pupil
    doubtful      positions of the lines of which it may not be known who counts
    lowest, offsets, allowed  as ``fill_members`` takes them; after the lanes come, for each
                  doubtful line, one of those who may count and one of those who do
    """

    line: NDArray[np.int64]
    weight: Int
    doubtful: NDArray[np.int64]
    lowest: Int
    offsets: Int
    allowed: Int


class Members(NamedTuple):
    """The lanes of each combination and of none, and what a lane counts, as ``fill_counts`` takes them."""

    member: Int
    line: Int
    weight: Int


def members_of(lanes: Lanes, attributes: NDArray[np.int32]) -> Members:
    """Return the lanes of each combination, and of none: the last lanes are of pupils not known to count."""
    combinations, known, doubtful = len(attributes), len(lanes.line), len(lanes.doubtful)
    allowed = np.empty((combinations, lanes.allowed.shape[1]), np.int64)
    ONE_THREAD.run(
        fill_members, combinations, attributes, MISSING, lanes.lowest, lanes.offsets,
        lanes.allowed, allowed,
    )  # fmt: skip
    each = allowed.view(np.int8)
    unknown = each[:, known : known + doubtful] ^ each[:, known + doubtful : known + 2 * doubtful]
    occurs = np.flatnonzero(unknown.any(axis=0))
    words = -(-(known + len(occurs)) // (LANES * WORDS)) * WORDS
    member = np.zeros((combinations + 1, words), np.int64)
    bytes_of = member[:-1].view(np.int8)
    bytes_of[:, :known] = each[:, :known]
    bytes_of[:, known : known + len(occurs)] = unknown[:, occurs]
    return Members(
        frozen(member),
        frozen(np.concatenate([lanes.line, lanes.doubtful[occurs]])),
        frozen(np.concatenate([lanes.weight, np.full(len(occurs), NOT_KNOWN)])),
    )


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
    number = len(certain) + 2 * len(doubtful)
    registers = [PUPIL_COLUMNS[name] for name in names]
    sizes = [register.highest - register.lowest + 2 for register in registers]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    allowed = np.zeros((int(offsets[-1]), -(-max(number, 1) // LANES) * LANES), np.int8)
    for name, start, size in zip(names, offsets, sizes, strict=False):
        column = allowed[start : start + size]
        for lane, (at, weight) in enumerate(certain):
            column[1:, lane] = _allows(lines[at], name, size - 1, weight)
        for lane, at in enumerate(doubtful, start=len(certain)):
            counts = _allows(lines[at], name, size - 1)
            column[1:, lane] = column[1:, lane + len(doubtful)] = counts
            column[0, lane] = 1
            column[0, lane + len(doubtful)] = not _reads(lines[at], name)
        for lane, (at, _) in enumerate(certain):
            column[0, lane] = not _reads(lines[at], name)
    return Lanes(
        np.asarray([at for at, _ in certain], np.int64),
        np.asarray([weight for _, weight in certain], np.int64),
        np.asarray(doubtful, np.int64),
        frozen(np.asarray([register.lowest for register in registers], np.int64)),
        frozen(offsets),
        frozen(allowed.view(np.int64)),
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
