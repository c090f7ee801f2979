"""A statement is pasted in a real browser: read, corrected, put into the form and worked out, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.test_page import AXE, WIDTHS, failings, watched
from tests.engine.test_statement_rows import W1

pytestmark = pytest.mark.browser

PAGE = "/paste/west-sussex-2021-22?phase=secondary&school=An+invented+school"
TEXT = f"{W1}Mystery factor\t3\nEAL\t\t\t\t\t\t\t0.03\n"
LAST_YEAR = {"prior_budget": "5175278.74", "prior_pupils": "983"}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(browser: Browser, request) -> Page:
    """Give a page with scripts, and one without."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def test_a_statement_is_pasted_and_leads_to_its_published_budget(page, service):
    page.goto(f"{service}/notional-sen/west-sussex-2021-22?phase=secondary")
    page.get_by_role("link", name="Paste its rows in place of typing").click()
    page.get_by_label("Rows of the statement").fill(TEXT)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="Check what was read")).to_be_visible()
    expect(page.get_by_role("heading", name="Rows that are not used")).to_be_visible()
    page.get_by_label("treat everything else as 0").check()
    page.get_by_role("button", name="Use these figures").click()
    assert "Mystery" not in page.url
    expect(page.locator("#units_fsm_secondary")).to_have_value("85")
    for name, value in LAST_YEAR.items():
        page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name="Work out the budget").click()
    expect(page.locator(".app-answer__figure")).to_have_text("£1,152,138.52")
    page.go_back()
    expect(page.locator("#units_fsm_secondary")).to_have_value("85")


def test_nothing_keeps_anybody_from_using_what_was_read(browser, service):
    page = browser.new_page()
    with watched(page):
        page.goto(service + PAGE)
        page.locator("#text").fill(TEXT)
        page.get_by_role("button", name="Read it").click()
        page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert not failings(page), width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.emulate_media(forced_colors="active")
        assert not failings(page)
    page.close()


def test_a_row_is_chosen_by_keyboard_alone(browser, service):
    page = browser.new_page()
    page.goto(service + PAGE)
    page.locator("#text").focus()
    page.keyboard.insert_text("Mystery factor\t3\nSecondary FSM\t85")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check what was read")).to_be_visible()
    page.locator("#row_1").focus()
    page.keyboard.type("English")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Use these figures").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#units_eal_secondary")).to_have_value("3")
    page.close()
