"""A change divided among its causes so that their order does not matter: each has the mean of what it brings in every order.

Source: L. S. Shapley, A value for n-person games (1953). What is divided is whole pence, and so are the shares.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Pence = NDArray[np.int64]
"""One number for each of some subjects: (subjects)."""


def shapley(worth: Sequence[Pence], causes: int) -> NDArray[np.int64]:
    """Return the exact share of each cause (causes, subjects), in parts of a penny of which ``causes``! are one.

    worth  (2 ** causes, subjects) pence where the causes of each set have changed: cause 0 is bit 1, cause 1 is bit 2
    """
    shares = np.zeros((causes, len(worth[0])), np.int64)
    for cause in range(causes):
        others = [one for one in range(causes) if one != cause]
        for size in range(causes):
            orders = factorial(size) * factorial(causes - size - 1)
            for chosen in combinations(others, size):
                mask = sum(1 << one for one in chosen)
                shares[cause] += (worth[mask | 1 << cause] - worth[mask]) * orders
    return shares


def in_pence(shares: NDArray[np.int64], parts: int) -> NDArray[np.int64]:
    """Return shares (causes, subjects) in whole pence that add to what the exact ones, ``parts`` of which are a penny, add to.

    Each is cut to whole pence towards 0. The pence that are left go one each to the shares that lost most in that
    direction; of equal ones the first causes have them. Shares of the contrary change are the contrary.
    """
    whole = np.sign(shares) * (np.abs(shares) // parts)
    rest = shares - whole * parts
    left = rest.sum(axis=0) // parts
    # Of each subject, the causes by how much they lost in the direction of what is left.
    lost = -np.sign(left) * rest
    order = np.argsort(lost, axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(shares))[:, None], axis=0)
    pence: NDArray[np.int64] = whole + np.where(rank < np.abs(left), np.sign(left), 0)
    return pence


def partitions(number: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield every way to put the first whole numbers into groups: of many groups first, and always in one order.

    >>> list(partitions(2))
    [((0,), (1,)), ((0, 1),)]
    """
    every = list(_partitions(number))
    yield from sorted(every, key=lambda one: (-len(one), one))


def _partitions(number: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    if not number:
        yield ()
        return
    last = number - 1
    for groups in _partitions(last):
        yield (*groups, (last,))
        for at, group in enumerate(groups):
            yield (*groups[:at], (*group, last), *groups[at + 1 :])
