"""Seeded draws in whole numbers: the same on any machine and for any choice of columns.

Each purpose has its own stream, so that adding or leaving out a column changes no other.
Only the raw output of the generator is used, which its library promises to keep.
"""

from enum import IntEnum
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.synth.rounding import largest_remainder

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
