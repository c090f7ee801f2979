"""A notional SEN budget is compared with its expected costs, as far as they are known."""

import pytest

from engine.expected_calls import School, expected_calls
from engine.vocabulary import Missing

FIGURES = School(sen_support_pupils=10, sen_support_cost=100_000, plans=2)
THRESHOLD = 500_000


@pytest.mark.parametrize(
    ("costs", "left"),
    [
        pytest.param(None, 0, id="each plan calls for the whole threshold"),
        pytest.param((300_000, 900_000), 200_000, id="a plan that costs less calls for its cost"),
    ],
)
def test_what_is_left(costs, left):
    assert expected_calls(2_000_000, FIGURES, THRESHOLD, costs).left == left


def test_a_shortfall_is_negative():
    assert expected_calls(0, FIGURES, THRESHOLD).left == -2_000_000


def test_costs_are_given_for_each_plan():
    with pytest.raises(ValueError, match="each plan"):
        expected_calls(0, FIGURES, THRESHOLD, (1,))


def test_a_figure_of_the_school_stands_in_place_of_pupils_times_cost():
    school = School(10, 100_000, sen_support_figure=70_000, plans=0)
    assert expected_calls(100_000, school, THRESHOLD).left == 30_000


@pytest.mark.parametrize(
    ("school", "threshold", "parts", "missing"),
    [
        pytest.param(
            School(0, None, plans=3), 600_000, (0, 1_800_000, 1_800_000), (),
            id="nobody on SEN support costs nothing, whatever one would",
        ),
        pytest.param(
            School(0, None, plans=0), None, (0, 0, 0), (),
            id="no plan costs nothing, whatever the threshold",
        ),
        pytest.param(
            School(None, 80_000, plans=3), 600_000, (None, 1_800_000, None),
            (Missing.sen_support_pupils,), id="pupils not given are not nobody",
        ),
        pytest.param(
            School(5, None, plans=3), 600_000, (None, 1_800_000, None),
            (Missing.sen_support_cost,), id="a cost not given is not nothing",
        ),
        pytest.param(
            School(5, 80_000), 600_000, (400_000, None, None), (Missing.plans,),
            id="plans not given are not none",
        ),
        pytest.param(
            School(5, 80_000, plans=1), None, (400_000, None, None), (Missing.threshold,),
            id="a threshold not named is not nothing",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_makes_only_that_not_known_which_depends_on_it(
    school, threshold, parts, missing
):
    calls = expected_calls(10_000_000, school, threshold)
    assert (calls.sen_support, calls.plans, calls.total) == parts
    assert calls.missing == missing
    assert calls.left == (None if calls.total is None else 10_000_000 - calls.total)


def test_what_is_left_of_a_budget_that_is_not_known_is_not_known():
    calls = expected_calls(None, FIGURES, THRESHOLD)
    assert (calls.total, calls.left, calls.missing) == (2_000_000, None, (Missing.budget,))
