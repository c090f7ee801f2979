"""Payments by month or term add to the year's amount under every calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import PairRefused
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from tests.builders import a_year, banded, pupil, pupil_table, rule_set

FIRST = date(2025, 4, 1)
UNEVEN = {
    "source": "example",
    "standing": "proposed",
    "periods": [
        {"name": "Summer", "first": "2025-04-01", "last": "2025-08-31", "weight": 5, "presence": "calendar_days"},
        {"name": "Autumn", "first": "2025-09-01", "last": "2025-12-31", "weight": 4, "presence": "count_date", "count_on": "2025-10-02"},
        {"name": "Spring", "first": "2026-01-01", "last": "2026-03-31", "weight": 3, "presence": "calendar_days"},
    ],
}  # fmt: skip
COUNTED = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}


def scheduled(records, divided, calendar=None, **price):
    prices = [{"band": "A", "pounds": "1000.01", **price}]
    rules = compile_rules(rule_set(**banded(prices, ["A"], calendar=calendar or a_year())))
    outcome = evaluate(rules, None, pupil_table(records, ["A"])).top_ups
    return outcome, payment_schedule(outcome, divided)


def at(day):
    return FIRST + timedelta(days=day)


@given(
    st.lists(st.tuples(st.integers(-50, 400), st.integers(0, 400)), min_size=1, max_size=12),
    st.sampled_from([None, UNEVEN]),
    st.sampled_from(list(Divided)),
)
def test_payments_add_to_the_year(stays, calendar, divided):
    records = [
        pupil(pupil_key=f"p{n}", band="A", start=at(start), end=at(start + days))
        for n, (start, days) in enumerate(stays)
    ]
    outcome, schedule = scheduled(records, divided, calendar)
    assert schedule.payments.sum(axis=1).tolist() == outcome.amount.tolist()
    assert (schedule.payments >= 0).all()


def test_a_year_of_days_is_paid_in_twelve_months_by_their_days():
    _, schedule = scheduled([pupil(band="A", start=None, end=None)], Divided.months)
    assert (schedule.names[0], schedule.names[-1]) == ("April 2025", "March 2026")
    assert schedule.payments[0, 0] == 8_219
    assert len(schedule.names) == 12


def test_a_term_with_a_count_date_is_paid_in_its_month():
    _, schedule = scheduled([pupil(band="A", start=None, end=None)], Divided.months, UNEVEN)
    paid = dict(zip(schedule.names, schedule.payments[0].tolist(), strict=True))
    assert paid["September 2025"] == 0
    assert paid["October 2025"] == 33_334


def test_terms_are_paid_by_their_weights():
    _, schedule = scheduled([pupil(band="A", start=None, end=None)], Divided.periods, UNEVEN)
    assert schedule.names == ("Summer", "Autumn", "Spring")
    assert schedule.payments[0].tolist() == [41_667, 33_334, 25_000]


def test_what_is_paid_once_is_paid_with_the_first_day():
    record = pupil(band="A", start=date(2025, 6, 10), end=None)
    _, schedule = scheduled([record], Divided.months, once=True)
    assert schedule.payments[0].tolist() == [0, 0, 100_001] + [0] * 9


def test_counted_terms_are_paid_from_the_first():
    _, schedule = scheduled([pupil(band="A", parts_on_roll=2)], Divided.periods, COUNTED)
    assert schedule.names == ("term 1", "term 2", "term 3")
    assert schedule.payments[0].tolist() == [33_334, 33_333, 0]


def test_months_are_not_guessed_for_a_year_without_dates():
    with pytest.raises(PairRefused, match="cannot be divided by month"):
        scheduled([pupil(band="A", parts_on_roll=2)], Divided.months, COUNTED)
