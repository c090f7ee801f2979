"""Where a small change of one value changes the cost most: steps between candidates that differ in that value alone."""

from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import numpy as np
from numpy.typing import NDArray

from engine.candidates.values import Candidates, PathValues
from engine.columns import Int


@dataclass(frozen=True, slots=True)
class Jump:
    """The largest step of the cost from one value of a path to the next, all other values being alike.

    before, after  the places of the two candidates
    pence          what the second costs more
    low, high      the two values, as a document has them
    times          how many times the middle step of this path it is, for as much of the value; None where that is 0
    """

    path: str
    low: str
    high: str
    before: int
    after: int
    pence: int
    times: Fraction | None


def jumps_of(candidates: Candidates, cost: Int, chosen: NDArray[np.bool_]) -> list[Jump]:
    """Return the largest step between each two neighbouring values of each path, the largest first.

    cost    (candidates) pence
    chosen  (candidates) those that were valued

    Paths whose values are no decimal numbers have no neighbours.
    """
    found: list[Jump] = []
    for at, values in enumerate(candidates.values):
        if not values.words:
            others = [one.held for place, one in enumerate(candidates.values) if place != at]
            found += _of_path(values, others, cost, np.flatnonzero(chosen))
    return sorted(found, key=lambda one: (-abs(one.pence), one.path, one.before))


def _of_path(values: PathValues, others: list[Int], cost: Int, rows: Int) -> list[Jump]:
    held = values.held[rows]
    order = np.lexsort([held, *(one[rows] for one in others)])
    rows, held = rows[order], held[order]
    alike = held[1:] > held[:-1]
    for one in others:
        alike &= one[rows[1:]] == one[rows[:-1]]
    pairs = np.flatnonzero(alike)
    before, after = rows[pairs], rows[pairs + 1]
    steps = cost[after] - cost[before]
    largest = np.lexsort([before, -np.abs(steps), held[pairs + 1], held[pairs]])
    bounds = np.stack([held[pairs], held[pairs + 1]])[:, largest]
    first = np.ones(len(largest), np.bool_)
    first[1:] = (bounds[:, 1:] != bounds[:, :-1]).any(axis=0)
    kept = largest[first].tolist()
    each = [
        Fraction(abs(int(steps[at])), int(held[pairs[at] + 1] - held[pairs[at]])) for at in kept
    ]
    middle = median(each) if each else Fraction(0)
    return [
        Jump(
            values.place, values.text(int(before[at])), values.text(int(after[at])),
            int(before[at]), int(after[at]), int(steps[at]), one / middle if middle else None,
        )
        for at, one in zip(kept, each, strict=True)
    ]  # fmt: skip
