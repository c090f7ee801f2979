"""The feed of releases says what was published, superseded and withdrawn; its ids never change and nothing in it runs."""

from xml.etree import ElementTree as ET

from fastapi.testclient import TestClient

from app.access import OWNER, Asker, Role, asker_of
from app.main import create_app
from app.rule_sets.feed import FEED, atom, releases_of
from app.rule_sets.publish import publish, withdraw
from engine.data import PUBLISHED
from engine.rules import load_rule_file, rule_files

ATOM = "{http://www.w3.org/2005/Atom}"
(FIRST, *_) = ("bedford-2022-23",)


def entries(caller):
    answer = caller.get("/rule-sets.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert "script" not in answer.text
    root = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    assert root.findtext(f"{ATOM}id") == FEED
    found = [
        {
            "id": one.findtext(f"{ATOM}id"),
            "title": one.findtext(f"{ATOM}title"),
            "updated": one.findtext(f"{ATOM}updated"),
            "href": one.find(f"{ATOM}link").get("href"),
        }
        for one in root.iter(f"{ATOM}entry")
    ]
    assert [one["updated"] for one in found] == sorted(
        (one["updated"] for one in found), reverse=True
    )
    return found


def document():
    path = next(one for one in rule_files(PUBLISHED) if FIRST in one.name)
    found = load_rule_file(path)
    return found.model_copy(update={"version": found.version + 1})


def test_every_change_is_an_entry_and_earlier_ids_stay(settings):
    service = create_app(settings)
    with TestClient(service) as caller:
        before = entries(caller)
        assert len({one["id"] for one in before}) == len(before) > 20
        later = document()
        with service.state.database.writing() as session:
            publish(OWNER, session, later)
        with service.state.database.writing() as session:
            withdraw(OWNER, session, FIRST, later.version, "a slip")
        after = entries(caller)
    titles = [one["title"] for one in after]
    assert titles[0] == f"{FIRST} version {later.version} was withdrawn"
    assert f"{FIRST} version {later.version} was published" in titles[:3]
    assert f"{FIRST} version {later.version - 1} was superseded by a later version" in titles[:3]
    assert {one["id"] for one in before} <= {one["id"] for one in after}
    assert after[0]["href"] == f"/rules/{FIRST}?version={later.version}"


def test_an_organisation_s_own_releases_are_seen_by_it_alone(settings):
    service = create_app(settings)
    kent = Asker("Anna", "Kent", frozenset(Role))
    own = document().model_copy(update={"identifier": "kentish-2022-23"})
    with TestClient(service) as caller:
        with service.state.database.writing() as session:
            publish(kent, session, own)
        assert "kentish" not in caller.get("/rule-sets.atom").text
        service.dependency_overrides[asker_of] = lambda: kent
        assert "kentish-2022-23 version" in entries(caller)[0]["title"]


def test_the_list_of_rules_names_the_feed(client):
    text = client.get("/rules").text
    assert 'type="application/atom+xml"' in text
    assert 'href="/rule-sets.atom">A feed' in text


def test_no_release_at_all_is_a_feed():
    root = ET.fromstring(atom(releases_of([], 10)))  # noqa: S314 - our own answer
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
