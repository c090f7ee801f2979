"""Combinations that are priced alike, few enough to stay beside the processor.

Tens of thousands of combinations lead to a few dozen different prices. A pupil's price is
found in two steps, so that only the first look-up leaves the processor's nearest memory.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.outcome import Priced
from engine.tables import frozen

DENSE = 1 << 22


class Kinds(NamedTuple):
    """The kind of each combination, and what each kind is paid, as the kernel takes it."""

    kind: NDArray[np.int32]
    verdict: NDArray[np.int8]
    base: Int
    each: Int
    manner: NDArray[np.int8]
    threshold: Int


def kinds_of(
    verdict: NDArray[np.int8], price: NDArray[np.int32], prices: Priced, threshold: Int
) -> Kinds:
    """Return the kinds of combinations that no clause tells apart.

    A price, the modifiers that apply, the threshold and the verdict decide all that is paid.
    """
    marks = (
        (price.astype(np.int64) + 1, int(price.max(initial=0)) + 2),
        (prices.modified, int(prices.modified.max(initial=0)) + 1),
        ((threshold > 0).astype(np.int64), 2),
        (verdict.astype(np.int64) + 1, int(verdict.max(initial=0)) + 2),
    )
    code, size = np.zeros(len(price), np.int64), 1
    for mark, many in marks:
        code, size = code * many + mark, size * many
    if size <= DENSE:
        used = np.zeros(size, bool)
        used[code] = True
        kind = (np.cumsum(used, dtype=np.int32) - np.int32(1))[code]
    else:
        _, inverse = np.unique(code, return_inverse=True)
        kind = inverse.astype(np.int32)
    example = np.empty(int(kind.max(initial=-1)) + 1, np.int64)
    example[kind] = np.arange(len(kind))
    return Kinds(
        frozen(kind),
        frozen(verdict[example]),
        frozen(prices.base[example]),
        frozen(prices.each[example]),
        frozen(prices.manner[example]),
        frozen(threshold[example]),
    )
