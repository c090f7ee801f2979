"""Is it what my letter says: boxes, the letter beside the result, what explains a gap, and the same by the API."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.app.pages.test_notional_sen_page import words_of
from tests.app.pages.test_words_of_a_school import NOT_SAID
from tests.engine.test_statement_rows import W1

RULES = "northumberland-2025-26"
PAGE, RESULT = f"/letter/{RULES}", f"/notional-sen/{RULES}"
SCHOOL = {
    "phase": "primary", "school": "An invented school", "units_basic_entitlement_primary": "210",
    "units_fsm6_primary": "48", "units_low_prior_attainment_primary": "58.5", "units_eal_primary": "4",
    "blanks": "none",
}  # fmt: skip
NAMED = {"phase", "school", "blanks"}


def figures(client, **changed):
    """Return the notional SEN and formula funding of the school with other numbers, as the API has them."""
    record = {name: text for name, text in (SCHOOL | changed).items() if name not in NAMED}
    body = {
        "rule_set": RULES, "absent_lines": "zero",
        "schools": [{"urn": "900001", "phase": "primary", **record}],
    }  # fmt: skip
    [school] = client.post("/v1/what-ifs/notional-sen", json=body).json()["schools"]
    return school["notional_sen"], school["formula_total"]


def api(client, letter):
    """Return the API's answer for the letter that a page has in its address."""
    lines = {}
    for name, text in letter.items():
        kind, _, line = name.removeprefix("letter_").partition("_")
        if line:
            lines.setdefault(line, {})[kind] = text
    totals = {name: letter.get(f"letter_{name}") for name in ("notional", "formula")}
    record = {name: text for name, text in SCHOOL.items() if name not in NAMED}
    school = {"urn": "1", "phase": "primary", "school_name": SCHOOL["school"], **record}
    body = {
        "rule_set": RULES, "absent_lines": "zero", "school": school,
        "letter": {**totals, "lines": lines},
    }  # fmt: skip
    answer = client.post("/v1/what-ifs/letter", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(client, letter):
    answer = client.get(PAGE, params=SCHOOL | letter)
    assert answer.status_code == 200, answer.text
    return unescape(words_of(answer))


def sterling(text):
    whole, _, part = text.removeprefix("-").partition(".")
    return f"{'−' if text.startswith('-') else ''}£{int(whole):,}.{part}"


def letters(client):
    """Return letters of which another one input is true, and some of which no one is, by name."""
    more = figures(client, units_fsm6_primary="50")
    fewer = figures(client, units_low_prior_attainment_primary="40.5")
    swapped = figures(client, units_fsm6_primary="58.5", units_low_prior_attainment_primary="48")
    same = figures(client)
    return {
        "two pupils more": {"letter_notional": more[0], "letter_formula": more[1]},
        "the budget alone": {"letter_notional": fewer[0]},
        "two numbers exchanged": {"letter_notional": swapped[0], "letter_formula": swapped[1]},
        "the same": {"letter_notional": same[0], "letter_formula": same[1]},
        "a line": {"letter_amount_fsm6_primary": "53000.00", "letter_amount_lump_sum": "145100.00"},
        "no one cause": {"letter_notional": "1.01", "letter_amount_fsm6_primary": "50880.00"},
        "several lines together": {"letter_amount_idaci": "4.00", "letter_notional": same[0]},
        "what the rules do not have": {"letter_notional": "3.00", "letter_amount_fringe": "-2.50"},
    }


NAMES = (
    "two pupils more", "the budget alone", "two numbers exchanged", "the same", "a line",
    "no one cause", "several lines together", "what the rules do not have",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_page_and_api_say_the_same_of_a_letter(client, name):
    letter = letters(client)[name]
    page, answer = shown(client, letter), api(client, letter)
    assert answer["headline"] in page
    for cause in answer["causes"]:
        assert cause["sentence"] in page
    assert answer["paragraph"] in page
    for line in answer["lines"]:
        for kind in ("amount", "notional"):
            if line[kind]["theirs"] is not None:
                ours, theirs = (sterling(line[kind][one]) for one in ("ours", "theirs"))
                assert f"{line['label']} {ours} {theirs}" in page
    for kind, label in (("notional", "Notional SEN budget"), ("formula", "Formula funding")):
        if answer[kind]["theirs"] is not None:
            ours, theirs = (sterling(answer[kind][one]) for one in ("ours", "theirs"))
            assert f"{label} {ours} {theirs}" in page
    assert not [page[one.start() - 40 : one.end() + 40] for one in NOT_SAID.finditer(page)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two pupils more", "Free school meals, last six years (primary): the letter may count 50, not 48"),
        ("the budget alone", "Low prior attainment (primary): the letter may count 40.5, not 58.5"),
        ("two numbers exchanged", "the letter may have the two numbers the wrong way round"),
    ],
)  # fmt: skip
def test_the_one_input_that_is_another_is_among_the_causes(client, name, said):
    letter = letters(client)[name]
    assert said in shown(client, letter)
    causes = api(client, letter)["causes"]
    assert {one["explains"] for one in causes} == {api(client, letter)["gap"]}
    assert [one["rank"] for one in causes] == sorted(one["rank"] for one in causes)


def test_a_letter_with_the_same_figures_asks_nothing_of_anybody(client):
    letter = letters(client)["the same"]
    page, answer = shown(client, letter), api(client, letter)
    assert answer["is_same"]
    assert answer["causes"] == []
    assert answer["paragraph"] == ""
    assert "The letter has the same figures" in page
    assert "Ask your authority" not in page


def test_a_letter_whose_own_lines_do_not_come_to_its_total_is_said_with_what_that_is_as_much_as(
    client,
):
    lines = {
        "letter_notional_fsm6_primary": "50880",
        "letter_notional_low_prior_attainment_primary": "68737.50",
    }
    page = shown(client, lines | {"letter_notional": "118557.50"})
    said = "Its lines come to £119,617.50 of notional SEN, and its total is £118,557.50; £1,060.00 is as much as 1 pupil of Free school meals, last six years (primary)."
    assert f"The letter does not add up. {said}" in page
    assert "No single change" not in page
    answer = api(client, lines | {"letter_notional": "118557.50"})
    assert "The lines of the statement come to £119,617.50 of notional SEN" in answer["paragraph"]
    adds_up = shown(client, lines | {"letter_notional": "119617.50"})
    assert "does not add up" not in adds_up
    some = {"letter_notional": "118557.50", "letter_notional_fsm6_primary": "50880"}
    assert "does not add up" not in shown(client, some)


def test_pupils_on_roll_are_whole_whatever_would_explain_a_letter(client):
    """An authority's unit value of pounds and pence explains the line; 209.28 pupils on roll do not."""
    page = shown(client, {"letter_amount_basic_entitlement_primary": "804972.00"})
    assert "Basic entitlement (primary): the letter may pay" in page
    assert "Basic entitlement (primary): the letter may count 209." not in page


def test_lines_that_are_the_same_are_folded_below_those_that_are_not(client):
    same = {
        "basic_entitlement": "807870",
        "fsm": "0",
        "idaci_a": "0",
        "idaci_b": "0",
        "eal": "2380",
    }
    letter = {f"letter_amount_{name}_primary": pounds for name, pounds in same.items()}
    answer = client.get(PAGE, params=SCHOOL | letter | {"letter_amount_fsm6_primary": "53000"})
    shown_first = answer.text.partition("<h2")[2].partition("lines are the same in both")[0]
    assert "£53,000.00" in shown_first
    assert "£807,870.00" not in shown_first
    assert "5 lines are the same in both" in words_of(answer)


def test_the_letter_is_typed_and_its_answer_has_an_address(client):
    ask = client.get(PAGE, params=SCHOOL)
    assert ask.status_code == 200
    assert 'name="letter_notional"' in ask.text
    assert 'name="letter_notional_fsm6_primary"' in ask.text
    typed = {
        "letter_notional": "£123,456",
        "letter_amount_fsm6_primary": "50,880",
        "letter_formula": "",
    }
    answer = client.post(PAGE, data=SCHOOL | typed, follow_redirects=False)
    assert answer.status_code == 303
    to = answer.headers["location"]
    sent = dict(parse_qsl(urlsplit(to).query))
    assert sent == SCHOOL | {name: text for name, text in typed.items() if text} | {"version": "1"}
    assert "The letter has £3,838.50 more notional SEN" in words_of(client.get(to))
    again = client.get(f"{to}&change=yes")
    assert 'value="£123,456"' in again.text


@pytest.mark.parametrize(
    ("letter", "said", "box"),
    [
        ({}, "Enter what your letter says", "letter_notional"),
        ({"letter_notional": "lots"}, "must be an amount in pounds", "letter_notional"),
        ({"letter_amount_fsm6_primary": "1.234"}, "must be an amount in pounds", "letter_amount_fsm6_primary"),
        ({"letter_amount_nothing": "1"}, "This link is out of date", None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_letter_is_said_at_its_box(client, letter, said, box):
    answer = client.post(PAGE, data=SCHOOL | letter, follow_redirects=False)
    assert answer.status_code == 422
    assert said in words_of(answer)
    if box:
        assert f'href="#{box}"' in answer.text
        assert f'id="{box}"' in answer.text


def test_answers_without_a_result_lead_back_to_the_questions(client):
    wrong = client.get(PAGE, params=SCHOOL | {"units_fsm6_primary": "many"}, follow_redirects=False)
    assert wrong.status_code == 303
    assert wrong.headers["location"].startswith(f"{RESULT}?")
    none = client.get(PAGE, follow_redirects=False)
    assert none.headers["location"].startswith("/?rules=")
    unasked = client.post(PAGE, data=SCHOOL | {"ours": "Zebulon"}, follow_redirects=False)
    assert "Zebulon" not in unasked.headers["location"]


def test_what_is_not_known_has_no_cause_and_says_so(client):
    partial = {name: text for name, text in SCHOOL.items() if name != "blanks"}
    answer = client.get(PAGE, params=partial | {"letter_notional": "123456"})
    assert answer.status_code == 200
    assert "The result is not complete" in words_of(answer)


def test_a_pasted_statement_is_compared_with_its_result_line_by_line(client):
    sent = {"phase": "secondary", "text": W1, "do": "use", "blanks": "none"}
    to = client.post("/paste/west-sussex-2021-22", data=sent, follow_redirects=False).headers[
        "location"
    ]
    last_year = urlencode({"prior_budget": "5175278.74", "prior_pupils": "983"})
    result = client.get(f"{to.replace('&change=yes', '')}&{last_year}")
    link = unescape(re.search(r'href="(/letter/[^"]+)">Compare with the pounds', result.text)[1])
    page = words_of(client.get(link))
    assert "The letter has the same figures" in page
    assert page.count(" Same") >= 10


def test_a_wrong_figure_of_a_body_is_named_at_its_place(client):
    body = {
        "rule_set": RULES, "absent_lines": "zero", "letter": {"notional": "3"},
        "school": {"urn": "1", "phase": "primary", "units_fsm6_primary": "many"},
    }  # fmt: skip
    answer = client.post("/v1/what-ifs/letter", json=body)
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert problem["place"] == "body.school.units_fsm6_primary"
    wrong = client.post("/v1/what-ifs/letter", json=body | {"letter": {"notional": "£3"}})
    assert wrong.status_code == 422
    assert "must be pounds such as 1500 or -1500.50" in wrong.text
