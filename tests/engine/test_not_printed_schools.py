"""A level, guarantee, cap, total, rate or threshold that a source does not print: what depends on it is not known, and only that."""

import polars as pl
import pytest

from engine.errors import RuleRefused
from engine.expected_calls import School, calls_statement, expected_calls, threshold_of
from engine.explain import explain_allocation, explain_school
from engine.modules import Options
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.places import PLACES, place_rates
from engine.modules.school_formula.table import line_rows, school_rows
from engine.modules.targeted import TARGETED_FUNDING, targeted_statement
from engine.modules.targeted.working import calls_workings
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import ReasonCount, Statements, school_reasons
from engine.vocabulary import NOT_PRINTED, Missing
from tests.builders import rule_set, school, school_table

ALL = {"label": "Basic", "counts": "pupils"}
LINE = {"unit_value": "4000", "notional_percent": "10"}
LAST_YEAR = {"prior_pupils": "100"}
NOT_KNOWN = (None, None, Missing.not_printed)


def formula(**parts):
    factors = {"basic": {**ALL, "primary": LINE, "ks3": LINE}}
    return {"pupils_counted_by": "basic", "factors": factors, **parts}


def outcome_of(parts, *records):
    rules = compile_rules(rule_set(schools_formula=formula(**parts)))
    table = [school(urn=at, **one) for at, one in enumerate(records, start=1)]
    outcome = evaluate(rules, school_table(table)).notional
    for at in range(len(records)):
        explain_school(outcome, at + 1)
    return outcome


def primary(pupils="100", **columns):
    return {"phase": "primary", "units_basic_primary": pupils, "units_basic_ks3": "0"} | columns


def adjustment(outcome, at, name):
    """Return the pounds of an adjustment and of its notional part, and why either is not known."""
    [one] = [one for one in Statements(outcome).whole(at).adjustments if one.name == name]
    pounds = [None if one is None else one / 100 for one in (one.amount, one.notional)]
    return *pounds, one.missing


LEVELS = {"primary": "5000", "ks3": NOT_PRINTED}


def test_nobody_s_lift_to_a_level_that_is_not_printed_is_known_and_no_other_s_is_not():
    middle = {"phase": "middle", "units_basic_primary": "40", "units_basic_ks3": "60"}
    rich = {**middle, "units_basic_primary": "9000"}
    years = {"primary_years": 2, "ks3_years": 2, "ks4_years": 0}
    outcome = outcome_of(
        {"minimum_per_pupil": {**LEVELS, "notional_percent": "50"}},
        primary(), {**middle, **years}, {**rich, **years}, primary("0"), primary(phase="special"),
    )  # fmt: skip
    name = "minimum_per_pupil"
    assert adjustment(outcome, 0, name) == (100_000, 50_000, None)
    assert adjustment(outcome, 1, name) == NOT_KNOWN
    assert adjustment(outcome, 2, name) == NOT_KNOWN
    assert adjustment(outcome, 3, name) == (0, 0, None)
    assert outcome.minimum_absent.tolist() == [0, 1, 1, 0, 0]
    assert ReasonCount("Minimum per-pupil level", Missing.not_printed, 2) in school_reasons(outcome)
    statement = Statements(outcome).whole(1)
    assert (statement.budget, statement.budget_not_known) == (None, 1)
    [working] = [one for one in explain_school(outcome, 2).workings if one.name == name]
    rows = {row.label: (row.text, row.source) for row in working.rows}
    assert rows["Level of key stage 3"] == (NOT_PRINTED, "Invented for tests")
    assert working.rows[-1].value is None


def test_what_is_compared_with_a_level_that_is_not_printed_is_not_known():
    gains = {"guarantee_percent": "0"}
    outcome = outcome_of(
        {"minimum_per_pupil": {"primary": NOT_PRINTED}, "protection": gains},
        primary(prior_budget="500000", **LAST_YEAR),
    )
    assert adjustment(outcome, 0, "protection") == (None, None, Missing.parts)


GAINED, LOST = {"prior_budget": "300000"}, {"prior_budget": "500000"}
"""4,000 a pupil this year: 3,000 or 5,000 last year."""


