"""Designs of candidates: every combination, a Latin hypercube, or random draws; as arrays of whole numbers."""

from collections.abc import Sequence
from enum import StrEnum
from math import prod
from typing import NamedTuple

import numpy as np

from engine.candidates.values import Candidates, PathValues
from engine.columns import Int
from engine.errors import CandidatesRefused, Problem
from engine.money import decimal_of, scaled
from engine.tables import frozen

MOST = 2_000_000
"""Candidates of one document."""


class Design(StrEnum):
    """How the values of several paths go together."""

    grid = "grid"
    """every combination; the last path changes fastest"""
    hypercube = "hypercube"
    """so many draws that cover each path's values evenly, and go together by chance"""
    random = "random"
    """so many draws, each value by chance"""


class Levels(NamedTuple):
    """The values that one path may have: so many, from ``first`` a ``step`` apart, or those of a list.

    of  the values of a list as ``PathValues`` has them; None for a range
    """

    place: str
    many: int
    first: int
    step: int
    decimals: int
    of: PathValues | None

    @classmethod
    def of_range(cls, place: str, first: str, last: str, step: str) -> "Levels":
        """Return the values from one number to another, a step apart."""
        numbers = [decimal_of(text) for text in (first, last, step)]
        decimals = max(_decimals(text) for text in (first, last, step))
        low, high, each = (scaled(one, 10**decimals) for one in numbers)
        return cls(place, (high - low) // each + 1, low, each, decimals, None)

    @classmethod
    def of_list(cls, place: str, texts: Sequence[str]) -> "Levels":
        """Return the values of a list."""
        return cls(place, len(texts), 0, 1, 0, PathValues.of_texts(place, texts))

    def values(self, chosen: Int) -> PathValues:
        """Return the values at some places, a candidate each."""
        if self.of is not None:
            return self.of.of(chosen)
        return PathValues(self.place, frozen(self.first + chosen * self.step), self.decimals)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


def draw(levels: Sequence[Levels], design: Design, number: int, seed: int) -> Candidates:
    """Return the candidates of a design; ``number`` and ``seed`` are of draws.

    The same document draws the same candidates. Raises ``CandidatesRefused`` for a grid of too many.
    """
    if design is Design.grid:
        chosen = _grid(levels)
    else:
        stream = np.random.Generator(np.random.PCG64(seed))
        maker = _hypercube if design is Design.hypercube else _random
        chosen = [maker(stream, one.many, number) for one in levels]
    return Candidates.of([one.values(at) for one, at in zip(levels, chosen, strict=True)])


def _grid(levels: Sequence[Levels]) -> list[Int]:
    size = prod(one.many for one in levels)
    if size > MOST:
        sentence = (
            f"every combination is {size:,} candidates; at most {MOST:,} are worked out at once:"
            " give fewer values, or a number of draws (design: hypercube)"
        )
        raise CandidatesRefused([Problem(sentence, "too-many", place="vary")])
    place, chosen, step = np.arange(size, dtype=np.int64), [], size
    for one in levels:
        step //= one.many
        chosen.append(place // step % one.many)
    return chosen


def _random(stream: np.random.Generator, count: int, number: int) -> Int:
    found: Int = stream.integers(0, count, number, dtype=np.int64)
    return found


def _hypercube(stream: np.random.Generator, count: int, number: int) -> Int:
    """Return one draw from each of ``number`` equal parts of the values, in an order by chance."""
    parts = stream.permutation(number).astype(object)
    low = (parts * count // number).astype(np.int64)
    high = ((parts + 1) * count // number).astype(np.int64)
    within = stream.integers(0, np.maximum(high - low, 1), dtype=np.int64)
    found: Int = low + within
    return found
