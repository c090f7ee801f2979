"""What each part of a method says in the atlas, beside a rule set that does not have it."""

from datetime import date

import pytest

from engine.lab.atlas import Side, atlas
from engine.lab.atlas.entries import ABSENT
from engine.rules.compile import compile_rules
from engine.rules.measures import LATER, NO_ANSWER
from tests.builders import banded, rule_set
from tests.whole_rules import DAY, WHOLE

NOTHING = rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"]))


def answers(*documents, **wanted):
    """Return each rule set's answer to the one question that has the wanted words."""
    one = atlas([Side(compile_rules(document, DAY)) for document in documents])
    rows = [
        row
        for row in one.rows
        if all(getattr(row.entry, name) == held for name, held in wanted.items())
    ]
    assert len(rows) == 1
    return [cell.text for cell in rows[0].cells]


@pytest.mark.parametrize(
    ("part", "name", "measure", "whole_says", "other_says"),
    [
        ("top-up rule", "top_up_rule", "threshold", "6000.00", "not said"),
        ("top-up rule", "top_up_rule", "threshold lies", "inside the price: taken off it", "not said"),
        ("top-up rule", "top_up_rule", "threshold is met in", "mainstream", "not said"),
        ("top-up rule", "top_up_rule", "floor", "300.00", "not said"),
        ("top-up rule", "top_up_rule", "cap", "50000.00", "not said"),
        ("top-up rule", "top_up_rule", "hours of a full-time week", "25", "not said"),
        ("top-up rule", "top_up_rule", "loss protection: least of a pupil's top-up today", "90", "not said"),
        ("top-up rule", "top_up_rule", "loss protection: least of a school's top-ups today", "80", "not said"),
        ("top-up rule", "top_up_rule", "loss protection: last day protected", "2025-12-31", "not said"),
        ("top-up rule", "top_up_rule", "backdating: a late plan is paid from week", "20", "not said"),
        ("calendar", "calendar", "periods of the year", "2", "1"),
        ("calendar", "calendar", "weights of periods", "Autumn 4/9, Spring 5/9", "the whole year"),
        ("calendar", "calendar", "presence counts",
         ("Autumn: the whole period for a pupil on roll on its count date; "
          "Spring: by weekdays in term, less closures"), "by every day"),
        ("tariff", "tariff", "uprating", "2% from 2025-04-01; 3% from 2026-01-01, not yet in force", "not said"),
        ("tariff", "tariff", "area cost adjustment", "1.05", "not said"),
        ("tariff", "modifier", "added to prices", None, ABSENT.said),
        ("formula", "london_fringe", "multiplier", "each school's own multiplier", ABSENT.said),
        ("formula", "protection", "guarantee", "0.5", ABSENT.said),
        ("places", "special", "rate a place a year", "10000.00", ABSENT.said),
        ("places", "special", "places are counted for", "Summer 5/12, Rest 7/12", ABSENT.said),
        ("places", "sums", "rate a place a year", "given as sums of money", ABSENT.said),
        ("high needs block", "unit", "added to the block", "a unit value × pupils", ABSENT.said),
        ("high needs block", "additional", "rate of the base", "0.04", ABSENT.said),
        ("targeted funding", "targeted_funding", "notional SEN set against plans", "50", ABSENT.said),
        ("targeted funding", "targeted_funding", "tiers",
         "25% of the cost of plans beyond 50% of the budget; 75% of the cost of plans beyond 100% of the budget", ABSENT.said),
        ("targeted funding", "targeted_funding", "pot: all there is", "90000.00", ABSENT.said),
    ],
)  # fmt: skip
def test_what_one_authority_has_stands_beside_that_another_has_it_not(
    part, name, measure, whole_says, other_says
):
    wanted = {"part": part, "name": name, "measure": measure}
    wanted |= {"of": "Early years"} if name == "modifier" else {}
    said = answers(WHOLE["a decision table"], NOTHING, **wanted)
    assert said == [whole_says or "10% where band A, phase early years", other_says]


def test_a_price_in_units_weeks_and_parts_is_told_a_year():
    # 450.00 uprated to 459.00 and area-adjusted to 481.95, times 2.5, is 1,204.88; times 38.5 × 2/3.
    price = {"name": "C", "measure": "price a year"}
    of = {"of": "special"}
    assert answers(WHOLE["points"], NOTHING, **price, **of) == ["30925.25", ABSENT.said]
    hours = answers(WHOLE["points"], **price, of="hospital")
    assert hours == ["7.35 ÷ 2 × support hours above 13 up to 25"]


def test_points_of_the_greatest_need_and_a_panel_are_told():
    greatest = WHOLE["points of the greatest need"]
    said = answers(greatest, name="A", measure="assignment")
    assert said == ["0 to 2 points where setting special, of the dimension that has most"]
    panel = answers(greatest, NOTHING, part="assignment", measure="a panel may decide")
    assert panel == ["the band that a panel gave stands, whatever the rows would give", "not said"]


def test_a_protection_that_is_over_says_so():
    over = atlas([Side(compile_rules(WHOLE["points"], date(2026, 1, 1)))])
    said = [
        row.cells[0].text
        for row in over.rows
        if row.entry.measure == "loss protection: last day protected"
    ]
    assert said == ["2025-12-31 (over on this day)"]


def test_a_band_that_is_costed_from_staffing_names_its_adults():
    ratio = answers(WHOLE["points"], NOTHING, name="B", measure="staffing ratio")
    assert ratio == ["1.5 Teacher for 8 pupils", ABSENT.said]


def test_the_thresholds_of_sparsity_stand_by_phase():
    of = {"name": "sparsity", "of": "primary"}
    sizes = [
        answers(WHOLE["points"], **of, measure=f"{measure}")
        for measure in (
            "pupils a year group: fewer than",
            "pupils a year group: the whole up to",
            "miles to the next school: the whole from",
            "miles to the next school: some from",
        )
    ]
    assert sizes == [["21.4"], ["10.7"], ["2"], ["1.6"]]


def test_a_rate_of_a_block_that_comes_later_is_told_from_one_that_there_is_not():
    terms = {"terms": {"extra": {"label": "Extra"}}}
    worked_out = {"additional": "extra", "additional_base": "base"}
    later = [{"from": "2026-02-01", "value": "0.04"}]
    blocks = (
        terms | worked_out | {"additional_rate": later},
        terms | worked_out | {"additional_rate": "0.04"},
        terms,
    )
    said = answers(
        *(rule_set(high_needs_block=one) for one in blocks),
        part="high needs block", name="additional", measure="rate of the base",
    )  # fmt: skip
    assert said == [LATER.text, "0.04", NO_ANSWER.text]
    assert LATER.text != NO_ANSWER.text


def test_what_is_added_to_prices_later_in_the_year_is_told_from_nothing_added():
    def adds(percent) -> dict:
        parts = banded([{"band": "A", "pounds": "1"}], ["A"])
        parts["band_profile"]["tariff"]["modifiers"] = [{"label": "More", "percent": percent}]
        return rule_set(**parts)

    later = [{"from": "2026-02-01", "value": "4"}]
    said = answers(adds(later), adds("4"), name="modifier", measure="added to prices")
    assert said == [LATER.text, "4%"]
