"""An input has the name of its table's column everywhere; older names are read, and both at once are refused."""

import json

import pytest

from engine.vocabulary import FIXTURES

TARGETED = json.loads((FIXTURES / "examples" / "allocations.json").read_text(encoding="utf-8"))
BODY = next(iter(TARGETED["targeted_funding"].values()))["value"]
TARGETED_FUNDING = "/v1/what-ifs/targeted-funding"
CELL = "/v1/cells/northumberland-2025-26/notional-sen"
SCHOOL = {"phase": "primary", "units_basic_entitlement_primary": "210", "others": "0"}


def under(*names, **spoilt):
    schools = [
        {name: one for name, one in school.items() if name != "ehc_plans"}
        | dict.fromkeys(names, school["ehc_plans"])
        | spoilt
        for school in BODY["schools"]
    ]
    return {**BODY, "schools": schools}


def test_plans_have_the_name_that_they_have_in_a_table_of_schools(client):
    answers = [
        client.post(TARGETED_FUNDING, json=under(name)).json() for name in ("plans", "ehc_plans")
    ]
    assert answers[0]["total"] == answers[1]["total"] == "6000.00"


def test_plans_under_both_names_are_refused(client):
    answer = client.post(TARGETED_FUNDING, json=under("plans", "ehc_plans"))
    assert answer.status_code == 422
    [only] = answer.json()["problems"]
    assert (only["column"], only["rule"]) == ("plans", "duplicate")
    assert "ehc_plans" in only["sentence"]


@pytest.mark.parametrize("name", ["plans", "ehc_plans"])
def test_plans_that_cannot_be_read_are_refused_under_the_heading_that_they_have(client, name):
    answer = client.post(TARGETED_FUNDING, json=under(**{name: "many"}))
    assert answer.status_code == 422
    assert {one["column"] for one in answer.json()["problems"]} == {name}


def test_plans_that_are_not_given_are_missed_under_the_name_of_a_table_of_schools(client):
    answer = client.post(TARGETED_FUNDING, json=under())
    assert answer.status_code == 422
    assert {one["column"] for one in answer.json()["problems"]} == {"ehc_plans"}


@pytest.mark.parametrize("line", ["fsm6_primary", "units_fsm6_primary"])
def test_a_cell_reads_a_line_under_the_name_of_its_column_or_its_own(client, line):
    answer = client.get(CELL, params={**SCHOOL, line: "30"})
    assert answer.status_code == 200, answer.text
    other = client.get(CELL, params={**SCHOOL, "units_fsm6_primary": "30"})
    assert answer.text == other.text


def test_a_cell_refuses_a_line_under_both_names(client):
    both = {"phase": "primary", "fsm6_primary": "3", "units_fsm6_primary": "30", "others": "0"}
    answer = client.get(CELL, params=both)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["rule"] == "duplicate"


@pytest.mark.parametrize(
    ("given", "missed"),
    [
        ("units_basic_entitlement_primary", "units_fsm6_primary"),
        ("basic_entitlement_primary", "fsm6_primary"),
    ],
)
def test_a_cell_names_a_missing_line_as_it_was_given_the_others(client, given, missed):
    answer = client.get(CELL, params={"phase": "primary", given: "210"})
    assert answer.status_code == 422
    assert missed in {one["place"] for one in answer.json()["problems"]}


@pytest.mark.parametrize("line", ["fsm6_primary", "units_fsm6_primary", "amount_fsm6_primary"])
def test_a_cell_names_an_empty_line_as_it_was_asked(client, line):
    answer = client.get(CELL, params={**SCHOOL, line: ""})
    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["problems"]] == [line]


PAYS = "/v1/cells/toy-2025-26/band-pays"
CASE = {"band": "B", "setting": "mainstream", "hours": "12.5"}
YEAR = {"start": "2025-09-01", "end": "2026-08-31"}


def test_a_cell_reads_days_under_the_names_of_a_table_of_pupils_and_under_its_older_ones(client):
    older = {"from": YEAR["start"], "to": YEAR["end"]}
    answers = [client.get(PAYS, params={**CASE, **days}) for days in (YEAR, older)]
    assert [answer.text for answer in answers] == ["500.00", "500.00"]


@pytest.mark.parametrize("name", ["parts", "parts_on_roll"])
def test_a_cell_reads_parts_of_a_year_under_the_name_of_a_table_of_pupils_and_its_older_one(
    client, name
):
    address = "/v1/cells/waltham-forest-2018-19/band-pays"
    answer = client.get(address, params={"band": "F mid", name: "18"})
    assert answer.text == "1461.34"


def test_a_cell_refuses_a_day_under_both_names(client):
    answer = client.get(PAYS, params={**CASE, **YEAR, "from": YEAR["start"]})
    assert answer.status_code == 422
    [only] = answer.json()["problems"]
    assert (only["place"], only["rule"]) == ("from", "duplicate")


def test_a_refusal_names_days_as_they_were_asked(client):
    answer = client.get(PAYS, params={**CASE, "start": "2025-09-02", "end": "2025-09-01"})
    assert answer.json()["problems"][0]["place"] == "end"
