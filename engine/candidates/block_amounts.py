"""What the classes of a variant are paid under some candidates: the numbers that the closed form takes, and whether it is exact."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.candidates import Doubles
from engine.kernels.closed_form import StagedAmounts
from engine.tables import frozen

Reals = NDArray[np.floating[Any]]

EXACT = 2**53
"""Whole numbers below it are exact in double precision, and so are their sums that stay below it."""

EXACT_QUOTIENTS = 2**51
"""Whole numbers below it are divided by a reciprocal and rounded down exactly."""


class Numbers(NamedTuple):
    """Rows of whole numbers, a column a candidate: those that are the same for all, and those that vary.

    known   (rows) the number of a row that does not vary
    varied  (rows that vary) which they are, with their numbers in ``of`` (rows that vary, candidates)
    """

    known: Doubles
    varied: Int
    of: Doubles

    @classmethod
    def among(cls, rows: Sequence[Int | Reals | float], length: int) -> "Numbers":
        """Return rows of which some are one number for all of so many candidates."""
        varied = [at for at, one in enumerate(rows) if isinstance(one, np.ndarray)]
        known = np.asarray([0 if isinstance(one, np.ndarray) else one for one in rows], np.float64)
        of = np.asarray([rows[at] for at in varied], np.float64).reshape(len(varied), length)
        return cls(known, np.asarray(varied, np.int64), of)

    def part(self, begin: int, end: int) -> Doubles:
        """Return the numbers of some candidates (1, rows, candidates)."""
        out = np.repeat(self.known[:, None], end - begin, axis=1)
        out[self.varied] = self.of[:, begin:end]
        return frozen(out[None])

    def _extreme(self, of: Doubles) -> Doubles:
        out = self.known.copy()
        out[self.varied] = of
        return out

    @property
    def lowest(self) -> Doubles:
        """Return the lowest number of each row."""
        return self._extreme(self.of.min(axis=1, initial=np.inf))

    @property
    def highest(self) -> Doubles:
        """Return the highest number of each row."""
        return self._extreme(self.of.max(axis=1, initial=-np.inf))


class BlockAmounts(NamedTuple):
    """What each class is paid a year by some candidates, as sums and stages; the last class is paid nothing.

    first, offsets, factor, parts, limit  as kernels take them
    sums, factors, added, least, most     numbers of the candidates
    length    how many candidates there are
    highest   pence that no class is paid more than
    """

    first: Int
    offsets: Int
    factor: Int
    parts: Doubles
    limit: Int
    sums: Numbers
    factors: Numbers
    added: Numbers
    least: Numbers
    most: Numbers
    length: int
    highest: float

    @classmethod
    def of(cls, amounts: Int) -> "BlockAmounts | None":
        """Return amounts (candidates, classes) as they are, pence a year; None where doubles cannot hold them."""
        highest, lowest = int(amounts.max(initial=0)), int(amounts.min(initial=0))
        if lowest < 0 or highest >= EXACT:
            return None
        classes = amounts.shape[1]
        none = Numbers.among([], len(amounts))
        return cls(
            np.arange(classes + 1), np.zeros(classes + 2, np.int64), np.zeros(0, np.int64),
            np.zeros(0), np.zeros(0, np.int64),
            Numbers.among([*amounts.T, 0.0], len(amounts)), none, none, none, none,
            len(amounts), float(highest),
        )  # fmt: skip

    def part(self, begin: int, end: int) -> StagedAmounts:
        """Return what kernels take for some of the candidates, one block."""
        held = (self.sums, self.factors, self.added, self.least, self.most)
        return StagedAmounts(
            frozen(self.first), frozen(self.offsets), frozen(self.factor), frozen(self.parts),
            frozen(self.limit), *(one.part(begin, end) for one in held),
        )  # fmt: skip


def highest_of(amounts: BlockAmounts) -> float | None:
    """Return pence that no class is paid more than; None unless each stage is exact in doubles and leaves no less than nothing."""
    high = amounts.sums.highest[amounts.first]
    if amounts.sums.lowest.min(initial=0) < 0 or amounts.factors.lowest.min(initial=0) < 0:
        return None
    (added, least, most), lowest = (
        [getattr(one, of) for one in (amounts.added, amounts.least, amounts.most)]
        for of in ("highest", "lowest")
    )
    smallest = np.minimum(np.maximum(lowest[0], lowest[1]), lowest[2])
    if smallest.min(initial=0) < 0:
        return None
    factors, counts = amounts.factors.highest, np.diff(amounts.offsets)
    for nth in range(int(counts.max(initial=0))):
        those = np.flatnonzero(counts > nth)
        stage = amounts.offsets[:-1][those] + nth
        product = high[those] * factors[amounts.factor[stage]] + amounts.parts[stage]
        if product.max(initial=0) >= EXACT_QUOTIENTS - 1:
            return None
        limit = amounts.limit[stage]
        due = np.floor(product / amounts.parts[stage]) + 1 + added[limit]
        high[those] = np.minimum(np.maximum(due, least[limit]), most[limit])
    return float(high.max(initial=0))
