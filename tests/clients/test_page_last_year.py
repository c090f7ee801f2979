"""What changed since last year, in a real browser: typed, narrow, on paper and in forced colours."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.pages.test_last_year import AFTER, BEFORE, PAGE, address
from tests.clients.test_page import AXE, WIDTHS, failings, watched

pytestmark = pytest.mark.browser

PERCENTAGES = {
    "la": "884", "percentages": "none", "percent_basic_entitlement_primary": "4.5",
    "percent_fsm6_primary": "55", "percent_low_prior_attainment_primary": "100", "percent_lump_sum_all": "6",
}  # fmt: skip
NATIONAL = ("/notional-sen/nff-2024-25", "/notional-sen/nff-2025-26")
THEN = address(NATIONAL[0], BEFORE | PERCENTAGES)
NOW = address(
    NATIONAL[1],
    AFTER | PERCENTAGES | {"percent_fsm6_primary": "50", "school": "An invented school"},
)
UNKNOWN = address(
    NATIONAL[0], PERCENTAGES | {"phase": "primary", "units_basic_entitlement_primary": "210"}
)
STATES = {
    "two addresses asked for": PAGE,
    "addresses with mistakes": f"{PAGE}?{urlencode({'then': 'x', 'now': NOW})}",
    "last year's figures": f"{PAGE}?{urlencode({'now': NOW})}",
    "what changed": f"{PAGE}?{urlencode({'then': THEN, 'now': NOW})}",
    "what is not known": f"{PAGE}?{urlencode({'then': UNKNOWN, 'now': NOW})}",
}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(browser: Browser, request) -> Page:
    """Give a page with scripts, and one without."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_nothing_keeps_anybody_from_using(browser, service, state):
    page = browser.new_page()
    with watched(page):
        page.goto(service + STATES[state])
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert not failings(page), width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(forced_colors="active")
        assert not failings(page)
    page.close()


def test_last_years_figures_are_typed_and_the_answer_has_an_address(page, service):
    page.goto(service + NOW)
    page.get_by_role("link", name="Compare with last year").click()
    expect(page.locator("#rules")).to_have_value("nff-2024-25")
    for name, value in (BEFORE | PERCENTAGES).items():
        if name.startswith(("units_", "percent_")):
            page.locator(f"#{name}").fill(value)
    page.get_by_label("Treat empty percentages as 0").check()
    page.get_by_label("Treat empty boxes of pupils and amounts as 0").check()
    page.get_by_role("button", name="Compare with this year").click()
    expect(page.get_by_role("heading", name="What changed it")).to_be_visible()
    shown = page.locator(".app-answer").inner_text()
    page.goto(page.url)
    assert page.locator(".app-answer").inner_text() == shown
    page.go_back()
