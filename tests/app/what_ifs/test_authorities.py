"""An authority's what-ifs over HTTP: published figures to the penny, and what is refused."""

import pytest

from app.what_ifs.examples import HIGH_NEEDS_BLOCK, PLACES, TARGETED_FUNDING
from tests.worked_examples import place_deductions, windsor_schools

ASKED_PLACES, BLOCK, TARGETED = (
    f"/v1/what-ifs/{name}" for name in ("places", "high-needs-block", "targeted-funding")
)
PLACE = PLACES["two_kinds"]["value"]
AUTHORITY = HIGH_NEEDS_BLOCK["one_authority"]["value"]
SCHOOLS = TARGETED_FUNDING["above_half_the_budget"]["value"]


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 422, answer.text
    return answer.json()["problems"]


@pytest.mark.parametrize("year", ["2020-21", "2021-22", "2022-23", "2023-24"])
def test_places_come_to_the_published_pound(client, year):
    rows = place_deductions(year)
    places = [
        {
            "la": row["la_code"],
            "institution_group": row["institution_group"],
            "place_type": row["kind"],
            "places_1": row["places_1"] or "0",
            "places_2": row["places_2"] or "0",
        }
        for row in rows
    ]
    body = {"rule_set": f"dedicated-schools-grant-{year}", "places": places}
    answer = answered(client, ASKED_PLACES, body)
    amounts = [f"{int(row['amount_published'])}.00" for row in rows]
    assert [one["amount"] for one in answer["places"]] == amounts
    assert [one["row"] for one in answer["places"]] == list(range(1, len(rows) + 1))
    assert answer["total"] == f"{sum(int(row['amount_published']) for row in rows)}.00"


def test_a_block_comes_to_the_published_pound_and_says_its_terms(client):
    answer = answered(client, BLOCK, AUTHORITY)
    [authority] = answer["authorities"]
    assert (authority["la"], authority["total"]) == ("202", "55017590.00")
    assert authority["additional"] == "2058092.00"
    terms = {one["term"]: one["amount"] for one in authority["terms"]}
    assert terms["basic_entitlement_unit"] == "2183324.08"
    assert answer["rules"]["standing"] == "verified"


def test_a_gap_is_filled_first_and_the_rest_of_a_pot_shared(client):
    rows = windsor_schools()
    schools = [
        {
            "urn": row["urn"],
            "notional_sen": row["notional"],
            "ehc_plans": row["plans"],
            "expected_calls": row["calls"],
        }
        for row in rows
    ]
    # The order in which schools are sent decides the order of answers and no penny.
    body = {"rule_set": "windsor-and-maidenhead-2018-19", "schools": schools[::-1]}
    answer = answered(client, TARGETED, body)
    paid = [(one["urn"], one["due"], one["shared"]) for one in answer["schools"]]
    assert paid == [(row["urn"], row["due"], row["shared"]) for row in rows[::-1]]
    assert answer["total"] == "105000.00"


def test_calls_are_checked_before_and_after_the_extra_funding(client):
    first, second = answered(client, TARGETED, SCHOOLS)["schools"]
    assert first["expected_calls"] == {
        "sen_support": "45000.00",
        "plans": "36000.00",
        "total": "81000.00",
        "left": "-21000.00",
        "left_after": "-15000.00",
        "not_known": [],
    }
    assert (second["amount"], second["expected_calls"]["left"]) == ("0.00", "30500.00")


def test_no_calls_are_worked_out_without_a_cost(client):
    without = {name: value for name, value in SCHOOLS.items() if name != "sen_support_cost"}
    assert answered(client, TARGETED, without)["schools"][0]["expected_calls"] is None


def test_calls_are_not_guessed_without_a_count(client):
    counted = {
        name: value for name, value in SCHOOLS["schools"][0].items() if "support" not in name
    }
    body = {**SCHOOLS, "schools": [counted]}
    calls = answered(client, TARGETED, body)["schools"][0]["expected_calls"]
    assert (calls["sen_support"], calls["total"], calls["left"]) == (None, None, None)
    assert calls["plans"] == "36000.00"
    assert calls["not_known"] == ["the number of pupils on SEN support is not given"]


def test_with_a_value_tried_the_rules_are_a_proposal(client):
    answer = answered(client, ASKED_PLACES, PLACES["higher_rate"]["value"])
    assert answer["rules"]["standing"] == "proposed"
    assert answer["places"][0]["rates"] == ["5000.00", "7000.00"]


@pytest.mark.parametrize(
    ("path", "body", "rule", "column"),
    [
        pytest.param(
            ASKED_PLACES, {**PLACE, "places": [{**PLACE["places"][0], "places_2": None}]},
            "place-periods", "places_2", id="places not given are not taken for none",
        ),
        pytest.param(
            ASKED_PLACES, {**PLACE, "places": [PLACE["places"][0]] * 2},
            "repeated-row", "la", id="places given twice",
        ),
        pytest.param(
            ASKED_PLACES, {**PLACE, "places": [{**PLACE["places"][0], "places_1": "1000000000"}]},
            "too-large", None, id="more money than can be added exactly",
        ),
        pytest.param(
            BLOCK, {**AUTHORITY, "authorities": [{**AUTHORITY["authorities"][0], "special_free_schools": ""}]},
            "missing-term", "special_free_schools", id="a term that is not given",
        ),
        pytest.param(
            TARGETED, {**SCHOOLS, "schools": [{**SCHOOLS["schools"][0], "ehc_plans": "c"}]},
            "blank", "ehc_plans", id="plans that are suppressed",
        ),
        pytest.param(
            TARGETED, {**SCHOOLS, "rule_set": "toy-targeted-rate-2025-26"},
            "missing-column", "pupils", id="pupils that the pattern needs",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_refused_by_place(client, path, body, rule, column):
    problems = refused(client, path, body)
    assert (rule, column) in {(one["rule"], one["column"]) for one in problems}


def test_rules_without_the_part_are_refused(client):
    for path, body in ((ASKED_PLACES, PLACE), (BLOCK, AUTHORITY), (TARGETED, SCHOOLS)):
        [problem] = refused(client, path, {**body, "rule_set": "telford-and-wrekin-2025-26"})
        assert problem["rule"].startswith("no-")


def test_a_rate_that_has_not_begun_is_not_a_rate_of_nothing(client):
    body = {**PLACE, "on": "2020-03-31"}
    [problem] = refused(client, ASKED_PLACES, body)
    assert problem["rule"] == "outside-effective"


def test_no_body_is_read_loosely(client):
    for path, body in ((ASKED_PLACES, PLACE), (BLOCK, AUTHORITY), (TARGETED, SCHOOLS)):
        assert refused(client, path, {**body, "extra": 1})
    number = {**PLACE["places"][0], "places_1": 2.1234567}
    assert refused(client, ASKED_PLACES, {**PLACE, "places": [number]})
