"""What a school's cell says is missing is what would make its number known; a symbol is no number."""

import pytest

from engine.vocabulary import Missing

NORTHUMBERLAND, NEWER = "northumberland-2015-16", "northumberland-2025-26"
WEST_SUSSEX = "west-sussex-2021-22"
MIDDLE = {
    "phase": "middle",
    "basic_entitlement_primary": "102", "basic_entitlement_ks3": "94",
    "fsm_primary": "10", "fsm_secondary": "11",
    "low_prior_attainment_primary": "20.4", "low_prior_attainment_secondary": "34",
    "others": "0",
}  # fmt: skip
YEARS = {"primary_years": "2", "ks3_years": "2"}


def cell(client, rule_set, name, **asked):
    return client.get(f"/v1/cells/{rule_set}/{name}", params={**asked, "errors": "text"}).text


def test_a_middle_school_without_year_groups_is_asked_for_them_and_for_no_other_figure(client):
    told = cell(client, WEST_SUSSEX, "notional-sen", **MIDDLE)
    assert told.startswith("ERROR: primary_years: is missing; give primary_years, ks3_years")
    assert "lump_sum" not in told


@pytest.mark.parametrize("rule_set", [NORTHUMBERLAND, NEWER])
def test_year_groups_are_not_asked_for_where_nothing_of_what_they_share_is_notional(
    client, rule_set
):
    without = cell(client, rule_set, "notional-sen", **MIDDLE)
    assert without == cell(client, rule_set, "notional-sen", **MIDDLE, **YEARS)


def test_with_its_year_groups_it_is_answered(client):
    assert cell(client, NORTHUMBERLAND, "notional-sen", **MIDDLE, **YEARS) == "72727.40"


@pytest.mark.parametrize("rule_set", [NORTHUMBERLAND, WEST_SUSSEX])
def test_a_school_that_the_formula_does_not_fund_is_told_so(client, rule_set):
    told = cell(client, rule_set, "notional-sen", phase="special", others="0")
    assert told == f"ERROR: phase: {Missing.not_funded}"


@pytest.mark.parametrize(
    ("last_year", "place"),
    [
        pytest.param({"prior_budget": "1", "prior_pupils": "10"}, "prior_budget", id="too little"),
        pytest.param({"prior_budget": "900000", "prior_pupils": "0"}, "prior_pupils", id="nobody"),
    ],
)
def test_last_year_that_cannot_be_compared_is_refused_by_its_own_reason(client, last_year, place):
    school = {"phase": "primary", "basic_entitlement_primary": "102", "others": "0"}
    told = cell(client, "toy-2025-26", "notional-sen", **school, **last_year)
    assert told == f"ERROR: {place}: {Missing[place]}"


def test_a_column_that_is_left_out_is_asked_for_as_a_cell_of_a_sheet_is(client):
    told = cell(client, NEWER, "notional-sen", phase="primary", basic_entitlement_primary="210")
    assert "is missing; give it (0 if there is none)" in told
    assert "column" not in told
    assert "others=0" in told


@pytest.mark.parametrize("symbol", ["z", "x", "c", " z "])
@pytest.mark.parametrize(
    ("name", "asked", "place"),
    [
        ("notional-sen", {**MIDDLE, **YEARS}, "fsm_primary"),
        ("factor", {"line": "fsm_primary"}, "units"),
        ("factor", {"line": "fsm_primary"}, "amount"),
    ],
)
def test_a_symbol_of_tables_is_no_number_of_a_cell(client, symbol, name, asked, place):
    told = cell(client, NORTHUMBERLAND, name, **{**asked, place: symbol})
    assert told.startswith(f"ERROR: {place}: must be a number")


@pytest.mark.parametrize("name", ["setting", "support_hours", "level", "year_group"])
def test_a_symbol_of_tables_says_nothing_of_a_case(client, name):
    told = cell(client, "telford-and-wrekin-2025-26", "tariff", band="9", **{name: "z"})
    assert told.startswith(f"ERROR: {name}: must be")


def test_a_cell_of_a_new_school_says_none_and_is_protected_by_nothing(client):
    school = {"phase": "primary", "basic_entitlement_primary": "102", "others": "0"}
    new = cell(
        client, "toy-2025-26", "notional-sen", **school, prior_budget="none", prior_pupils="none"
    )
    # 5% of 102 × £4,400.00 and of £154,000.00, and 10% of a protection of nothing.
    assert new == "30140.00"
