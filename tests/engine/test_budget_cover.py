"""Hours that money buys, and what is left of a budget at example costs of support."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.budget_cover import (
    EXAMPLE_COSTS,
    EXAMPLE_HOUR,
    first_part_hours,
    support_examples,
    weekly_hours,
)
from engine.expected_calls import PlanThreshold, School, calls_statement
from engine.rules.values import DatedValue
from engine.vocabulary import Missing, Standing
from tests.builders import all_year


def test_the_first_six_thousand_pounds_buy_nine_hours_a_week_where_they_bought_twelve():
    assert weekly_hours(6_000_00, 17_20) == 918
    # What 12 and 13 weekly hours cost at that rate.
    assert weekly_hours(7_843_20, 17_20) == 12_00
    assert weekly_hours(8_496_80, 17_20) == 13_00


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(1, 52))
def test_hours_are_the_quotient_to_a_hundredth(pence, hourly, weeks):
    exact = Decimal(pence) / (Decimal(hourly) * weeks)
    told = Decimal(weekly_hours(pence, hourly, weeks)) / 100
    assert abs(told - exact) <= Decimal("0.005")
    assert told == exact.quantize(Decimal("0.01"), ROUND_HALF_UP) or abs(told - exact) == Decimal(
        "0.005"
    )


def statement(school, budget=100_000_00):
    value = DatedValue.model_validate(
        {"from": "2025-04-01", "value": "6000", "source": "page", "standing": Standing.verified}
    )
    return calls_statement(budget, school, all_year(value))


@given(st.integers(1, 500), st.integers(0, 100), st.integers(0, 10**8))
def test_an_example_is_what_the_page_would_say_of_that_cost(pupils, plans, budget):
    found = support_examples(statement(School(pupils, None, None, plans), budget))
    assert [one.cost for one in found] == list(EXAMPLE_COSTS)
    for one in found:
        asked = statement(School(pupils, one.cost, None, plans), budget).expected
        assert one.expected == asked
        assert one.expected.left == budget - pupils * one.cost - plans * 6_000_00


def test_a_school_that_says_its_own_cost_or_has_no_such_pupils_gets_no_examples():
    for school in (
        School(10, 1_500_00, None, 3),
        School(10, None, 9_000_00, 3),
        School(0, None, None, 3),
        School(None, None, None, 3),
    ):
        assert not support_examples(statement(school))


def test_what_is_not_known_stays_so_in_an_example():
    found = support_examples(statement(School(10, None, None, None)))
    assert all(one.expected.total is None and one.expected.sen_support is not None for one in found)


@given(st.none() | st.integers(100, 100_000))
def test_the_first_part_buys_hours_at_the_rate_of_the_school_or_else_at_the_example(hourly):
    found = first_part_hours(statement(School(10, None, None, 3)), hourly)
    assert (found.first_part, found.is_example) == (6_000_00, hourly is None)
    assert found.hourly == (EXAMPLE_HOUR if hourly is None else hourly)
    assert found.hundredths == weekly_hours(6_000_00, found.hourly)


def test_rules_without_a_first_part_buy_nothing_that_is_known():
    calls = calls_statement(1_00, School(10, None, None, 3), PlanThreshold(), Missing.budget)
    assert first_part_hours(calls) is None
