"""Drafts over HTTP: begun, saved, reviewed, approved by a second person, published, and every step recorded."""

import json

import pytest

from app.access import OWNER, Role
from app.audit.service import check_chain, newest
from tests.app.reviews.conftest import IDENTIFIER, TOY, person

ANNA, BEN, CLEO = (person(one) for one in ("anna", "ben", "cleo"))
CHANGED = TOY.replace('notional_percent: "', 'notional_percent: "1', 1)


def problem(answer, status: int, kind: str) -> dict:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{kind}"
    return answer.json()


def test_a_successor_has_the_next_number_and_is_beside_the_set_in_force(office):
    office.ask_as(ANNA)
    begun = office.begin()
    assert (begun["version"], begun["state"], begun["author"]) == (2, "draft", "anna")
    in_force = office.caller.get(f"/v1/rule-sets/{IDENTIFIER}").json()
    assert (in_force["version"], in_force["versions"]) == (1, [1])
    assert (
        office.caller.get("/v1/rule-sets", params={"q": "toy"}).json()["items"][0]["version"] == 1
    )
    problem(
        office.caller.get(f"/v1/rule-sets/{IDENTIFIER}", params={"version": 2}),
        404,
        "rule-set-unknown",
    )
    assert [one["version"] for one in office.caller.get("/v1/drafts").json()["items"]] == [2]


def test_a_draft_is_read_with_what_changed_in_words_and_who_changed_it(office):
    office.ask_as(ANNA)
    office.begin()
    office.ask_as(BEN)
    assert office.save(2, CHANGED).status_code == 200
    found = office.read(2)
    assert [one["actor"] for one in found["changes"]] == ["anna", "ben"]
    assert found["changes"][-1]["digest"] == found["digest"]
    assert found["base"]["version"] == 1
    assert len(found["differences"]) == 1
    assert "notional_percent" in found["differences"][0]["place"]
    assert found["document"]["version"] == 2


def test_a_second_person_approves_and_what_is_published_says_both(office):
    office.ask_as(ANNA)
    office.begin()
    assert office.save(2, CHANGED).status_code == 200
    assert office.post(2, "review").json()["state"] == "review"
    office.ask_as(BEN)
    assert office.approve(2).status_code == 200
    (approval,) = office.read(2)["approvals"]
    assert approval["holds"]
    done = office.post(2, "publication")
    assert done.status_code == 200, done.text
    assert done.json() == {
        "identifier": IDENTIFIER, "version": 2, "digest": approval["digest"], "author": "anna",
        "reviewer": "ben", "superseded": [1],
    }  # fmt: skip
    published = office.caller.get(f"/v1/rule-sets/{IDENTIFIER}").json()
    assert (published["version"], published["author"], published["reviewer"]) == (2, "anna", "ben")
    old = office.caller.get(f"/v1/rule-sets/{IDENTIFIER}", params={"version": 1}).json()
    assert (old["state"], old["reviewer"]) == ("superseded", None)
    problem(office.caller.get(f"/v1/drafts/{IDENTIFIER}/2"), 404, "draft-unknown")


def test_nobody_approves_what_they_wrote_or_changed_since_the_last_approval(office):
    office.ask_as(ANNA)
    office.begin()
    office.ask_as(BEN)
    office.save(2, CHANGED)
    office.post(2, "review")
    for one in (BEN, ANNA):
        office.ask_as(one)
        problem(office.approve(2), 409, "own-text")
    office.ask_as(CLEO)
    assert office.approve(2).status_code == 200


def test_an_approval_of_another_text_names_both_digests(office):
    office.ask_as(ANNA)
    before = office.begin()["digest"]
    office.save(2, CHANGED)
    office.post(2, "review")
    office.ask_as(BEN)
    now = office.read(2)["digest"]
    found = problem(office.approve(2, digest=before), 409, "approval-lapsed")
    assert before in found["detail"]
    assert now in found["detail"]
    assert office.read(2)["approvals"] == []


