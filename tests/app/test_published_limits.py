"""Each bound of a request, on it and one above: records, names, nesting, cells, and problems that are shown."""

import pytest

TOP_UPS = "/v1/what-ifs/top-ups"
TELFORD = "telford-and-wrekin-2025-26"
LONGEST = 100
PUPIL = {"la": "894", "band": "12", "setting": "mainstream", "sen_provision": "E"}


def body(number, **cells):
    pupils = [{"pupil_key": f"p{at}", **PUPIL, **cells} for at in range(number)]
    return {"rule_set": TELFORD, "pupils": pupils}


def refused(answer):
    assert answer.status_code == 422, answer.text
    return answer.json()


@pytest.mark.parametrize("number", [199, 200, 201])
def test_of_many_problems_all_are_counted_and_the_first_two_hundred_shown(client, number):
    problem = refused(client.post(TOP_UPS, json=body(number, setting="canary")))
    assert (len(problem["problems"]), problem["total"]) == (min(number, 200), number)


def test_a_body_has_a_thousand_records_and_not_one_more(client):
    answer = client.post(TOP_UPS, json=body(1_000))
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["pupils"]) == 1_000
    refused(client.post(TOP_UPS, json=body(1_001)))


def test_text_of_a_record_has_two_hundred_characters_and_not_one_more(client):
    keys = [refused(client.post(TOP_UPS, json=body(1, setting="x" * size))) for size in (200, 201)]
    [read, too_long] = [one["problems"][0] for one in keys]
    assert (read["column"], read["rule"]) == ("setting", "unknown-code")
    assert "at most 200 characters" in too_long["sentence"]


def test_a_cell_reads_a_refresh_value_of_two_hundred_characters_and_not_one_more(client):
    address = f"/v1/cells/{TELFORD}/tariff"
    assert client.get(address, params={"band": "9", "v": "1" * 200}).text == "1044.85"
    refused(client.get(address, params={"band": "9", "v": "1" * 201}))


def test_a_list_of_rule_sets_has_as_many_as_its_limit_allows(client):
    assert client.get("/v1/rule-sets", params={"limit": LONGEST}).status_code == 200
    refused(client.get("/v1/rule-sets", params={"limit": LONGEST + 1}))
