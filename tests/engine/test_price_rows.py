"""Each form of a price reads as a person would work it: what is taken, from which place, and what it comes to."""

import pytest

from engine.explain import Operator, explain_pupil
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set
from tests.engine.test_explain_rows import check_rows, row_text

TARIFF = "band_profile.tariff."
HOURS = {"pounds_each": "15.35", "each": "support_hours"}
BOUNDED = HOURS | {"pounds_each": "100", "each_above": "13", "each_up_to": "25"}
TEACHER = {"role": "teacher", "salary": "40000", "on_costs_percent": "25", "number": "1"}
THERAPIST = {"role": "therapist", "salary": "20000", "number": "2.5"}
RAISED = {
    "modifiers": [{"label": "Boarders", "pounds": "250"}, {"label": "London", "percent": "10"}]
}
YEARLY = [{"from": "2024-04-01", "value": "9"}, {"from": "2025-04-01", "value": "3.3"}]

CASES = {
    "a price a term, of which a part is paid": (
        {"pounds": "1000.5", "times_a_year": 3, "fraction": "2/3"},
        {},
        {},
        "start Price: 1000.50 pounds [prices.0.pounds]",
        "equals Price, to the penny: 1000.50 pounds",
        "times Times a year: 3 text [prices.0.times_a_year]",
        "times Part of it that is paid: 2/3 text [prices.0.fraction]",
        "equals Annual rate, to the penny: 2001.00 pounds",
    ),
    "a price a week": (
        {"pounds": "10", "times_a_year": "38.5"},
        {},
        {},
        "start Price: 10.00 pounds [prices.0.pounds]",
        "equals Price, to the penny: 10.00 pounds",
        "times Times a year: 38.5 text [prices.0.times_a_year]",
        "equals Annual rate, to the penny: 385.00 pounds",
    ),
    "a price that is paid once": (
        {"pounds": "10", "once": True},
        {},
        {"parts_on_roll": 73},
        "start Price, paid once: 10.00 pounds [prices.0.pounds]",
        "equals Annual rate, to the penny: 10.00 pounds",
        "decides Part of the year on roll; the price is paid once, in full: 73 of 365 share [prices.0.once]",
    ),
    "units of a value that is adjusted for its area": (
        {"units": "2.5"},
        {"unit_value": "1234.56", "area_cost_adjustment": "1.05"},
        {},
        "start Value of a unit: 1234.56 pounds [unit_value]",
        "times Area cost adjustment: 1.05 multiplier [area_cost_adjustment]",
        "equals Value of a unit, to the penny: 1296.29 pounds",
        "times Units of the band: 2.5 text [prices.0.units]",
        "equals Annual rate, to the penny: 3240.73 pounds",
    ),
    "a price of 2023 that is uprated twice, each time to the nearest five pounds": (
        {"pounds": [{"from": "2023-09-01", "value": "1000"}]},
        {"uprating_percent": YEARLY, "uprated_to_nearest": "5"},
        {},
        "start Price a year: 1000.00 pounds [prices.0.pounds]",
        "plus Uprating from 2024-04-01: 9 percent [uprating_percent]",
        "equals Uprated, to the nearest 5: 1090.00 pounds",
        "plus Uprating from 2025-04-01: 3.3 percent [uprating_percent]",
        "equals Uprated, to the nearest 5: 1125.00 pounds",
        "equals Annual rate, to the penny: 1125.00 pounds",
    ),
    "the salary of one adult": (
        {"staffing": {"adults": [TEACHER], "pupils": "8"}},
        {},
        {},
        "start Salary of one teacher: 40000.00 pounds [prices.0.staffing.adults.0.salary]",
        "plus On-costs, added to the salary: 25 percent [prices.0.staffing.adults.0.on_costs_percent]",
        "times Number of teacher: 1 text [prices.0.staffing.adults.0.number]",
        "equals Cost of teacher, not rounded: 50000.00 pounds",
        "divided by Pupils taught together: 8 pupils [prices.0.staffing.pupils]",
        "equals Annual rate, to the penny: 6250.00 pounds",
    ),
    "half of the salaries of two in an area that costs more": (
        {"staffing": {"adults": [TEACHER, THERAPIST], "pupils": "8"}, "fraction": "1/2"},
        {"area_cost_adjustment": "1.1"},
        {},
        "start Salary of one teacher: 40000.00 pounds [prices.0.staffing.adults.0.salary]",
        "plus On-costs, added to the salary: 25 percent [prices.0.staffing.adults.0.on_costs_percent]",
        "times Number of teacher: 1 text [prices.0.staffing.adults.0.number]",
        "equals Cost of teacher, not rounded: 50000.00 pounds",
        "start Salary of one therapist: 20000.00 pounds [prices.0.staffing.adults.1.salary]",
        "times Number of therapist: 2.5 text [prices.0.staffing.adults.1.number]",
        "equals Cost of therapist, not rounded: 50000.00 pounds",
        "plus Cost of teacher: 50000.00 pounds",
        "equals Cost of all adults, not rounded: 100000.00 pounds",
        "divided by Pupils taught together: 8 pupils [prices.0.staffing.pupils]",
        "times Area cost adjustment: 1.1 multiplier [area_cost_adjustment]",
        "equals Price, to the penny: 13750.00 pounds",
        "times Part of it that is paid: 1/2 text [prices.0.fraction]",
        "equals Annual rate, to the penny: 6875.00 pounds",
    ),
    "hours of every week of term": (
        HOURS | {"times_a_year": 39},
        {"area_cost_adjustment": "1.1"},
        {"support_hours": "12.5"},
        "start For each of the pupil's support hours: 15.35 pounds [prices.0.pounds_each]",
        "times Area cost adjustment: 1.1 multiplier [area_cost_adjustment]",
        "equals For each, to the penny: 16.89 pounds",
        "times Support hours: 12.5 text [prices.0.each]",
        "times Times a year: 39 text [prices.0.times_a_year]",
        "equals Annual rate, to the penny: 8233.88 pounds",
    ),
    "hours between bounds": (
        BOUNDED,
        {},
        {"support_hours": "30"},
        "start Support hours: 30 text [prices.0.each]",
        "decides No more than: 25 text [prices.0.each_up_to]",
        "minus Only what is above counts: 13 text [prices.0.each_above]",
        "equals Support hours that count: 12 text",
        "start For each of the pupil's support hours above 13 up to 25: 100.00 pounds [prices.0.pounds_each]",
        "equals For each, to the penny: 100.00 pounds",
        "times Support hours that count: 12 text [prices.0.each]",
        "equals Annual rate, to the penny: 1200.00 pounds",
    ),
    "fewer hours than those that count": (
        BOUNDED,
        {},
        {"support_hours": "10"},
        "start Support hours: 10 text [prices.0.each]",
        "minus Only what is above counts: 13 text [prices.0.each_above]",
        "decides None where there is less: 0 text",
        "equals Support hours that count: 0 text",
        "start For each of the pupil's support hours above 13 up to 25: 100.00 pounds [prices.0.pounds_each]",
        "equals For each, to the penny: 100.00 pounds",
        "times Support hours that count: 0 text [prices.0.each]",
        "equals Annual rate, to the penny: 0.00 pounds",
    ),
    "a sum, and hours that a group shares": (
        HOURS | {"pounds": "500", "pounds_each": "100", "shared_in_group": True},
        {},
        {"support_hours": "10", "group_size": 3},
        "start Price a year: 500.00 pounds [prices.0.pounds]",
        "equals Sum a year, to the penny: 500.00 pounds",
        "start For each of the pupil's support hours: 100.00 pounds [prices.0.pounds_each]",
        "equals For each, to the penny: 100.00 pounds",
        "times Support hours: 10 text [prices.0.each]",
        "divided by Pupils who share the support: 3 pupils",
        "equals Support hours, together: 333.33 pounds",
        "plus Sum a year: 500.00 pounds",
        "equals Annual rate, to the penny: 833.33 pounds",
    ),
    "half of an amount agreed above a bound": (
        {"pounds_each": "0.5", "each": "exceptional_amount", "each_above": "1000"},
        {},
        {"exceptional_amount": "4001.01"},
        "start Exceptional amount: 4001.01 pounds [prices.0.each]",
        "minus Only what is above counts: 1000.00 pounds [prices.0.each_above]",
        "equals Exceptional amount that counts: 3001.01 pounds",
        "start For each of the pupil's exceptional amount above 1000: 0.50 pounds [prices.0.pounds_each]",
        "times Exceptional amount: 3001.01 pounds [prices.0.each]",
        "equals Annual rate, to the penny: 1500.51 pounds",
    ),
    "half of an assessed cost": (
        {"assessed_cost": True, "fraction": "1/2"},
        {},
        {"assessed_cost": "4001.01"},
        "start Assessed cost: 4001.01 pounds [prices.0]",
        "times Part of it that is paid: 1/2 text [prices.0.fraction]",
        "equals Annual rate, to the penny: 2000.51 pounds",
    ),
    "a sum and a percentage on top of a price": (
        {"pounds": "1000"},
        RAISED,
        {},
        "start Price a year: 1000.00 pounds [prices.0.pounds]",
        "equals Price, to the penny: 1000.00 pounds",
        "plus Boarders: 250.00 pounds [modifiers.0.pounds]",
        "equals Price, to the penny: 1250.00 pounds",
        "plus London: 10 percent [modifiers.1.percent]",
        "equals Annual rate, to the penny: 1375.00 pounds",
    ),
    "a sum and a percentage on top of half of an amount an hour": (
        HOURS | {"times_a_year": 39, "fraction": "1/2"},
        RAISED,
        {"support_hours": "12.5"},
        "start Boarders: 250.00 pounds [modifiers.0.pounds]",
        "equals Price, to the penny: 250.00 pounds",
        "plus London: 10 percent [modifiers.1.percent]",
        "equals Sum a year, to the penny: 275.00 pounds",
        "start For each of the pupil's support hours: 15.35 pounds [prices.0.pounds_each]",
        "equals For each, to the penny: 15.35 pounds",
        "times Times a year, or of parts: 39 text",
        "plus London: 10 percent [modifiers.1.percent]",
        "equals For each, to the penny: 658.52 pounds",
        "times Support hours: 12.5 text [prices.0.each]",
        "divided by Parts that it is of: 2 text",
        "equals Support hours, together: 4115.75 pounds",
        "plus Sum a year: 275.00 pounds",
        "equals Annual rate, to the penny: 4390.75 pounds",
    ),
    "a sum and a percentage on top of an assessed cost": (
        {"assessed_cost": True},
        RAISED,
        {"assessed_cost": "4001.01"},
        "start Boarders: 250.00 pounds [modifiers.0.pounds]",
        "equals Price, to the penny: 250.00 pounds",
        "plus London: 10 percent [modifiers.1.percent]",
        "equals Sum a year, to the penny: 275.00 pounds",
        "start Assessed cost: 4001.01 pounds [prices.0]",
        "plus London: 10 percent [modifiers.1.percent]",
        "equals Assessed cost: 4401.11 pounds",
        "plus Sum a year: 275.00 pounds",
        "equals Annual rate, to the penny: 4676.11 pounds",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_a_price_say_each_figure_its_place_and_what_it_comes_to(case):
    price, tariff, held, *expected = CASES[case]
    parts = banded([{"band": "A"} | price], ["A"])
    parts["band_profile"]["tariff"] |= tariff
    record = pupil(**{"band": "A", "sen_provision": "E", "setting": "mainstream"} | held)
    table = pupil_table([record], ["A"])
    outcome = evaluate(compile_rules(rule_set(**parts)), pupils=table).top_ups
    rows = explain_pupil(outcome, "pupil-1").workings[-1].rows
    check_rows(rows)
    assert [row_text(row, TARIFF) for row in rows[:-1]] == expected
    assert rows[-1].value == rows[-2 if rows[-2].operator is Operator.equals else -3].value
