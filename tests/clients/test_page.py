"""The pages in a real browser, from the real service: read, typed into, narrow and on paper."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.pages.statement import STATEMENT
from tests.clients.keyboard import PRESSED, PRINTED, ZOOMED
from tests.clients.page_states import (
    BEDFORD,
    BUDGET,
    CALLS,
    NORTHUMBERLAND,
    PERCENT,
    RESULT,
    STATES,
)

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (1280, 320)
BY_FACTOR, BUDGET_AND_COSTS = (
    f"svg[aria-labelledby^={name}-chart]" for name in ("by-factor", "calls")
)
WITH = {True: "with scripts", False: "without scripts"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDER_THAN_TABLES = """[...document.querySelectorAll('.app-result > p, .app-result > ul')]
    .filter(one => one.offsetWidth > 42.5 * 16).map(one => one.textContent.trim())"""
"""Paragraphs of a result whose lines are longer than the tables between them."""


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[dict[bool, Page]]:
    """Give a page with scripts and one without; a service that keeps nothing there needs no new ones."""
    contexts = {scripts: browser.new_context(java_script_enabled=scripts) for scripts in WITH}
    yield {scripts: context.new_page() for scripts, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def scripts() -> bool:
    """Return whether a page runs scripts, where a test does not say."""
    return True


@pytest.fixture
def page(tabs, scripts) -> Page:
    """Give a page as a wide screen shows it."""
    page = tabs[scripts]
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(media="null")
    return page


@contextmanager
def watched(page: Page) -> Iterator[None]:
    """Hold that nothing goes wrong in a page: no refused content, no failed or foreign request."""
    wrong: list[str] = []
    watches = {
        "pageerror": lambda error: wrong.append(str(error)),
        "console": lambda said: (
            wrong.append(said.text) if "Content Security" in said.text else None
        ),
        # What is cut short by leaving a page for the next one did not fail.
        "requestfailed": lambda request: (
            None if request.failure == "net::ERR_ABORTED" else wrong.append(request.url)
        ),
        "request": lambda asked: None if "//127.0.0.1:" in asked.url else wrong.append(asked.url),
    }
    for event, watch in watches.items():
        page.on(event, watch)
    try:
        yield
    finally:
        for event, watch in watches.items():
            page.remove_listener(event, watch)
    assert not wrong


def failings(page: Page) -> list[str]:
    """Return what axe-core finds wrong, each with its first place; what is right is not listed."""
    asked = {"runOnly": RULES, "resultTypes": ["violations"], "selectors": False}
    found = page.evaluate("asked => axe.run(asked)", asked)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


@pytest.mark.parametrize("state", STATES)
def test_nothing_keeps_anybody_from_using(page, service, state):
    with watched(page):
        assert page.goto(service + STATES[state]).status < 500
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert not failings(page), width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not page.evaluate(WIDER_THAN_TABLES), width
        heading = "getComputedStyle(document.querySelector('h1')).fontWeight"
        assert page.evaluate(heading) == "700"
        page.set_viewport_size(ZOOMED)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
        page.emulate_media(media="print")
        assert not (page.title().startswith("Result: ") and page.evaluate(PRINTED, PRESSED))


def test_what_is_wrong_in_a_page_is_found(page, service):
    page.goto(service + STATES["an empty form"])
    page.evaluate(AXE)
    page.evaluate("document.querySelector('label').remove()")
    assert any(one.startswith("label: ") for one in failings(page))
    refused = page.expect_console_message(lambda said: "Content Security" in said.text)
    with pytest.raises(AssertionError, match=r"127\.1\.1\.1"), watched(page), refused:
        page.evaluate("fetch('http://127.1.1.1:9/').catch(() => 0)")


def test_nothing_is_kept_in_a_browser(page, service):
    page.goto(service + RESULT)
    assert page.context.storage_state() == {"cookies": [], "origins": []}


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_business_manager_gets_the_printed_budget(page, service):
    page.goto(service)
    page.get_by_label("Local authority").select_option(label="West Sussex")
    page.get_by_label("Year").select_option("2021-22")
    page.get_by_label("Secondary").check()
    page.get_by_role("button", name="Continue").click()
    for name, text in (STATEMENT | CALLS).items():
        if name not in {"phase", "blanks"}:
            page.locator(f"#{name}").fill(text)
    page.get_by_label("Treat empty boxes of the formula as 0").check()
    page.get_by_role("button", name="Work out the budget").click()
    expect(page.locator(".app-answer__figure")).to_have_text("£1,152,138.52")
    expect(page.get_by_text("leaves £476,139")).to_be_visible()
    page.reload()
    expect(page.locator(".app-answer__figure")).to_have_text("£1,152,138.52")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert "1152138.52" in taken.value.path().read_text()


def test_a_name_is_copied_by_its_button_and_all_of_them_as_headings(browser: Browser, service):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    with watched(page):
        page.goto(f"{service}/rules/national-profile-candidate")
        page.get_by_role("link", name="Names to copy into a spreadsheet").click()
        page.get_by_role("button", name="Copy units_fsm6_primary", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("Copied units_fsm6_primary")
        assert page.evaluate("navigator.clipboard.readText()") == "units_fsm6_primary"
        page.get_by_text("Columns for pupils in one row").click()
        page.locator("details[open]").get_by_role("button", name="Copy all names").click()
        expect(page.get_by_role("status")).to_have_text("Copied all names")
        headings = page.evaluate("navigator.clipboard.readText()").split("\t")
        assert headings[:2] == ["pupil_key", "la"]
    context.close()


@pytest.mark.parametrize("scripts", [False])
def test_without_scripts_a_name_is_plain_text_and_no_button_is_dead(page, service):
    page.goto(f"{service}/rules/national-profile-candidate")
    name = page.locator("code", has_text="units_low_prior_attainment_primary")
    expect(name).to_be_visible()
    assert page.get_by_role("button", name="Copy").count() == 0
    assert (
        page.get_by_role("link", name="Download a workbook").get_attribute("download") is not None
    )


def test_names_to_copy_are_left_off_paper(page, service):
    page.goto(f"{service}/rules/national-profile-candidate")
    page.emulate_media(media="print")
    expect(page.locator("#names")).to_be_hidden()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_mistake_is_led_to_and_mended(page, service, scripts):
    page.goto(f"{service}{BEDFORD}?phase=primary")
    page.get_by_label("Free school meals (primary)").fill("many")
    page.get_by_role("button", name="Work out the budget").click()
    sentence = "Free school meals (primary) must be a number such as 31 or 31.5"
    assert page.title().startswith("Error: ")
    if scripts:
        expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name=sentence).click()
    field = page.locator("#units_fsm_primary")
    described = field.get_attribute("aria-describedby").split()
    assert sentence in page.locator(f"#{described[-1]}").inner_text()
    expect(field).to_have_value("many")
    field.fill("31")
    page.get_by_role("button", name="Work out the budget").click()
    expect(page.locator(".app-answer__figure")).to_be_visible()


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_number_of_the_rules_is_tried_by_keyboard_and_its_result_is_beside_the_published_one(
    page, service
):
    page.goto(f"{service}{NORTHUMBERLAND}?phase=primary")
    page.get_by_label("Free school meals, last six years (primary)").fill("10")
    summary = page.locator("#what-if summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    number, value = page.get_by_label("Number to try"), page.get_by_label("Value to try")
    expect(number).to_be_focused()
    number.select_option(PERCENT)
    page.keyboard.press("Tab")
    expect(value).to_be_focused()
    page.keyboard.type("lots")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="must be a number such as 5 or 1,234.50").click()
    box = page.get_by_label("Primary, notional percent")
    expect(box).to_be_focused()
    expect(box).to_have_value("lots")
    box.fill("70%")
    page.keyboard.press("Enter")
    changes = page.locator("#changes ~ table").first
    for row in ("As published £10,600.00", "With what is tried £7,420.00", "Difference −£3,180.00"):
        expect(changes.get_by_role("row", name=row)).to_be_visible()
    page.get_by_role("link", name="Change what is tried").click()
    expect(page.get_by_label("Primary, notional percent")).to_have_value("70")
    page.go_back()
    expect(page.locator(".app-answer__figure")).to_have_text("£7,420.00")
    page.get_by_role("link", name="see the result under the rules as published").click()
    expect(page.locator(".app-answer__figure")).to_have_text("£10,600.00")


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_a_school_checks_the_budget_that_it_knows(page, service):
    page.goto(service)
    page.get_by_role("link", name="Northumberland 2025-26").click()
    for name, text in BUDGET.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Check the budget").click()
    expect(page.get_by_text("falls short of the expected costs by £10,900")).to_be_visible()
    expect(page.get_by_text("£18,000 extra would be due under these rules.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert "18000.00" in taken.value.path().read_text()


def test_a_keyboard_reaches_the_content_first_and_the_focus_is_seen(page, service):
    page.goto(service + STATES["an empty form"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.locator("#units_fsm_primary").focus()
    assert (
        page.locator("#units_fsm_primary").evaluate("e => getComputedStyle(e).outlineWidth")
        == "3px"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_of_the_chart_is_cut_off_and_its_figures_stand_in_the_table(page, service, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(service + RESULT)
    chart = page.locator(BY_FACTOR)
    frame = chart.bounding_box()
    for text in chart.locator("text").all():
        box = text.bounding_box()
        assert frame["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 1
    table = page.get_by_role("table", name="Notional SEN by factor").inner_text()
    for figure in chart.locator(".app-chart__figure").all_text_contents():
        assert figure in table


def test_figures_stand_under_each_other_on_the_right(page, service):
    page.goto(service + RESULT)
    cells = page.locator("td.govuk-table__cell")
    aligned = cells.evaluate_all("all => all.map(one => getComputedStyle(one).textAlign)")
    assert set(aligned) == {"right"}


def test_a_screen_reader_hears_the_operators(page, service):
    page.goto(service + RESULT)
    page.locator("#working > summary").click()
    working = page.get_by_role("table", name="Working of each factor")
    assert working.get_by_role("rowheader", name="times Unit value").count() > 5
    assert working.get_by_role("rowheader", name="equals Amount").count() > 5


def sheets_of(page):
    """Return the width and height of each sheet that a page takes on paper, in points."""
    printed = page.pdf(prefer_css_page_size=True)
    return re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)


def test_on_paper_the_list_of_rules_leaves_no_sheet_nearly_empty(page, service):
    page.goto(f"{service}/rules")
    assert len(sheets_of(page)) <= 4


def test_on_paper_the_answer_and_what_it_must_pay_for_are_on_the_first_sheet(page, service):
    page.goto(service + RESULT)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1032})  # A4 within its margins
    chart = page.locator(BUDGET_AND_COSTS).bounding_box()
    assert chart is not None
    assert chart["y"] + chart["height"] < 1032


def test_on_paper_there_is_the_answer_and_nothing_to_press(page, service):
    page.goto(service + RESULT)
    page.emulate_media(media="print")
    expect(page.locator(".app-answer__figure")).to_be_visible()
    for chart in (BUDGET_AND_COSTS, BY_FACTOR):
        expect(page.locator(chart)).to_be_visible()
    for pressed in ("header", "form", "nav", ".govuk-back-link"):
        assert not page.locator(pressed).first.is_visible()
    sheets = sheets_of(page)
    assert sheets
    assert {(round(float(wide)), round(float(high))) for wide, high in sheets} == {(595, 842)}
    assert len(sheets) <= 4


def test_on_paper_no_heading_is_parted_from_what_follows_and_no_reference_is_broken(page, service):
    page.goto(service + RESULT)
    page.emulate_media(media="print")
    style = "(e, name) => getComputedStyle(e)[name]"
    for heading in page.locator("main :is(h1, h2, h3):visible").all():
        assert heading.evaluate(style, "breakAfter") == "avoid"
    for whole in page.locator(".app-foot, .app-answer, .app-working tbody").all():
        assert whole.evaluate(style, "breakInside") == "avoid"


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_somebody_finds_the_rules_of_an_authority(page, service):
    page.goto(f"{service}/rules")
    page.get_by_label("Local authority").select_option(label="Northumberland")
    page.get_by_label("Funding year").select_option("2015-16")
    page.get_by_role("button", name="Show rules").click()
    expect(page.get_by_text("1 of 50 rule sets")).to_be_visible()
    page.get_by_role("link", name="Northumberland 2015-16").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
