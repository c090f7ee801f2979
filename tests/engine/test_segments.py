"""A year whose values change is cut at their dates, and each part of a document only at its own."""

from datetime import date

from engine.rules.in_force import InForce
from tests.builders import banded, rule_set

FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)


def dated(*values):
    """Return a value that changes: pairs of a first day and what is in force from it."""
    return [{"from": day, "value": value} for day, value in values]


def twice(before, after, day="2025-09-01"):
    """Return a value and what follows it within the year."""
    return dated(("2024-04-01", before), (day, after))


CHANGING = rule_set(
    **banded([{"pounds": twice("5000", "5170")}], ["A"], floor=twice("1", "2", "2026-01-01")),
    schools_formula={
        "pupils_counted_by": "basic",
        "factors": {
            "basic": {"label": "Basic", "counts": "pupils", "all": {"unit_value": "4000"}},
            "lump_sum": {
                "label": "Lump sum", "counts": "school",
                "all": {"unit_value": twice("1", "2", "2025-06-01")},
            },
        },
    },
)  # fmt: skip


def test_a_year_is_cut_where_a_value_of_the_parts_that_are_asked_about_begins():
    rule, profile = CHANGING.top_up_rule, CHANGING.band_profile
    assert CHANGING.over(FIRST, LAST, profile, rule) == (
        InForce(FIRST, date(2025, 8, 31)),
        InForce(date(2025, 9, 1), date(2025, 12, 31)),
        InForce(date(2026, 1, 1), LAST),
    )
    assert len(CHANGING.over(FIRST, LAST, rule)) == 2
    assert len(CHANGING.over(FIRST, LAST)) == 4


def test_a_day_is_the_one_run_of_days_from_itself_to_itself():
    day = date(2025, 9, 1)
    assert CHANGING.over(day, day) == (InForce(day, day),) == (CHANGING.at(day),)
    assert CHANGING.at() == InForce(FIRST, FIRST)


def test_what_begins_on_the_first_day_or_after_the_last_cuts_nothing():
    inside = CHANGING.over(date(2025, 9, 1), date(2025, 12, 31), CHANGING.band_profile)
    assert inside == (InForce(date(2025, 9, 1), date(2025, 12, 31)),)
    assert len(CHANGING.over(FIRST, date(2025, 8, 31), CHANGING.band_profile)) == 1
