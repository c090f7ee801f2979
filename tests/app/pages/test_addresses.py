"""A form that was sent leads to an address with its answers, and loses none of them."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from app.pages.addresses import LONGEST_ADDRESS
from app.pages.fields import fields_of_any, formula_of
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.rule_library import compiled, with_part

BEDFORD = "/notional-sen/bedford-2022-23"
CHECK = "/budget-check/windsor-and-maidenhead-2018-19"
LONGEST_ANSWER = "1,234,567.123456"


def sent(client, page, answers):
    """Return the answer to a form itself, without what it leads to."""
    return client.post(page, data=answers, follow_redirects=False)


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        (WEST_SUSSEX, STATEMENT),
        (CHECK, {"notional_sen": "34,100", "ehc_plans": "5"}),
        (BEDFORD, {"phase": "primary", "units_fsm_primary": "many", "ehc_plans": "1.5"}),
        (CHECK, {"notional_sen": "lots"}),
        (BEDFORD, {"phase": "primary", "try": "a.b", "units_fsm_primary": "3"}),
        (BEDFORD, {"phase": "primary", "school": "Saint Anne & Co", "units_fsm_primary": "3"}),
    ],
)
def test_a_sent_form_leads_to_an_address_that_has_every_answer(client, page, answers):
    answer = sent(client, page, answers)
    assert answer.status_code == 303
    there = urlsplit(answer.headers["location"])
    assert there.path == page
    assert there.netloc == ""
    found = dict(parse_qsl(there.query))
    assert {name: found.get(name) for name in answers} == answers


def test_what_is_wrong_is_said_at_the_address_with_the_answers_in_their_boxes(client):
    answer = client.post(BEDFORD, data={"phase": "primary", "units_fsm_primary": "many"})
    assert answer.history[0].status_code == 303
    assert answer.status_code == 422
    assert 'name="units_fsm_primary" type="text" spellcheck="false" value="many"' in answer.text


def test_a_form_without_an_answer_is_told_so_where_it_was_sent(client):
    answer = sent(client, BEDFORD, {"phase": "primary", "units_fsm_primary": ""})
    assert answer.status_code == 422
    assert "Answer at least one question" in answer.text


def test_what_no_address_can_hold_is_answered_at_once_and_says_so(client):
    answers = {"phase": "primary", "units_fsm_primary": "9" * LONGEST_ADDRESS}
    answer = sent(client, BEDFORD, answers)
    assert answer.status_code == 422
    assert "The answers are too long for an address" in answer.text
    shorter = {**answers, "units_fsm_primary": "9" * 100}
    assert sent(client, BEDFORD, shorter).status_code == 303


def test_every_question_answered_at_length_fits_in_an_address():
    lengths = {
        name: sum(len(field.name) + len(LONGEST_ANSWER) + 12 for field in fields_of_any(formula))
        for name in with_part("schools_formula")
        if (formula := formula_of(compiled(name))) is not None
    }
    assert max(lengths.values()) < LONGEST_ADDRESS, lengths


def test_answers_to_change_are_shown_without_their_result(client):
    changed = client.get(WEST_SUSSEX, params={**STATEMENT, "change": "yes"}).text
    assert "app-answer__figure" not in changed
    assert 'value="282.318137"' in changed
    assert "app-answer__figure" in client.get(WEST_SUSSEX, params=STATEMENT).text
