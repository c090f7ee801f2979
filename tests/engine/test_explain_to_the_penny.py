"""Plain cases of the rows that few draws reach: minimum levels, and a top-up down to the penny paid."""

from datetime import date
from decimal import Decimal

import pytest

from engine.explain import Operator, explain_pupil, explain_school
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table
from tests.engine.test_explain_rows import ANNUAL, check_rows

STAGES = ("primary", "ks3", "ks4")
LEVELS = {"primary": "5000", "ks3": "6000", "ks4": "7000"}


def formula(**parts):
    line = {"unit_value": "1000", "notional_percent": "5"}
    basic = {"label": "Basic", "counts": "pupils", **dict.fromkeys(STAGES, line)}
    minimum = {**LEVELS, "notional_percent": "10"}
    return rule_set(
        schools_formula={
            "pupils_counted_by": "basic",
            "factors": {"basic": basic},
            "minimum_per_pupil": minimum,
            **parts,
        }
    )


def workings(document, record):
    outcome = evaluate(compile_rules(document), school_table([record])).notional
    explanation = explain_school(outcome, record["urn"])
    return {one.name: one.rows for one in explanation.workings}


def counts(primary, ks3, ks4):
    held = zip(STAGES, (primary, ks3, ks4), strict=True)
    return {f"units_basic_{stage}": str(number) for stage, number in held}


def steps(rows):
    return [(row.operator, row.value) for row in rows]


