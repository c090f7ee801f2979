"""Days as spreadsheets write them are read in the order that is stated, and nothing is guessed."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.days import day_number
from engine.reading import Entry, Habits, pupil_table
from tests.single_cells import (
    DAY_FIRST,
    MONTH_FIRST,
    PUPILS,
    held,
    sentence,
)


@given(st.dates(date(1970, 1, 1), date(2134, 4, 1)), st.sampled_from("/.-"), st.booleans())
def test_a_day_is_read_in_the_order_that_is_stated(day, divider, padded):
    numbers = (f"{day:%d}", f"{day:%m}") if padded else (str(day.day), str(day.month))
    written = divider.join((*numbers, f"{day:%Y}"))
    american = divider.join((*reversed(numbers), f"{day:%Y}"))
    expected = [day_number(day)]
    assert held("start", written, habits=DAY_FIRST) == expected
    assert held("start", american, habits=MONTH_FIRST) == expected
    assert held("start", day.isoformat(), habits=DAY_FIRST) == expected
    for words in (f"{day.day} {day:%b} {day:%Y}", f"{day.day}-{day:%B}-{day:%Y}"):
        assert held("start", words, habits=MONTH_FIRST) == expected


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("01/09/2025", "state their order: --dates day-first"),
        ("1 Sep 2025", "state their order: --dates day-first"),
        ("01/09/2025 09:30", "has a time of day"),
        ("2025-09-01T09:30:00", "has a time of day"),
        ("1/9/25", "a year of two digits"),
        ("1-Sep-25", "a year of two digits"),
        ("45901", "a number by which a spreadsheet keeps a day"),
        ("2025-02-30", "there is no such day"),
        ("c", "leaves open how much of the year is paid"),
        ("soon", "must be a day written as year-month-day"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_in_words_of_how_it_is_written(cell, said):
    assert said in sentence("start", cell, Habits(entry=Entry.command))


@pytest.mark.parametrize(
    ("habits", "cell"), [(DAY_FIRST, "31/02/2025"), (MONTH_FIRST, "31/01/2025")]
)
def test_a_day_that_is_not_in_the_calendar_is_refused_in_the_order_stated(habits, cell):
    assert "there is no such day" in sentence("start", cell, habits)


def test_a_request_is_told_of_the_one_form_that_it_may_have():
    assert sentence("start", "01/09/2025").endswith("for example 2025-09-01")


def test_midnight_is_the_day_itself():
    day = [day_number(date(2025, 9, 1))]
    for cell in ("2025-09-01 00:00:00", "2025-09-01T00:00", "2025-09-01 00:00:00.000000"):
        assert held("start", cell) == day
    frame = pl.DataFrame({"pupil_key": ["a"], "la": ["929"], "start": [date(2025, 9, 1)]})
    typed = frame.with_columns(pl.col("start").cast(pl.Datetime))
    assert pupil_table(typed, PUPILS).columns["start"].tolist() == day
