"""Targeted funding from what the schools formula valued: the same as a table of its own gives, or why it is not known."""

import polars as pl
import pytest

from engine.errors import PairRefused
from engine.modules.module import Options, Tables
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compile import compile_rules
from engine.run import EVERYTHING, Year, evaluate
from engine.statement import Statements
from engine.statement.details import detail_rows
from engine.vocabulary import Missing
from tests.builders import rule_set, school, school_table

PUPILS = {
    "label": "Pupils",
    "counts": "pupils",
    "primary": {"unit_value": "4000", "notional_percent": "10"},
}
FORMULA = {
    "pupils_counted_by": "pupils",
    "factors": {"pupils": PUPILS},
    "expected_calls": {"high_needs_threshold": "6000"},
}
GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50"}
RULES = {
    "gap": GAP,
    "pot": GAP | {"pot": "30000"},
    "plans above means": GAP | {"pattern": "plans_above_means"},
    "plans above rate": {"label": "Extra", "pattern": "plans_above_rate", "threshold": "6000", "plans_per_hundred": "2"},
    "rest of a pot": GAP | {"pattern": "gap_then_pot", "pot": "60000"},
    "rest of a pot by another threshold": GAP | {"pattern": "gap_then_pot", "pot": "60000", "threshold": "5000"},
    "tiers": {"label": "Extra", "pattern": "tiers", "threshold": "6000", "tiers": [
        {"consumed_percent": "50", "paid_percent": "25"}, {"consumed_percent": "100", "paid_percent": "75"},
    ]},
}  # fmt: skip
SCHOOLS = (
    school(urn=100_003, units_pupils_primary=100, ehc_plans=7, sen_support_pupils=20),
    school(urn=100_001, units_pupils_primary=200, ehc_plans=9, sen_support_pupils=30),
    school(urn=100_002, units_pupils_primary=50, ehc_plans=0, sen_support_pupils=0),
    school(urn=100_009, phase="special", ehc_plans=90),
)
COST = 150_000


def valued(rule, schools=SCHOOLS, frames=None, cost=COST):
    """Value schools under a formula and a rule for targeted funding."""
    rules = compile_rules(rule_set(schools_formula=FORMULA, targeted_funding=rule))
    tables = Tables(schools=school_table(schools), frames=frames or {}, options=Options(cost))
    (outcome,) = EVERYTHING.over([Year(rules, tables)])
    return rules, outcome


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_schools_are_paid_as_by_a_table_of_their_budgets_and_plans(rule):
    rules, outcome = valued(rule)
    frame = pl.DataFrame({
        "urn": ["100001", "100002", "100003"], "notional_sen": ["80000", "20000", "40000"],
        "pupils": ["200", "50", "100"], "ehc_plans": ["9", "0", "7"], "sen_support_pupils": ["30", "0", "20"],
    })  # fmt: skip
    alone = TARGETED_FUNDING.allocate(rules, frame, Options(COST))
    found = outcome.of(TARGETED_FUNDING)
    assert found.rows.frame.equals(alone.rows.frame)
    assert found.totals.frame.equals(alone.totals.frame)
    assert found.total > 0


def test_calls_are_those_of_the_formula_s_threshold_though_plans_are_paid_by_another():
    rules, outcome = valued(RULES["rest of a pot by another threshold"])
    found = {one.urn: one for one in outcome.of(TARGETED_FUNDING).valued}
    # 9 plans at the 6,000.00 of the formula; 5,000.00 each less half of 80,000.00 are due.
    assert (found[100_001].calls.plans, found[100_001].paid.due) == (54_000_00, 5_000_00)
    by_formula = evaluate(rules, school_table(SCHOOLS)).notional
    totals = {one.urn: one for one in map(Statements(by_formula, COST).totals, range(len(SCHOOLS)))}
    assert all(one.calls == totals[urn].calls.expected for urn, one in found.items())


def test_calls_are_not_known_in_any_answer_where_the_formula_names_no_threshold():
    formula = {name: held for name, held in FORMULA.items() if name != "expected_calls"}
    rules = compile_rules(
        rule_set(schools_formula=formula, targeted_funding=RULES["rest of a pot"])
    )
    of_schools = TARGETED_FUNDING.of_schools(
        TARGETED_FUNDING.of(rules), evaluate(rules, school_table(SCHOOLS)).notional, Options(COST)
    )
    assert unknown(of_schools) == {
        100_001: Missing.formula_threshold, 100_003: Missing.formula_threshold,
    }  # fmt: skip
    frame = pl.DataFrame({
        "urn": ["1", "2"], "notional_sen": ["80000", "1"], "ehc_plans": ["9", "0"], "sen_support_pupils": ["30", "0"],
    })  # fmt: skip
    with pytest.raises(PairRefused) as refusal:
        TARGETED_FUNDING.allocate(rules, frame, Options(COST))
    [problem] = refusal.value.problems
    assert (problem.row, problem.column) == (2, "expected_calls")
    assert problem.sentence.endswith(f"give it, as {Missing.formula_threshold}")


