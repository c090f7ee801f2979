"""What changed since last year, on a page: of two saved results, and of last year's figures as they are typed."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

PAGE = "/since-last-year"
BEFORE = {
    "phase": "primary", "units_basic_entitlement_primary": "210", "units_fsm6_primary": "31",
    "units_fsm_primary": "28", "units_low_prior_attainment_primary": "58.5", "blanks": "none",
}  # fmt: skip
AFTER = BEFORE | {"units_basic_entitlement_primary": "201", "units_fsm6_primary": "36"}
RULES = (
    "/notional-sen/herefordshire-formula-2022-23",
    "/notional-sen/herefordshire-formula-2023-24",
)


def address(rules: str, answers: dict[str, str]) -> str:
    return f"{rules}?{urlencode(answers)}"


def shown(client, then: str, now: str):
    return client.get(PAGE, params={"then": then, "now": now})


def pounds(text: str) -> int:
    """Return pence of an amount as a page has it."""
    digits = re.sub(r"[^0-9]", "", text)
    return -int(digits) if "−" in text else int(digits)


def figures(text: str) -> list[tuple[str, str]]:
    """Return the rows of the first table of a page."""
    table = text.partition("<table")[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>', table, re.DOTALL)
    return [
        (unescape(re.sub(r"<[^>]+>.*", "", label, flags=re.DOTALL)).strip(), unescape(figure))
        for label, figure in rows
    ]


@pytest.fixture
def both() -> tuple[str, str]:
    """Return the addresses of two results of the same rules."""
    return (
        address("/notional-sen/northumberland-2025-26", BEFORE),
        address("/notional-sen/northumberland-2025-26", AFTER),
    )


def test_two_results_show_what_changed_the_budget_and_add_up(client, both):
    page = shown(client, *both)
    assert page.status_code == 200
    rows = figures(page.text)
    first, *causes, last = [pounds(figure) for _, figure in rows]
    assert causes
    assert first + sum(causes) == last
    assert rows[1][0] == ("More" if causes[0] > 0 else "Fewer") + (
        " pupils, or more of them with additional needs"
        if causes[0] > 0
        else " pupils, or fewer of them with additional needs"
    )
    assert page.text.count('class="app-chart__total"') == 2


def test_the_same_result_twice_says_that_nothing_changed(client, both):
    page = shown(client, both[0], both[0]).text
    assert "is the same" in page
    assert "Nothing that the budget depends on changed." in page


def test_a_figure_that_is_not_known_is_said_and_is_no_nought(client, both):
    unknown = {
        name: value for name, value in AFTER.items() if name not in {"blanks", "units_fsm6_primary"}
    }
    page = unescape(
        shown(client, both[0], address("/notional-sen/northumberland-2025-26", unknown)).text
    )
    assert "How much the budget changes is not known" in page
    assert "the figure is not given" in page
    assert 'class="app-chart__total"' not in page


def test_a_result_leads_to_the_form_of_last_year_with_this_years_figures_beside_its_boxes(client):
    now = address(RULES[1], AFTER)
    assert PAGE in client.get(now).text
    page = unescape(client.get(PAGE, params={"now": now}).text)
    assert '<option value="herefordshire-formula-2022-23" selected>' in page
    assert "This year: 201." in page
    hidden = dict(
        re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)">',
            page.partition('method="post"')[2],
        )
    )
    answer = client.post(PAGE, data=hidden | BEFORE, follow_redirects=False)
    assert answer.status_code == 303
    to = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert to["then"].startswith(RULES[0])
    found = client.get(answer.headers["location"])
    assert found.status_code == 200
    assert "How much the budget changes is not known" in found.text


def test_last_years_mistakes_are_at_their_boxes(client):
    now = address(RULES[1], AFTER)
    page = unescape(client.get(PAGE, params={"now": now}).text)
    hidden = dict(
        re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)">',
            page.partition('method="post"')[2],
        )
    )
    answer = client.post(PAGE, data=hidden | BEFORE | {"units_fsm6_primary": "many"})
    assert answer.status_code == 422
    assert 'id="units_fsm6_primary-error"' in answer.text
    assert 'value="many"' in answer.text


@pytest.mark.parametrize(
    "wrong", ["", "here", "/rules/nff-2025-26", "/notional-sen/none-such?phase=primary", "http://[", "/notional-sen/northumberland-2025-26"]
)  # fmt: skip
def test_an_address_that_is_no_result_is_a_mistake_at_its_box(client, both, wrong):
    answer = shown(client, wrong, both[1])
    assert answer.status_code == 422
    assert 'id="then-error"' in answer.text
    assert "the address of a result of these pages" in answer.text


def test_a_result_with_mistakes_is_to_be_put_right_first(client, both):
    answer = shown(
        client,
        address("/notional-sen/northumberland-2025-26", BEFORE | {"units_fsm6_primary": "x"}),
        both[1],
    )
    assert answer.status_code == 422
    assert "put them right first" in answer.text


def test_an_address_of_another_service_is_read_by_its_path_alone(client, both):
    there = [f"https://evenband.example{one}" for one in both]
    assert figures(shown(client, *there).text) == figures(shown(client, *both).text)


def test_the_page_asks_for_two_addresses_where_none_is_sent(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert 'name="then"' in page.text
    assert 'name="now"' in page.text


NOW = "/notional-sen/northumberland-2025-26"
NATIONAL = "nff-2024-25"
LAST = """Basic entitlement primary\t208\t£3,562.00\t£740,896.00\t0%
FSM6 primary\t50\t£820.00\t£41,000.00\t100%
Low prior attainment primary\t60.2\t£1,170.00\t£70,434.00\t100%
"""


def pasted(client, text, **more):
    """Return where rows of last year's statement lead to."""
    sent = {"phase": "primary", "la": "929", "now": address(NOW, AFTER), "text": text, "do": "use"}
    return client.post(f"/paste/{NATIONAL}", data=sent | more, follow_redirects=False)


