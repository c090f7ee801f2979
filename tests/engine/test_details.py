"""What each detail of an answer holds: totals, schools with calls on their budgets, lines, pupils and payments."""

import pytest

from engine.compare import compare
from engine.expected_calls import School, support_cost
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided
from engine.statement.details import change_detail_rows, detail_rows, school_workings
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table

LINE = {"unit_value": "1000", "notional_percent": "50"}
FORMULA = {
    "pupils_counted_by": "basic",
    "factors": {"basic": {"label": "Basic", "counts": "pupils", "primary": LINE}},
    "expected_calls": {"high_needs_threshold": "6000"},
}
GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "10"}
SCHOOLS = [
    school(urn=1, units_basic_primary="100", sen_support_pupils=10, ehc_plans=2),
    school(urn=2, units_basic_primary="100", sen_support_pupils=10, ehc_plans=None),
    school(urn=3, units_basic_primary="100"),
    school(urn=4, units_basic_primary=None, sen_support_pupils=0, ehc_plans=0),
]
CALLS = ["sen_support_calls", "plan_calls", "all_calls", "left", "calls_not_known"]
EXTRA = ["targeted_funding", "left_after", "targeted_funding_not_known"]
NO_PLANS = "the number of EHC plans is not given"
NO_BUDGET = "the whole notional SEN budget is not known"


def valued(records=SCHOOLS, **parts):
    rules = compile_rules(rule_set(schools_formula=FORMULA, **parts))
    return evaluate(rules, school_table(records))


def test_with_a_cost_each_school_has_the_calls_on_its_budget_and_what_is_left():
    rows = detail_rows(valued(), "schools", sen_support_cost=1_500_00)
    assert list(rows.shapes)[-5:] == rows.frame.columns[-5:] == CALLS
    # Half of 100,000 pounds, less 10 × 1,500 and 2 × 6,000.
    assert rows.frame.select("notional_sen", *CALLS).rows() == [
        (50_000_00, 15_000_00, 12_000_00, 27_000_00, 23_000_00, None),
        (50_000_00, 15_000_00, None, None, None, NO_PLANS),
        (50_000_00, None, None, None, None, None),
        (None, 0, 0, 0, None, NO_BUDGET),
    ]


def test_without_a_cost_there_are_no_calls_unless_a_school_has_a_figure_of_its_own():
    plain = detail_rows(valued(), "schools").frame
    assert not set(CALLS) & set(plain.columns)
    own = [SCHOOLS[0] | {"sen_support_figure": "99.99"}, SCHOOLS[1]]
    frame = detail_rows(valued(own), "schools").frame
    assert frame.select(CALLS).rows() == [
        (99_99, 12_000_00, 12_099_99, 37_900_01, None),
        (None, None, None, None, f"the assumed cost of a pupil on SEN support is not given; {NO_PLANS}"),
    ]  # fmt: skip
    nothing = [one | {"sen_support_figure": None} for one in SCHOOLS[:2]]
    assert not set(CALLS) & set(detail_rows(valued(nothing), "schools").frame.columns)
    free = [SCHOOLS[0] | {"sen_support_figure": "0"}]
    assert detail_rows(valued(free), "schools").frame["all_calls"].to_list() == [12_000_00]


def test_extra_funding_for_plans_follows_the_calls_where_rules_pay_it():
    frame = detail_rows(valued(targeted_funding=GAP), "schools", sen_support_cost=1_500_00).frame
    assert frame.columns[-3:] == EXTRA
    # 2 × 6,000 are 7,000 more than a tenth of 50,000, on top of 23,000.
    assert frame.select(EXTRA).rows()[:3] == [
        (7_000_00, 30_000_00, None),
        (None, None, NO_PLANS),
        (None, None, NO_PLANS),
    ]


def test_each_detail_is_there_where_it_was_valued_and_nowhere_else():
    prices = [{"band": "A", "pounds": "1000"}]
    top_ups = evaluate(
        compile_rules(rule_set(**banded(prices, ["A"]))), pupils=pupil_table([pupil(band="A")], ["A"])
    )  # fmt: skip
    schools = valued()
    names = {
        (of, detail): None if (rows := detail_rows(outcome, detail)) is None else rows.name
        for of, outcome in (("schools", schools), ("pupils", top_ups))
        for detail in ("totals", "schools", "lines", "targeted", "pupils", "schedule")
    }
    assert names == {
        ("schools", "totals"): "totals", ("schools", "schools"): "schools",
        ("schools", "lines"): "lines", ("schools", "targeted"): None,
        ("schools", "pupils"): None, ("schools", "schedule"): None,
        ("pupils", "totals"): "totals", ("pupils", "schools"): None, ("pupils", "lines"): None,
        ("pupils", "targeted"): None, ("pupils", "pupils"): "pupils",
        ("pupils", "schedule"): "payments",
    }  # fmt: skip
    assert [len(detail_rows(top_ups, "schedule", one)) for one in (Divided.months, Divided.periods)] == [12, 1]  # fmt: skip
    change = compare(top_ups, top_ups)
    assert [change_detail_rows(change, one) is None for one in ("totals", "schools", "pupils")] == [
        False, True, False,
    ]  # fmt: skip


def test_a_school_s_working_of_its_calls_is_found_by_its_number_and_a_pupil_has_none():
    outcome = valued(targeted_funding=GAP)
    first = school_workings(outcome, "1", 1_500_00)
    assert [one.name for one in first] == ["expected_calls", "targeted_funding"]
    assert first[0].rows[-1].value == "23000.00"
    assert first[1].rows[-1].value == "30000.00"
    second = school_workings(outcome, "2", 1_500_00)
    assert second[0].rows[-1].value is None
    assert school_workings(outcome, "9") == ()
    prices = [{"band": "A", "pounds": "1000"}]
    rules = compile_rules(rule_set(**banded(prices, ["A"])))
    assert school_workings(evaluate(rules, pupils=pupil_table([pupil(band="A")], ["A"])), "1") == ()


@pytest.mark.parametrize(
    ("text", "pence"), [("0", 0), ("1500", 1_500_00), ("1500.5", 1_500_50), ("1000000", 1_000_000_00)]
)  # fmt: skip
def test_a_cost_of_sen_support_is_pounds_up_to_a_million(text, pence):
    assert support_cost(text) == pence


@pytest.mark.parametrize("text", ["-0.01", "1000000.01", "0.005", "many", ""])
def test_any_other_cost_of_sen_support_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever refuses it, there is no number
        support_cost(text)


def test_a_school_says_something_of_its_needs_where_any_figure_is_given_even_none():
    assert not School().says_anything
    assert not School(sen_support_cost=1).says_anything
    assert not School(sen_support_cost=1).says_what_support_costs
    for one in (School(0), School(sen_support_figure=0), School(plans=0)):
        assert one.says_anything
    assert School(0, 1).says_what_support_costs
    assert School(sen_support_figure=0).says_what_support_costs
    assert not School(0).says_what_support_costs
