"""A draft in a browser, with scripts and without: begun, changed, sent for review, published, and each page usable by all."""

import pytest
from playwright.sync_api import Page

from tests.clients.served import serving
from tests.clients.test_page import AXE, WIDTHS, WITH, failings, watched


def check(page: Page) -> None:
    """Hold that a page is usable at each width, and that nothing of it is beyond the screen."""
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not failings(page), width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_draft_is_begun_changed_and_published_on_pages(browser, tmp_path, scripts):
    with serving(tmp_path) as service, browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(f"{service}/drafts")
        page.get_by_label("From published rules").select_option(value="toy-2025-26")
        press(page, "Begin the draft")
        assert page.url == f"{service}/drafts/toy-2025-26/2"
        text = page.get_by_label("Rule document").input_value()
        page.get_by_label("Rule document").fill(text.replace('"value": "5"', '"value": "15"', 1))
        press(page, "Save")
        assert "15%" in page.inner_text("main table")
        page.get_by_label("Comment", exact=True).fill("As the schools forum agreed.")
        press(page, "Add the comment")
        assert "As the schools forum agreed." in page.inner_text("main")
        page.get_by_label("Rule document").fill("format: none")
        press(page, "Save")
        assert "There is a problem" in page.inner_text("main")
        page.goto(f"{service}/drafts/toy-2025-26/2")
        press(page, "Send for review")
        press(page, "Publish")
        assert page.url == f"{service}/rules/toy-2025-26"
        said = page.inner_text("main")
        assert "Version 2, published on" in said
        assert "Written by owner, published without a second person." in said
        page.goto(f"{service}/rules/toy-2025-26?version=1")
        assert "A later version took the place of this one" in page.inner_text("main")


def test_every_state_of_a_draft_is_usable_by_all(page, tmp_path):
    with serving(tmp_path) as service, watched(page):
        page.goto(f"{service}/drafts")
        page.get_by_label("From published rules").select_option(value="nff-2025-26")
        press(page, "Begin the draft")
        draft = page.url
        check(page)
        page.get_by_label("Rule document").fill("format: none")
        press(page, "Save")
        check(page)
        page.goto(draft)
        press(page, "Send for review")
        check(page)
        press(page, "Send back")
        check(page)
        page.goto(f"{service}/drafts")
        check(page)
