"""Extra funding for schools with many plans: each published pattern, and what holds of all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.modules.targeted import SchoolCalls, value_targeted
from engine.money import PENCE, pounds, scaled
from engine.money import decimal_of as number
from tests.rule_library import DOCUMENTS
from tests.worked_examples import windsor_schools

NAMES = (
    "windsor-and-maidenhead-2018-19",
    "northumberland-2025-26",
    "toy-targeted-gap-2025-26",
    "toy-targeted-rate-2025-26",
    "toy-targeted-tiers-2025-26",
)
THRESHOLD = 600_000


def school(notional, plans, pupils=0, calls=0):
    return SchoolCalls(notional * PENCE, Fraction(plans), Fraction(pupils), calls * PENCE)


def paid(name, schools):
    rules = DOCUMENTS[name]
    return value_targeted(rules.targeted_funding.compile(rules.at()), schools)


def amounts(name, *schools):
    return [pounds(one.amount) for one in paid(name, schools)]


def test_windsor_and_maidenhead_fills_gaps_first_and_then_shares_the_rest_of_its_pot():
    rows = windsor_schools()
    schools = [
        SchoolCalls(
            scaled(number(row["notional"]), PENCE),
            Fraction(row["plans"]),
            Fraction(0),
            scaled(number(row["calls"]), PENCE),
        )
        for row in rows
    ]
    value = paid("windsor-and-maidenhead-2018-19", schools)
    assert [pounds(one.due) for one in value] == [row["due"] for row in rows]
    assert [pounds(one.shared) for one in value] == [row["shared"] for row in rows]
    sums = dict.fromkeys(("primary", "secondary"), 0)
    for row, one in zip(rows, value, strict=True):
        sums[row["phase"]] += one.amount
    assert {phase: pounds(sum_) for phase, sum_ in sums.items()} == {
        "primary": "26448.00",
        "secondary": "78552.00",
    }
    second_step = sum(one.shared for one in value)
    assert abs(second_step - 36_366 * PENCE) <= PENCE


@pytest.mark.parametrize(
    ("notional", "plans", "expected"),
    [
        pytest.param(60_000, 5, "0.00", id="half of the budget pays for five plans"),
        pytest.param(60_000, 6, "6000.00", id="the sixth is paid for"),
        pytest.param(70_000, 7, "12000.00", id="a part of a plan is not paid for by the budget"),
        pytest.param(0, 2, "12000.00", id="without a budget every plan is paid for"),
    ],
)
def test_northumberland_pays_for_plans_above_those_that_half_the_budget_pays_for(
    notional, plans, expected
):
    assert amounts("northumberland-2025-26", school(notional, plans)) == [expected]


def test_a_gap_is_what_plans_call_for_beyond_the_means():
    schools = (school(50_000, 7), school(50_000, 6), school(100_000, 20))
    assert amounts("toy-targeted-gap-2025-26", *schools) == ["2000.00", "0.00", "40000.00"]


def test_a_pot_too_small_scales_every_due_and_is_spent_to_the_penny():
    schools = (school(50_000, 10), school(50_000, 15), school(50_000, 20))
    # 20,000, 50,000 and 80,000 are due out of 50,000.
    assert amounts("toy-targeted-gap-2025-26", *schools) == ["6666.67", "16666.66", "26666.67"]


def test_plans_above_a_rate_are_paid_for():
    schools = (school(0, 5, 200), school(0, 6, 200), school(0, 8, 210))
    assert amounts("toy-targeted-rate-2025-26", *schools) == ["0.00", "6000.00", "16500.00"]


@pytest.mark.parametrize(
    ("plans", "expected"),
    [
        pytest.param(5, "0.00", id="nothing up to half of the budget"),
        pytest.param(10, "7500.00", id="a quarter up to all of it"),
        pytest.param(12, "16500.00", id="three quarters above"),
        pytest.param(20, "60000.00", id="all beyond half as much again"),
    ],
)
def test_tiers_pay_a_rising_share(plans, expected):
    assert amounts("toy-targeted-tiers-2025-26", school(60_000, plans)) == [expected]


schools_drawn = st.lists(
    st.builds(
        school,
        st.integers(0, 400_000),
        st.integers(0, 60),
        st.integers(0, 2_000),
        st.integers(0, 600_000),
    ),
    max_size=12,
)


@given(st.sampled_from(NAMES), schools_drawn)
def test_no_school_pays_in_and_no_pot_is_overspent(name, schools):
    value = paid(name, schools)
    pot = DOCUMENTS[name].targeted_funding.pot
    assert all(one.due >= 0 and one.shared >= 0 for one in value)
    assert pot is None or sum(one.amount for one in value) <= pot[0].decimal * PENCE


@given(
    st.sampled_from(
        [
            "northumberland-2025-26",
            "toy-targeted-rate-2025-26",
            "toy-targeted-tiers-2025-26",
        ]
    ),
    st.integers(0, 400_000),
    st.integers(0, 60),
    st.integers(0, 2_000),
)
def test_one_more_plan_never_lowers_what_a_school_is_paid_nor_raises_it_by_more_than_the_threshold(
    name, notional, plans, pupils
):
    fewer, more = paid(name, [school(notional, plans, pupils), school(notional, plans + 1, pupils)])
    # Each of the two is rounded to the penny.
    assert 0 <= more.amount - fewer.amount <= THRESHOLD + 1
