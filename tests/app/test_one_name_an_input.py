"""An input has the name of its table's column everywhere; older names are read, and both at once are refused."""

import json

import pytest

from engine.vocabulary import FIXTURES

TARGETED = json.loads((FIXTURES / "examples" / "allocations.json").read_text(encoding="utf-8"))
BODY = next(iter(TARGETED["targeted_funding"].values()))["value"]
CELL = "/v1/cells/northumberland-2025-26/notional-sen"
SCHOOL = {"phase": "primary", "basic_entitlement_primary": "210", "others": "0"}


def under(*names):
    schools = [
        {name: one for name, one in school.items() if name != "plans"}
        | dict.fromkeys(names, school["plans"])
        for school in BODY["schools"]
    ]
    return {**BODY, "schools": schools}


def test_plans_have_the_name_that_they_have_in_a_table_of_schools(client):
    answers = [
        client.post("/v1/what-ifs/targeted-funding", json=under(name)).json()
        for name in ("plans", "ehc_plans")
    ]
    assert answers[0]["total"] == answers[1]["total"] == "6000.00"


def test_plans_under_both_names_are_refused(client):
    answer = client.post("/v1/what-ifs/targeted-funding", json=under("plans", "ehc_plans"))
    assert answer.status_code == 422
    [only] = answer.json()["problems"]
    assert (only["column"], only["rule"]) == ("ehc_plans", "duplicate")


@pytest.mark.parametrize("line", ["fsm6_primary", "units_fsm6_primary"])
def test_a_cell_reads_a_line_under_the_name_of_its_column_or_its_own(client, line):
    answer = client.get(CELL, params={**SCHOOL, line: "30"})
    assert answer.status_code == 200, answer.text
    other = client.get(CELL, params={**SCHOOL, "fsm6_primary": "30"})
    assert answer.text == other.text


def test_a_cell_refuses_a_line_under_both_names(client):
    both = {"phase": "primary", "fsm6_primary": "3", "units_fsm6_primary": "30", "others": "0"}
    answer = client.get(CELL, params=both)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["rule"] == "duplicate"


PAYS = "/v1/cells/toy-2025-26/band-pays"
CASE = {"band": "B", "setting": "mainstream", "hours": "12.5"}
YEAR = {"start": "2025-09-01", "end": "2026-08-31"}


def test_a_cell_reads_days_under_the_names_of_a_table_of_pupils_and_under_its_older_ones(client):
    older = {"from": YEAR["start"], "to": YEAR["end"]}
    answers = [client.get(PAYS, params={**CASE, **days}) for days in (YEAR, older)]
    assert [answer.text for answer in answers] == ["500.00", "500.00"]


def test_a_cell_refuses_a_day_under_both_names(client):
    answer = client.get(PAYS, params={**CASE, **YEAR, "from": YEAR["start"]})
    assert answer.status_code == 422
    [only] = answer.json()["problems"]
    assert (only["place"], only["rule"]) == ("from", "duplicate")


def test_a_refusal_names_days_as_they_were_asked(client):
    answer = client.get(PAYS, params={**CASE, "start": "2025-09-02", "end": "2025-09-01"})
    assert answer.json()["problems"][0]["place"] == "end"
