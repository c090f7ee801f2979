"""Saved what-ifs: the same numbers have the same digest, whose they are they stay, and nothing of them ever changes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.access import OWNER, Asker
from app.audit.service import check_chain, newest
from app.scenarios import service
from app.scenarios.overlays import overlay_digest, overlay_of
from app.scenarios.schemas import ScenarioRequest
from tests.app.two_versions import TOY, keep, served, toy

PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"
VALUE = "schools_formula.factors.fsm6.primary.unit_value"
SIXTY = [{"place": PERCENT, "value": "60"}]
BODY = {"rule_set": TOY, "overrides": SIXTY, "title": "FSM6 at 60 percent"}
SCHOOLS = {
    "schools": [{"urn": "900001", "phase": "primary", "units_fsm6_primary": "10"}],
    "absent_lines": "zero",
}
WHAT_IF = "/v1/what-ifs/notional-sen"


@pytest.fixture
def caller(database, migrated_url, tmp_path) -> Iterator[TestClient]:
    """Give a caller of a service with the toy rules."""
    keep(database, (toy(1),))
    with served(database, migrated_url, tmp_path) as found:
        yield found


def saved(caller, **changes):
    answer = caller.post("/v1/scenarios", json=BODY | changes)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def test_saving_the_same_numbers_gives_the_same_scenario_and_nothing_new(caller, database):
    first = caller.post("/v1/scenarios", json=BODY)
    again = caller.post(
        "/v1/scenarios",
        json=BODY | {"overrides": [{"place": PERCENT, "value": "60.0"}], "title": "Another"},
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["title"] == "FSM6 at 60 percent"
    other = saved(caller, overrides=[{"place": PERCENT, "value": "61"}])
    assert other["digest"] != first.json()["digest"]
    with database.reading() as session:
        actions = [one.action for one in newest(OWNER, session, 9)]
        assert actions.count("scenario saved") == 2
        assert check_chain(OWNER, session).fault is None


def test_a_what_if_takes_a_scenario_in_place_of_its_numbers_and_names_base_and_overlay(caller):
    scenario = saved(caller)
    by_hand = caller.post(WHAT_IF, json={"rule_set": TOY, "overrides": SIXTY, **SCHOOLS}).json()
    named = {"rule_set": TOY, "scenario": scenario["digest"], **SCHOOLS}
    by_name = caller.post(WHAT_IF, json=named).json()
    assert by_name == by_hand
    assert by_name["rules"]["overlay"] == scenario["digest"]
    assert by_name["rules"]["base"] == scenario["base"] != by_name["rules"]["digest"]
    plain = caller.post(WHAT_IF, json={"rule_set": TOY, **SCHOOLS}).json()
    assert (plain["rules"]["base"], plain["rules"]["overlay"]) == (None, None)
    assert plain["rules"]["digest"] == scenario["base"]
    assert plain["schools"][0]["notional_sen"] != by_name["schools"][0]["notional_sen"]


def test_two_scenarios_are_compared_in_pounds_by_their_digests(caller):
    sides = {
        "baseline": {"rule_set": TOY, "scenario": saved(caller)["digest"]},
        "candidate": {
            "rule_set": TOY,
            "scenario": saved(caller, overrides=[{"place": PERCENT, "value": "40"}])["digest"],
        },
    }
    answer = caller.post("/v1/what-ifs/comparison", json={**sides, **SCHOOLS}).json()
    change = answer["schools"]["total"]
    assert answer["baseline"]["overlay"] == sides["baseline"]["scenario"]
    # 10 pupils at £1,000 and 1.1 of area cost adjustment, 20 percent less.
    assert change["change"] == "-2200.00", change


def test_a_scenario_that_begins_with_another_tries_its_numbers_too(caller):
    parent = saved(caller)
    value = [{"place": VALUE, "value": "1100"}]
    child = caller.post("/v1/scenarios", json={"parent": parent["digest"], "overrides": value})
    assert child.status_code == 201, child.text
    assert {one["place"]: one["value"] for one in child.json()["overrides"]} == {
        PERCENT: "60", VALUE: "1100"
    }  # fmt: skip
    assert child.json()["parent"] == parent["digest"]
    # By which way numbers came together is no part of what they are.
    whole = saved(caller, overrides=[*SIXTY, *value])
    assert whole["digest"] == child.json()["digest"]


@pytest.mark.parametrize(
    ("changes", "status", "place"),
    [
        ({"overrides": [{"place": "nowhere", "value": "1"}]}, 422, None),
        ({"overrides": [{"place": PERCENT, "value": "5%"}]}, 422, None),
        ({"overrides": []}, 422, "body.overrides"),
        ({"rule_set": "no-such-rules"}, 404, None),
        ({"version": 1, "known": "2025-01-01"}, 422, "body.known"),
        ({"parent": "0" * 64}, 404, None),
        ({"rule_set": None}, 422, "body.parent"),
        ({"title": "two\nlines"}, 422, "body.title"),
        ({"pupils": []}, 422, "body.pupils"),
    ],
)
def test_what_cannot_be_saved_is_refused(caller, changes, status, place):
    answer = caller.post("/v1/scenarios", json=BODY | changes)
    assert answer.status_code == status, answer.text
    if place is not None:
        assert place in [one["place"] for one in answer.json()["problems"]]
    assert caller.get("/v1/scenarios").json()["items"] == []


def test_a_scenario_stands_alone_and_with_its_own_rule_set(caller):
    digest = saved(caller)["digest"]
    for beside in ({"version": 1}, {"known": "2099-01-01"}, {"overrides": SIXTY}):
        body = {"rule_set": TOY, "scenario": digest, **beside, **SCHOOLS}
        answer = caller.post(WHAT_IF, json=body)
        assert answer.status_code == 422
        assert [one["place"] for one in answer.json()["problems"]] == ["body.scenario"]
    other = caller.post(WHAT_IF, json={"rule_set": "another", "scenario": digest, **SCHOOLS})
    assert other.status_code == 422
    assert TOY in other.json()["problems"][0]["sentence"]
    unknown = caller.post(WHAT_IF, json={"rule_set": TOY, "scenario": "0" * 64, **SCHOOLS})
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/scenario-unknown")


def test_scenarios_are_listed_the_last_saved_first_and_read_on_page_by_page(caller):
    made = [
        saved(caller, overrides=[{"place": PERCENT, "value": str(value)}])["digest"]
        for value in range(60, 65)
    ]
    read, after = [], None
    while True:
        asked = {"limit": 2, "rule_set": TOY} | ({"after": after} if after else {})
        page = caller.get("/v1/scenarios", params=asked).json()
        read += [one["digest"] for one in page["items"]]
        if len(read) == 2:
            # What is saved meanwhile comes before what was read.
            saved(caller, overrides=[{"place": PERCENT, "value": "70"}])
        after = page["next"]
        if after is None:
            break
    assert read == made[::-1]
    assert caller.get("/v1/scenarios", params={"after": "0" * 64}).status_code == 404
    assert caller.get("/v1/scenarios", params={"rule_set": "another"}).json()["items"] == []


def test_two_scenarios_stand_side_by_side(caller):
    first = saved(caller)["digest"]
    second = saved(caller, overrides=[{"place": VALUE, "value": "1100"}])["digest"]
    found = caller.get(f"/v1/scenarios/{first}/beside/{second}").json()
    assert found["numbers"] == [
        {"place": PERCENT, "published_first": "50", "published_second": "50", "first": "60", "second": None},
        {"place": VALUE, "published_first": "1000", "published_second": "1000", "first": None, "second": "1100"},
    ]  # fmt: skip
    assert caller.get(f"/v1/scenarios/{first}/beside/{'0' * 64}").status_code == 404


def test_a_scenario_of_another_organisation_is_not_there(caller, database):
    digest = saved(caller)["digest"]
    stranger = Asker("someone", "another-council", OWNER.roles)
    with database.writing() as session:
        with pytest.raises(service.ScenarioUnknown):
            service.found(stranger, session, digest)
        assert service.newest(stranger, session, None, None, 9) == []
        with pytest.raises(service.ScenarioUnknown):
            service.save(stranger, session, ScenarioRequest(parent=digest, overrides=SIXTY))
        # The same numbers are the other organisation's own.
        own = service.save(stranger, session, ScenarioRequest(rule_set=TOY, overrides=SIXTY))
        assert (own.row.digest, own.is_new) == (digest, True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE scenario SET title = 'x'", "UPDATE scenario SET overlay = '{}'", "DELETE FROM scenario",
        "INSERT INTO scenario SELECT * FROM scenario",
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_a_scenario(caller, database, change):
    saved(caller)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text(change))


def test_of_many_who_save_the_same_at_once_one_saves_it(caller, database):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: caller.post("/v1/scenarios", json=BODY), range(16)))
    assert sorted(one.status_code for one in answers) == [200] * 15 + [201]
    assert len({one.json()["digest"] for one in answers}) == 1
    with database.reading() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM scenario")) == 1


@given(
    pairs=st.dictionaries(st.text(max_size=9), st.decimals(allow_nan=False, places=4), max_size=5)
)
def test_a_digest_is_of_the_numbers_whatever_their_order_and_spelling(pairs):
    written = [(name, f"{value:f}") for name, value in pairs.items()]
    longer = [(name, f"{text}0" if "." in text else text) for name, text in reversed(written)]
    assert overlay_digest("a", overlay_of(written)) == overlay_digest("a", overlay_of(longer))
    assert overlay_digest("a", overlay_of(written)) != overlay_digest("b", overlay_of(written))