UPLIFTED = {
    "one key stage": (
        school(phase="primary", **counts(100, 0, 0)),
        [(Operator.start, "5000.00")],
        [100, 100_000, 400_000, 10, 40_000],
    ),
    "two key stages": (
        school(phase="middle", primary_years=2, ks3_years=2, **counts(100, 100, 0)),
        [
            (Operator.start, "5000.00"), (Operator.times, "2"), (Operator.equals, "10000.00"),
            (Operator.start, "6000.00"), (Operator.times, "2"), (Operator.equals, "12000.00"),
            (Operator.plus, "10000.00"), (Operator.divided_by, "4"),
        ],
        [200, 200_000, 900_000, 10, 90_000],
    ),
    "three key stages": (
        school(phase="all_through", **counts(70, 30, 20)),
        [
            (Operator.start, "5000.00"), (Operator.times, "7"), (Operator.equals, "35000.00"),
            (Operator.start, "6000.00"), (Operator.times, "3"), (Operator.equals, "18000.00"),
            (Operator.start, "7000.00"), (Operator.times, "2"), (Operator.equals, "14000.00"),
            (Operator.plus, "35000.00"), (Operator.plus, "18000.00"), (Operator.divided_by, "12"),
        ],
        [120, 120_000, 550_000, 10, 55_000],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UPLIFTED)
def test_a_minimum_level_that_lifts_a_school_works_out_by_its_rows(case):
    record, level, rest = UPLIFTED[case]
    rows = workings(formula(), record)["minimum_per_pupil"]
    check_rows(rows)
    assert steps(rows)[: len(level)] == level
    assert [Decimal(row.value) for row in rows[len(level) :]] == rest


@pytest.mark.parametrize(("days", "told"), [(365, []), (None, []), (73, ["73 of 365"])])
def test_days_open_are_told_of_a_school_that_is_not_open_all_the_year(days, told):
    record = school(phase="primary", days_open=days, **counts(100, 0, 0))
    rows = workings(formula(year_days=365), record)["minimum_per_pupil"]
    check_rows(rows)
    assert [row.value for row in rows if row.place == "schools_formula.year_days"] == told


def test_a_school_that_is_not_there_is_refused_by_its_number():
    outcome = evaluate(compile_rules(formula()), school_table([school(**counts(1, 0, 0))])).notional
    with pytest.raises(KeyError):
        explain_school(outcome, 7)


def top_up(record, assignment=None, **rule):
    """Return the steps of a top-up after the annual rate of 12,000 pounds, and what is paid."""
    prices = [{"band": "A", "pounds": "12000"}]
    rules = compile_rules(rule_set(**banded(prices, ["A"], assignment, **rule)))
    held = {"band": "A", "sen_provision": "E", "setting": "mainstream"} | record
    outcome = evaluate(rules, pupils=pupil_table([pupil(**held)], ["A"])).top_ups
    [working] = explain_pupil(outcome, "pupil-1").workings[-1:]
    labels = [row.label for row in working.rows]
    first = labels.index(ANNUAL) if ANNUAL in labels else labels.index("Price a year")
    return steps(working.rows[first + 1 :]), f"{int(outcome.amount[0]) / 100:.2f}"


PART_TIME = {"part_time": {"full_time_hours": "32.5"}}
INSIDE = {"pounds": "6000", "inside": True, "settings": ["mainstream"]}
OUTSIDE = {"pounds": "6000", "inside": False, "settings": []}
HALF_A_YEAR = {"until": "2025-09-30", "pupil_percent": "90"}
WHOLE_YEAR = {"until": "2026-03-31", "pupil_percent": "90"}
TERMS = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}
PROTECTED = [
    (Operator.equals, "12000.00"), (Operator.start, "20000.00"), (Operator.times, "90"),
    (Operator.equals, "18000.00"), (Operator.minus, "12000.00"),
]  # fmt: skip
LIFT = [(Operator.start, "12000.00"), (Operator.plus, "6000.00")]
AUTUMN = {"start": date(2025, 9, 1), "end": date(2025, 12, 31)}
CASES = {
    "the whole price": ({}, {}, [], "12000.00"),
    "hours of a part-time week": (
        {"hours": "13"}, PART_TIME, [(Operator.times, "13 of 32.5")], "4800.00",
    ),
    "hours above a full-time week": (
        {"hours": "40"}, PART_TIME, [(Operator.times, "32.5 of 32.5")], "12000.00",
    ),
    "a first part in the price": (
        {}, {"threshold": INSIDE}, [(Operator.minus, "6000.00")], "6000.00",
    ),
    "a first part in the price of other settings": (
        {"setting": "special"}, {"threshold": INSIDE}, [], "12000.00",
    ),
    "a first part that is not in the price": (
        {}, {"threshold": OUTSIDE}, [(Operator.decides, "6000.00")], "12000.00",
    ),
    "a floor": (
        {}, {"floor": "15000", "cap": "20000"}, [(Operator.decides, "15000.00")], "15000.00",
    ),
    "a cap": ({}, {"floor": "300", "cap": "9000"}, [(Operator.decides, "9000.00")], "9000.00"),
    "protection all the year": (
        {"top_up": "20000"}, {"protection": WHOLE_YEAR},
        [*PROTECTED, (Operator.equals, "6000.00"), *LIFT], "18000.00",
    ),
    "protection for half of the year": (
        {"top_up": "20000"}, {"protection": HALF_A_YEAR},
        [
            *PROTECTED, (Operator.times, "183 of 365"), (Operator.equals, "3008.2191780822"),
            LIFT[0], (Operator.plus, "3008.2191780822"),
        ],
        "15008.22",
    ),
    "days of the year": (AUTUMN, {}, [(Operator.times, "122 of 365")], "4010.96"),
    "terms of the year": (
        {"parts_on_roll": 2}, {"calendar": TERMS}, [(Operator.times, "2 of 3")], "8000.00",
    ),
    "hours, a first part and days": (
        {"hours": "13", **AUTUMN}, {**PART_TIME, "threshold": {**INSIDE, "pounds": "1000"}},
        [(Operator.times, "13 of 32.5"), (Operator.minus, "1000.00"), (Operator.times, "122 of 365")],
        "1270.14",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_rows_after_the_annual_rate_lead_to_the_penny_that_is_paid(case):
    record, rule, expected, paid = CASES[case]
    told, amount = top_up(record, **rule)
    assert amount == paid
    assert told == [*expected, (Operator.equals, paid)]


@pytest.mark.parametrize(
    ("held", "place"), [(None, "table.rows.0"), ("A", "panel_may_decide")], ids=["table", "panel"]
)
def test_a_band_that_a_panel_gave_is_told_from_one_that_a_table_gives(held, place):
    table = {"hit_policy": "first", "inputs": ["score"], "rows": [{"when": {}, "band": "A"}]}
    assignment = {"table": table, "panel_may_decide": True}
    document = rule_set(**banded([{"band": "A", "pounds": "1"}], ["A"], assignment))
    record = pupil(score=5, band=held)
    outcome = evaluate(compile_rules(document), pupils=pupil_table([record], ["A"])).top_ups
    band = explain_pupil(outcome, "pupil-1").workings[0]
    assert band.rows[-1].place == f"band_profile.assignment.{place}"
