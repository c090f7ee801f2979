"""The method atlas over HTTP: rule sets side by side, and tried on schools."""

import csv

import pytest

from engine.vocabulary import FIXTURES

TABLES = FIXTURES / "tables"
NORTHUMBERLAND, ROTHERHAM, HEREFORDSHIRE = (
    "northumberland-2015-16",
    "rotherham-2022-23",
    "herefordshire-2025-26",
)
GRANT, NORTHUMBERLAND_2025 = "dedicated-schools-grant-2022-23", "northumberland-2025-26"


def schools():
    with (TABLES / "northumberland_2015_16_schools.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def read(client, *names, **asked):
    return client.get("/v1/atlas", params={"rule_set": names, **asked})


def row(body, **wanted):
    return next(
        one for one in body["rows"] if all(one[name] == held for name, held in wanted.items())
    )


def test_rule_sets_stand_side_by_side_in_the_order_asked(client):
    body = read(client, ROTHERHAM, NORTHUMBERLAND).json()
    assert [one["rule_set"] for one in body["rule_sets"]] == [ROTHERHAM, NORTHUMBERLAND]
    attainment = row(body, name="low_prior_attainment", of="primary", measure="notional percentage")
    assert [cell["value"] for cell in attainment["cells"]] == ["100", "100"]


def test_what_a_rule_set_does_not_know_says_so_and_is_not_zero(client):
    body = read(client, NORTHUMBERLAND, HEREFORDSHIRE).json()
    value = row(body, name="fsm", of="primary", measure="unit value")
    assert value["cells"][0] == {"value": "1258.00", "said": None, "standing": None}
    absent = {"value": None, "said": "not in this rule set", "standing": None}
    assert value["cells"][1] == absent


def test_an_unconfirmed_value_says_that_it_is(client):
    body = read(client, NORTHUMBERLAND, ROTHERHAM).json()
    value = row(body, name="fsm", of="primary", measure="unit value")
    assert value["cells"][1] == {"value": "470.00", "said": None, "standing": "unconfirmed"}


def test_places_block_and_targeted_funding_stand_beside_rules_without_them(client):
    body = read(client, GRANT, NORTHUMBERLAND_2025, NORTHUMBERLAND).json()
    rate = row(body, part="places", name="pre16_ap", measure="rate a place a year")
    assert [cell["value"] for cell in rate["cells"]] == ["10000.00", None, None]
    block = row(body, part="high needs block", name="special_free_schools")
    assert [cell["value"] for cell in block["cells"]] == ["an amount", None, None]
    means = row(body, part="targeted funding", measure="notional SEN set against plans")
    assert [cell["value"] for cell in means["cells"]] == [None, "50", None]
    assert means["cells"][1]["standing"] == "unconfirmed"


def test_schools_that_are_sent_are_valued_under_each_formula(client):
    body = {
        "rule_sets": [{"rule_set": NORTHUMBERLAND}, {"rule_set": HEREFORDSHIRE}],
        "schools": schools(),
    }
    answer = client.post("/v1/atlas", json=body)
    assert answer.status_code == 200, answer.text
    total = row(answer.json(), name="total", measure="notional SEN in percent of the formula")
    assert total["cells"][0]["value"] == "8.22"
    assert total["cells"][1]["said"] == "not in this rule set"


def test_schools_without_a_formula_are_refused(client):
    body = {"rule_sets": [{"rule_set": HEREFORDSHIRE}], "schools": schools()}
    answer = client.post("/v1/atlas", json=body)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["rule"] == "no-formula"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"rule_set": []}, 422),
        ({"rule_set": ["nowhere-at-all"]}, 404),
        ({"rule_set": [NORTHUMBERLAND], "on": "2025-04-01"}, 422),
        ({"rule_set": [NORTHUMBERLAND], "page": 2}, 422),
        ({"rule_set": [NORTHUMBERLAND] * 21}, 422),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(client, asked, status):
    assert client.get("/v1/atlas", params=asked).status_code == status
