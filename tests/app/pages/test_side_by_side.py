"""Two results side by side, by their addresses and by way of other rules."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.app.pages.test_last_year import AFTER, BEFORE, address, pounds
from tests.app.pages.test_notional_sen_page import words_of

PAGE = "/side-by-side"
NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
FIRST, SECOND = address(NORTHUMBERLAND, BEFORE), address(NORTHUMBERLAND, AFTER)


def rows_of(text, caption):
    """Return the three figures of each row of a table, by the label above them."""
    table = text.partition(caption)[2].partition("</table>")[0]
    found = {}
    for body in re.findall(r"<tbody.*?</tbody>", table, re.DOTALL):
        label = unescape(re.search(r'scope="rowgroup"[^>]*>(.*?)</th>', body, re.DOTALL)[1])
        cells = re.findall(r"<td[^>]*>(.*?)</td>", body, re.DOTALL)
        found[label] = [unescape(re.sub(r"<[^>]+>", "", one)) for one in cells]
    return found


def test_both_results_and_their_difference_are_shown_and_add_up(client):
    page = client.get(PAGE, params={"first": FIRST, "second": SECOND})
    assert page.status_code == 200
    totals = rows_of(page.text, "The totals of both results")
    alone = [
        client.get(one).text.split('app-answer__figure">')[1].split("<")[0]
        for one in (FIRST, SECOND)
    ]
    assert totals["Notional SEN budget"][:2] == alone
    for first, second, difference in totals.values():
        assert pounds(second) - pounds(first) == pounds(difference)
    parts = rows_of(page.text, "Notional SEN by factor in both results").values()
    whole = pounds(totals["Notional SEN budget"][2])
    assert sum(pounds(one[2]) for one in parts) == whole
    said = words_of(page)
    assert "What was answered differently" in said
    assert ": 31, then 36" in said


def test_factors_that_come_to_nothing_in_both_are_one_sentence(client):
    page = client.get(PAGE, params={"first": FIRST, "second": SECOND})
    parts = rows_of(page.text, "Notional SEN by factor in both results")
    assert all(pounds(one[0]) or pounds(one[1]) for one in parts.values())
    said = words_of(page).partition("Nothing in both: ")[2].partition(".")[0]
    assert "English as an additional language (primary)" in said.split("; ")
    assert not set(said.split("; ")) & set(parts)


def test_a_result_leads_here_and_asks_for_the_other(client):
    result = client.get(FIRST)
    link = unescape(re.search(r'href="([^"]+)">Put another result', result.text)[1])
    page = client.get(link)
    assert page.status_code == 200
    assert 'id="second"' in page.text
    assert "There is a problem" not in page.text


def test_other_rules_lead_to_both_side_by_side(client):
    answers = {**BEFORE, "to": "bedford-2022-23", "beside": "yes"}
    answer = client.get(f"{NORTHUMBERLAND}/other-rules", params=answers, follow_redirects=False)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).path == PAGE
    said = words_of(client.get(answer.headers["location"]))
    assert "Bedford 2022-23" in said
    assert "The results are of two years" in said


def test_the_same_result_twice_differs_in_nothing(client):
    said = words_of(client.get(PAGE, params={"first": FIRST, "second": FIRST}))
    assert "Both budgets are the same." in said
    assert "all questions of both have the same answers" in said


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"first": "x", "second": SECOND}, "The first result must be the address of a result"),
        ({"first": FIRST, "second": ""}, "Enter the second result"),
        ({"first": FIRST, "second": f"{NORTHUMBERLAND}?phase=primary&units_fsm6_primary=x"}, "The second result has answers that are missing or wrong"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_said_at_its_box(client, sent, sentence):
    answer = client.get(PAGE, params=sent)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_a_budget_that_is_not_known_makes_the_difference_not_known(client):
    unknown = {name: text for name, text in AFTER.items() if name != "blanks"}
    page = client.get(PAGE, params={"first": FIRST, "second": address(NORTHUMBERLAND, unknown)})
    totals = rows_of(page.text, "The totals of both results")
    assert totals["Notional SEN budget"][1:] == ["Not known", "Not known"]
    assert "How much the budgets differ is not known" in words_of(page)
