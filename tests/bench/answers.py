"""What each contender has to answer, to the same pence."""

from typing import NamedTuple

import numpy as np


class Formula(NamedTuple):
    """Amount and notional SEN of each school's lines, pence (schools, lines)."""

    amount: np.ndarray
    notional: np.ndarray


class TopUps(NamedTuple):
    """Each pupil's top-up, and sums by school, authority (by code) and need (by code), pence."""

    amount: np.ndarray
    schools: np.ndarray
    authorities: np.ndarray
    needs: np.ndarray


def same(one: tuple, other: tuple) -> bool:
    """Return whether two answers are equal to the penny."""
    return all(np.array_equal(left, right) for left, right in zip(one, other, strict=True))
