"""What changed between versions or years of rules: in words, and for a school's figures in pounds."""

import re
from html import unescape

from tests.app.pages.test_last_year import BEFORE, RULES, address, pounds
from tests.app.pages.test_notional_sen_page import words_of

PAGE = "/rule-changes"
NATIONAL = ("/notional-sen/nff-2024-25", "/notional-sen/nff-2025-26")
EARLIER, LATER = (one.rpartition("/")[2] for one in NATIONAL)
TYPED = {
    "la": "884", "percentages": "none", "percent_fsm6_primary": "55",
    "percent_basic_entitlement_primary": "4.5", "percent_minimum_level": "10",
}  # fmt: skip
FIRST, SECOND = (one.rpartition("/")[2] for one in RULES)


def test_two_years_of_rules_are_compared_in_words_with_no_name_of_a_field(client):
    page = client.get(PAGE, params={"before": FIRST, "after": SECOND})
    assert page.status_code == 200
    said = words_of(page)
    assert "Primary, unit value £3,217.00 £3,361.00" in said
    assert "Guarantee percent 2% 0.5%" in said
    assert "unit_value" not in said


def test_the_page_of_rules_leads_to_what_changed_since_the_year_and_the_version_before(client):
    for name, words in (
        (SECOND, "2022-23"),
        ("nff-2025-26", "version 1"),
        ("nff-2025-26", "2024-25"),
    ):
        text = client.get(f"/rules/{name}").text
        link = unescape(
            re.search(rf'href="(/rule-changes[^"]+)">What changed since {words}', text)[1]
        )
        assert client.get(link).status_code == 200


def test_a_result_leads_to_what_each_change_brings_it_and_all_adds_to_the_penny(client):
    result = client.get(address(NATIONAL[1], BEFORE | TYPED))
    link = unescape(re.search(r'href="([^"]+)">What changed in the rules', result.text)[1])
    form = client.get(link).text
    assert f'<option value="{EARLIER}" selected>' in form
    page = client.get(f"{link}&before={EARLIER}&after={LATER}")
    table = page.text.partition("brings to the notional SEN budget")[2].partition("</table>")[0]
    brought = re.findall(r"numeric\">(?:<span[^>]*>)?([+−]?£[\d,.]+)(?:</span>)?</td></tr>", table)
    *each, whole = [pounds(unescape(one)) for one in brought]
    assert each
    assert sum(each) == whole
    figures = [
        pounds(
            client.get(address(one, BEFORE | TYPED))
            .text.split('app-answer__figure">')[1]
            .split("<")[0]
        )
        for one in NATIONAL
    ]
    assert figures[1] - figures[0] == whole


def test_percentages_that_a_school_typed_are_on_both_sides(client):
    there = address("/notional-sen/nff-2025-26", BEFORE | TYPED)
    page = client.get(
        PAGE, params={"result": there, "before": "nff-2024-25", "after": "nff-2025-26"}
    )
    assert page.status_code == 200
    # 31 pupils at 55 percent of 820 and of 1,060 pounds, less what the minimum level then raises less.
    assert "£820.00 £1,060.00 +£" in words_of(page)


def test_figures_that_are_not_complete_are_not_valued_in_pounds(client):
    incomplete = {name: text for name, text in BEFORE.items() if name != "blanks"}
    page = client.get(
        PAGE, params={"result": address(RULES[1], incomplete), "before": FIRST, "after": SECOND}
    )
    assert "Not known: under one of the two" in words_of(page)


def test_rules_that_are_not_there_are_said_at_their_box(client):
    answer = client.get(PAGE, params={"before": "no-such", "after": SECOND})
    assert answer.status_code == 422
    assert "Choose rules that are in the list" in words_of(answer)
    answer = client.get(PAGE, params={"result": "x", "before": FIRST, "after": SECOND})
    assert answer.status_code == 422
    assert "The result must be the address of a result" in words_of(answer)