@pytest.mark.parametrize(
    ("gains", "gained", "lost"),
    [
        ({"guarantee_percent": NOT_PRINTED}, None, None),
        ({"guarantee_percent": NOT_PRINTED, "cap_percent": "5"}, None, None),
        ({"cap_percent": NOT_PRINTED}, None, None),
        ({"guarantee_percent": "0", "cap_percent": NOT_PRINTED}, None, 100_000),
        ({"guarantee_percent": "-1", "cap_percent": NOT_PRINTED, "scaling_percent": "50"}, None, 95_000),
        ({"cap_percent": "0", "scaling_percent": NOT_PRINTED}, None, 0),
        ({"guarantee_percent": "0", "cap_percent": "5", "scaling_percent": NOT_PRINTED}, None, 100_000),
        ({"guarantee_percent": "0", "cap_percent": "40", "scaling_percent": NOT_PRINTED}, 0, 100_000),
    ],
)  # fmt: skip
def test_a_gain_is_known_where_no_value_changes_it_that_is_not_printed(gains, gained, lost):
    table = [primary(**one, **LAST_YEAR) for one in (GAINED, LOST)]
    new = primary(prior_budget="none", prior_pupils="none")
    outcome = outcome_of({"protection": gains}, *table, new, primary("0", **GAINED, **LAST_YEAR))
    for at, expected in enumerate((gained, lost, 0, 0)):
        amount, _, missing = adjustment(outcome, at, "protection")
        assert (amount, missing) == (expected, None if amount is not None else Missing.not_printed)
    working = explain_school(outcome, 1).workings[-1]
    rows = [row.text for row in working.rows]
    assert (working.rows[-1].value is None) is (gained is None)
    assert NOT_PRINTED in rows


@pytest.mark.parametrize(
    "gains", [{"cap_percent": NOT_PRINTED}, {"cap_percent": "0", "scaling_percent": NOT_PRINTED}]
)
def test_nothing_is_taken_back_from_a_school_at_its_minimum_level_by_any_cap(gains):
    level = {"minimum_per_pupil": {"primary": "4500"}}
    at_level = primary(**GAINED, **LAST_YEAR)
    outcome = outcome_of(level | {"protection": gains}, at_level)
    assert adjustment(outcome, 0, "protection") == (0, 0, None)
    labels = [row.label for row in explain_school(outcome, 1).workings[-1].rows]
    assert "Taken back, as nothing lies above the minimum per-pupil level" in labels


def test_the_notional_part_of_a_lift_is_not_known_where_its_percentage_is_not_printed():
    level = {"minimum_per_pupil": {"primary": "4500", "notional_percent": NOT_PRINTED}}
    gains = {"protection": {"guarantee_percent": "0", "notional_percent": NOT_PRINTED}}
    outcome = outcome_of(
        level | gains, primary(prior_budget="500000", **LAST_YEAR),
        {"phase": "primary", "units_basic_primary": "100", "units_basic_ks3": "0", "prior_budget": "none", "prior_pupils": "none", "primary_years": 0, "ks3_years": 1, "ks4_years": 0},
    )  # fmt: skip
    assert adjustment(outcome, 0, "minimum_per_pupil") == (50_000, None, Missing.not_printed)
    assert adjustment(outcome, 0, "protection") == (50_000, None, Missing.not_printed)
    statement = Statements(outcome).whole(0)
    assert (statement.formula, statement.notional, statement.not_known) == (500_000_00, None, 0)
    assert (statement.budget, statement.budget_not_known) == (None, 2)
    rows = line_rows(outcome).frame.filter(urn=1, line="protection").to_dicts()
    assert [(one["amount"], one["notional_sen"], one["notional_percent"]) for one in rows] == [
        (50_000_00, None, None)
    ]
    assert school_rows(outcome).frame["notional_sen"][0] is None
    assert explain_school(outcome, 1).totals[-1].value is None
    reason = ReasonCount("Minimum per-pupil level, notional part", Missing.not_printed, 1)
    assert reason in school_reasons(outcome)


THRESHOLD = {"expected_calls": {"high_needs_threshold": NOT_PRINTED}}


