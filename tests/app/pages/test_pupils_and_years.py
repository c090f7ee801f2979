"""From a result on: pupils more or fewer, and three years ahead."""

import re
from html import unescape

import pytest

from tests.app.pages.test_last_year import AFTER, BEFORE, pounds
from tests.app.pages.test_notional_sen_page import words_of
from tests.app.pages.test_side_by_side import rows_of

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
PUPILS, YEARS = f"{NORTHUMBERLAND}/pupils", f"{NORTHUMBERLAND}/years-ahead"
ASSUMED = {
    "uprating_1": "2.5", "pupils_1": "−1", "uprating_2": "2%", "pupils_2": "0",
    "uprating_3": "+1", "pupils_3": "-2.5",
}  # fmt: skip


def figure(client, answers):
    """Return pence of the budget of a result."""
    page = client.get(NORTHUMBERLAND, params=answers).text
    return pounds(page.split('app-answer__figure">')[1].split("<")[0])


def test_a_result_leads_to_both_pages(client):
    result = client.get(NORTHUMBERLAND, params=BEFORE).text
    for words in ("More or fewer pupils", "Three years ahead"):
        link = unescape(re.search(rf'href="([^"]+)">{words}', result)[1])
        page = client.get(link)
        assert page.status_code == 200
        assert "There is a problem" not in page.text


def test_a_change_of_pupils_is_the_difference_of_the_two_results(client):
    page = client.get(
        PUPILS, params=BEFORE | {"more_basic_entitlement_primary": "−9", "more_fsm6_primary": "+5"}
    )
    before, after, difference = rows_of(page.text, "with the change of pupils")[
        "Notional SEN budget"
    ]
    assert [pounds(before), pounds(after)] == [figure(client, BEFORE), figure(client, AFTER)]
    assert pounds(difference) == pounds(after) - pounds(before)
    each = page.text.partition("What each change of pupils brings")[2].partition("</table>")[0]
    cells = [pounds(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", each)]
    assert sum(cells[:-1]) == cells[-1] == pounds(difference)


def test_each_box_says_what_one_more_brings(client):
    said = words_of(client.get(PUPILS, params=BEFORE))
    assert "Now 31. One more brings £1,060 of notional SEN" in said


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"more_fsm6_primary": "-32"}, "would be fewer than none: there are 31"),
        ({"more_fsm6_primary": "lots"}, "must be a number such as 2, or −1 for one fewer"),
        ({"more_fsm6_primary": ""}, "Enter how many pupils more or fewer there are"),
        ({"more_fsm6_primary": "0"}, "Enter how many pupils more or fewer there are"),
    ],
)
def test_a_change_that_cannot_be_is_said_at_its_box(client, sent, sentence):
    answer = client.get(PUPILS, params=BEFORE | sent)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_three_years_are_marked_as_indicative_and_say_what_is_assumed(client):
    page = client.get(YEARS, params=BEFORE | ASSUMED)
    assert page.status_code == 200
    said = words_of(page)
    assert "2026-27, indicative" in said
    assert "2028-29, indicative" in said
    assert "change by 2.5%, and the number of pupils of every kind by −1%" in said
    assert "No year ahead has a guarantee or a cap." in said
    now = rows_of(page.text, "three years ahead")["2025-26, your result"][0]
    assert pounds(now) == figure(client, BEFORE)


def test_the_years_are_what_the_same_result_is_with_other_numbers(client):
    no_change = dict.fromkeys(ASSUMED, "0")
    rows = rows_of(client.get(YEARS, params=BEFORE | no_change).text, "three years ahead")
    figures = {cells[0].partition("+")[0].partition("£0.00 since")[0] for cells in rows.values()}
    assert len({pounds(one) for one in figures if one}) == 1
    fewer = client.get(YEARS, params=BEFORE | no_change | {"pupils_1": "-10"})
    counts = {
        name: str(round(float(text) * 0.9, 6)) if name.startswith("units_") else text
        for name, text in BEFORE.items()
    }
    first = rows_of(fewer.text, "three years ahead")["2026-27, indicative"][0]
    assert pounds(first.partition("−")[0]) == figure(client, counts)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"uprating_2": ""}, "Amounts for each pupil in year 2 is missing"),
        ({"pupils_3": "many"}, "Pupils in year 3 must be percent such as 2.5"),
        ({"uprating_1": "£2.5"}, "Amounts for each pupil in year 1 must be percent such as 2.5"),
        ({"pupils_3": "-51"}, "Pupils in year 3 must be from −50 to 50 percent"),
    ],
)
def test_an_assumption_that_is_missing_or_wrong_is_said_at_its_box(client, sent, sentence):
    answer = client.get(YEARS, params=BEFORE | ASSUMED | sent)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


@pytest.mark.parametrize("path", [PUPILS, YEARS])
def test_answers_with_mistakes_go_back_to_their_boxes(client, path):
    answer = client.get(
        path,
        params=BEFORE | {"ehc_plans": "x", "more_fsm6_primary": "2", "pupils_1": "2"},
        follow_redirects=False,
    )
    assert answer.status_code in {303, 422}
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{NORTHUMBERLAND}?")
