"""The page of a result in a real browser: the verdict first, the rest folded, two sheets of paper, and Back."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.clients.test_page import (
    AXE,
    BEDFORD,
    NORTHUMBERLAND,
    WIDTHS,
    WITH,
    failings,
    page,
    scripts,
    sheets_of,
    tabs,
)

pytestmark = pytest.mark.browser
__all__ = ["page", "scripts", "tabs"]


@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_back_from_a_result_finds_what_was_typed_and_forward_the_result(page, service):
    page.goto(f"{service}{BEDFORD}?phase=primary")
    box = page.get_by_label("Free school meals (primary)")
    box.fill("31")
    page.get_by_role("button", name="Work out the budget").click()
    expect(page.locator(".app-answer__figure")).to_be_visible()
    page.go_back()
    expect(box).to_have_value("31")
    page.go_forward()
    expect(page.locator(".app-answer__figure")).to_be_visible()
    page.get_by_role("link", name="Change your answers").click()
    expect(box).to_have_value("31")
    expect(page.locator(".app-answer__figure")).to_have_count(0)


PRIMARY = {
    "phase": "primary", "school": "Saint Anne Primary School", "units_basic_entitlement_primary": "210",
    "units_fsm_primary": "45", "units_fsm6_primary": "48", "units_idaci_a_primary": "5",
    "units_idaci_b_primary": "10", "units_idaci_c_primary": "8", "units_idaci_d_primary": "12",
    "units_idaci_e_primary": "18", "units_idaci_f_primary": "12", "units_eal_primary": "7",
    "units_low_prior_attainment_primary": "58.695", "blanks": "none",
    "sen_support_pupils": "30", "sen_support_cost": "2500", "ehc_plans": "6",
}  # fmt: skip
TITLE = "Notional SEN budget, Northumberland 2025-26"
"""What the rules are called."""

SCREENS = {1280: (800, 5_600), 320: (640, 9_000)}
"""The height of a first screen, and the most of a whole result, pixels, by the width."""


@pytest.mark.parametrize("width", SCREENS)
@pytest.mark.parametrize("scripts", WITH, ids=WITH.values())
def test_the_verdict_of_a_primary_is_on_the_first_screen_and_the_rest_is_folded(
    page, service, width
):
    first, most = SCREENS[width]
    page.set_viewport_size({"width": width, "height": first})
    page.goto(f"{service}{NORTHUMBERLAND}?{urlencode(PRIMARY)}")
    for shown in ("£145,681.63", "£111,000.00", "£34,681.63"):
        box = page.locator(".app-answer").get_by_text(shown, exact=True).bounding_box()
        assert box["y"] + box["height"] <= first
    assert page.evaluate("document.documentElement.scrollHeight") <= most
    working = page.get_by_role("table", name="Working of each factor")
    expect(working).to_be_hidden()
    page.locator("#working > summary").click()
    expect(working).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [f"{NORTHUMBERLAND}/other-rules?{urlencode(PRIMARY)}", "/check", "/check?address=x&code=y"],
)
def test_other_rules_and_the_check_of_a_code_keep_no_user_out(page, service, path):
    page.goto(service + path)
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not failings(page), width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_primary_is_printed_on_two_sheets_with_its_name_the_day_and_the_rules(page, service):
    page.goto(f"{service}{NORTHUMBERLAND}?{urlencode(PRIMARY)}")
    assert len(sheets_of(page)) == 2
    page.emulate_media(media="print")
    for words in ("Saint Anne Primary School", "Worked out on", f"“{TITLE}”, version 1"):
        expect(page.get_by_text(words).first).to_be_visible()
