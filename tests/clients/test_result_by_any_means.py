"""The page of a result and its files in a real browser for someone with a keyboard alone, much zoom, or forced colours."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from app.pages.file_codes import checked_file
from tests.clients.keyboard import ZOOMED, walked
from tests.clients.test_page import NORTHUMBERLAND, WITH, page, scripts, tabs
from tests.clients.test_result_page import PRIMARY

pytestmark = pytest.mark.browser
__all__ = ["page", "scripts", "tabs"]

RESULT = f"{NORTHUMBERLAND}?{urlencode(PRIMARY)}"


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_keyboard_opens_the_working_takes_the_files_and_checks_one(page, service, scripts):
    page.goto(service + RESULT)
    stops = walked(page, "Working")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Working of each factor")).to_be_visible()
    files = []
    for words in ("as CSV", "Excel workbook"):
        stops += walked(page, words)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        files.append(download.value.path().read_bytes())
    assert all(checked_file(one).is_untouched for one in files)
    page.goto(f"{service}/check")
    stops += walked(page, "text")
    page.keyboard.insert_text(files[0].decode())
    stops += walked(page, "Check the file")
    page.keyboard.press("Enter")
    expect(page.locator("#checked")).to_contain_text("The file is as it was downloaded")
    assert len(stops) > 20
    assert not [one["words"] for one in stops if not one["isMarked"] or one["isCovered"]]


def test_at_four_times_the_size_all_is_within_the_screen_and_nothing_lies_over_the_focus(
    page, service
):
    page.set_viewport_size(ZOOMED)
    page.goto(service + RESULT)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    stops = walked(page, "Accessibility")
    assert not [one["words"] for one in stops if one["isCovered"] or one["right"] > ZOOMED["width"]]
    page.goto(f"{service}/check")
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    stops = walked(page, "Accessibility")
    assert not [one["words"] for one in stops if one["isCovered"] or one["right"] > ZOOMED["width"]]


PAINTED = """() => [...document.querySelectorAll('.app-chart__bar')].map(one => getComputedStyle(one).fill)"""
INKS = """() => [...document.querySelectorAll('main *, footer *')].filter(one => one.innerText)
    .map(one => getComputedStyle(one).color)"""
BORDERS = """() => [...document.querySelectorAll('.app-answer, .govuk-input, .govuk-button')].map(one => {
    const look = getComputedStyle(one);
    return look.borderBottomStyle !== "none" && look.borderBottomColor !== look.backgroundColor;
})"""


@pytest.mark.parametrize("dark", [False, True], ids=["on white", "on black"])
def test_in_forced_colours_bars_boxes_and_the_focus_are_seen(page, service, dark):
    page.emulate_media(forced_colors="active", color_scheme="dark" if dark else "light")
    try:
        page.goto(service + RESULT)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(0, 0, 0)") is dark
        painted = page.evaluate(PAINTED)
        assert len(painted) > 8
        assert background not in painted
        assert all(page.evaluate(BORDERS))
        stops = walked(page, "Excel workbook")
        assert not [one["words"] for one in stops if not one["isMarked"]]
        assert background not in page.evaluate(INKS)
        page.goto(f"{service}/check?{urlencode({'address': page.url, 'code': 'ABCD-EFGH-2345'})}")
        borders = page.evaluate(BORDERS)
        assert len(borders) > 3
        assert all(borders)
    finally:
        page.emulate_media(forced_colors="null", color_scheme="null")
