"""Mobility: a school gives all pupils who joined at unusual times, and the share that does not count is taken off."""

import re
from html import unescape

import pytest

RULES = "/notional-sen/nff-2025-26"
SCHOOL = {
    "phase": "primary", "la": "884", "percentages": "none", "blanks": "none", "percent_mobility_primary": "50",
    "percent_basic_entitlement_primary": "5", "units_basic_entitlement_primary": "210",
}  # fmt: skip


def told(client, **answers):
    page = client.get(RULES, params=SCHOOL | answers)
    return page.status_code, " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def budget(client, **answers):
    status, words = told(client, **answers)
    assert status == 200, words
    return re.search(r"Notional SEN budget £([0-9,]+\.[0-9]{2})", words)[1]


def test_pupils_above_the_share_and_all_of_them_come_to_the_same_budget(client):
    # 6% of 210 is 12.6.
    assert budget(client, all_mobility_primary="20") == budget(client, units_mobility_primary="7.4")
    assert budget(client, all_mobility_primary="12") == budget(client)


def test_the_box_keeps_what_was_typed(client):
    _, words = told(client, all_mobility_primary="20", change="yes")
    page = client.get(RULES, params=SCHOOL | {"all_mobility_primary": "20", "change": "yes"}).text
    assert re.search(r'name="all_mobility_primary"[^>]*value="20"', page)
    assert "of which we take off 6% of primary pupils" in words


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"all_mobility_primary": "many"}, "all pupils must be a number such as 31"),
        ({"all_mobility_primary": "20", "units_mobility_primary": "7"}, "must be empty, or the box above it"),
        ({"all_mobility_primary": "20", "units_basic_entitlement_primary": "", "blanks": ""},
         "needs the number of primary pupils"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_box(client, answers, sentence):
    status, words = told(client, **answers)
    assert status == 422
    assert sentence in words
