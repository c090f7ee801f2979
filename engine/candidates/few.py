"""A few candidates among many: the ends and the middle of the front, and others spaced evenly."""

import numpy as np

from engine.candidates.summary import Summary
from engine.columns import Int

FEW = 3
"""Candidates that are shown by authority."""


def few_of(summary: Summary) -> tuple[int, ...]:
    """Return the places of up to three candidates: the ends and the middle of the front of cost and largest loss.

    Where none keeps to what it must, the cheapest of all; the cheapest come first.
    """
    found = summary.front_of_loss
    if not len(found):
        valued = np.flatnonzero(summary.valued)
        found = valued[np.argsort(summary.figures.total[valued], kind="stable")[:1]]
    return tuple(spaced(found, FEW).tolist())


def spaced(places: Int, most: int) -> Int:
    """Return so many of some places, spaced evenly with the first and the last among them.

    >>> spaced(np.arange(10), 3).tolist(), spaced(np.arange(2), 3).tolist()
    ([0, 4, 9], [0, 1])
    """
    if len(places) <= most:
        return places
    steps = max(most - 1, 1)
    found: Int = places[np.arange(most) * (len(places) - 1) // steps]
    return found
