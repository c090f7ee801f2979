"""Every worked example, asked over HTTP, comes out to the penny."""

import pytest

from tests.worked_examples import cases

LINES = ("units_", "proportion_", "amount_")
NOTIONAL, TOP_UPS = cases("notional_sen"), cases("top_up")


def school_of(client, case):
    body = {"rule_set": case["rule_set"], "schools": [case["school"]], "absent_lines": "zero"}
    answer = client.post("/v1/what-ifs/notional-sen", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["schools"][0]


@pytest.mark.parametrize("name", NOTIONAL)
def test_a_published_school_is_valued_to_the_penny(client, name):
    expected = NOTIONAL[name]["expected"]
    school = school_of(client, NOTIONAL[name])
    lines = {line["line"]: line for line in school["lines"]}
    for line, amounts in expected["lines"].items():
        assert lines[line]["notional_sen"] == amounts["notional"]
        assert amounts.get("amount") in {None, lines[line]["amount"]}
    for mine, published in (
        (school["formula_total"], expected.get("school_budget_share")),
        (school["notional_sen"], expected.get("notional_sen")),
    ):
        assert published in {None, mine}
    if minimum := expected.get("minimum_per_pupil"):
        assert school["minimum_per_pupil"] == {
            "amount": minimum["uplift"],
            "notional_sen": minimum["notional"],
            "why_not_known": None,
            "last_year_without": [],
        }
    sent = NOTIONAL[name]["school"]
    # The minimum per-pupil level cannot be known where pupils are given as an amount alone.
    unlevelled = school["minimum_per_pupil"] and "amount_basic_entitlement_primary" in sent
    blank = [name for name, text in sent.items() if name.startswith(LINES) and not text]
    assert school["not_known"] == len(blank) + bool(unlevelled)


def test_the_statement_of_a_secondary_academy_is_printed_as_published(client):
    school = school_of(client, NOTIONAL["w1-west-sussex-academy"])
    assert school["notional_sen"] == "1152138.52"
    assert school["formula_total"] == "5555790.01"
    assert school["notional_percent_of_formula"] == "20.74"


@pytest.mark.parametrize("name", TOP_UPS)
def test_a_published_top_up_is_valued_to_the_penny(client, name):
    case = TOP_UPS[name]
    body = {"rule_set": case["rule_set"], "pupils": [case["pupil"]]}
    answer = client.post("/v1/what-ifs/top-ups", json=body)
    if "refused" in case:
        assert answer.status_code == 422
        assert [one["rule"] for one in answer.json()["problems"]] == [case["refused"]]
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["pupils"][0]["top_up"] == case["expected"]["top_up"]
