"""The words that no school meets on its pages."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from app.pages.years_ahead import BOXES
from tests.app.pages.statement import STATEMENT, WEST_SUSSEX
from tests.app.pages.test_notional_sen_page import words_of

NORTHUMBERLAND = "/notional-sen/northumberland-2025-26"
CHECK = "/budget-check/windsor-and-maidenhead-2018-19"
PERCENT = "schools_formula.factors.fsm6.primary.notional_percent"
NATIONAL = "/notional-sen/nff-2026-27"
PUPILS = {"units_fsm6_primary": "48", "blanks": "none", "ehc_plans": "6", "sen_support_pupils": "9"}
PLANS = {"sen_support_cost": "2500", "phase": "primary", **PUPILS}
PAGES = {
    "the start": ("/", {}),
    "the questions": (NORTHUMBERLAND, {"phase": "primary"}),
    "the questions of any authority": (NATIONAL, {"phase": "primary", "la": "383"}),
    "mistakes": (NORTHUMBERLAND, {**PLANS, "units_fsm_primary": "many"}),
    "a result": (NORTHUMBERLAND, PLANS),
    "a result with protection": (WEST_SUSSEX, STATEMENT),
    "a result that is not complete": (NATIONAL, {**PLANS, "la": "383"}),
    "answers to change": (NORTHUMBERLAND, {**PLANS, "change": "yes"}),
    "a what-if": (NORTHUMBERLAND, {**PLANS, "override": f"{PERCENT}=70"}),
    "other rules": (f"{NORTHUMBERLAND}/other-rules", PLANS),
    "two results side by side": (
        "/side-by-side",
        {
            "first": f"{NORTHUMBERLAND}?{urlencode(PLANS)}",
            "second": f"{NATIONAL}?{urlencode(PLANS | {'la': '383'})}",
        },
    ),
    "pupils more": (f"{NORTHUMBERLAND}/pupils", {**PLANS, "more_fsm6_primary": "2"}),
    "years ahead": (f"{NORTHUMBERLAND}/years-ahead", PLANS | dict.fromkeys(BOXES, "1")),
    "what changed in the rules": (
        "/rule-changes",
        {
            "result": f"{NATIONAL}?{urlencode(PLANS | {'la': '383'})}",
            "before": "nff-2025-26",
            "after": "nff-2026-27",
        },
    ),
    "bands": ("/bands", {}),
    "a result to check": ("/check", {"address": "x", "code": "y"}),
    "a budget to check": (CHECK, {}),
    "a budget checked": (CHECK, {"notional_sen": "34100", "ehc_plans": "5"}),
}
NOT_SAID = re.compile(
    r"\bdigests?\b|\breferences? [0-9a-f]{8}|\bcalculation version\b|\bclauses?\b|\brule sets?\b|\bcalls?\b|\barithmetic version\b|\bstandings?\b"
    r"|\b[a-z0-9]+_[a-z0-9_]+\b",
    re.IGNORECASE,
)


def printed_address(page):
    """Return the address that a result prints, as the page spells it; nothing where there is none."""
    return "".join(re.findall(r"Address of this result: (.*?)</p>", page))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_a_school_has_no_word_of_ours(client, name):
    path, answers = PAGES[name]
    answer = client.get(path, params=answers)
    assert answer.status_code in {200, 422}
    # An address that is printed has the names of its fields, as that of a browser has.
    said = unescape(words_of(answer)).replace(unescape(printed_address(answer.text)), "")
    assert len(said) > 300
    assert not [said[one.start() - 40 : one.end() + 40] for one in NOT_SAID.finditer(said)]


@pytest.mark.parametrize("word", ["Rule set", "calls", "units_fsm", "clause"])
def test_such_a_word_would_be_found(word):
    assert NOT_SAID.search(f"what {word} is")
