"""Queries are read in one way: each name once, whole numbers in plain digits."""

import pytest

RULES, TOY = "/v1/rule-sets", "/v1/rule-sets/toy-2025-26"


def problems(client, address):
    answer = client.get(address)
    assert answer.status_code == 422, answer.text[:400]
    return [(one["place"], one["rule"]) for one in answer.json()["problems"]]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{RULES}?la=894&la=895", "la"),
        (f"{RULES}?limit=1&limit=2", "limit"),
        (f"{TOY}?version=1&version=1", "version"),
        (f"{TOY}/values?on=2025-04-01&on=2025-09-01", "on"),
        (f"{TOY}/document?version=1&version=2", "version"),
        ("/v1/atlas?rule_set=toy-2025-26&on=2025-04-01&on=2025-09-01", "on"),
    ],
)
def test_a_name_that_is_given_twice_is_refused_and_neither_value_taken(client, address, name):
    assert problems(client, address) == [(name, "repeated")]


def test_an_atlas_is_of_several_rule_sets(client):
    address = "/v1/atlas?rule_set=toy-2025-26&rule_set=telford-and-wrekin-2025-26"
    assert len(client.get(address).json()["rule_sets"]) == 2


@pytest.mark.parametrize("number", ["1_0", "1.0", "%2B1", "+1", "1%20", "1e0", "%D9%A1"])
def test_a_number_that_is_no_plain_digits_is_refused(client, number):
    assert problems(client, f"{TOY}?version={number}") == [("query.version", "int_parsing")]
    assert problems(client, f"{RULES}?limit={number}") == [("query.limit", "int_parsing")]
    cell = f"/v1/cells/toy-2025-26/tariff?band=1&version={number}"
    assert problems(client, cell) == [("query.version", "int_parsing")]
