"""Every what-if, the atlas and the values of a rule set say the year, its kind and the rule set with its digest."""

import re

import pytest

from tests.app.test_openapi import examples

SAID = {"rule_set", "version", "digest", "funding_year", "year_kind", "standing", "on"}


def sides(answer):
    return [
        answer[name]
        for name in ("rules", "baseline", "candidate", "before", "after")
        if name in answer
    ]


@pytest.mark.parametrize(("path", "body"), examples())
def test_every_what_if_says_year_and_rule_set_with_its_digest(client, path, body):
    answer = client.post(path, json=body).json()
    assert sides(answer)
    for one in sides(answer):
        assert set(one) >= SAID
        assert re.fullmatch(r"[0-9a-f]{64}", one["digest"])
        assert one["year_kind"] in {"financial", "academic"}
    assert set(answer["engine"]) == {"version", "semantics"}


def test_the_atlas_says_them_of_every_rule_set(client):
    answer = client.get("/v1/atlas", params={"rule_set": ["toy-2025-26", "nff-2025-26"]}).json()
    assert all(set(one) >= SAID for one in answer["rule_sets"])