def test_last_years_statement_is_pasted_and_leads_to_what_changed(client):
    form = client.get(PAGE, params={"now": address(NOW, AFTER)})
    link = unescape(re.search(r'href="(/paste/[^"]+)"', form.text)[1])
    assert urlsplit(link).path == f"/paste/{NATIONAL}"
    result = client.get(address(NOW, AFTER)).text
    straight = unescape(re.search(r'href="(/since-last-year[^"]+paste=yes)"', result)[1])
    to = client.get(straight, follow_redirects=False).headers["location"]
    assert urlsplit(to).path == f"/paste/{NATIONAL}"
    asked = client.get(link)
    assert "Paste last year\N{RIGHT SINGLE QUOTATION MARK}s statement" in asked.text
    assert 'name="now"' in asked.text
    to = pasted(client, LAST, blanks="none", percentages="none")
    assert to.status_code == 303
    sent = dict(parse_qsl(urlsplit(to.headers["location"]).query))
    assert set(sent) == {"then", "now"}
    assert "letter" not in sent["then"]
    page = client.get(to.headers["location"])
    # 50 x 820 + 60.2 x 1,170 of last year, 36 x 1,060 + 58.5 x 1,175 of this.
    assert "2024\N{NON-BREAKING HYPHEN}25: £111,434.00" in unescape(page.text)
    assert "2025\N{NON-BREAKING HYPHEN}26: £106,897.50" in unescape(page.text)


def test_what_last_years_statement_leaves_open_is_asked_for_with_its_figures_in_the_boxes(client):
    to = pasted(client, "FSM6 primary\t50\t£820.00\t£41,000.00").headers["location"]
    assert dict(parse_qsl(urlsplit(to).query))["rules"] == NATIONAL
    page = client.get(to)
    assert page.status_code == 200
    assert re.search(r'name="units_fsm6_primary"[^>]*value="50"', page.text)


def test_this_years_percentages_are_taken_where_last_years_are_not_typed(client):
    typed = {
        "phase": "primary", "now": address(NOW, AFTER), "rules": NATIONAL, "as_now": "yes",
        "units_fsm6_primary": "50", "units_low_prior_attainment_primary": "60.2", "blanks": "none",
        "percent_low_prior_attainment_primary": "50",
    }  # fmt: skip
    to = client.post(PAGE, data=typed, follow_redirects=False)
    assert to.status_code == 303, to.text
    then = dict(parse_qsl(urlsplit(to.headers["location"]).query))["then"]
    of_then = dict(parse_qsl(urlsplit(then).query))
    assert of_then["percent_fsm6_primary"] == "100"
    assert of_then["percent_fsm_primary"] == "0"
    assert of_then["percent_minimum_level"] == "0"
    assert of_then["percent_low_prior_attainment_primary"] == "50"
    # 50 x 820, and half of 60.2 x 1,170.
    assert "£76,217.00" in client.get(to.headers["location"]).text


def test_what_the_form_of_a_school_says_has_no_note_for_who_writes_rules(client):
    for name in ("nff-2021-22", "nff-2023-24", "nff-2024-25", "nff-2026-27"):
        page = client.get(f"/notional-sen/{name}?phase=middle&la=929").text
        assert "written_answer" not in page
        assert "give units" not in page
        assert "were not seen" not in page
