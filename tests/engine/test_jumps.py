"""Steps of the cost between candidates that differ in one value, against looking at every pair."""

from fractions import Fraction
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.candidates import Candidates, PathValues
from engine.candidates.jumps import jumps_of


@st.composite
def designs(draw):
    """Draw candidates of up to three paths, what each costs, and which of them were valued."""
    number, paths = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    values = [
        PathValues.of_texts(
            f"path_{at}", draw(st.lists(st.sampled_from(["0", "1", "2.5", "10"]), min_size=number, max_size=number))
        )
        for at in range(paths)
    ]  # fmt: skip
    cost = draw(st.lists(st.integers(0, 1000), min_size=number, max_size=number))
    chosen = draw(st.lists(st.booleans(), min_size=number, max_size=number))
    return Candidates.of(values), np.asarray(cost, np.int64), np.asarray(chosen)


def by_looking_at_every_pair(candidates, cost, chosen):
    """Return the largest step of each pair of neighbouring values of each path, by path and values."""
    rows = np.flatnonzero(chosen).tolist()
    found = {}
    for at, path in enumerate(candidates.values):
        others = [one for place, one in enumerate(candidates.values) if place != at]
        alike = [
            (one, other)
            for one, other in combinations(rows, 2)
            if all(of.held[one] == of.held[other] for of in others)
        ]
        for pair in alike:
            low, high = sorted(pair, key=lambda one: path.held[one])
            same = [one for one in rows if all(of.held[one] == of.held[low] for of in others)]
            between = [one for one in same if path.held[low] < path.held[one] < path.held[high]]
            if path.held[low] == path.held[high] or between:
                continue
            key = (path.place, path.text(low), path.text(high))
            found.setdefault(key, set()).add(abs(int(cost[high] - cost[low])))
    return found


@given(designs())
def test_the_largest_step_of_each_pair_of_neighbouring_values_is_found(design):
    candidates, cost, chosen = design
    distinct = {tuple(one.text(at) for one in candidates.values) for at in np.flatnonzero(chosen)}
    if len(distinct) < chosen.sum():
        return  # a design has each candidate once
    expected = by_looking_at_every_pair(candidates, cost, chosen)
    found = jumps_of(candidates, cost, chosen)
    assert {(one.path, one.low, one.high): abs(one.pence) for one in found} == {
        key: max(steps) for key, steps in expected.items()
    }
    for one in found:
        assert one.pence == cost[one.after] - cost[one.before]


def test_a_cliff_is_so_many_times_the_middle_step_and_comes_first():
    values = PathValues.of_texts("threshold", ["0", "1", "2", "4", "5"])
    cost = np.asarray([0, 10, 20, 40, 140], np.int64)
    first, *others = jumps_of(Candidates.of([values]), cost, np.ones(5, bool))
    assert (first.low, first.high, first.pence, first.times) == ("4", "5", 100, Fraction(10))
    assert {one.times for one in others} == {Fraction(1)}


def test_documents_and_values_in_words_have_no_neighbours():
    values = PathValues.of_texts("fraction", ["1/3", "2/3"])
    assert jumps_of(Candidates.of([values]), np.asarray([1, 2]), np.ones(2, bool)) == []
