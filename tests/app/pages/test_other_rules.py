"""The same figures under other rules: the answers go where they are asked for, and what is left out is named."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_notional_sen_page import words_of

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
ANSWERS = {
    "phase": "primary",
    "school": "Saint Anne",
    "units_basic_entitlement_primary": "210",
    "units_fsm6_primary": "48",
    "blanks": "none",
    "ehc_plans": "6",
}


def moved(client, page, answers, to):
    """Return the answer to the choice of other rules, without what it leads to."""
    return client.get(f"{page}/other-rules", params=answers | {"to": to}, follow_redirects=False)


def test_rules_that_fund_the_phase_are_offered_and_lead_to_the_same_answers(client):
    result = client.get(NORTHUMBERLAND, params=ANSWERS)
    link = unescape(re.search(r'href="([^"]+)">The same figures under other', result.text)[1])
    page = client.get(link)
    options = dict(re.findall(r'<option value="([^"]+)">([^<]+)<', page.text))
    assert options["bedford-2022-23"] == "Bedford 2022-23"
    assert "northumberland-2025-26" not in options
    assert not [one for one in options if one.startswith("toy-")]
    answer = moved(client, NORTHUMBERLAND, ANSWERS, "bedford-2022-23")
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert there.path == "/notional-sen/bedford-2022-23"
    assert ANSWERS.items() <= dict(parse_qsl(there.query)).items()
    assert "app-answer__figure" in client.get(answer.headers["location"]).text


def test_the_national_formula_keeps_the_authority_of_the_school(client):
    address = moved(client, NORTHUMBERLAND, ANSWERS, "nff-2026-27").headers["location"]
    assert dict(parse_qsl(urlsplit(address).query))["la"] == "929"
    assert client.get(address).status_code == 200


def test_answers_that_the_other_rules_do_not_ask_for_are_named_before_they_are_left_out(client):
    answer = moved(client, WEST_SUSSEX, STATEMENT, "bedford-2022-23")
    assert answer.status_code == 200
    assert "Bedford 2022-23 does not ask for these answers" in words_of(answer)
    on = unescape(re.search(r'href="(/notional-sen/bedford[^"]+)"', answer.text)[1])
    labels = re.findall(r"<li>([^<]+)</li>", answer.text.partition("left out there")[2])
    assert labels
    left = STATEMENT.keys() - dict(parse_qsl(urlsplit(on).query)).keys()
    assert left
    assert "app-answer__figure" in client.get(on).text


def test_no_choice_is_said_at_the_box(client):
    answer = moved(client, NORTHUMBERLAND, ANSWERS, "no-such")
    assert answer.status_code == 422
    assert "Choose an authority and year" in words_of(answer)


def test_answers_with_mistakes_go_back_to_their_boxes(client):
    answer = moved(client, NORTHUMBERLAND, ANSWERS | {"ehc_plans": "x"}, "bedford-2022-23")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{NORTHUMBERLAND}?")
