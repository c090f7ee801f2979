"""Cases over HTTP: what each record should come to, and the worked examples that come with rule sets."""

import pytest

from app.what_ifs.examples import CASES
from tests.worked_examples import files, rows_of

ASKED = "/v1/what-ifs/cases"
SENT = CASES["two_bands"]["value"]
SHIPPED = CASES["shipped"]["value"]
NAMES = sorted({name for name, _ in files()})


def answered(client, body):
    answer = client.post(ASKED, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_expectation_is_answered_beside_what_was_found(client):
    answer = answered(client, SENT)
    assert [(one["row"], one["column"], one["is_as_expected"]) for one in answer["results"]] == [
        (1, "paid", True),
        (1, "expected_band", True),
        (2, "paid", False),
        (3, "paid", True),
    ]
    (different,) = (one for one in answer["results"] if not one["is_as_expected"])
    assert (different["expected"], different["found"]) == ("2427.50", "2427.49")
    assert different["difference"] == "-0.01"
    assert different["working"][-1]["label"] == "Top-up"
    assert answer["results"][3]["why"][0].startswith("band: must be one of")
    (counts,) = answer["tables"]
    assert counts == {
        "table": "cases",
        "cases": 3,
        "as_expected": 2,
        "different": 1,
        "nothing_expected": 0,
        "set_apart": 0,
        "notices": ["not in the table, so read: la as 894"],
    }
    assert answer["rules"]["rule_set"] == SENT["rule_set"]


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_set_comes_out_as_the_worked_examples_that_come_with_it(client, name):
    answer = answered(client, {"rule_set": name})
    assert answer["tables"]
    assert [one["different"] for one in answer["tables"]] == [0] * len(answer["tables"])
    assert all(one["working"] is None for one in answer["results"])


def test_a_value_that_is_tried_shows_which_worked_examples_it_changes(client):
    different = [one for one in answered(client, SHIPPED)["results"] if not one["is_as_expected"]]
    columns = {one["column"] for one in different}
    assert columns == {
        "expected_notional_sen_fsm_primary",
        "expected_notional_sen",
        "notional_sen",
    }


def test_a_rule_set_without_worked_examples_has_no_table(client):
    assert answered(client, {"rule_set": "nff-2025-26"})["tables"] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_examples_of_a_rule_set_can_be_read(client, name):
    answer = client.get(f"/v1/rule-sets/{name}/cases")
    assert answer.status_code == 200, answer.text
    read = {one["table"]: len(one["cases"]) for one in answer.json()["tables"]}
    assert read == {path.name: len(rows_of(path)) for found, path in files() if found == name}


def test_worked_examples_can_be_sent_as_they_were_read(client):
    (table,) = client.get("/v1/rule-sets/solihull-2025-26/cases").json()["tables"]
    (counts,) = answered(client, {"rule_set": "solihull-2025-26", "cases": table["cases"]})[
        "tables"
    ]
    assert (counts["as_expected"], counts["different"]) == (len(table["cases"]), 0)


@pytest.mark.parametrize(
    ("cases", "sentence"),
    [
        ([{"band": "9"}], "no column says what is expected"),
        ([{"band": "9", "paid": "lots"}], "must be pounds such as 1234.50"),
        ([{"bnad": "9", "paid": "1"}], "did you mean band?"),
        ([{"paid": "1", "expected_bnad": "9"}], "did you mean expected_band?"),
    ],
)
def test_cases_that_cannot_be_tried_are_refused_in_words(client, cases, sentence):
    answer = client.post(ASKED, json={"rule_set": SENT["rule_set"], "cases": cases})
    assert answer.status_code == 422
    assert sentence in answer.json()["problems"][0]["sentence"]


def test_an_unknown_rule_set_is_not_found(client):
    assert client.get("/v1/rule-sets/nowhere-2025-26/cases").status_code == 404
    assert client.post(ASKED, json={"rule_set": "nowhere-2025-26"}).status_code == 404
