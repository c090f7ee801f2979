"""Tables of people that add up: raking to margins, and whole numbers that keep them.

Expected numbers are held in 65 536ths of a person, so that raking gives the same bytes
on any machine: sums of whole numbers do not depend on their order.
"""

from collections.abc import Sequence

import numpy as np

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
    return _columns_settled(counts, near, columns)


def _columns_settled(counts: Int, near: Int, columns: Int) -> Int:
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
