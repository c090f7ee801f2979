"""What a budget is expected to pay for, and the extra funding for plans, read as a person would work them."""

import pytest

from engine.expected_calls import PlanThreshold, School, calls_statement
from engine.modules.targeted import (
    TARGETED_FUNDING,
    SchoolCalls,
    targeted_statement,
    value_targeted,
)
from engine.modules.targeted.working import calls_workings
from engine.money import MILLION, PENCE
from engine.rules.compile import compile_rules
from engine.steps import rows
from tests.builders import all_year, rule_set
from tests.engine.test_explain_rows import check_rows, row_text

GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50"}
MEANS = GAP | {"pattern": "plans_above_means"}
RATE = {
    "label": "Extra",
    "pattern": "plans_above_rate",
    "threshold": "6000",
    "plans_per_hundred": "2",
}
TIERS = {
    "label": "Extra", "pattern": "tiers", "threshold": "6000",
    "tiers": [
        {"consumed_percent": "40", "paid_percent": "50"},
        {"consumed_percent": "50", "paid_percent": "100"},
    ],
}  # fmt: skip
SHARED = GAP | {"pattern": "gap_then_pot", "pot": "5000"}
NEEDS, FEWER = School(10, 1_500_00, plans=4), School(10, 1_500_00, plans=3)
NO_PLANS = School(10, 1_500_00)


def workings(rule, school, budget=40_000_50, pupils=120 * MILLION):
    rules = compile_rules(rule_set(targeted_funding=rule))
    calls = calls_statement(budget, school, all_year(TARGETED_FUNDING.of(rules).threshold))
    return calls_workings(rules, calls, targeted_statement(rules, calls, pupils))


FUNDING = {
    "a gap above half of the budget": (
        GAP,
        NEEDS,
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "equals Means for plans: 20000.25 pounds",
        "start EHC plans: 4 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "minus Means for plans: 20000.25 pounds",
        "equals Extra funding due: 3999.75 pounds",
        "equals Headroom once it is paid: 5000.25 pounds",
    ),
    "no gap, as half of the budget is enough": (
        GAP,
        FEWER,
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "equals Means for plans: 20000.25 pounds",
        "start EHC plans: 3 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "minus Means for plans: 20000.25 pounds",
        "decides None where that is enough: 0.00 pounds",
        "equals Extra funding due: 0.00 pounds",
        "equals Headroom once it is paid: 7000.50 pounds",
    ),
    "a plan more than the budget pays for": (
        MEANS,
        NEEDS,
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "divided by First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Whole plans that this share pays for: 3 units",
        "start EHC plans: 4 units",
        "minus Whole plans that this share pays for: 3 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Extra funding due: 6000.00 pounds",
        "equals Headroom once it is paid: 7000.50 pounds",
    ),
    "as many plans as the budget pays for": (
        MEANS,
        FEWER,
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "divided by First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Whole plans that this share pays for: 3 units",
        "start EHC plans: 3 units",
        "minus Whole plans that this share pays for: 3 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Extra funding due: 0.00 pounds",
        "equals Headroom once it is paid: 7000.50 pounds",
    ),
    "plans that cost the school nothing": (
        MEANS | {"threshold": "0"},
        NEEDS,
        "start EHC plans: 4 units",
        "times First part of a plan, which the school pays: 0.00 pounds [threshold]",
        "equals Extra funding due: 0.00 pounds",
        "equals Headroom once it is paid: 25000.50 pounds",
    ),
    "plans above a rate": (
        RATE,
        NEEDS,
        "start Pupils: 120 pupils",
        "times Plans per 100 pupils with no extra funding: 2 units [plans_per_hundred]",
        "divided by For each 100 pupils: 100 pupils",
        "equals Plans with no extra funding: 2.4 units",
        "start EHC plans: 4 units",
        "minus Plans with no extra funding: 2.4 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Extra funding due: 9600.00 pounds",
        "equals Headroom once it is paid: 10600.50 pounds",
    ),
    "fewer plans than the rate": (
        RATE | {"plans_per_hundred": "3"},
        FEWER,
        "start Pupils: 120 pupils",
        "times Plans per 100 pupils with no extra funding: 3 units [plans_per_hundred]",
        "divided by For each 100 pupils: 100 pupils",
        "equals Plans with no extra funding: 3.6 units",
        "start EHC plans: 3 units",
        "minus Plans with no extra funding: 3.6 units",
        "decides None where there are no more plans: 0 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Extra funding due: 0.00 pounds",
        "equals Headroom once it is paid: 7000.50 pounds",
    ),
    "a cost within the second tier": (
        TIERS,
        NEEDS,
        "start EHC plans: 4 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Cost of plans: 24000.00 pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the budget: 40 percent [tiers.0.consumed_percent]",
        "equals 40% of the budget: 16000.20 pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the budget: 50 percent [tiers.1.consumed_percent]",
        "equals 50% of the budget: 20000.25 pounds",
        "start Cost of plans: 24000.00 pounds",
        "decides No more than: 20000.25 pounds",
        "minus 40% of the budget: 16000.20 pounds",
        "times Share that is paid: 50 percent [tiers.0.paid_percent]",
        "equals Paid of the cost beyond 40% of the budget: 2000.025 pounds",
        "start Cost of plans: 24000.00 pounds",
        "minus 50% of the budget: 20000.25 pounds",
        "times Share that is paid: 100 percent [tiers.1.paid_percent]",
        "equals Paid of the cost beyond 50% of the budget: 3999.75 pounds",
        "plus Paid of the cost beyond 40% of the budget: 2000.025 pounds",
        "equals Extra funding due: 5999.78 pounds",
        "equals Headroom once it is paid: 7000.28 pounds",
    ),
    "a cost within the first tier": (
        TIERS,
        FEWER,
        "start EHC plans: 3 units",
        "times First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "equals Cost of plans: 18000.00 pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the budget: 40 percent [tiers.0.consumed_percent]",
        "equals 40% of the budget: 16000.20 pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "times Share of the budget: 50 percent [tiers.1.consumed_percent]",
        "equals 50% of the budget: 20000.25 pounds",
        "start Cost of plans: 18000.00 pounds",
        "minus 40% of the budget: 16000.20 pounds",
        "times Share that is paid: 50 percent [tiers.0.paid_percent]",
        "equals Paid of the cost beyond 40% of the budget: 999.90 pounds",
        "start Cost of plans: 18000.00 pounds",
        "minus 50% of the budget: 20000.25 pounds",
        "decides None where the cost is less: 0.00 pounds",
        "times Share that is paid: 100 percent [tiers.1.paid_percent]",
        "equals Paid of the cost beyond 50% of the budget: 0.00 pounds",
        "plus Paid of the cost beyond 40% of the budget: 999.90 pounds",
        "equals Extra funding due: 999.90 pounds",
        "equals Headroom once it is paid: 8000.40 pounds",
    ),
    "a total that schools share": (
        SHARED,
        NEEDS,
        "start EHC plans: 4 units",
        "start Notional SEN budget: 40000.50 pounds",
        "start First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "start Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "start Total available, shared between schools: 5000.00 pounds [pot]",
        "equals Extra funding due: None pounds",
        "equals Budget less expected costs once it is paid: None pounds",
    ),
    "plans that are not given": (
        GAP,
        NO_PLANS,
        "start EHC plans: None units",
        "start Notional SEN budget: 40000.50 pounds",
        "start First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "start Share of the notional SEN budget used for plans: 50 percent [means_percent]",
        "equals Extra funding due: None pounds",
        "equals Budget less expected costs once it is paid: None pounds",
    ),
    "plans that are not given, by rate": (
        RATE,
        NO_PLANS,
        "start EHC plans: None units",
        "start Pupils: 120 pupils",
        "start First part of a plan, which the school pays: 6000.00 pounds [threshold]",
        "start Plans per 100 pupils with no extra funding: 2 units [plans_per_hundred]",
        "equals Extra funding due: None pounds",
        "equals Budget less expected costs once it is paid: None pounds",
    ),
}


