"""Each clause of a top-up rule reads as a person would work it, and only where a pupil's row comes under it."""

from datetime import date

import pytest

from engine.explain import explain_pupil
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_explain_rows import ANNUAL, check_rows, row_text

PART_TIME = {"part_time": {"full_time_hours": "32.5"}}
FIRST = {"pounds": "6000", "inside": True, "settings": []}
IN_MAINSTREAM = {"threshold": FIRST | {"settings": ["mainstream"]}}
OUTSIDE = {"threshold": FIRST | {"inside": False}}
HALF_A_YEAR = {"protection": {"until": "2025-09-30", "pupil_percent": "90"}}
WHOLE_YEAR = {"protection": {"until": "2026-03-31", "pupil_percent": "90"}}
OVER = {"protection": {"until": "2025-03-31", "pupil_percent": "90"}}
TERMS = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}
AUTUMN = {"start": date(2025, 9, 1), "end": date(2025, 12, 31)}
LATE = {"start": date(2025, 12, 1), "requested": date(2025, 5, 1)}

CASES = {
    "hours of a full-time week": (
        PART_TIME,
        {"hours": "13"},
        "times Hours of a full-time week: 13 of 32.5 share [part_time]",
        "equals Top-up for the year: 4800.00 pounds",
    ),
    "a first part within the price": (
        {"threshold": FIRST},
        {},
        "minus First part, paid by the school: 6000.00 pounds [threshold.pounds]",
        "equals Top-up for the year: 6000.00 pounds",
    ),
    "a first part that covers more than the price": (
        {"threshold": FIRST | {"pounds": "12000.01"}},
        {},
        "minus First part, paid by the school: 12000.01 pounds [threshold.pounds]",
        "decides Nothing where the first part covers it: 0.00 pounds",
        "equals Top-up for the year: 0.00 pounds",
    ),
    "a first part within the price of another setting": (
        IN_MAINSTREAM,
        {"setting": "special"},
        "equals Top-up for the year: 12000.00 pounds",
    ),
    "a first part that is not in the price": (
        OUTSIDE,
        {},
        "decides First part, paid by the school and not in the price: 6000.00 pounds [threshold.pounds]",
        "equals Top-up for the year: 12000.00 pounds",
    ),
    "a floor that decides, and a cap that does not": (
        {"floor": "15000", "cap": "20000"},
        {},
        "decides Floor: 15000.00 pounds [floor]",
        "equals Top-up for the year: 15000.00 pounds",
    ),
    "a cap that decides, and a floor that does not": (
        {"floor": "300", "cap": "9000"},
        {},
        "decides Cap: 9000.00 pounds [cap]",
        "equals Top-up for the year: 9000.00 pounds",
    ),
    "a floor and a cap that are just the price": (
        {"floor": "12000", "cap": "12000"},
        {},
        "equals Top-up for the year: 12000.00 pounds",
    ),
    "protection that lifts for a part of the year": (
        HALF_A_YEAR,
        {"top_up": "20000"},
        "equals Due a year, not rounded: 12000.00 pounds",
        "start Top-up today, a year: 20000.00 pounds",
        "times Protected share of it: 90 percent [protection.pupil_percent]",
        "equals Protected, a year: 18000.00 pounds",
        "minus Due a year: 12000.00 pounds",
        "times Part of the year that is protected: 183 of 365 share [protection.until]",
        "equals Added by protection, not rounded: 3008.2191780822 pounds",
        "start Due a year: 12000.00 pounds",
        "plus Added by protection: 3008.2191780822 pounds",
        "equals Top-up for the year: 15008.22 pounds",
    ),
    "protection that lifts all the year": (
        WHOLE_YEAR,
        {"top_up": "20000"},
        "equals Due a year, not rounded: 12000.00 pounds",
        "start Top-up today, a year: 20000.00 pounds",
        "times Protected share of it: 90 percent [protection.pupil_percent]",
        "equals Protected, a year: 18000.00 pounds",
        "minus Due a year: 12000.00 pounds",
        "equals Added by protection, not rounded: 6000.00 pounds",
        "start Due a year: 12000.00 pounds",
        "plus Added by protection: 6000.00 pounds",
        "equals Top-up for the year: 18000.00 pounds",
    ),
    "protection that ends with the first day of the year": (
        {"protection": {"until": "2025-04-01", "pupil_percent": "90"}},
        {"top_up": "20000"},
        "equals Due a year, not rounded: 12000.00 pounds",
        "start Top-up today, a year: 20000.00 pounds",
        "times Protected share of it: 90 percent [protection.pupil_percent]",
        "equals Protected, a year: 18000.00 pounds",
        "minus Due a year: 12000.00 pounds",
        "times Part of the year that is protected: 1 of 365 share [protection.until]",
        "equals Added by protection, not rounded: 16.4383561644 pounds",
        "start Due a year: 12000.00 pounds",
        "plus Added by protection: 16.4383561644 pounds",
        "equals Top-up for the year: 12016.44 pounds",
    ),
    "protection that lifts nothing": (
        WHOLE_YEAR,
        {"top_up": "13333.33"},
        "equals Top-up for the year: 12000.00 pounds",
    ),
    "protection that is over": (
        OVER,
        {"top_up": "20000"},
        "equals Top-up for the year: 12000.00 pounds",
    ),
    "days of the year": (
        {},
        AUTUMN,
        "times Part of the year on roll: 122 of 365 share [calendar]",
        "equals Top-up for the year: 4010.96 pounds",
    ),
    "terms of the year": (
        {"calendar": TERMS},
        {"parts_on_roll": 2},
        "times Part of the year on roll, in terms: 2 of 3 share [calendar]",
        "equals Top-up for the year: 8000.00 pounds",
    ),
    "a plan that came late": (
        {"backdating": {"weeks": 20}},
        LATE,
        "decides Paid from 20 weeks after the request: 2025-09-18 text [backdating.weeks]",
        "times Part of the year on roll: 195 of 365 share [calendar]",
        "equals Top-up for the year: 6410.96 pounds",
    ),
    "a plan that came one week late": (
        {"backdating": {"weeks": 1}},
        LATE,
        "decides Paid from 1 week after the request: 2025-05-08 text [backdating.weeks]",
        "times Part of the year on roll: 328 of 365 share [calendar]",
        "equals Top-up for the year: 10783.56 pounds",
    ),
    "protection of a pupil who came within the year": (
        HALF_A_YEAR,
        {"top_up": "20000"} | AUTUMN,
        "equals Due a year, not rounded: 12000.00 pounds",
        "start Top-up today, a year: 20000.00 pounds",
        "times Protected share of it: 90 percent [protection.pupil_percent]",
        "equals Protected, a year: 18000.00 pounds",
        "minus Due a year: 12000.00 pounds",
        "times Part of the year that is protected: 30 of 365 share [protection.until]",
        "equals Added by protection, not rounded: 493.1506849315 pounds",
        "start Due a year: 12000.00 pounds",
        "times Part of the year on roll: 122 of 365 share [calendar]",
        "plus Added by protection: 493.1506849315 pounds",
        "equals Top-up for the year: 4504.11 pounds",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_the_clauses_say_each_figure_its_place_and_what_it_comes_to(case):
    rule, held, *expected = CASES[case]
    parts = banded([{"band": "A", "pounds": "12000"}], ["A"], **rule)
    record = pupil(**{"band": "A", "sen_provision": "E", "setting": "mainstream"} | held)
    outcome = evaluate(
        compile_rules(rule_set(**parts)), pupils=pupil_table([record], ["A"])
    ).top_ups
    rows = explain_pupil(outcome, "pupil-1").workings[-1].rows
    check_rows(rows)
    after = [row.label for row in rows].index(ANNUAL) + 1 if len(rows) > 2 else 1
    assert [row_text(row, "top_up_rule.") for row in rows[after:]] == expected
    assert rows[-1].value == f"{int(outcome.amount[0]) / 100:.2f}"


TWICE = [{"from": "2025-04-01", "value": "1000"}, {"from": "2025-09-01", "value": "2000"}]
FIRST_IN_FORCE = "decides Values in force: 2025-04-01 to 2025-08-31 text"
CHANGES = {
    "a price of two parts of the year": (
        {}, {},
        [
            FIRST_IN_FORCE,
            "equals Annual rate, to the penny: 1000.00 pounds",
            "times Part of the year on roll: 153 days [calendar]",
            "decides Values in force: 2025-09-01 to 2026-03-31 text",
            "equals Annual rate, to the penny: 2000.00 pounds",
            "times Part of the year on roll: 212 days [calendar]",
            # 153 days at 1,000 and 212 at 2,000 are 577,000 of 365.
            "divided by The whole year: 365 days",
            "equals Top-up for the year: 1580.82 pounds",
        ],
    ),
    "the second part alone": (
        {}, {"start": date(2025, 10, 1)},
        [
            "equals Annual rate, to the penny: 2000.00 pounds",
            "times Part of the year on roll: 182 of 365 share [calendar]",
            "equals Top-up for the year: 997.26 pounds",
        ],
    ),
    "a price that is paid once, at the rate of the first day": (
        {"once": True}, {},
        [
            "equals Annual rate, to the penny: 1000.00 pounds",
            "equals Top-up for the year: 1000.00 pounds",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_the_rows_of_a_price_that_changes_within_the_year_say_each_part_that_is_paid(case):
    price, held, expected = CHANGES[case]
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": TWICE} | price], ["A"])))
    outcome = evaluate(rules, pupils=pupil_table([pupil(band="A", **held)], ["A"])).top_ups
    rows = explain_pupil(outcome, "pupil-1").workings[-1].rows
    check_rows(rows)
    texts = [row_text(row, "top_up_rule.") for row in rows]
    starts = ("start", "plus", "equals 2025")
    assert [text for text in texts if not text.startswith(starts)] == expected
