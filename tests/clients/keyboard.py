"""A page walked by the keyboard alone: what has the focus, where the tab key goes, and what is typed there."""

from collections.abc import Iterable
from typing import NamedTuple

from playwright.sync_api import Page, expect

ZOOMED = {"width": 1280 // 4, "height": 900 // 4}
"""What a screen of 1280 by 900 shows at 400 %."""

PRESSED = "header, nav, form, button, input, select, .govuk-back-link, .app-copy"
"""What is pressed or typed into, which is of no use on paper."""

PRINTED = """pressed => [...document.querySelectorAll(pressed)]
    .filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))"""

MOST_STOPS = 90
"""Presses of the tab key within which a page is walked through."""

FOCUSED = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const look = getComputedStyle(one), box = one.getClientRects()[0];
    const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
    const seen = document.elementFromPoint(box.left + box.width / 2, (top + bottom) / 2);
    return {
        id: one.id,
        words: one.matches("select") ? "" : (one.innerText || one.name || "").replace(/\\s+/g, " ")
            .replace(" ,", ","),
        isMarked: look.outlineStyle !== "none" || look.boxShadow !== "none",
        isCovered: !seen || !(one.contains(seen) || seen.contains(one)),
        right: box.right,
    };
}"""
"""What has the focus: its words, whether it is marked, whether something lies over it, and where it ends."""


class Step(NamedTuple):
    """One act at what has these words or this #id: what is pressed or typed there, and what is then seen."""

    act: str
    at: str
    text: str = ""


def walked(page: Page, at: str) -> list[dict]:
    """Press the tab key until what has these words or this #id has the focus, and return every stop on the way."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:  # after the last stop comes the browser itself
            continue
        stops.append(stop)
        if at == f"#{stop['id']}" or at in stop["words"]:
            return stops
    raise AssertionError(at, [one["words"] or one["id"] for one in stops])


def walk(page: Page, steps: Iterable[Step]) -> list[dict]:
    """Take steps by tab, space, enter and letters alone, and return every stop on the way."""
    stops = []
    for act, at, text in steps:
        if act == "see":
            expect(page.locator("main")).to_contain_text(at)
            continue
        stops += walked(page, at)
        if act == "go":
            with page.expect_navigation():
                page.keyboard.press("Enter")
        elif act == "enter":
            page.keyboard.type(text)
            with page.expect_navigation():
                page.keyboard.press("Enter")
        elif act == "press":
            page.keyboard.press(text)
        else:
            assert act == "type"
            page.keyboard.type(text)
    return stops
