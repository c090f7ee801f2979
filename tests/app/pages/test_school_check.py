"""A school's own check: its budget against its calls, and what it would be due for its plans."""

import csv
import io

import pytest

from app.pages.answers import Answers
from app.pages.fields import formula_of
from app.pages.forms import budget_form
from engine.rules.compile import compile_rules
from engine.vocabulary import SchoolPhase
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_notional_sen_page import words_of
from tests.builders import rule_set

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
# 10 × £1,060.00 and 20 × £1,175.00, all of it notional SEN: a budget of £34,100.00, half of which
# pays for two plans of £6,000.00.
SCHOOL = {
    "phase": "primary",
    "units_basic_entitlement_primary": "210",
    "units_fsm6_primary": "10",
    "units_low_prior_attainment_primary": "20",
    "blanks": "none",
}
SUPPORT = {"sen_support_pupils": "10", "sen_support_cost": "1500"}


def check(client, **answers):
    return words_of(client.post(NORTHUMBERLAND, data=SCHOOL | answers))


def test_plans_above_those_that_half_of_the_budget_pays_for_are_due(client):
    said = check(client, ehc_plans="5", **SUPPORT)
    assert "Shortfall Budget less expected costs −£10,900.00" in said
    assert "equals Extra funding due £18,000.00" in said
    assert "£18,000 extra would be due under these rules." in said
    assert "With it, the budget covers the expected costs and leaves £7,100." in said


def test_a_school_with_few_plans_is_due_nothing(client):
    assert "No extra funding would be due." in check(client, ehc_plans="2")


def test_a_budget_may_still_fall_short_once_the_extra_is_paid(client):
    said = check(client, ehc_plans="5", sen_support_figure="30000")
    assert "equals Shortfall once it is paid −£7,900.00" in said
    assert "still falls short of the expected costs by £7,900." in said


def test_values_that_were_not_seen_are_marked_and_lead_to_their_clause(client):
    page = client.post(NORTHUMBERLAND, data=SCHOOL | {"ehc_plans": "5"})
    assert "Share of the notional SEN budget used for plans Unconfirmed" in words_of(page)
    place = "targeted_funding.means_percent"
    assert f'#{place}"' in page.text
    assert f'id="{place}"' in client.get("/rules/northumberland-2025-26?version=1").text


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({}, "the number of EHC plans is not given"),
        ({"ehc_plans": "5", "blanks": ""}, "the whole notional SEN budget is not known"),
    ],
)
def test_what_is_not_known_leaves_the_extra_funding_unsaid_and_says_why(client, answers, why):
    said = check(client, **answers)
    assert f"Not worked out: {why}." in said
    assert "extra would be due" not in said
    assert "Nothing extra" not in said


def test_a_school_s_own_figure_stands_in_place_of_pupils_times_cost(client):
    said = check(client, ehc_plans="1", sen_support_figure="£4,321.50", **SUPPORT)
    assert "SEN support Your own figure £4,321.50" in said
    assert "All expected costs £10,321.50" in said
    assert "leaves £23,779" in said


def test_a_school_chooses_its_own_cost_of_a_pupil(client):
    dearer = check(client, ehc_plans="1", sen_support_pupils="10", sen_support_cost="2000.50")
    assert "10 pupils × £2,000.50 £20,005.00" in dearer


def test_rules_without_targeted_funding_say_nothing_of_it(client):
    said = words_of(client.post(WEST_SUSSEX, data=STATEMENT | {"ehc_plans": "31"}))
    assert (
        "extra"
        not in said.partition("What the budget is expected to pay for")[2].partition("Working")[0]
    )


def test_the_csv_holds_the_calls_and_the_extra_funding(client):
    sent = SCHOOL | SUPPORT | {"ehc_plans": "5"}
    text = client.get(f"{NORTHUMBERLAND}/working.csv", params=sent).text
    told = {(row["Part"], row["Step"]): row for row in csv.DictReader(io.StringIO(text))}
    calls, extra = (
        "What the budget is expected to pay for",
        "Additional funding for schools with many plans",
    )
    assert told[calls, "SEN support"]["Value"] == "15000.00"
    assert told[calls, "Shortfall"]["Value"] == "-10900.00"
    assert told[extra, "Extra funding due"]["Value"] == "18000.00"
    assert told[extra, "Headroom once it is paid"]["Value"] == "7100.00"
    means = told[extra, "Share of the notional SEN budget used for plans"]
    assert (means["Value"], means["Checked"]) == ("50", "not checked against the published paper")


def test_the_workbook_holds_the_same_rows(client):
    sent = SCHOOL | SUPPORT | {"ehc_plans": "5"}
    assert client.get(f"{NORTHUMBERLAND}/working.xlsx", params=sent).status_code == 200


FORMULA = {
    "pupils_counted_by": "basic",
    "factors": {
        "basic": {
            "label": "Basic entitlement",
            "counts": "pupils",
            "primary": {"unit_value": "1000", "notional_percent": "20"},
        }
    },
    "expected_calls": {"high_needs_threshold": "6000"},
}
GAP = {"pattern": "gap", "threshold": "6000", "means_percent": "80"}
TIERS = [
    {"consumed_percent": "50", "paid_percent": "25"},
    {"consumed_percent": "100", "paid_percent": "75"},
]


def due(targeted, plans="5", pupils="100"):
    """Return what a school of 100 pupils and so a budget of £20,000.00 would be due."""
    parts = {"schools_formula": FORMULA, "targeted_funding": {"label": "Extra", **targeted}}
    rules = compile_rules(rule_set(**parts))
    given = {"units_basic_primary": pupils, "ehc_plans": plans}
    form = budget_form(rules, formula_of(rules), Answers(given, SchoolPhase.primary), sent=True)
    return form.result.targeted


@pytest.mark.parametrize(
    ("targeted", "pence"),
    [
        pytest.param(GAP, 1_400_000, id="the gap: 30,000 less four fifths of 20,000"),
        pytest.param(
            {"pattern": "plans_above_means", "threshold": "6000", "means_percent": "100"},
            1_200_000,
            id="plans above means: the budget pays for three of five plans",
        ),
        pytest.param(
            {"pattern": "plans_above_rate", "threshold": "6000", "plans_per_hundred": "2.5"},
            1_500_000,
            id="plans above a rate: two and a half of five plans",
        ),
        pytest.param(
            {"pattern": "tiers", "threshold": "6000", "tiers": TIERS},
            250_000 + 750_000,
            id="tiers: a quarter of 10,000 and three quarters of 10,000",
        ),
    ],
)
def test_every_pattern_that_needs_no_other_school_is_worked_out(targeted, pence):
    assert due(targeted).due == pence


@pytest.mark.parametrize(
    "targeted", [{**GAP, "pot": "5000"}, {**GAP, "pattern": "gap_then_pot", "pot": "5000"}]
)
def test_a_pot_that_schools_share_leaves_one_school_s_part_unsaid(targeted):
    found = due(targeted)
    assert found.due is None
    assert found.missing == "it depends on other schools, as these rules share one total among them"


def test_rules_that_begin_later_are_not_in_force_and_give_no_nought():
    threshold = {"value": "6000", "from": "2025-10-01"}
    found = due({**GAP, "threshold": threshold})
    assert (found.due, found.missing) == (None, "these rules are not in force on this day")
