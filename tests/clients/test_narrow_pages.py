"""Tables and the chart of a result on a screen of 320: no word broken, nothing cut off, nothing upon another."""

from urllib.parse import urlencode

import pytest

from app.pages.chart import Bar, bar_chart
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.clients.page_states import STATES

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
RESULT = f"{WEST_SUSSEX}?{urlencode(STATEMENT)}"
WIDE = [
    "Income deprivation (IDACI) band F",
    "MINIMUM FUNDING GUARANTEE",
    "W" * 40,
    "mown meadows momentum",
]
BROKEN_WORDS = """() => { const found = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const text = walk.currentNode;
    if (text.parentElement.closest('option, .app-code, .app-break, .app-under, a')) continue;
    for (const word of text.data.matchAll(/[A-Za-z]+|[+−]?£[0-9.,]+/g)) { const range = document.createRange();
      range.setStart(text, word.index); range.setEnd(text, word.index + word[0].length);
      const tops = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
      if (tops.size > 1) found.push(word[0]); } }
  return found; }"""
"""Words and amounts that a line ends within, but for addresses, paths and codes."""

BEYOND = """width => [...document.querySelectorAll('main td')].filter(one => one.checkVisibility()
    && one.getBoundingClientRect().right > width).map(one => one.textContent)"""
"""Figures that are seen only after scrolling a table."""


def test_no_wide_label_is_cut_off_and_no_figure_of_millions_is_upon_its_bar(page, service):
    page.set_viewport_size(NARROW)
    page.goto(service + RESULT)
    bars = [Bar(label, 10**9 - at, "−£12,345,678.90") for at, label in enumerate(WIDE)]
    chart = page.locator("svg.app-chart")
    chart.evaluate("(one, drawn) => { one.outerHTML = drawn }", str(bar_chart("a", "b", "c", bars)))
    right = chart.evaluate("one => one.getBoundingClientRect().right")
    for label in chart.locator("tspan").all():
        assert label.evaluate("one => one.getBoundingClientRect().right") <= right + 1
    for bar, figure in zip(
        chart.locator("rect").all(), chart.locator(".app-chart__figure").all(), strict=True
    ):
        ends, begins = bar.bounding_box(), figure.bounding_box()
        assert ends["x"] + ends["width"] <= begins["x"]


@pytest.mark.parametrize("width", [320, 302])
@pytest.mark.parametrize(
    "state",
    [
        "two results side by side",
        "pupils more or fewer",
        "three years ahead",
        "what changed in the rules for a school",
        "plans by local and proposed bands",
    ],
)
def test_figures_side_by_side_fit_a_narrow_screen_and_one_with_a_scroll_bar(
    page, service, state, width
):
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(service + STATES[state])
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.evaluate(BEYOND, width)


@pytest.mark.parametrize(
    "address",
    [RESULT, "/rules/telford-and-wrekin-2025-26", "/rules/national-profile-candidate", "/notional-sen/toy-2025-26?phase=all_through&blanks=none"],
)  # fmt: skip
def test_no_word_is_broken_on_a_narrow_screen(page, service, address):
    page.set_viewport_size(NARROW)
    page.goto(service + address)
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
