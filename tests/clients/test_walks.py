"""Each service of the school's pages, walked to its result by the keyboard alone: with scripts, and much enlarged without.

The result of each is tried with axe as it is, in forced colours and on paper too.
"""

import os
import subprocess
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from engine.data import FIXTURES
from tests.clients.keyboard import PRESSED, PRINTED, ZOOMED, Step, walk
from tests.clients.page_states import NORTHUMBERLAND, NOW, PLANS
from tests.clients.served import PROGRAM, serving
from tests.clients.test_page import AXE, failings, page, scripts, tabs, watched

pytestmark = pytest.mark.browser
__all__ = ["page", "scripts", "tabs"]

SCREENS = {True: {"width": 1280, "height": 900}, False: ZOOMED}
"""A screen with scripts, and the same at 400 % without."""

RESULT = f"{NORTHUMBERLAND}?{urlencode(PLANS)}"
see, go, enter, press, put = (
    lambda *told, act=act: Step(act, *told) for act in ("see", "go", "enter", "press", "type")
)

WALKS = {
    "a school starts and gets its budget": (
        "/",
        [
            put("#la", "Northumberland"), put("#year", "2025-26"), press("phase", "Space"), go("Continue"),
            put("#units_fsm6_primary", "10"), press("blanks", "Space"), put("#ehc_plans", "2"),
            go("Work out the budget"), see("£10,600.00"),
        ],
    ),
    "its letter is explained": (
        RESULT,
        [
            go("Is it what your letter says?"), enter("#letter_notional", "12720.00"),
            see("The letter has"), see("the letter may count"),
        ],
    ),
    "what changed since last year": (
        NOW,
        [
            go("Compare with last year"), put("#units_basic_entitlement_primary", "210"),
            put("#units_fsm6_primary", "31"), put("#percent_basic_entitlement_primary", "4.5"),
            put("#percent_fsm6_primary", "55"), press("percentages", "Space"), press("blanks", "Space"),
            go("Compare with this year"), see("What changed it"), press("Line by line", "Enter"),
            see("Low prior attainment"),
        ],
    ),
    "what bands bring": (
        "/bands",
        [
            go("Support bands for plans in mainstream"), put("#band_1", "2a"), put("#plans_1", "3"),
            put("#setting_1", "Mainstream"), press("Part of the year, row 1", "Enter"),
            put("#start_1", "01092025"), go("Work out what the plans bring"), see("3 plans: the school is paid"),
        ],
    ),
    "one pupil's top-up": (
        "/bands/solihull-2025-26",
        [
            go("s top-up, with its working"), put("#band_1", "2b"), put("#setting_1", "Mainstream"),
            go("Work out the top-up"), see("Top-up for the year"), see("Working"),
        ],
    ),
    "a budget is checked": (
        "/",
        [
            go("Northumberland 2025-26"), put("#notional_sen", "34100"), put("#sen_support_pupils", "10"),
            put("#sen_support_cost", "1500"), put("#ehc_plans", "5"), go("Check the budget"),
            see("falls short of the expected costs by £10,900"),
        ],
    ),
    "the same figures under other rules": (
        RESULT,
        [
            go("The same figures under other rules"), put("#to", "Schools national funding formula 2025"),
            go("Show the result"), see("The unit values are those of the national formula"),
        ],
    ),
    "two results side by side": (
        RESULT,
        [
            go("Put another result beside this one"), enter("#second", f"{NORTHUMBERLAND}?{urlencode(PLANS | {'ehc_plans': '7'})}"),
            see("Difference"),
        ],
    ),
    "more or fewer pupils": (
        RESULT,
        [
            go("More or fewer pupils"), put("#more_basic_entitlement_primary", "3"),
            enter("#more_fsm6_primary", "-2"), see("What they do to each other"), see("−2 "),
        ],
    ),
    "three years ahead": (
        RESULT,
        [
            go("Three years ahead"), put("#uprating_1", "2.5"), put("#pupils_1", "-1"), put("#uprating_2", "2"),
            put("#pupils_2", "0"), put("#uprating_3", "2"), put("#pupils_3", "0"), go("Show three years"),
            see("as an indication"),
        ],
    ),
    "rules are found and read": (
        "/rules",
        [
            enter("#words", "northumberland 2025"), go("Northumberland 2025-26"), go("What changed since 2015-16"),
            see("All that changed"),
        ],
    ),
    "what changed in the rules for a school": (
        NOW,
        [
            go("What changed in the rules"), put("#before", "Schools national funding formula 2024"),
            put("#after", "Schools national funding formula 2025"), go("Show what changed"),
            see("What changes do to each other"),
        ],
    ),
    "what a public service says of itself": (
        "/",
        [
            go("Glossary"), see("Notional SEN"), go("Privacy"), see("kept"), go("Cookies"), see("cookies"),
            go("Accessibility"), see("keyboard"), go("Where the data come from"), see("Department for Education"),
        ],
    ),
}  # fmt: skip