@pytest.mark.parametrize("case", FUNDING)
def test_the_rows_of_extra_funding_say_each_figure_its_place_and_what_it_comes_to(case):
    rule, school, *expected = FUNDING[case]
    working = workings(rule, school)[-1]
    check_rows(working.rows[:-1])
    assert (working.name, working.label) == ("targeted_funding", "Extra")
    assert [row_text(row, "targeted_funding.") for row in working.rows] == expected


CALLS = {
    "a headroom": (
        NEEDS,
        40_000_50,
        "start Pupils on SEN support: 10 pupils",
        "times Assumed cost of a pupil: 1500.00 pounds",
        "equals SEN support: 15000.00 pounds",
        "start EHC plans: 4 units",
        "times Threshold: 6000.00 pounds [expected_calls.high_needs_threshold]",
        "equals First part of each EHC plan, which the school pays: 24000.00 pounds",
        "equals All expected costs: 39000.00 pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "minus All expected costs: 39000.00 pounds",
        "equals Headroom: 1000.50 pounds",
    ),
    "a shortfall": (
        NEEDS,
        38_999_99,
        "start Pupils on SEN support: 10 pupils",
        "times Assumed cost of a pupil: 1500.00 pounds",
        "equals SEN support: 15000.00 pounds",
        "start EHC plans: 4 units",
        "times Threshold: 6000.00 pounds [expected_calls.high_needs_threshold]",
        "equals First part of each EHC plan, which the school pays: 24000.00 pounds",
        "equals All expected costs: 39000.00 pounds",
        "start Notional SEN budget: 38999.99 pounds",
        "minus All expected costs: 39000.00 pounds",
        "equals Shortfall: -0.01 pounds",
    ),
    "nothing left": (
        NEEDS,
        39_000_00,
        "start Pupils on SEN support: 10 pupils",
        "times Assumed cost of a pupil: 1500.00 pounds",
        "equals SEN support: 15000.00 pounds",
        "start EHC plans: 4 units",
        "times Threshold: 6000.00 pounds [expected_calls.high_needs_threshold]",
        "equals First part of each EHC plan, which the school pays: 24000.00 pounds",
        "equals All expected costs: 39000.00 pounds",
        "start Notional SEN budget: 39000.00 pounds",
        "minus All expected costs: 39000.00 pounds",
        "equals Headroom: 0.00 pounds",
    ),
    "a figure of the school's own and plans that are not given": (
        School(sen_support_figure=20_00),
        40_000_50,
        "start SEN support, the school's own figure: 20.00 pounds",
        "start EHC plans: None units",
        "times Threshold: 6000.00 pounds [expected_calls.high_needs_threshold]",
        "equals First part of each EHC plan, which the school pays: None pounds (the number of EHC plans is not given)",
        "equals All expected costs: None pounds",
        "start Notional SEN budget: 40000.50 pounds",
        "minus All expected costs: None pounds",
        "equals Budget less expected costs: None pounds",
    ),
    "pupils without a cost, and a budget that is not known": (
        School(10, plans=4),
        None,
        "start Pupils on SEN support: 10 pupils",
        "times Assumed cost of a pupil: None pounds",
        "equals SEN support: None pounds (the assumed cost of a pupil on SEN support is not given)",
        "start EHC plans: 4 units",
        "times Threshold: 6000.00 pounds [expected_calls.high_needs_threshold]",
        "equals First part of each EHC plan, which the school pays: 24000.00 pounds",
        "equals All expected costs: None pounds",
        "start Notional SEN budget: None pounds",
        "minus All expected costs: None pounds",
        "equals Budget less expected costs: None pounds",
    ),
}