def test_a_table_of_its_own_comes_first():
    frame = pl.DataFrame({"urn": ["100001"], "notional_sen": ["0"], "ehc_plans": ["1"]})
    _, outcome = valued(GAP, frames={TARGETED_FUNDING.name: frame})
    assert outcome.of(TARGETED_FUNDING).total == 600_000


def without_plans(rule, cost=COST):
    """Value schools of which one says nothing of its plans."""
    unsaid = {name: held for name, held in SCHOOLS[0].items() if name != "ehc_plans"}
    _, outcome = valued(rule, (unsaid, *SCHOOLS[1:]), cost=cost)
    return outcome.of(TARGETED_FUNDING)


def test_a_school_whose_plans_are_not_given_is_not_known_and_the_others_are():
    found = without_plans(GAP)
    # 9 plans at 6,000.00, less half of 80,000.00.
    assert [(one.urn, one.pence, one.due) for one in found.valued if one.paid is None] == [
        (100_003, 0, Missing.plans)
    ]
    assert found.total == 1_400_000
    totals = found.totals.frame.row(0, named=True)
    assert (totals["number"], totals["amount"], totals["not_known"]) == (3, 1_400_000, 1)
    assert found.rows.frame["why_not_known"].to_list() == [None, None, Missing.plans.value]


def unknown(found):
    """Return why it is not known what schools are paid, by school; one without plans is paid nothing of any total."""
    assert [one.pence for one in found.valued if one.urn == 100_002] == [0]
    return {one.urn: one.due for one in found.valued if one.paid is None}


def test_where_schools_share_a_total_none_that_is_due_something_is_known_unless_all_are():
    found = without_plans(RULES["pot"])
    assert unknown(found) == {100_001: Missing.other_schools, 100_003: Missing.plans}
    assert found.totals.frame.row(0, named=True)["amount"] == 0
    assert found.totals.frame.row(0, named=True)["not_known"] == 2


def test_the_rest_of_a_pot_is_not_known_without_a_cost_of_sen_support():
    _, outcome = valued(RULES["rest of a pot"], cost=None)
    assert unknown(outcome.of(TARGETED_FUNDING)) == {
        100_001: Missing.sen_support_cost,
        100_003: Missing.sen_support_cost,
    }


def test_a_rule_that_begins_later_is_said_and_refuses_no_school():
    later = GAP | {"threshold": [{"from": "2025-09-01", "value": "6000"}]}
    _, outcome = valued(later)
    assert {one.due for one in outcome.of(TARGETED_FUNDING).valued} == {Missing.later}


def test_the_rows_of_a_detail_are_those_of_the_module():
    rules, outcome = valued(GAP)
    rows = detail_rows(evaluate(rules, school_table(SCHOOLS)), "targeted", sen_support_cost=COST)
    assert rows.frame.equals(outcome.of(TARGETED_FUNDING).rows.frame)
    assert detail_rows(evaluate(rules), "targeted") is None
    plain = compile_rules(rule_set(schools_formula=FORMULA))
    assert detail_rows(evaluate(plain, school_table(SCHOOLS)), "targeted") is None


def test_a_school_whose_budget_is_not_known_is_not_known_and_one_by_rate_is():
    unknown = {
        name: None if name.startswith("units") else held for name, held in SCHOOLS[0].items()
    }
    for rule, due in ((GAP, Missing.budget), (RULES["plans above rate"], Missing.pupils)):
        _, outcome = valued(rule, (unknown, *SCHOOLS[1:]))
        found = {one.urn: one.due for one in outcome.of(TARGETED_FUNDING).valued}
        assert found[100_003] == due
        assert not isinstance(found[100_001], Missing)


def test_the_reason_without_a_threshold_is_true_of_rules_with_and_without_targeted_funding():
    formula = {name: held for name, held in FORMULA.items() if name != "expected_calls"}

    def why(**parts):
        rules = compile_rules(rule_set(**parts))
        outcome = evaluate(rules, school_table(SCHOOLS)).notional
        (reason,) = Statements(outcome, COST).totals(0).calls.expected.missing
        return reason

    assert why(schools_formula=formula) is Missing.threshold
    assert why(schools_formula=formula, targeted_funding=GAP) is Missing.formula_threshold