def test_sending_back_ends_an_approval_and_says_why(office):
    office.ask_as(ANNA)
    office.begin()
    office.post(2, "review")
    office.ask_as(BEN)
    office.approve(2)
    assert office.post(2, "return", {"words": "The percentage is last year's."}).status_code == 200
    office.ask_as(ANNA)
    office.post(2, "review")
    assert [one["holds"] for one in office.read(2)["approvals"]] == [False]
    (comment,) = office.read(2)["comments"]
    assert (comment["kind"], comment["actor"]) == ("sent_back", "ben")
    problem(office.post(2, "publication"), 409, "no-approval")
    office.ask_as(BEN)
    assert office.approve(2).status_code == 200
    assert office.post(2, "publication").status_code == 200


def test_a_remark_leaves_an_approval_and_the_tag_as_they_are(office):
    office.ask_as(ANNA)
    office.begin()
    office.post(2, "review")
    office.ask_as(BEN)
    office.approve(2)
    tag = office.tag(2)
    assert office.post(2, "comments", {"words": "Well done."}, tag=False).status_code == 200
    assert office.tag(2) == tag
    assert office.read(2)["approvals"][0]["holds"]


def test_the_owner_of_a_service_without_sign_in_publishes_without_a_second_person(office):
    office.ask_as(OWNER)
    office.begin()
    office.post(2, "review")
    done = office.post(2, "publication")
    assert (done.status_code, done.json()["reviewer"]) == (200, None)
    with office.database.reading() as session:
        assert "published without a second person" in newest(OWNER, session, 1)[0].detail


def test_a_person_does_not_publish_alone(office):
    office.ask_as(ANNA)
    office.begin()
    office.post(2, "review")
    problem(office.post(2, "publication"), 409, "no-approval")


def test_the_owner_does_not_publish_alone_what_another_had_a_part_in(office):
    office.ask_as(ANNA)
    office.begin()
    office.ask_as(OWNER)
    office.post(2, "review")
    problem(office.post(2, "publication"), 409, "no-approval")


def test_a_change_needs_the_tag_of_what_is_changed(office):
    office.ask_as(ANNA)
    stale = {"If-Match": office.begin()["etag"]}
    problem(office.save(2, CHANGED, {}), 428, "match-needed")
    assert office.save(2, CHANGED, stale).status_code == 200
    problem(office.save(2, TOY, stale), 412, "match-stale")
    for step in ("review", "publication"):
        problem(office.post(2, step, tag=False), 428, "match-needed")
    address = f"/v1/drafts/{IDENTIFIER}/2"
    problem(office.caller.delete(address), 428, "match-needed")
    problem(office.caller.delete(address, headers=stale), 412, "match-stale")
    assert office.caller.delete(address, headers=office.tag(2)).status_code == 204
    problem(office.caller.get(address), 404, "draft-unknown")


def test_a_text_that_is_no_rule_document_is_refused_with_every_problem_and_not_kept(office):
    office.ask_as(ANNA)
    before = office.begin()["digest"]
    wrong = TOY.replace('funding_year: "2025-26"', 'funding_year: "2025"').replace(
        "about:", "abuot:"
    )
    refused = office.save(2, wrong)
    assert refused.status_code == 422
    assert refused.json()["total"] >= 2
    assert all(one["line"] for one in refused.json()["problems"])
    assert office.read(2)["digest"] == before


def test_a_draft_keeps_its_identifier_and_takes_its_own_number(office):
    office.ask_as(ANNA)
    office.begin()
    other = TOY.replace("identifier: toy-2025-26", "identifier: toy-2026-27")
    problem(office.save(2, other), 422, "input-refused")
    assert office.save(2, CHANGED.replace("version: 1", "version: 7")).status_code == 200
    assert office.read(2)["document"]["version"] == 2


