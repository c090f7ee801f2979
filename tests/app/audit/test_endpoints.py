"""The audit is read over the API and as a page: the newest first, by subject, an organisation its own."""

import re

import pytest
from fastapi.testclient import TestClient

from app.access import OWNER, Asker, Role, asker_of
from app.audit.service import Action, record
from app.main import create_app

ANNA = Asker("Anna Archer", "Kent", frozenset({Role.admin}))
DIGEST = "ab12" * 16


@pytest.fixture
def audited(settings):
    """Give a caller of a service with events of its own beside those of the published rule sets."""
    service = create_app(settings)
    with TestClient(service) as caller:
        with service.state.database.writing() as session:
            for at in range(3):
                record(
                    OWNER,
                    session,
                    Action.rule_set_withdrawn,
                    f"essex-2026-27 version {at + 1}",
                    {"reason": "a <b>slip</b>"},
                )
            record(
                ANNA,
                session,
                Action.rule_set_published,
                "kentish-2026-27 version 1",
                {"digest": DIGEST},
            )
            read = {"rows": 30, "requests": 2, "first": "x", "last": "y"}
            record(ANNA, session, Action.pupils_read, "/v1/what-ifs/top-ups", read)
        yield caller


def as_asker(caller, asker):
    caller.app.dependency_overrides[asker_of] = lambda: asker


def test_events_are_listed_the_newest_first_with_what_they_say(audited):
    newest, before, *_ = audited.get("/v1/audit").json()["items"]
    assert (newest["actor"], newest["action"]) == ("Anna Archer", "pupil data read")
    assert newest["detail"]["rows"] == 30
    assert newest["seq"] == before["seq"] + 1
    assert before["detail"] == {"digest": DIGEST}
    assert len(newest["hash"]) == 64


def test_every_event_is_reached_page_by_page_and_none_twice(audited):
    seen, before = [], None
    while True:
        answer = audited.get(
            "/v1/audit", params={"limit": 7} | ({"before": before} if before else {})
        ).json()
        seen += [one["seq"] for one in answer["items"]]
        before = answer["next"]
        if before is None:
            break
    assert seen == list(range(seen[0], 0, -1))
    assert len(seen) > 10


def test_events_about_a_subject_are_found_and_signs_of_patterns_are_plain(audited):
    found = audited.get("/v1/audit", params={"subject": "KENTISH-2026"}).json()["items"]
    assert [one["subject"] for one in found] == ["kentish-2026-27 version 1"]
    assert not audited.get("/v1/audit", params={"subject": "%"}).json()["items"]


@pytest.mark.parametrize(
    "wrong",
    ["before=0", "before=x", "limit=0", "limit=101", "subject=", "other=1", "before=1&before=2"],
)
def test_a_wrong_question_is_refused(audited, wrong):
    assert audited.get(f"/v1/audit?{wrong}").status_code == 422


def test_an_organisation_reads_its_own_events_alone(audited):
    as_asker(audited, ANNA)
    items = audited.get("/v1/audit").json()["items"]
    assert {one["tenant"] for one in items} == {"Kent"}
    assert len(items) == 2
    page = audited.get("/audit").text
    assert "kentish-2026-27" in page
    assert "essex" not in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.admin}))
@pytest.mark.parametrize("address", ["/v1/audit", "/audit"])
def test_who_may_not_read_the_audit_is_refused_and_the_refusal_is_an_event(audited, role, address):
    as_asker(audited, Asker("Ben", "Kent", frozenset({role})))
    answer = audited.get(address)
    assert answer.status_code == 403
    assert "kentish-2026-27" not in answer.text
    as_asker(audited, ANNA)
    newest = audited.get("/v1/audit").json()["items"][0]
    assert (newest["actor"], newest["action"]) == ("Ben", "access denied")


def test_the_page_says_in_words_who_did_what(audited):
    text = audited.get("/audit").text
    for words in (
        "Anna Archer (Kent)", "The owner of this service", "Pupil data read: /v1/what-ifs/top-ups",
        "30 rows in 2 requests", f"Digest: {DIGEST[:12]}…", "Reason: a &lt;b&gt;slip&lt;/b&gt;",
    ):  # fmt: skip
        assert words in text
    assert text.index("Anna Archer") < text.index("The owner of this service")


def test_the_page_leads_to_older_events_and_back(audited):
    with audited.app.state.database.writing() as session:
        for at in range(120):
            record(OWNER, session, Action.register_removed, f"register {at}")
    seen, address, pages = [], "/audit?subject=register", 0
    while address:
        text = audited.get(address).text
        seen += re.findall(r"Register removed: register ([0-9]+)", text)
        older = re.search(r'href="([^"]+)">Older events', text)
        address, pages = older and older[1].replace("&amp;", "&"), pages + 1
    assert [int(one) for one in seen] == list(range(119, -1, -1))
    assert pages == 3
    assert 'href="/audit?subject=register">Newest events' in text


@pytest.mark.parametrize(
    "odd", ["subject=%00&before=x", "before=9999999999999999", "subject=" + "a" * 5_000, "before=٣"]
)
def test_odd_queries_of_the_page_are_answered(audited, odd):
    assert audited.get(f"/audit?{odd}").status_code == 200
