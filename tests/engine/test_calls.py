"""A notional SEN budget is compared with its expected costs."""

import pytest

from engine.calls import expected_calls

FIGURES = {"sen_support_pupils": 10, "sen_support_cost": 100_000, "plans": 2, "threshold": 500_000}


@pytest.mark.parametrize(
    ("costs", "left"),
    [
        pytest.param(None, 0, id="each plan calls for the whole threshold"),
        pytest.param((300_000, 900_000), 200_000, id="a plan that costs less calls for its cost"),
    ],
)
def test_what_is_left(costs, left):
    assert expected_calls(2_000_000, assessed_costs=costs, **FIGURES).left == left


def test_a_shortfall_is_negative():
    assert expected_calls(0, **FIGURES).left == -2_000_000


def test_costs_are_given_for_each_plan():
    with pytest.raises(ValueError, match="each plan"):
        expected_calls(0, assessed_costs=(1,), **FIGURES)