def test_a_text_of_a_new_rule_set_begins_as_its_first_version(office):
    office.ask_as(ANNA)
    text = TOY.replace("identifier: toy-2025-26", "identifier: new-2025-26")
    begun = office.begin(document=text)
    assert (begun["identifier"], begun["version"]) == ("new-2025-26", 1)
    found = office.read(1, "new-2025-26")
    assert (found["base"], found["differences"]) == (None, [])


def test_the_json_of_a_published_document_is_a_text_to_begin_from(office):
    office.ask_as(ANNA)
    text = office.caller.get(f"/v1/rule-sets/{IDENTIFIER}/document").text
    office.begin(document=text)
    assert office.read(2)["differences"] == []


@pytest.mark.parametrize("body", [{}, {"document": TOY, "successor_of": IDENTIFIER}])
def test_a_draft_begins_from_a_text_or_from_what_is_published(office, body):
    office.ask_as(ANNA)
    answer = office.caller.post("/v1/drafts", json=body)
    assert problem(answer, 422, "input-refused")["problems"][0]["rule"] == "one-of-two"
    assert office.caller.get("/v1/drafts").json()["items"] == []


def test_steps_that_a_draft_cannot_take_are_refused(office):
    office.ask_as(ANNA)
    office.begin()
    for step, body in (("publication", None), ("return", {"words": "x"})):
        problem(office.post(2, step, body), 409, "draft-step")
    problem(office.approve(2), 409, "draft-step")
    office.post(2, "review")
    problem(office.save(2, CHANGED), 409, "draft-step")
    problem(office.post(2, "review"), 409, "draft-step")
    tag = office.tag(2)
    problem(office.caller.delete(f"/v1/drafts/{IDENTIFIER}/2", headers=tag), 409, "draft-step")
    office.ask_as(BEN)
    office.approve(2)
    problem(office.approve(2), 409, "draft-step")


def test_an_earlier_draft_does_not_take_the_place_of_a_later_version(office):
    office.ask_as(OWNER)
    office.begin()
    office.begin()
    for number in (3, 2):
        office.post(number, "review")
    assert office.post(3, "publication").json()["superseded"] == [1]
    problem(office.post(2, "publication"), 409, "later-published")


def test_findings_are_acknowledged_by_the_name_of_their_detector(office):
    office.ask_as(ANNA)
    source = "  memory:\n    title: From memory\n"
    text = TOY.replace("sources:\n", f"sources:\n{source}")
    text = text.replace("  source: example\n", "  source: memory\n", 1)
    office.begin(document=text)
    office.post(2, "review")
    office.ask_as(BEN)
    found = {one["name"]: one for one in office.read(2)["detectors"]}
    assert list(found) == [
        "value-moved-far", "line-without-a-public-name", "value-without-a-source"
    ]  # fmt: skip
    assert found["value-moved-far"]["without"] == "no rules of the year before are published"
    assert found["value-without-a-source"]["findings"][0]["place"] == "sources.memory"
    refused = problem(office.approve(2, acknowledged=[]), 422, "input-refused")
    assert [one["rule"] for one in refused["problems"]] == ["finding"]
    problem(office.approve(2, acknowledged=["value-moved-far"]), 422, "input-refused")
    assert office.approve(2).status_code == 200
    assert office.read(2)["approvals"][0]["acknowledged"] == ["value-without-a-source"]


def test_cases_that_are_sent_are_named_as_they_came_out(office):
    office.ask_as(ANNA)
    office.begin()
    office.post(2, "review")
    office.ask_as(BEN)
    # 8,000, 2% more, × 1.1.
    pupil = {"band": "B", "setting": "special", "sen_provision": "E", "hours": "25"}
    cases = [
        {**pupil, "case": "right", "paid": "8976.00"},
        {**pupil, "case": "wrong", "paid": "8976.01"},
    ]
    answer = office.approve(2, cases=cases)
    assert answer.status_code == 200, answer.text
    (approval,) = office.read(2)["approvals"]
    assert approval["cases_passed"] == ["cases, row 1, right"]
    assert approval["cases_different"] == ["cases, row 2, wrong"]


