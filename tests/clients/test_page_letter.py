"""A letter is compared with a result in a real browser: typed, explained, copied, with scripts and without."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.pages.test_letter import RESULT, SCHOOL
from tests.clients.test_page import AXE, WIDTHS, failings, watched

pytestmark = pytest.mark.browser

LETTER = {"letter_notional": "121737.50", "letter_formula": "1077087.50"}
SAID = "Free school meals, last six years (primary): the letter may count 50, not 48"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(browser: Browser, request) -> Page:
    """Give a page with scripts, and one without."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_a_letter_is_typed_and_explained(page, service):
    page.goto(f"{service}{RESULT}?{urlencode(SCHOOL)}")
    page.get_by_role("link", name="Is it what your letter says?").click()
    for name, value in LETTER.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("The letter has £2,120.00 more notional SEN")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=SAID)).to_be_visible()
    shown = page.locator(".app-letter").inner_text()
    page.goto(page.url)
    assert page.locator(".app-letter").inner_text() == shown
    page.get_by_role("link", name="Change what the letter says").click()
    expect(page.locator("#letter_notional")).to_have_value(LETTER["letter_notional"])
    page.get_by_role("link", name="Back to the result").click()
    expect(page.locator(".app-answer__figure")).to_have_text("£119,617.50")


def test_nothing_keeps_anybody_from_using_it(browser, service):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    with watched(page):
        page.goto(f"{service}/letter/northumberland-2025-26?{urlencode(SCHOOL | LETTER)}")
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert not failings(page), width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            # The letter's figure is in sight, not beyond an edge.
            assert page.locator("td[data-label=Letter]").first.bounding_box()["x"] < width
        page.get_by_role("button", name="Copy these words").click()
        expect(page.get_by_role("status")).to_have_text("Copied these words")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("We have compared the budget statement for An invented school")
        page.emulate_media(forced_colors="active")
        assert not failings(page)
    context.close()
