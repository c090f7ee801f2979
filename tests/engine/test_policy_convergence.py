"""A transition within floors and caps: published paths to their digit, and what must hold of any."""

import csv
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import FIXTURES
from engine.policy import (
    Limits,
    Shortfall,
    cost_without_losses,
    largest_remainder,
    path,
    years_to_target,
)
from tests.storm_size import draws

CASE = FIXTURES / "cases" / "policy" / "block-transition-2020-to-2023.csv"
AMOUNTS = st.lists(st.tuples(st.integers(1, 10**8), st.integers(1, 10**6)), min_size=1, max_size=12)
FLOORS = st.fractions(Fraction(-1, 2), 0, max_denominator=1_000)
CAPS = st.fractions(0, Fraction(1, 2), max_denominator=1_000) | st.none()


def start() -> tuple[list[int], list[Fraction], int]:
    """Return the pence before, the weights and the pot of 74 authorities' blocks."""
    with CASE.open() as file:
        rows = list(csv.DictReader(file))
    historic = [Fraction(one["allocation_2020_21"]) for one in rows]
    pot = sum(int(one["allocation_2023_24"]) for one in rows) * 100
    before = largest_remainder(pot, [one * pot / sum(historic) for one in historic])
    return before, [Fraction(one["before_gains_limit_2023_24"]) for one in rows], pot


def pots(pot: int, growth: Fraction, years: int = 12) -> list[int]:
    return [floor(pot * (1 + growth) ** year) for year in range(1, years + 1)]


@pytest.mark.parametrize(
    ("least", "cap", "growth", "gap", "displaced", "years"),
    [
        ("0", "0.05", "0.03", "15.84", "47.20", 10),
        ("-0.015", "0.05", "0", "13.32", "41.03", 6),
        ("-0.03", "0.10", "0", None, None, 3),
    ],
)
def test_a_transition_of_blocks_takes_the_years_worked_out_elsewhere(
    least, cap, growth, gap, displaced, years
):
    before, weights, pot = start()
    assert (len(before), pot) == (74, 445_300_898_800)
    found = path(
        before, weights, pots(pot, Fraction(growth)), Limits(Fraction(least), Fraction(cap))
    )
    first = found.years[0]
    assert found.years_to() == years
    if gap:
        assert f"{float(first.largest_gap) * 100:.2f}" == gap
        assert f"{float(first.displaced) / 10**8:.2f}" == displaced
    if years == 10:
        assert found.years[3].arrived() == 68


@settings(max_examples=draws(60))
@given(AMOUNTS, FLOORS, CAPS, st.fractions(Fraction(1, 2), 2, max_denominator=100))
def test_every_year_is_the_pot_and_keeps_to_floor_and_cap(amounts, least, cap, growth):
    before, weights = [one for one, _ in amounts], [Fraction(one) for _, one in amounts]
    pot = floor(sum(before) * growth)
    found = path(before, weights, [pot, pot], Limits(least, cap))
    last = before
    for year in found.years:
        assert sum(year.pence) == year.pot
        for now, then in zip(year.pence, last, strict=True):
            assert now >= (1 + least) * then
            assert cap is None or now <= (1 + cap) * then
        last = year.pence
    if len(found.years) < 2:
        lows = sum(-floor(-(1 + least) * one) for one in last)
        highs = pot if cap is None else sum(floor((1 + cap) * one) for one in last)
        missing = Shortfall(
            len(found.years) + 1, max(0, lows - pot), max(0, pot - highs) if lows <= pot else 0
        )
        assert found.shortfall == missing


@settings(max_examples=draws(60))
@given(AMOUNTS, FLOORS, CAPS, st.randoms())
def test_the_order_moves_no_more_than_a_penny(amounts, least, cap, random):
    order = random.sample(range(len(amounts)), len(amounts))
    pot = sum(one for one, _ in amounts)
    found = [
        path(
            [one for one, _ in rows], [Fraction(one) for _, one in rows], [pot], Limits(least, cap)
        )
        for rows in (amounts, [amounts[at] for at in order])
    ]
    pence, other = (one.years[0].pence for one in found)
    assert all(abs(pence[at] - one) <= 1 for at, one in zip(order, other, strict=True))


