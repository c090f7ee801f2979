"""What each difference between two rule sets brings, over HTTP."""

from copy import deepcopy
from decimal import Decimal

import pytest

from app.what_ifs.examples import RULE_CHANGES

EMPTY = dict.fromkeys(("primary_need", "start", "end", "year_group", "urn"))
BODY = RULE_CHANGES["two_numbers"]["value"]


def sent(client, **other):
    """Return the answer to the example with other fields."""
    return client.post("/v1/what-ifs/rule-changes", json=deepcopy(BODY) | other)


def test_clauses_and_their_interaction_add_to_what_a_comparison_says(client):
    answer = sent(client)
    assert answer.status_code == 200, answer.text
    found = answer.json()["schools"]
    compared = client.post("/v1/what-ifs/comparison", json=BODY).json()["schools"]["total"]
    assert found["change"] == compared["change"] != "0.00"
    assert [one["places"][0].rpartition(".")[2] for one in found["clauses"]] == [
        "unit_value",
        "notional_percent",
    ]
    for brought in ("alone", "last"):
        clauses = sum(Decimal(one[brought]) for one in found["clauses"])
        left = Decimal(found[f"interaction_{brought}"])
        assert left != 0
        assert clauses + left == Decimal(found["change"])
    assert found["others"] is None


@pytest.mark.parametrize("at", [0, 1])
def test_one_change_leaves_nothing_over(client, at):
    one = [BODY["candidate"]["overrides"][at]]
    found = sent(client, candidate=BODY["candidate"] | {"overrides": one}).json()["schools"]
    [clause] = found["clauses"]
    assert clause["alone"] == clause["last"] == found["change"]
    assert found["interaction_alone"] == found["interaction_last"] == "0.00"


def test_pupils_have_their_top_ups_by_clause(client):
    rules = {"rule_set": "telford-and-wrekin-2025-26"}
    paths = client.get("/v1/rule-sets/telford-and-wrekin-2025-26/paths").json()
    names = [one["path"] for one in paths["paths"] if one["path"].endswith(".pounds")][:2]
    overrides = [{"place": one, "value": "9999"} for one in names]
    pupils = [
        {
            "pupil_key": f"p{at}",
            "la": "894",
            "sen_provision": "E",
            "band": str(at),
            "setting": "mainstream",
        }
        | EMPTY
        for at in range(1, 13)
    ]
    body = {"baseline": rules, "candidate": rules | {"overrides": overrides}, "pupils": pupils}
    answer = client.post("/v1/what-ifs/rule-changes", json=body)
    assert answer.status_code == 200, answer.text
    found = answer.json()["pupils"]
    assert {one["places"][0] for one in found["clauses"]} == set(names)
    assert sum(Decimal(one["alone"]) for one in found["clauses"]) == Decimal(found["change"])


def test_what_has_neither_schools_nor_pupils_is_refused(client):
    body = {name: BODY[name] for name in ("baseline", "candidate")}
    answer = client.post("/v1/what-ifs/rule-changes", json=body)
    assert answer.status_code == 422
    assert "send schools, pupils or both" in answer.text