def test_the_cost_of_plans_up_to_a_threshold_that_is_not_printed_is_not_known_and_of_none_is_nothing():
    rules = compile_rules(rule_set(schools_formula=formula(**THRESHOLD)))
    some = calls_statement(10_000_00, School(2, 500_00, plans=3), threshold_of(rules))
    assert (some.expected.sen_support, some.expected.plans, some.expected.total, some.met) == (
        1_000_00, None, None, None,
    )  # fmt: skip
    assert some.expected.why_plans is Missing.not_printed
    rows = {row.label: row for row in calls_workings(rules, some, None)[0].rows}
    assert (rows["Threshold"].text, rows["Threshold"].source) == (NOT_PRINTED, "Invented for tests")
    none = calls_statement(10_000_00, School(2, 500_00, plans=0), threshold_of(rules))
    assert (none.expected.plans, none.expected.total, none.expected.missing) == (0, 1_000_00, ())


def test_a_threshold_that_is_printed_from_september_makes_the_year_s_cost_not_known():
    dated = [
        {"from": "2025-04-01", "value": NOT_PRINTED},
        {"from": "2025-09-01", "value": "7000"},
        {"from": "2026-01-01", "value": "7000.00"},
    ]
    rules = compile_rules(
        rule_set(schools_formula=formula(expected_calls={"high_needs_threshold": dated}))
    )
    threshold = threshold_of(rules)
    assert threshold.pence == ((None, 5), (7_000_00, 7))
    calls = calls_statement(0, School(0, 0, plans=3), threshold)
    assert (calls.expected.plans, calls.expected.why_plans) == (None, Missing.not_printed)
    rows = calls_workings(rules, calls, None)[0].rows
    assert [row.text for row in rows if row.label == "Threshold"] == ["not known", "not known"]
    assert expected_calls(0, School(0, 0, plans=2), None, None).why_plans is Missing.threshold


FUNDING = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "50"}
COLUMNS = ("urn", "notional_sen", "ehc_plans", "pupils", "expected_calls")


def funded(changes, *rows):
    """Return what schools are paid in pounds, or why it is not known."""
    rules = compile_rules(rule_set(targeted_funding=FUNDING | changes))
    table = pl.DataFrame(
        [
            {"urn": str(at), **dict(zip(COLUMNS[1:], map(str, row), strict=True))}
            for at, row in enumerate(rows, start=900_001)
        ]
    )
    outcome = TARGETED_FUNDING.allocate(rules, table, Options(None))
    for one in outcome.valued:
        working = TARGETED_FUNDING.working(outcome, one)
        assert working.absent == int(one.missing is not None)
    return [one.missing or one.pence / 100 for one in outcome.valued]


WHY, OTHERS = Missing.not_printed, Missing.other_schools
SOME, NONE, POOR = (20_000, 4, 50, 30_000), (20_000, 0, 50, 10_000), (0, 4, 0, 24_000)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"threshold": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"means_percent": NOT_PRINTED}, [WHY, 0, 24_000]),
        ({"pattern": "plans_above_means", "threshold": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"pattern": "plans_above_means", "means_percent": NOT_PRINTED}, [WHY, 0, 24_000]),
        ({"pattern": "plans_above_rate", "plans_per_hundred": NOT_PRINTED}, [WHY, 0, 24_000]),
        ({"pattern": "tiers", "tiers": [{"consumed_percent": "0", "paid_percent": "50"}], "threshold": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"pot": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"pot": "100", "threshold": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"pot": "100", "means_percent": NOT_PRINTED}, [WHY, 0, OTHERS]),
        ({"pot": NOT_PRINTED, "means_percent": NOT_PRINTED}, [WHY, 0, WHY]),
        ({"pattern": "tiers", "tiers": [{"consumed_percent": "0", "paid_percent": NOT_PRINTED}]}, [WHY, 0, WHY]),
        ({"pattern": "tiers", "tiers": [{"consumed_percent": NOT_PRINTED, "paid_percent": "50"}]}, [WHY, 0, 12_000]),
        ({"pattern": "tiers", "tiers": [{"consumed_percent": NOT_PRINTED, "paid_percent": "0"}]}, [0, 0, 0]),
        ({"pattern": "gap_then_pot", "pot": NOT_PRINTED}, [WHY, 0, WHY]),
    ],
)  # fmt: skip
def test_extra_funding_depends_on_no_value_that_is_not_printed_where_there_are_no_plans(
    changes, expected
):
    assert funded(changes, SOME, NONE, POOR) == expected


