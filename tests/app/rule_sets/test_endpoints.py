"""Published rule sets over HTTP."""

import hashlib
import json

import pytest

from engine.rules.load import canonical, digest, load_canonical, load_rule_file
from engine.rules.values import dated_values
from engine.vocabulary import FIXTURES
from tests.rule_library import DOCUMENTS

RULES = FIXTURES / "rules"
NATIONAL, LATEST = "nff-2025-26", "nff-2025-26.version-2"
NATIONAL = "nff-2025-26"


def listed(client, **asked):
    answer = client.get("/v1/rule-sets", params=asked)
    assert answer.status_code == 200, answer.text
    return [one["identifier"] for one in answer.json()["items"]]


def test_every_document_of_the_project_is_published(client):
    documents = {load_rule_file(path).identifier for path in RULES.rglob("*.yaml")}
    assert set(listed(client, limit=100)) == documents


def test_a_list_is_narrowed_by_authority_year_kind_and_words(client):
    assert listed(client, la="929", year="2025-26") == ["northumberland-2025-26"]
    assert listed(client, la="929") == ["northumberland-2015-16", "northumberland-2025-26"]
    assert listed(client, q="NORTHUMB") == listed(client, la="929")
    assert NATIONAL in listed(client, kind="notional", limit=100)
    assert NATIONAL not in listed(client, kind="bands", limit=100)
    assert listed(client, la="201") == []


@pytest.mark.parametrize("words", ["%", "_", "\\"])
def test_signs_that_mean_something_to_the_database_are_only_signs(client, words):
    assert listed(client, q=words) == []


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_join_to_the_whole_list(client, limit):
    whole, read, after = listed(client, limit=100), [], None
    while True:
        asked = {"limit": limit, **({"after": after} if after else {})}
        page = client.get("/v1/rule-sets", params=asked).json()
        read += [one["identifier"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert read == whole == sorted(whole)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"la": "92"}, "query.la"),
        ({"la": "٩٢٩"}, "query.la"),
        ({"year": "2025"}, "query.year"),
        ({"kind": "both"}, "query.kind"),
        ({"q": "\0"}, "query.q"),
        ({"limit": 0}, "query.limit"),
        ({"limit": 101}, "query.limit"),
        ({"after": "A B"}, "query.after"),
        ({"page": 2}, "query.page"),
    ],
)
def test_a_question_that_is_not_understood_is_refused(client, asked, place):
    answer = client.get("/v1/rule-sets", params=asked)
    assert answer.status_code == 422
    assert [one["place"] for one in answer.json()["problems"]] == [place]


def test_a_rule_set_is_read_with_its_document_in_long_form(client):
    body = client.get(f"/v1/rule-sets/{NATIONAL}").json()
    assert body["digest"] == digest(DOCUMENTS[LATEST])
    assert body["versions"] == [1, 2]
    assert body["authority"] is None
    assert body["standing"] == "unconfirmed"
    assert digest(load_canonical(json.dumps(body["document"]))) == digest(DOCUMENTS[LATEST])
    assert {one["key"] for one in body["sources"]} == set(DOCUMENTS[LATEST].sources)


def test_a_version_that_is_not_published_is_refused_with_those_that_are(client):
    answer = client.get(f"/v1/rule-sets/{NATIONAL}", params={"version": 7})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/rule-set-unknown")
    assert "published versions are 1, 2." in answer.json()["detail"]


@pytest.mark.parametrize("part", ["", "/values", "/document"])
def test_a_rule_set_that_is_not_published_is_refused(client, part):
    answer = client.get(f"/v1/rule-sets/absent-set{part}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/rule-set-unknown")


def test_every_value_in_force_is_told_with_its_source_and_standing(client):
    body = client.get(f"/v1/rule-sets/{NATIONAL}/values", params={"on": "2025-04-01"}).json()
    told = {one["place"]: one for one in body["values"]}
    for path, given in dated_values(DOCUMENTS[LATEST]):
        one = told[".".join(map(str, path[:-1]))]
        assert one["value"] == given.value
        assert one["source"] == DOCUMENTS[LATEST].sources[given.source].title
        assert one["standing"] == given.standing.value
    assert body["applies"] is True
    assert body["not_yet"] == []


def test_before_a_value_is_in_force_it_is_missing_and_not_zero(client):
    body = client.get(f"/v1/rule-sets/{NATIONAL}/values", params={"on": "2020-01-01"}).json()
    assert body["applies"] is False
    later = {one["place"] for one in body["not_yet"]}
    assert later
    assert not later & {one["place"] for one in body["values"]}


def test_without_a_day_values_are_those_of_every_day_of_the_year(client):
    body = client.get("/v1/rule-sets/toy-2025-26/values").json()
    assert (body["on"], body["applies"], body["not_yet"]) == (None, True, [])
    since = {}
    for one in body["values"]:
        since.setdefault(one["place"], []).append(one["since"])
    changing = [days for days in since.values() if len(days) > 1]
    assert changing == [["2025-09-01", "2026-04-01"]]


@pytest.mark.parametrize("day", ["2025-02-30", "20250401T00", "1743465600", "yesterday"])
def test_a_day_that_is_none_is_refused(client, day):
    answer = client.get(f"/v1/rule-sets/{NATIONAL}/values", params={"on": day})
    assert answer.status_code == 422
    assert day not in answer.text


def test_the_text_of_a_document_proves_its_digest(client):
    answer = client.get(f"/v1/rule-sets/{NATIONAL}/document")
    assert answer.text == canonical(DOCUMENTS[LATEST])
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["content-type"] == "application/json"


def test_a_version_s_text_may_be_kept_for_ever_and_the_latest_only_until_the_next(client):
    path = f"/v1/rule-sets/{NATIONAL}/document"
    pinned = client.get(path, params={"version": 1}).headers["Cache-Control"]
    assert "immutable" in pinned
    assert client.get(path).headers["Cache-Control"] == "no-cache"


def test_a_text_that_the_caller_has_is_not_sent_again(client):
    path = f"/v1/rule-sets/{NATIONAL}/document"
    tag = client.get(path).headers["ETag"]
    for sent in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("authority", ["929", "Northumberland", "northumb"])
def test_rule_sets_are_found_by_the_code_or_the_name_of_their_authority(client, authority):
    found = client.get("/v1/rule-sets", params={"authority": authority, "kind": "notional"}).json()
    names = [one["identifier"] for one in found["items"]]
    assert names == ["northumberland-2015-16", "northumberland-2025-26"]


def test_the_values_of_a_rule_set_say_their_year(client):
    found = client.get("/v1/rule-sets/northumberland-2025-26/values").json()
    assert (found["funding_year"], found["year_kind"]) == ("2025-26", "financial")


def test_notes_on_gaps_and_on_what_is_never_used_are_with_a_rule_set_and_on_its_page(client):
    devon = client.get("/v1/rule-sets/devon-special-schools-2023-24").json()["notes"]
    assert [(one["type"], one["place"]) for one in devon] == [
        ("no-price", "band_profile.tariff.prices")
    ]
    assert devon[0]["example"] == {"band": "Special school", "urn": "1"}
    national = client.get("/v1/rule-sets/national-profile-candidate").json()["notes"]
    assert {one["type"] for one in national} >= {"unreachable-price"}
    page = client.get("/rules/national-profile-candidate").text
    assert "band_profile.tariff.prices.Universal.alternative_provision is never used" in page
