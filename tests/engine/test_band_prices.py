"""A band's price in a hypothetical case, without the clauses that look at one pupil's past."""

import pytest

from engine.band_prices import WHOLE_YEAR, band_price, band_rules, case_reads
from engine.errors import TableRefused
from engine.rules.compile import compile_rules
from engine.vocabulary import Reason
from tests.builders import banded, rule_set

PRICES = [
    {"band": "A", "pounds": "12000"},
    {"band": "B", "when": {"setting": ["special"]}, "pounds": "5000"},
]
CLAUSES = {
    "part_time": {"full_time_hours": "25"},
    "threshold": {"pounds": "6000", "inside": True},
    "cap": "5000",
    "protection": {"until": "2026-03-31", "pupil_percent": "100"},
    "pays_when": {"sen_provision": ["E"]},
}
POINTS = {"points": {"covers": ["0-9"], "dimensions": {"learning": {"weight": 1, "highest": 9}}, "steps": [{"from": 0, "to": 9, "band": "A"}]}}  # fmt: skip


@pytest.fixture
def rules():
    return compile_rules(rule_set(**banded(PRICES, ["A", "B"], **CLAUSES)))


def test_a_price_a_year_leaves_out_every_clause(rules):
    whole = band_rules(rules, whole_year=True)
    assert case_reads(whole.top_ups) == {"band", "setting"}
    case = {"band": "A", "setting": "mainstream", **WHOLE_YEAR}
    assert band_price(whole, case).amount == 1_200_000


def test_what_is_paid_keeps_the_clauses_but_those_that_look_at_today(rules):
    paid = band_rules(rules, whole_year=False)
    assert case_reads(paid.top_ups) == {"band", "setting", "sen_provision", "hours"}
    case = {"band": "A", "setting": "mainstream", "sen_provision": "E", "hours": "25"}
    # 12,000 less 6,000 is above the cap.
    assert band_price(paid, case).amount == 500_000


def test_a_band_without_a_price_has_none_and_not_nothing(rules):
    whole = band_rules(rules, whole_year=True)
    found = band_price(whole, {"band": "B", "setting": "mainstream", **WHOLE_YEAR})
    assert (found.amount, found.reason) == (None, Reason.no_price)


def test_a_value_that_no_price_reads_is_checked_all_the_same(rules):
    whole = band_rules(rules, whole_year=True)
    case = {"band": "A", "setting": "mainstream", "support_hours": "many", **WHOLE_YEAR}
    with pytest.raises(TableRefused):
        band_price(whole, case)


def test_the_band_is_given_however_rules_assign_it():
    rules = compile_rules(rule_set(**banded(PRICES, ["A", "B"], POINTS)))
    whole = band_rules(rules, whole_year=True)
    case = {"band": "B", "setting": "special", **WHOLE_YEAR}
    assert band_price(whole, case).amount == 500_000