@given(AMOUNTS, st.integers(0, 10**9))
def test_without_floor_and_cap_all_arrive_in_one_year(amounts, pot):
    before, weights = [one for one, _ in amounts], [Fraction(one) for _, one in amounts]
    found = path(before, weights, [pot], Limits(Fraction(-1)))
    target = [pot * one / sum(weights) for one in weights]
    assert list(found.years[0].pence) == largest_remainder(pot, target)


@settings(max_examples=draws(40))
@given(AMOUNTS, FLOORS, CAPS, st.fractions(Fraction(9, 10), Fraction(11, 10), max_denominator=100))
def test_a_year_is_what_a_search_by_halving_finds(amounts, least, cap, growth):
    before, weights = [one for one, _ in amounts], [Fraction(one) for _, one in amounts]
    pot = floor(sum(before) * growth)
    found = path(before, weights, [pot], Limits(least, cap))
    if found.shortfall:
        return
    lows = [-floor(-(1 + least) * one) for one in before]
    highs = [pot if cap is None else floor((1 + cap) * one) for one in before]

    def held(level):
        return [
            min(max(level * w, low), high)
            for w, low, high in zip(weights, lows, highs, strict=True)
        ]

    low, high = Fraction(0), Fraction(max(pot, *highs), 1)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(held(middle)) <= pot else (low, middle)
    # Where every bound holds the sum is flat, and any level of it gives the same amounts.
    assert all(
        abs(now - one) <= 1 for now, one in zip(found.years[0].pence, held(low), strict=True)
    )


@settings(max_examples=draws(30))
@given(AMOUNTS, FLOORS, CAPS, st.fractions(Fraction(1), Fraction(11, 10), max_denominator=100))
def test_many_limits_at_once_take_the_years_that_each_takes_alone(amounts, least, cap, growth):
    before, weights = [10**6 * one for one, _ in amounts], [Fraction(one) for _, one in amounts]
    sums = [floor(sum(before) * growth**year) for year in range(1, 9)]
    alone = path(before, weights, sums, Limits(least, cap))
    if any(
        abs(abs(gap) - Fraction(5, 1000)) < Fraction(1, 10**6)
        for one in alone.years
        for gap in one.gaps
    ):
        return
    lows = [-floor(-(1 + least) * one) for one in before]
    if abs(sum(lows) - sums[0]) < len(before) or (cap is not None and cap < growth):
        return
    found = years_to_target(
        np.array(before, float), np.array(weights, float), np.array(sums, float),
        np.array([float(least)] * 2), np.array([np.inf if cap is None else float(cap)] * 2),
    )  # fmt: skip
    assert found.tolist() == [alone.years_to() or 0] * 2


def test_a_pot_below_the_floors_says_by_how_much_and_in_which_year():
    found = path([100, 100], [Fraction(1), Fraction(1)], [200, 190], Limits(Fraction(0), None))
    assert (len(found.years), found.shortfall) == (1, Shortfall(2, below_floors=10))
    found = path(
        [100, 100], [Fraction(1), Fraction(1)], [250], Limits(Fraction(0), Fraction(1, 10))
    )
    assert found.shortfall == Shortfall(1, above_caps=30)


def test_the_cost_of_no_losses_is_what_the_losers_would_lose():
    assert cost_without_losses([100, 300], [Fraction(1), Fraction(1)], 400) == 100
    assert cost_without_losses([200, 200], [Fraction(1), Fraction(1)], 400) == 0


def test_half_of_what_is_displaced_is_gone_by_the_half_life():
    before, weights, pot = start()
    found = path(
        before, weights, pots(pot, Fraction(3, 100)), Limits(Fraction(0), Fraction(5, 100))
    )
    assert found.half_life == 4
    assert path([100], [Fraction(1)], [], Limits(Fraction(0))).half_life is None
