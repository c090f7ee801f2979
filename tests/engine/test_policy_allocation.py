"""A pot shared by need or by history: published figures to the pound, and what must hold of any pot."""

import csv
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import FIXTURES
from engine.errors import PairRefused
from engine.policy import Claim, allocate, largest_remainder, one_more_unit, with_gaming

CASES = FIXTURES / "cases" / "policy"
CAMDEN, KENT = 0, "886"
SHARES = st.fractions(0, 1, max_denominator=1_000)
CLAIMS = st.lists(
    st.builds(
        Claim,
        st.fractions(0, 5_000, max_denominator=100),
        st.integers(0, 10**11),
        st.fractions(Fraction(1, 2), 2, max_denominator=1_000),
    ),
    min_size=1,
    max_size=20,
).filter(lambda claims: sum(one.units for one in claims) and sum(one.before for one in claims))


def blocks() -> tuple[list[str], list[Claim], int]:
    """Return the codes, claims and pot of the blocks of 2023-24, with plans of January 2023 as units."""
    with (CASES / "blocks-and-plans-2023.csv").open() as file:
        rows = list(csv.DictReader(file))
    claims = [
        Claim(Fraction(one["plans_january_2023"]), int(one["block_2023_24"]) * 100) for one in rows
    ]
    return [one["la"] for one in rows], claims, sum(one.before for one in claims)


def test_blocks_shared_by_plans_move_what_was_worked_out_elsewhere():
    codes, claims, pot = blocks()
    assert (len(codes), pot, sum(one.units for one in claims)) == (75, 519_591_980_000, 272_307)
    assert round(pot / Fraction(272_307)) == 1_908_111
    found = allocate(pot, claims)
    assert sum(found.pence) == pot
    assert found.changes[CAMDEN] == -27_426_305_00
    assert found.changes[codes.index(KENT)] == 49_560_830_00
    assert (found.gainers, round(found.displaced / 10**7)) == (29, 4_096)


def test_one_more_plan_brings_the_difference_of_two_allocations():
    _, claims, pot = blocks()
    assert claims[CAMDEN].units == 1_446
    assert round(one_more_unit(pot, claims, CAMDEN)) == 18_979_72
    ten_percent = one_more_unit(pot, claims, CAMDEN, units=Fraction(145))
    assert round(ten_percent / 100) == 2_750_604
    assert round(ten_percent / 145) == 18_969_68


def test_an_allocation_by_history_alone_is_what_was_there_before():
    _, claims, pot = blocks()
    assert allocate(pot, claims, Fraction(1)).changes == (0,) * len(claims)


@given(CLAIMS, st.integers(0, 10**9), SHARES)
def test_amounts_are_whole_pounds_and_add_to_the_pot(claims, pounds, history):
    found = allocate(pounds * 100, claims, history)
    assert sum(found.pence) == pounds * 100
    assert all(one % 100 == 0 for one in found.pence)


@given(CLAIMS, st.integers(0, 10**9), SHARES, st.randoms())
def test_the_order_of_authorities_moves_no_more_than_a_pound(claims, pounds, history, random):
    order = random.sample(range(len(claims)), len(claims))
    found = allocate(pounds * 100, claims, history).pence
    other = allocate(pounds * 100, [claims[at] for at in order], history).pence
    assert all(abs(found[at] - one) <= 100 for at, one in zip(order, other, strict=True))


@given(CLAIMS, st.integers(1, 10**9), SHARES, st.data())
def test_a_further_unit_brings_what_the_closed_form_says(claims, pounds, history, data):
    pot, at = pounds * 100, data.draw(st.integers(0, len(claims) - 1))
    own, every = claims[at].need, sum(one.need for one in claims)
    weight = claims[at].weight
    closed = (1 - history) * pot * weight * (every - own) / (every * (every + weight))
    assert one_more_unit(pot, claims, at, history) == closed


@given(CLAIMS, st.integers(0, 10**9))
def test_a_unit_that_moves_between_authorities_of_one_weight_nets_to_nothing(claims, pounds):
    equal = [Claim(one.units + 1, one.before) for one in claims]
    moved = [*equal]
    moved[0] = Claim(equal[0].units - 1, equal[0].before)
    moved[-1] = Claim(moved[-1].units + 1, equal[-1].before)
    assert sum(allocate(pounds * 100, moved).pence) == sum(allocate(pounds * 100, equal).pence)


def test_a_pot_of_pence_is_shared_in_pence_where_that_is_asked_for():
    claims = [Claim(Fraction(1)), Claim(Fraction(1)), Claim(Fraction(1))]
    assert allocate(100, claims, step=1).pence == (34, 33, 33)
    with pytest.raises(PairRefused, match="whole number of pounds"):
        allocate(101, claims)


def test_a_pot_without_units_or_history_is_refused():
    with pytest.raises(PairRefused, match="nothing says"):
        allocate(100, [Claim(Fraction(0)), Claim(Fraction(0))])
    with pytest.raises(PairRefused, match="nothing says"):
        allocate(100, [Claim(Fraction(1))], Fraction(1, 2))


def test_without_a_response_nothing_is_gamed():
    _, claims, pot = blocks()
    found = with_gaming(pot, claims, 0)
    assert found.allocation == allocate(pot, claims)
    assert (found.rounds, found.settled) == (1, True)


def test_a_response_settles_where_units_and_money_agree():
    _, claims, pot = blocks()
    found = with_gaming(pot, claims, 0.14)
    assert found.settled
    assert 1 < found.rounds < 30
    for claim, units, pence in zip(claims, found.units, found.allocation.pence, strict=True):
        gained = pence / claim.before - 1
        assert units == pytest.approx(float(claim.units) * (1 + 0.14 * gained), rel=1e-6)
    assert sum(found.allocation.pence) == pot


def test_a_response_that_has_not_settled_after_a_hundred_rounds_says_so():
    claims = [Claim(Fraction(1_000), 51_000_00), Claim(Fraction(1_000), 49_000_00)]
    found = with_gaming(100_000_00, claims, 0.95)
    assert (found.rounds, found.settled) == (100, False)


def test_an_authority_without_money_before_has_no_response():
    with pytest.raises(PairRefused, match="had no money before"):
        with_gaming(100, [Claim(Fraction(1))], 0.14)


def test_parts_that_do_not_add_to_the_pot_are_no_shares():
    with pytest.raises(ValueError, match="do not add"):
        largest_remainder(10, [Fraction(3), Fraction(3)])
