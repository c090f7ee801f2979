"""Pages of drafts: begun, changed, reviewed, approved and published in a browser's forms, without scripts."""

import html
import re

import pytest

from app.access import OWNER, Role
from tests.app.reviews.conftest import IDENTIFIER, TOY, person

ANNA, BEN = person("anna"), person("ben")
CHANGED = TOY.replace('notional_percent: "', 'notional_percent: "1', 1)
HERE = f"/drafts/{IDENTIFIER}/2"
BROWSER = {"Accept": "text/html"}


def show(office, address: str = HERE) -> str:
    answer = office.caller.get(address, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return answer.text


def hidden(page: str, name: str) -> str:
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def send(office, step: str, status: int = 200, **entries: str):
    page = show(office)
    known = {name: hidden(page, name) for name in ("tag", "digest") if f'name="{name}"' in page}
    answer = office.caller.post(f"{HERE}/{step}", data=known | entries, headers=BROWSER)
    assert answer.status_code == status, answer.text
    return answer


def begin(office) -> None:
    answer = office.caller.post("/drafts", data={"successor_of": IDENTIFIER}, headers=BROWSER)
    assert answer.url.path == HERE


def test_a_draft_goes_from_its_author_to_a_second_person_and_is_published(office):
    office.ask_as(ANNA)
    begin(office)
    assert "Nothing differs" in show(office)
    page = send(office, "text", document=CHANGED).text
    assert "Basic entitlement" in page
    assert "15%" in page
    assert "Approve this text" not in page
    page = send(office, "review").text
    assert "Approve this text" not in page, "the author does not approve"
    office.ask_as(BEN)
    assert "Approve this text" in show(office)
    assert "Publish</button>" not in re.sub(r"\s", "", show(office))
    send(office, "comments", words="Checked with the schools forum.\nTwice.")
    page = send(office, "approval").text
    assert "Approved by ben as it is now" in page
    assert "Checked with the schools forum." in page
    published = send(office, "publication")
    assert published.url.path == f"/rules/{IDENTIFIER}"
    assert "Written by anna, approved by ben." in published.text
    assert "There are no drafts." in show(office, "/drafts")


def test_a_text_with_mistakes_is_shown_again_with_each_and_is_not_saved(office):
    office.ask_as(ANNA)
    begin(office)
    wrong = TOY.replace("about:", "abuot:") + "<script>"
    answer = send(office, "text", 422, document=wrong)
    assert "There is a problem" in answer.text
    assert re.search(r"line [0-9]+:", answer.text)
    assert "abuot:" in answer.text
    assert "<script>" not in answer.text.partition("<main")[2]
    assert "Nothing differs" in show(office)


def test_a_draft_is_sent_back_with_a_reason_and_an_approval_has_ended(office):
    office.ask_as(ANNA)
    begin(office)
    send(office, "review")
    office.ask_as(BEN)
    send(office, "approval")
    assert "Enter why the draft is sent back" in send(office, "return", 422).text
    page = send(office, "return", words="The percentage is last year's.").text
    assert "Sent back by" in page
    assert "this approval has ended" in page


def test_a_page_that_was_shown_before_a_change_changes_nothing(office):
    office.ask_as(ANNA)
    begin(office)
    tag = hidden(show(office), "tag")
    send(office, "text", document=CHANGED)
    entries = {"tag": tag, "document": TOY}
    answer = office.caller.post(f"{HERE}/text", data=entries, headers=BROWSER)
    assert answer.status_code == 412
    assert "The draft was changed since" in answer.text
    assert "15%" in show(office)


def test_findings_are_read_before_the_text_is_approved(office):
    office.ask_as(ANNA)
    begin(office)
    send(office, "text", document=TOY.replace("    publisher: Evenband contributors\n", ""))
    send(office, "review")
    office.ask_as(BEN)
    assert "Say that you read what was found" in send(office, "approval", 422).text
    page = send(office, "approval", acknowledged="value-without-a-source").text
    assert "Approved by ben as it is now" in page


def test_the_owner_alone_publishes_without_a_second_person_and_the_page_says_so(office):
    office.ask_as(OWNER)
    begin(office)
    assert "It is published without a second person" in send(office, "review").text
    published = send(office, "publication").text
    assert "Written by owner, published without a second person." in published


@pytest.mark.parametrize("entries", [{}, {"successor_of": IDENTIFIER, "document": TOY}])
def test_a_draft_begins_from_one_of_two(office, entries):
    office.ask_as(ANNA)
    answer = office.caller.post("/drafts", data=entries, headers=BROWSER)
    assert answer.status_code == 422
    assert "Choose published rules to begin from" in answer.text


def test_a_draft_is_deleted(office):
    office.ask_as(ANNA)
    begin(office)
    assert "There are no drafts." in send(office, "deletion").text


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.author, {"comments", "text", "review", "deletion"}),
        (Role.reviewer, {"comments"}),
        (Role.publisher, {"comments"}),
    ],
)
def test_a_page_offers_the_steps_of_a_role_alone(office, role, offered):
    office.ask_as(ANNA)
    begin(office)
    office.ask_as(person("eve", role))
    assert set(re.findall(rf'action="{HERE}/([a-z]+)"', show(office))) == offered


def test_who_may_only_read_sees_no_draft(office):
    office.ask_as(ANNA)
    begin(office)
    office.ask_as(person("eve", Role.viewer))
    for address in ("/drafts", HERE):
        assert office.caller.get(address, headers=BROWSER).status_code == 403
