"""Calendars: presence earns its part of the year's money, in any year and way of counting."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.days import day_number
from engine.errors import RuleRefused
from engine.rules.calendar import CalendarRule
from engine.rules.compile_calendar import compile_calendar
from tests.builders import a_year, banded, rule_set
from tests.calendar_strategies import calendars
from tests.reference.calendars import equal_parts, presence

DAYS = st.dates(date(2023, 1, 1), date(2027, 1, 1))


def rule_of(parts: dict) -> CalendarRule:
    return CalendarRule.model_validate({**parts, "standing": "proposed", "source": "example"})


def earned(calendar, start: date, end: date) -> Fraction:
    """Return the part of the year from one day to another."""
    days = [np.asarray([day_number(day)], np.int32) for day in (start, end)]
    return Fraction(int(calendar.year_share(*days)[0]), calendar.denominator)


def whole(calendar) -> Fraction:
    return Fraction(int(calendar.cumulative[-1]), calendar.denominator)


@given(calendars(), DAYS, DAYS)
def test_the_part_of_the_year_is_what_counting_its_days_one_by_one_gives(parts, start, end):
    rule = rule_of(parts)
    assume(rule.periods)
    calendar = compile_calendar(rule)
    assert earned(calendar, start, end) == presence(rule, {"start": start, "end": end})


@given(calendars(), st.lists(DAYS, max_size=4))
def test_the_parts_of_a_divided_year_add_to_the_whole(parts, cuts):
    rule = rule_of(parts)
    assume(rule.periods)
    calendar = compile_calendar(rule)
    first, last = rule.periods[0].first, rule.periods[-1].last
    inside = sorted({cut for cut in cuts if first < cut <= last})
    bounds = [first, *inside, last + timedelta(1)]
    stays = pairwise(bounds)
    assert sum(earned(calendar, start, end - timedelta(1)) for start, end in stays) == 1
    assert whole(calendar) == 1


@given(calendars())
def test_a_year_of_equal_parts_says_how_many_it_has(parts):
    rule = rule_of(parts)
    assert compile_calendar(rule).parts == (equal_parts(rule) or 0)


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        pytest.param(
            "2024-02-29", "2024-02-29", Fraction(1, 366), id="a leap day is a day like others"
        ),
        pytest.param(
            "2023-09-01", "2024-08-31", Fraction(1), id="first to last day is the whole year"
        ),
        pytest.param(
            "2020-01-01", "2030-01-01", Fraction(1), id="days outside the year earn nothing"
        ),
        pytest.param("2024-09-01", "2024-12-31", Fraction(0), id="after the year earns nothing"),
        pytest.param(
            "2024-03-01", "2024-02-28", Fraction(0), id="an end before its start earns nothing"
        ),
        pytest.param("2024-08-31", "2030-01-01", Fraction(1, 366), id="the last day is paid"),
    ],
)
def test_a_leap_year_by_days(start, end, part):
    calendar = compile_calendar(rule_of(a_year("2023-09-01", "2024-08-31")))
    assert earned(calendar, date.fromisoformat(start), date.fromisoformat(end)) == part


def test_a_move_between_schools_on_a_count_date_is_paid_at_one_of_them():
    periods = [
        {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-31", "weight": 4,
         "presence": "count_date", "count_on": "2025-10-02"},
        {"name": "Rest", "first": "2026-01-01", "last": "2026-08-31", "weight": 8,
         "presence": "count_date", "count_on": "2026-01-15"},
    ]  # fmt: skip
    calendar = compile_calendar(rule_of({"periods": periods}))
    assert earned(calendar, date(2025, 9, 1), date(2025, 10, 1)) == 0
    assert earned(calendar, date(2025, 10, 2), date(2026, 1, 14)) == Fraction(4, 12)
    assert earned(calendar, date(2026, 1, 15), date(2026, 8, 31)) == Fraction(8, 12)


def test_a_period_without_a_day_that_counts_is_refused_with_its_place():
    holiday = {
        "name": "August",
        "first": "2025-08-01",
        "last": "2025-08-31",
        "presence": "school_days",
    }
    terms = [{"name": "Autumn", "first": "2025-09-01", "last": "2025-12-19"}]
    with pytest.raises(RuleRefused, match="has no day that counts"):
        compile_calendar(rule_of({"periods": [holiday], "terms": terms}))


def test_periods_whose_shares_cannot_be_held_exactly_are_refused_not_wrapped_round():
    lengths = [53, 47, 43, 41, 37, 31, 29, 23, 19, 17, 13, 7, 3, 2]
    first, periods = date(2025, 4, 1), []
    for number, length in enumerate(lengths):
        last = first + timedelta(length - 1)
        periods.append({"name": f"Part {number}", "first": str(first), "last": str(last),
                        "weight": 10_000 - number, "presence": "calendar_days"})  # fmt: skip
        first = last + timedelta(1)
    with pytest.raises(RuleRefused, match="exactly"):
        compile_calendar(rule_of({"periods": periods}))


def test_stated_parts_that_the_periods_do_not_give_are_refused():
    calendar = {**a_year(), "parts": {"number": 364, "part": "day"}}
    with pytest.raises(RuleRefused, match="is 364, but the periods have 365 parts"):
        compile_calendar(
            rule_set(**banded([{"pounds": "1"}], "A", calendar=calendar)).top_up_rule.calendar
        )
