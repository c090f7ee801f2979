"""Rows of an authority's own tables explained: the steps that a person would work, and what they come to."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from engine.errors import NotReconciled, PairRefused
from engine.explain import explain_allocation
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.module import Options
from engine.modules.places import PLACES
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compile import compile_rules
from engine.steps import (
    NotFoldable,
    Own,
    Ratios,
    Unit,
    exact_rows,
    fold,
    start,
    up_to_a_pound,
    work,
)
from tests.builders import rule_set
from tests.engine.test_targeted_of_schools import GAP, without_plans

SUMMER, WINTER = {"name": "Summer", "months": 5}, {"name": "Winter", "months": 7}
KINDS = {
    "sen": {"label": "SEN", "annual": "10000", "periods": [SUMMER, WINTER]},
    "hospital": {"label": "Hospital", "periods": []},
}
TERMS = {
    "spend": {"label": "Historic spend"},
    "entitlement": {"label": "Basic entitlement", "times": "special_school_pupils"},
    "extra": {"label": "Additional"},
}
BLOCK = {
    "terms": TERMS,
    "additional": "extra",
    "additional_base": "base",
    "additional_rate": "0.05",
}


def spoken(explanation):
    """Return the rows of each working as a person reads them."""
    return [
        [(row.operator.sign, row.label, row.text) for row in one.rows]
        for one in explanation.workings
    ]


def placed(**columns):
    """Value places of an authority, and of another."""
    frame = pl.DataFrame(
        {
            "la": ["202", "201", "202"],
            "place_type": ["sen", "sen", "hospital"],
            "places_1": ["3", "1", "100.50"],
            "places_2": ["2.5", "1", None],
            **columns,
        }
    )
    rules = compile_rules(rule_set(places={"types": KINDS}))
    return PLACES.allocate(rules, frame)


def test_places_are_explained_row_by_row_and_added():
    found = explain_allocation(placed(), "202")
    assert [one.label for one in found.workings] == ["sen", "hospital"]
    sen, hospital = spoken(found)
    assert sen == [
        ("", "A place, for a year", "10,000.00"),
        ("×", "Months of Summer", "5"),
        ("÷", "Months of a year", "12"),
        ("=", "A place, Summer, to the penny", "4,166.67"),
        ("×", "Places, Summer", "3"),
        ("=", "Summer", "12,500.01"),
        ("", "A place, for a year", "10,000.00"),
        ("×", "Months of Winter", "7"),
        ("÷", "Months of a year", "12"),
        ("=", "A place, Winter, to the penny", "5,833.33"),
        ("×", "Places, Winter", "2.5"),
        ("=", "Winter", "14,583.325"),
        ("", "Summer", "12,500.01"),
        ("+", "Winter", "14,583.325"),
        ("=", "All periods", "27,083.335"),
        ("=", "Up to a whole pound", "27,084.00"),
    ]
    assert hospital == [
        ("", "Hospital", "100.50"),
        ("=", "All periods", "100.50"),
        ("=", "Up to a whole pound", "101.00"),
    ]
    assert found.workings[0].rows[0].place == "places.types.sen.annual"
    assert [row.text for row in found.totals] == ["27,185.00"]


def test_a_block_shows_what_is_multiplied_and_what_the_rules_work_out():
    frame = {
        "la": "202",
        "spend": "1000",
        "entitlement": "4000.10",
        "special_school_pupils": "2",
        "base": "90",
    }
    rules = compile_rules(rule_set(high_needs_block=BLOCK))
    (rows,) = spoken(
        explain_allocation(HIGH_NEEDS_BLOCK.allocate(rules, pl.DataFrame([frame])), "202")
    )
    assert rows == [
        ("", "Base", "90.00"),
        ("×", "National rate", "0.05"),
        ("=", "Additional allocation, up to a whole pound", "5.00"),
        ("", "Basic entitlement", "4,000.10"),
        ("×", "Special school pupils", "2"),
        ("=", "Basic entitlement", "8,000.20"),
        ("", "Historic spend", "1,000.00"),
        ("+", "Basic entitlement", "8,000.20"),
        ("+", "Additional", "5.00"),
        ("=", "Up to a whole pound", "9,006.00"),
    ]


def test_a_school_with_many_plans_is_explained_from_a_table_of_its_own():
    rules = compile_rules(rule_set(targeted_funding=GAP))
    row = {"urn": "100001", "notional_sen": "10000", "ehc_plans": "2"}
    outcome = TARGETED_FUNDING.allocate(rules, pl.DataFrame([row]), Options())
    (rows,) = spoken(explain_allocation(outcome, "100001"))
    assert rows[-1] == ("=", "Extra funding due", "7,000.00")


def test_a_school_of_which_something_is_not_known_has_no_steps_and_no_total():
    outcome = without_plans(GAP)
    found = explain_allocation(outcome, "100003")
    assert (found.absent, spoken(found)) == (1, [[]])
    assert [row.text for row in found.totals] == ["not known"]


def test_an_authority_without_a_row_is_not_found():
    with pytest.raises(PairRefused, match="not found: no row of the table has this la"):
        explain_allocation(placed(), "203")


def test_steps_that_do_not_come_to_what_is_paid_are_found():
    outcome = placed()
    first, *others = outcome.valued
    wrong = replace(first, amount=replace(first.amount, amount=first.pence + 1))
    with pytest.raises(NotReconciled, match="the steps of places"):
        explain_allocation(replace(outcome, valued=(wrong, *others)), "202")


def test_a_part_of_a_penny_goes_up_to_the_next_pound_and_a_whole_one_stays():
    steps = (start("Held", Own("held", 100, Unit.pounds)), up_to_a_pound("Up"))
    numbers = ["0", "0.0001", "1", "1.01", "-0.99", "-1", "-1.01"]
    expected = [0, 100, 100, 200, 0, -100, -100]
    assert [work(steps, {"held": Fraction(one)}) for one in numbers] == expected
    together = exact_rows(steps, {"held": Ratios.of(Fraction(one) for one in numbers)})
    assert [together.row(at) for at in range(len(numbers))] == expected
    assert isinstance(together.top, np.ndarray)
    with pytest.raises(NotFoldable):
        fold(steps[1:])
