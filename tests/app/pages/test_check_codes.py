"""The check code of a result: it fits its own address and no other, and says whether the result is final."""

import re
from html import unescape

import pytest

from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_notional_sen_page import words_of

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
PLANS = {"phase": "primary", "school": "Saint Anne", "units_fsm6_primary": "48", "blanks": "none"}
CHECK = "/budget-check/windsor-and-maidenhead-2018-19"


def printed(client, page, answers):
    """Return the address and the code that a result prints."""
    answer = client.get(page, params=answers)
    code = re.search(r"Check code <strong[^>]*>([^<]+)<", answer.text)[1]
    address = unescape(re.search(r"Address of this result: ([^<]+)<", answer.text)[1])
    return address.removeprefix("http://testserver"), code


def said(client, address, code):
    """Return what the page says of an address and a code."""
    return words_of(client.get("/check", params={"address": address, "code": code}))


@pytest.mark.parametrize(
    ("page", "answers"),
    [(NORTHUMBERLAND, PLANS), (WEST_SUSSEX, STATEMENT), (CHECK, {"notional_sen": "34100"})],
)
def test_a_code_fits_the_address_that_is_printed_with_it(client, page, answers):
    address, code = printed(client, page, answers)
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", code)
    assert "Unaltered" in said(client, address, code)
    assert "Unaltered" in said(client, f"https://other.example{address}", code.lower())
    before, after = address[:50], address[50:]
    assert "Unaltered" in said(client, f" {before}\n {after}", code.replace("-", " "))


@pytest.mark.parametrize(
    "changed",
    [{"units_fsm6_primary": "49"}, {"school": "Saint Ann"}, {"ehc_plans": "1"}, {"blanks": ""}],
)
def test_a_code_fits_no_other_answers(client, changed):
    _, code = printed(client, NORTHUMBERLAND, PLANS)
    other, _ = printed(client, NORTHUMBERLAND, PLANS | changed)
    text = said(client, other, code)
    assert "The code is not that of this address" in text
    assert "final" not in text.partition("altered or mistyped")[0]


def test_a_code_is_that_of_its_version_of_the_rules(client):
    first, code = printed(
        client, "/notional-sen/nff-2025-26", {**PLANS, "la": "383", "version": "1"}
    )
    assert "Superseded" in said(client, first, code)
    latest, other = printed(client, "/notional-sen/nff-2025-26", {**PLANS, "la": "383"})
    assert other != code
    assert "Superseded" not in said(client, latest, other)


def test_what_is_not_checked_or_not_known_is_indicative(client):
    text = said(client, *printed(client, NORTHUMBERLAND, PLANS))
    assert "indicative : some values of its rules were not checked" in text
    unknown = {name: text for name, text in PLANS.items() if name != "blanks"}
    assert "some of what it needs is not known" in said(
        client, *printed(client, NORTHUMBERLAND, unknown)
    )


@pytest.mark.parametrize(
    ("address", "code", "sentence"),
    [
        ("", "", "Enter the address of a result"),
        ("https://a.example/other?x=1", "ABCD-EFGH-2345", "Enter the address of a result"),
        ("http://[bad", "ABCD-EFGH-2345", "Enter the address of a result"),
        (f"{NORTHUMBERLAND}?phase=primary", "ABCD-EFGH-2345", "Enter the address of a result"),
        (f"{NORTHUMBERLAND}?phase=primary&blanks=none", "ABC", "Enter the check code: 12"),
    ],
)
def test_what_is_no_address_and_no_code_is_said_at_its_box(client, address, code, sentence):
    answer = client.get("/check", params={"address": address, "code": code})
    assert answer.status_code == 422
    assert words_of(answer).count(sentence) == 2


def test_the_boxes_are_empty_at_first(client):
    answer = client.get("/check")
    assert answer.status_code == 200
    assert "There is a problem" not in answer.text
