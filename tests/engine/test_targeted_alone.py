"""What one school alone would be due of targeted funding, and why it is not known where it is not."""

from datetime import date

import pytest

from engine.expected_calls import PlanThreshold, School, calls_statement
from engine.modules.targeted import TARGETED_FUNDING, targeted_statement
from engine.money import MILLION
from engine.rules.compile import compile_rules
from engine.vocabulary import Missing
from tests.builders import all_year, banded, rule_set

GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50"}
MEANS = GAP | {"pattern": "plans_above_means"}
RATE = {
    "label": "Extra",
    "pattern": "plans_above_rate",
    "threshold": "6000",
    "plans_per_hundred": "2",
}
SHARED = GAP | {"pattern": "gap_then_pot", "pot": "100000"}
SCALED = GAP | {"pot": "100000"}
LATER = GAP | {"threshold": [{"from": "2025-09-01", "value": "6000"}]}
BUDGET, PUPILS = 40_000_50, 120 * MILLION
NEEDS = School(10, 1_500_00, plans=4)


def stated(rule, budget=BUDGET, school=NEEDS, pupils=PUPILS, day=None):
    rules = compile_rules(rule_set(targeted_funding=rule), day)
    threshold = all_year(TARGETED_FUNDING.of(rules).threshold)
    return targeted_statement(rules, calls_statement(budget, school, threshold), pupils)


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        pytest.param(GAP, 3_999_75, id="what plans cost above half of the budget"),
        # Half of the budget pays for three whole plans.
        pytest.param(MEANS, 6_000_00, id="the plan that the budget does not pay for"),
        pytest.param(RATE, 9_600_00, id="the plans above 2 in a hundred of 120 pupils"),
    ],
)
def test_one_school_is_due_what_a_table_of_schools_would_pay_it_and_is_left_so_much_more(rule, due):
    statement = stated(rule)
    assert (statement.due, statement.missing, statement.pupils) == (due, None, PUPILS)
    # 10 × 1,500 and 4 × 6,000 are 39,000 of 40,000.50.
    assert statement.calls.expected.left == 1_000_50
    assert statement.left_after == 1_000_50 + due


@pytest.mark.parametrize(
    ("rule", "changed", "missing"),
    [
        pytest.param(SHARED, {}, Missing.other_schools, id="a pot that is shared out"),
        pytest.param(SCALED, {}, Missing.other_schools, id="a pot to which dues are scaled"),
        pytest.param(
            SHARED | {"pot": "not printed"}, {}, Missing.not_printed, id="a pot that is not printed"
        ),
        pytest.param(
            SCALED | {"means_percent": "not printed"},
            {},
            Missing.not_printed,
            id="means not printed",
        ),
        pytest.param(
            SCALED, {"school": School(10, 1)}, Missing.plans, id="plans of a pot not given"
        ),
        pytest.param(
            SHARED,
            {"school": School(10, None, plans=0), "budget": 0},
            Missing.other_schools,
            id="no plans, and no cost of SEN support",
        ),
        pytest.param(GAP, {"school": School(10, 1)}, Missing.plans, id="plans not given"),
        pytest.param(RATE, {"school": School(10, 1)}, Missing.plans, id="plans not given by rate"),
        pytest.param(RATE, {"pupils": None}, Missing.pupils, id="pupils not known"),
        pytest.param(GAP, {"budget": None}, Missing.budget, id="a budget that is not known"),
        pytest.param(
            LATER, {"day": date(2025, 4, 1)}, Missing.later, id="a threshold that has not begun"
        ),
    ],
)
def test_what_one_school_would_be_due_is_not_known_without_what_it_depends_on(
    rule, changed, missing
):
    statement = stated(rule, **changed)
    assert (statement.due, statement.left_after, statement.missing) == (None, None, missing)


def test_what_a_pattern_does_not_look_at_may_be_missing():
    assert stated(GAP, pupils=None).due == 3_999_75
    by_rate = stated(RATE, budget=None)
    assert (by_rate.due, by_rate.left_after) == (9_600_00, None)
    uncosted = stated(GAP, school=School(plans=4))
    assert (uncosted.due, uncosted.left_after) == (3_999_75, None)


def test_no_plans_are_due_nothing():
    assert stated(GAP, school=School(10, 1_500_00, plans=0)).due == 0
    assert stated(RATE, school=School(10, 1_500_00, plans=0)).due == 0


def test_rules_without_targeted_funding_say_nothing_of_it():
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"])))
    assert (
        targeted_statement(rules, calls_statement(BUDGET, NEEDS, PlanThreshold()), PUPILS) is None
    )


@pytest.mark.parametrize("pot", ["100000", "not printed"])
@pytest.mark.parametrize("rule", [SCALED, SHARED, SCALED | {"threshold": "not printed"}])
def test_a_school_without_plans_and_with_enough_money_is_due_nothing_of_any_pot(rule, pot):
    statement = stated(rule | {"pot": pot}, school=School(10, 1_500_00, plans=0))
    assert (statement.due, statement.missing) == (0, None)
    # 10 × 1,500 of 40,000.50, whatever the pot comes to.
    assert statement.left_after == statement.calls.expected.left
