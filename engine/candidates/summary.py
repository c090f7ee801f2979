"""What each of all candidates comes to in a few numbers, and the front of those that nothing beats."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.candidates.block_run import BlockRun
from engine.candidates.figures import BlockFigures, Figures
from engine.candidates.structure import LeftOut
from engine.columns import Int


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Every candidate in a few numbers (candidates); those that were left out are 0 and not ``valued``."""

    figures: Figures
    valued: NDArray[np.bool_]
    left_out: tuple[LeftOut, ...]

    @property
    def front_of_loss(self) -> Int:
        """Return the candidates that no other beats in total and largest loss, by total."""
        return front(self.figures.total, self.figures.loss, self.valued & self.figures.keeps)

    @property
    def front_of_spread(self) -> Int:
        """Return the candidates that no other beats in total and spread between authorities, by total."""
        return front(self.figures.total, self.figures.spread, self.valued & self.figures.keeps)

    def among_the_best(self, number: int) -> NDArray[np.bool_]:
        """Return which candidates are among so many of the cheapest, or of either front."""
        found = np.zeros(len(self.valued), np.bool_)
        found[self.cheapest(number)] = True
        found[self.front_of_loss] = True
        found[self.front_of_spread] = True
        return found

    def cheapest(self, number: int) -> Int:
        """Return so many candidates that keep to what they must, with the least total first."""
        those = np.flatnonzero(self.valued & self.figures.keeps)
        order = np.argsort(self.figures.total[those], kind="stable")
        return those[order[:number]]


def summary_of(run: BlockRun, blocks: Iterable[BlockFigures]) -> Summary:
    """Return the numbers of all candidates of a run; the blocks may come in any order, and each is looked at once."""
    length = len(run.candidates)
    figures = Figures._make(
        np.zeros(length, np.bool_ if name == "keeps" else np.int64) for name in Figures._fields
    )
    valued = np.zeros(length, np.bool_)
    refused: dict[int, str] = {}
    for block in blocks:
        for whole, part in zip(figures, block.figures, strict=True):
            whole[block.rows] = part
        valued[block.rows] = block.valued
        refused |= block.refused
    for one in figures:
        one[~valued] = 0
    found = [
        LeftOut(run.candidates.name(row), reason, of_pupils=True)
        for row, reason in sorted(refused.items())
    ]
    return Summary(figures, valued, (*run.left_out, *found))


def front(cost: Int, other: Int, chosen: NDArray[np.bool_]) -> Int:
    """Return the places of the chosen that none of them beats: no other is as little in both, and less in one.

    >>> front(np.array([1, 2, 3, 3]), np.array([9, 5, 5, 4]), np.ones(4, bool)).tolist()
    [0, 1, 3]
    """
    those = np.flatnonzero(chosen)
    order: Int = those[np.lexsort((other[those], cost[those]))]
    costs, others = cost[order], other[order]
    # Alike ones are neighbours, and the first of them says whether all of them are kept.
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (costs[1:] != costs[:-1]) | (others[1:] != others[:-1])
    is_less = np.ones(len(order), np.bool_)
    is_less[1:] = others[1:] < np.minimum.accumulate(others)[:-1]
    kept: Int = order[is_less[is_first][np.cumsum(is_first) - 1]]
    return kept