def test_a_school_alone_is_not_told_extra_funding_by_a_threshold_that_is_not_printed():
    rules = compile_rules(rule_set(targeted_funding=FUNDING | {"threshold": NOT_PRINTED}))
    calls = calls_statement(0, School(0, 0, plans=3), threshold_of(rules))
    found = targeted_statement(rules, calls, None)
    assert (found.due, found.missing) == (None, Missing.not_printed)
    rows = calls_workings(rules, calls, found)[-1].rows
    assert NOT_PRINTED in [row.text for row in rows]


PERIODS = [{"name": "April to August", "months": 5}, {"name": "September to March", "months": 7}]


def placed(annual, *counts):
    kinds = {"special": {"label": "Special", "annual": annual, "periods": PERIODS}}
    rules = compile_rules(rule_set(places={"types": kinds}))
    rows = [
        {"la": str(201 + at), "place_type": "special", "places_1": first, "places_2": second}
        for at, (first, second) in enumerate(counts)
    ]
    return PLACES.allocate(rules, pl.DataFrame(rows))


def test_places_at_a_rate_that_is_not_printed_are_not_known_and_none_of_them_cost_nothing():
    outcome = placed(NOT_PRINTED, ("3", "0"), ("0", "0"))
    assert [(one.amount.amount, one.missing) for one in outcome.valued] == [
        (None, Missing.not_printed), (0, None),
    ]  # fmt: skip
    assert (outcome.total, outcome.rows.frame["amount"].to_list()) == (0, [None, 0])
    assert outcome.rows.frame["why_not_known"].to_list() == [str(Missing.not_printed), None]
    assert outcome.totals.frame.filter(grouping="total")["not_known"].to_list() == [1]
    explanation = explain_allocation(outcome, "201")
    assert (explanation.absent, explanation.totals[-1].value) == (1, None)
    rows = explanation.workings[0].rows
    assert (rows[0].text, rows[0].source, rows[-1].value) == (
        NOT_PRINTED, "Invented for tests", None,
    )  # fmt: skip
    assert explain_allocation(outcome, "202").totals[-1].value == "0.00"


def test_places_of_a_period_whose_rate_is_printed_are_known_though_another_s_is_not():
    dated = [
        {"from": "2025-04-01", "value": NOT_PRINTED},
        {"from": "2025-09-01", "value": "12000"},
    ]
    outcome = placed(dated, ("0", "3"), ("1", "3"))
    assert place_rates(outcome.part.types["special"]) == (None, 7_000_00)
    assert [one.amount.amount for one in outcome.valued] == [21_000_00, None]


BLOCK = {
    "terms": {"a": {"label": "A"}, "f": {"label": "F", "times": "n"}},
    "additional": "f", "additional_base": "base", "additional_rate": NOT_PRINTED,
}  # fmt: skip


def test_a_block_whose_rate_is_not_printed_is_not_known_unless_its_term_is_given_or_none():
    rules = compile_rules(rule_set(high_needs_block=BLOCK))
    rows = [
        {"la": "201", "a": "100", "f": "", "n": "1", "base": "50"},
        {"la": "202", "a": "100", "f": "7", "n": "1", "base": "50"},
        {"la": "203", "a": "100", "f": "", "n": "0", "base": "50"},
        {"la": "204", "a": "100", "f": "", "n": "1", "base": "0"},
    ]
    outcome = HIGH_NEEDS_BLOCK.allocate(rules, pl.DataFrame(rows))
    assert [one.amount.total for one in outcome.valued] == [None, 107_00, 100_00, 100_00]
    assert [one.missing for one in outcome.valued] == [Missing.not_printed, None, None, None]
    assert outcome.rows.frame["f"].to_list()[0] is None
    assert explain_allocation(outcome, "201").workings[0].rows[1].text == NOT_PRINTED


@pytest.mark.parametrize(
    "part",
    [
        {"only_above_percent": NOT_PRINTED},
        {"primary": LINE | {"year_weights": {"year_1": NOT_PRINTED}}},
    ],
)
def test_what_pupils_are_counted_by_is_refused_with_the_way_out(part):
    with pytest.raises(RuleRefused, match=r"pupils are counted by it; .* give each school's own"):
        rule_set(
            schools_formula={
                "pupils_counted_by": "basic",
                "factors": {
                    "basic": {**ALL, "primary": LINE},
                    "weight": {**ALL, "where": {"fsm6": True}, "primary": LINE, **part},
                },
            }
        )
