"""The least and the greatest change of any authority, in doubles where they decide and in whole numbers where they do not."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.candidates.figures import PARTS, least_and_most
from tests.reference.numbers import nearest

PENCE = st.integers(0, 10**12) | st.sampled_from([0, 1, 2, 16, 20_000, 10**4, 3 * 10**4])


def each(changes: list[int], paid: list[int]) -> list[int]:
    """Return each change in hundredths of a percent, of the groups that were paid anything."""
    pairs = zip(changes, paid, strict=True)
    return [nearest(Fraction(change * PARTS, before)) for change, before in pairs if before]


@given(
    st.lists(st.tuples(st.integers(-(10**12), 10**12) | st.integers(-9, 9), PENCE), max_size=6),
    st.booleans(),
)
@example([(1, 20_000), (-1, 20_000), (3, 20_000)], True)
@example([(10**14, 1), (5, 5)], False)
def test_the_least_and_the_most_are_those_of_rounding_each_group(pairs, shared):
    change = np.asarray([[one for one, _ in pairs]] * 2, np.int64).reshape(2, -1)
    paid = np.asarray([before for _, before in pairs], np.int64)
    before = np.broadcast_to(paid, change.shape) if shared else np.tile(paid, (2, 1))
    low, high = least_and_most(change, before)
    expected = each(change[0].tolist(), paid.tolist()) or [0]
    assert low.tolist() == [min(expected)] * 2
    assert high.tolist() == [max(expected)] * 2


@pytest.mark.parametrize("half", [1, 3, 5, 99_999])
def test_exact_halves_go_away_from_nothing_on_both_sides(half):
    change, before = np.asarray([[half, -half]]), np.asarray([[20_000, 20_000]])
    low, high = least_and_most(change, before)
    assert (low[0], high[0]) == (-(half + 1) // 2, (half + 1) // 2)