@pytest.mark.parametrize("case", CALLS)
def test_the_rows_of_expected_costs_say_what_is_left_of_the_budget_and_what_is_not_known(case):
    school, budget, *expected = CALLS[case]
    working = workings(GAP, school, budget)[0]
    assert (working.name, working.label) == (
        "expected_calls",
        "What the budget is expected to pay for",
    )
    notes = [
        row_text(row, "schools_formula.") + ("" if row.note is None else f" ({row.note})")
        for row in working.rows
    ]
    assert notes == expected


def test_a_school_that_says_nothing_has_no_row_of_expected_costs():
    assert [one.name for one in workings(GAP, School())] == ["targeted_funding"]
    rules = compile_rules(rule_set(targeted_funding=GAP))
    assert calls_workings(rules, calls_statement(1, School(), PlanThreshold()), None) == ()


SHARES = {
    "the rest of a total, of which the first school lacks nothing": (
        SHARED,
        [SchoolCalls(40_000_00, 4, 0, 41_000_00), SchoolCalls(30_000_00, 0, 0, 33_000_00)],
        [4_000_00, 1_000_00],
        [
            "equals Due by the pattern, not rounded: 0.00 pounds",
            "equals Due by the pattern: 0.00 pounds",
            "start Expected costs: 33000.00 pounds",
            "minus Notional SEN budget: 30000.00 pounds",
            "minus Due by the pattern: 0.00 pounds",
            "equals Still lacking, not rounded: 3000.00 pounds",
            "start Left of the total: 1000.00 pounds",
            "times Lacking to this school and those before it, of what is lacking to all: 3000 of 3000 share",
            "equals Paid to this school and those before it: 1000.00 pounds",
            "minus Paid to the schools before it: 0.00 pounds",
            "equals Shared of the rest: 1000.00 pounds",
            "plus Due by the pattern: 0.00 pounds",
            "equals Extra funding due: 1000.00 pounds",
        ],
    ),
    "a total that is less than what is due": (
        GAP | {"pot": "5000"},
        [SchoolCalls(40_000_00, 4, 0, 0), SchoolCalls(20_000_00, 2, 0, 0)],
        # 4,000 and 2,000 are due: two thirds and one third of 5,000.
        [3_333_33, 1_666_67],
        [
            "equals Due by the pattern, not rounded: 2000.00 pounds",
            "start Total available, shared between schools: 5000.00 pounds [pot]",
            "times Due to this school and those before it, of what is due to all: 6000 of 6000 share",
            "equals Paid to this school and those before it: 5000.00 pounds",
            "minus Paid to the schools before it: 3333.33 pounds",
            "equals Extra funding due: 1666.67 pounds",
        ],
    ),
}


@pytest.mark.parametrize("case", SHARES)
def test_the_rows_of_a_shared_total_say_what_comes_before_a_school_and_what_is_its_own(case):
    rule, schools, amounts, expected = SHARES[case]
    part = TARGETED_FUNDING.of(compile_rules(rule_set(targeted_funding=rule)))
    paid = value_targeted(part, schools)
    assert [one.amount for one in paid] == amounts
    for one in paid:
        printed = tuple(rows(one.steps, one.own, {"example": "Invented for tests"}))
        check_rows(printed)
        assert printed[-1].value == f"{one.amount / PENCE:.2f}"
    texts = [row_text(row, "targeted_funding.") for row in printed]
    assert texts[-len(expected) :] == expected