def test_another_organisations_draft_is_not_found(office):
    office.ask_as(ANNA)
    office.begin()
    tag = office.tag(2)
    office.ask_as(person("dora", tenant="kent"))
    address = f"/v1/drafts/{IDENTIFIER}/2"
    assert office.caller.get("/v1/drafts").json()["items"] == []
    asked = [
        office.caller.get(address),
        office.caller.put(address, json={"document": CHANGED}, headers=tag),
        office.caller.delete(address, headers=tag),
        *(
            office.caller.post(f"{address}/{step}", json=body, headers=tag)
            for step, body in (
                ("review", None), ("return", {"words": "x"}), ("comments", {"words": "x"}),
                ("approval", {"digest": "0" * 64}), ("publication", None),
            )
        ),
    ]  # fmt: skip
    for one in asked:
        problem(one, 404, "draft-unknown")
    answer = office.caller.post("/v1/drafts", json={"successor_of": IDENTIFIER})
    problem(answer, 409, "identifier-shared")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.viewer, set()), (Role.modeller, set()), (Role.admin, set()),
        (Role.author, {"get", "put", "delete", "review", "comments"}),
        (Role.reviewer, {"get", "return", "comments", "approval"}),
        (Role.publisher, {"get", "comments", "publication"}),
    ],
)  # fmt: skip
def test_a_role_may_take_its_own_steps_alone(office, role, may):
    office.ask_as(ANNA)
    office.begin()
    office.ask_as(person("eve", role))
    address, tag = f"/v1/drafts/{IDENTIFIER}/2", {"If-Match": '"none"'}
    answers = {
        "get": office.caller.get(address),
        "put": office.caller.put(address, json={"document": CHANGED}, headers=tag),
        "delete": office.caller.delete(address, headers=tag),
        **{
            step: office.caller.post(f"{address}/{step}", json=body, headers=tag)
            for step, body in (
                ("review", None), ("return", {"words": "x"}), ("comments", {"words": "x"}),
                ("approval", {"digest": "0" * 64}), ("publication", None),
            )
        },
    }  # fmt: skip
    allowed = {name for name, answer in answers.items() if answer.status_code != 403}
    assert allowed == may


def test_every_step_is_one_event_in_a_chain_that_fits(office):
    office.ask_as(ANNA)
    office.begin()
    office.save(2, CHANGED)
    office.post(2, "review")
    office.post(2, "return", {"words": "A word that no event repeats."})
    office.post(2, "comments", {"words": "Another such word."}, tag=False)
    office.post(2, "review")
    office.ask_as(BEN)
    office.approve(2)
    office.post(2, "publication")
    office.begin()
    office.caller.delete(f"/v1/drafts/{IDENTIFIER}/3", headers=office.tag(3))
    with office.database.reading() as session:
        # What is first is the publication of the rules that a draft begins as.
        events = newest(OWNER, session, 12)[-2::-1]
        assert check_chain(OWNER, session).fault is None
    assert [(one.actor, one.action) for one in events] == [
        ("anna", "draft begun"), ("anna", "draft saved"), ("anna", "draft sent for review"),
        ("anna", "draft sent back"), ("anna", "comment on a draft"), ("anna", "draft sent for review"),
        ("ben", "draft approved"), ("ben", "rule set superseded"), ("ben", "rule set published"),
        ("ben", "draft begun"), ("ben", "draft deleted"),
    ]  # fmt: skip
    assert "word" not in json.dumps([one.detail for one in events])


def test_drafts_are_listed_page_by_page(office):
    office.ask_as(ANNA)
    for _ in range(3):
        office.begin()
    first = office.caller.get("/v1/drafts", params={"limit": 2}).json()
    assert [one["version"] for one in first["items"]] == [2, 3]
    rest = office.caller.get("/v1/drafts", params={"after": first["next"]}).json()
    assert ([one["version"] for one in rest["items"]], rest["next"]) == ([4], None)
