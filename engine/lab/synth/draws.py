"""Seeded draws in whole numbers: the same on any machine and for any choice of columns.

Each purpose has its own stream, so that adding or leaving out a column changes no other.
Only the raw output of the generator is used, which its library promises to keep.
"""

from collections.abc import Sequence
from enum import IntEnum
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int

PERSON = 1 << 16
_FACTOR_BITS = 22
_WEYL = 40_503
Margin = tuple[tuple[int, ...], Int]
"""The axes that a margin keeps, in order, and what the cells along them must add to."""


def largest_remainder(weights: Int, total: int) -> Int:
    """Return whole numbers that add to ``total`` in proportion to ``weights`` (no axis but one).

    Of equal remainders the first is rounded up first. Weights that are all 0 count as equal.
    """
    weights = np.ones_like(weights) if weights.sum() == 0 else weights
    whole, rest = np.divmod(weights * total, weights.sum())
    order = np.argsort(-rest, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def raked(cells: Int, margins: Sequence[Margin], rounds: int) -> Int:
    """Return ``cells`` (65 536ths) scaled in turn to each margin, ``rounds`` times over."""
    for _ in range(rounds):
        for kept, target in margins:
            others = tuple(axis for axis in range(cells.ndim) if axis not in kept)
            sums = np.maximum(cells.sum(axis=others), 1)
            factor = np.expand_dims((target << _FACTOR_BITS) // sums, others)
            low = cells & ((1 << _FACTOR_BITS) - 1)
            cells = (cells >> _FACTOR_BITS) * factor + ((low * factor) >> _FACTOR_BITS)
    return cells


def whole_table(expected: Int, rows: Int, columns: Int) -> Int:
    """Return whole numbers near ``expected`` whose rows and columns have exactly the given totals.

    expected  (rows, columns) not negative, in any unit
    rows      (rows) what each row adds to; adds to the same as ``columns``
    columns   (columns) what each column adds to
    """
    empty = expected.sum(axis=1) == 0
    expected = np.where(empty[:, None], columns, expected)
    sums = expected.sum(axis=1, keepdims=True)
    # Each row starts rounding at its own place, so that columns are not all rounded one way.
    start = (np.arange(len(rows)) * _WEYL % PERSON)[:, None]
    reached = np.cumsum(expected, axis=1) * rows[:, None]
    steps = (reached + ((sums * start) >> 16)) // np.maximum(sums, 1)
    counts = np.diff(steps, axis=1, prepend=0)
    near = expected * rows[:, None] // np.maximum(sums >> 16, 1)
    return _moved_to_columns(counts, near, columns)


def _moved_to_columns(counts: Int, near: Int, columns: Int) -> Int:
    """Move people along their rows, with the smallest changes, until each column has its total."""
    excess = counts.sum(axis=0) - columns
    while excess.any():
        much, little = int(excess.argmax()), int(excess.argmin())
        gain = (counts[:, much] - counts[:, little]) * PERSON - near[:, much] + near[:, little]
        row = int(np.where(counts[:, much] > 0, gain, np.iinfo(np.int64).min).argmax())
        counts[row, much] -= 1
        counts[row, little] += 1
        excess[much] -= 1
        excess[little] += 1
    return counts


Codes = NDArray[np.int8]

_BITS = 12
STEPS = 1 << _BITS
"""Shares of a draw are rounded to so many equal steps, by largest remainder."""


class Stream(IntEnum):
    """What a stream of draws is for; never renumbered, as files are made again from a seed."""

    authorities = 1
    authority_pupils = 2
    placement_spread = 3
    need_spread = 4
    schools = 5
    school_sizes = 6
    school_names = 7
    school_amounts = 8
    prior_year = 9
    places = 10
    border = 11
    deprivation = 12
    keys = 13
    primary_need = 14
    secondary_need = 15
    fsm = 16
    fsm6 = 17
    eal3 = 18
    mobility = 19
    looked_after = 20
    low_prior_attainment = 21
    idaci = 22
    score = 23
    points = 24
    support_hours = 25
    hours = 26
    assessed_cost = 27
    top_up = 28
    part_year = 29
    level = 30
    undescribed = 31
    band_today = 32
    moves = 33


class Draws:
    """The streams of draws of one seed."""

    def __init__(self, seed: int) -> None:
        """Keep the seed, a whole number from 0 up."""
        self.seed = seed

    def words(self, stream: Stream, size: int, *parts: str) -> NDArray[np.uint64]:
        """Return ``size`` draws of 64 bits; ``parts`` tell streams of one purpose apart."""
        keys = (int(stream), *(crc32(part.encode()) for part in parts))
        source = np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=keys))
        return source.random_raw(size)

    def shorts(self, stream: Stream, size: int, *parts: str) -> NDArray[np.uint16]:
        """Return ``size`` draws from 0 to 65 535."""
        words = self.words(stream, (size + 3) // 4, *parts).astype("<u8", copy=False)
        return words.view("<u2")[:size].astype(np.uint16, copy=False)

    def between(
        self, stream: Stream, lowest: Int | int, highest: Int | int, size: int, *parts: str
    ) -> Int:
        """Return ``size`` whole numbers from ``lowest`` to ``highest``, both included."""
        draws = self.shorts(stream, size, *parts).astype(np.int64)
        span = np.asarray(highest, dtype=np.int64) - lowest + 1
        return np.asarray(lowest + ((draws * span) >> 16), dtype=np.int64)

    def order(self, stream: Stream, size: int, *parts: str) -> Int:
        """Return the numbers 0 to ``size`` − 1 in a drawn order."""
        return np.argsort(self.words(stream, size, *parts), kind="stable")

    def chosen(self, stream: Stream, shares: Int, row: NDArray[np.integer], *parts: str) -> Codes:
        """Return for each draw the position that it falls on in its row of shares.

        shares  (rows, positions) weights, not negative, at least one of each row above 0
        row     (draws) the row of ``shares`` that applies
        """
        steps = np.stack([largest_remainder(weights, STEPS) for weights in shares])
        positions = np.tile(np.arange(shares.shape[1], dtype=np.int8), len(shares))
        table = np.repeat(positions, steps.ravel())
        draws = self.shorts(stream, len(row), *parts) >> (16 - _BITS)
        return table[row.astype(np.int32) * STEPS + draws]