on_both_screens = pytest.mark.parametrize(
    "scripts", SCREENS, ids=["with scripts", "without, at 400 %"]
)


@on_both_screens
@pytest.mark.parametrize("name", WALKS)
def test_by_keyboard_alone(page, service, scripts, name):
    walk_whole(page, service, *WALKS[name], scripts=scripts)


@pytest.fixture(scope="module")
def with_register(tmp_path_factory) -> Iterator[str]:
    """Give the address of a service that has the invented register of schools."""
    folder = tmp_path_factory.mktemp("with_register")
    given = {"EVENBAND_DATABASE_URL": f"sqlite:///{folder / 'evenband.db'}"}
    imported = [PROGRAM, "register", "import", FIXTURES / "register" / "invented.csv"]
    subprocess.run(imported, env=os.environ | given, check=True, capture_output=True)
    with serving(folder) as address:
        yield address


@on_both_screens
@pytest.mark.parametrize("sought", ["harbour first", "9990001", "zz1 1aa"])
def test_a_school_is_found_in_the_register_by_keyboard_alone(page, with_register, scripts, sought):
    steps = [
        put("#find", sought), put("#find-year", "2025-26"), go("Find school"), press("urn", "Space"),
        go("Continue"), see("Invented Harbour First School"), put("#units_fsm6_primary", "10"),
        press("blanks", "Space"), put("#ehc_plans", "2"), go("Work out the budget"),
        see("£10,600.00"), see("Invented Harbour First School"),
    ]  # fmt: skip
    walk_whole(page, with_register, "/", steps, scripts=scripts)


def walk_whole(page, service, start, steps, *, scripts):
    """Walk from a page to what is seen last; every stop is marked and uncovered, and the last page is right by any means."""
    page.set_viewport_size(SCREENS[scripts])
    width = SCREENS[scripts]["width"]
    with watched(page):
        page.goto(service + start)
        stops = walk(page, steps)
        assert not [one for one in stops if not one["isMarked"] or one["isCovered"]]
        assert not [one for one in stops if one["right"] > width]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if scripts:  # axe waits for timers, which are scripts
            page.evaluate(AXE)
            page.emulate_media(forced_colors="active")
            assert not failings(page)
        page.emulate_media(media="print", forced_colors="null")
        assert not page.evaluate(PRINTED, PRESSED)


@on_both_screens
def test_a_printed_code_is_checked_by_keyboard_alone(page, service, scripts):
    page.set_viewport_size(SCREENS[scripts])
    page.goto(service + RESULT)
    code = page.locator("#about ~ p strong.app-tag", has_text="-").last.inner_text()
    stops = walk(
        page, [go("Check a result"), put("#address", service + RESULT), enter("#code", code)]
    )
    page.emulate_media(media="print")
    assert not page.evaluate(PRINTED, PRESSED)
    page.emulate_media(media="null")
    stops += walk(page, [see("Unaltered"), go("See the result at this address"), see("£")])
    assert not [one for one in stops if not one["isMarked"] or one["isCovered"]]
