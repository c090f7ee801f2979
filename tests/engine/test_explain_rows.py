"""The rows of an explanation are sums that hold: each result is what the rows above it come to."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, Problem, TableRefused
from engine.explain import (
    Operator,
    Row,
    Unit,
    explain_pupil,
    explain_school,
    label_of,
    words_of,
)
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import banded, pupil, pupil_table, rule_set, school_table
from tests.formula_strategies import formula_rule_sets, formulas, pupils_at, schools
from tests.storm_size import draws
from tests.strategies import LABELS, banded_rule_sets, parts_of, pupils

ANNUAL = "Annual rate, to the penny"
LIMITS = {
    "No more than", "None where there is less", "Floor", "Cap",
    "Nothing where the first part covers it", "Nothing where more is due",
    "No more than the whole", "No less than nothing", "None if the level is already reached",
    "None where more is funded", "None below the cap",
    "No more than lies above the minimum per-pupil level",
    "None where that is enough", "None where there are no more plans",
    "None where the cost is less", "None where nothing is lacking", "None where they come to as much",
}  # fmt: skip
"""Rows that replace what the rows above them come to: they are printed where they apply."""

UPLIFT = "Uplift (none if the level is already reached)"


def number_of(row: Row) -> Fraction:
    """Return the number of a row, a part such as 2/3 or 212 of 365 too."""
    part, _, whole = row.value.partition(" of ")
    return Fraction(part) / Fraction(whole or 1)


def comes_to(held: Fraction, row: Row) -> Fraction:
    """Return what the rows come to with one more."""
    value = number_of(row)
    match row.operator, row.unit:
        case Operator.start, _:
            return value
        case Operator.plus, Unit.percent:
            return held * (1 + value / 100)
        case Operator.plus, _:
            return held + value
        case Operator.minus, _:
            return held - value
        case Operator.times, Unit.percent:
            return held * value / 100
        case Operator.times, _:
            return held * value
        case Operator.divided_by, _:
            return held / value
    raise AssertionError(row.operator)


def holds(held: Fraction, row: Row) -> bool:
    """Return whether a result is what the rows above it come to, by the decimals that it is shown with."""
    places = -Decimal(row.value).as_tuple().exponent
    half = Fraction(1, 2 * 10**places)
    if "nearest" in row.label:
        half = Fraction(row.label.rpartition(" ")[2]) / 2
    # A number without an end is printed to ten decimals, and may be multiplied by many pupils.
    return abs(held - number_of(row)) <= half + Fraction(1, 10**6)


def check_rows(rows: tuple[Row, ...]) -> None:
    """Go through rows as a reader would, and hold each result."""
    held = Fraction(0)
    for row in rows:
        if row.operator is Operator.decides and row.label in LIMITS:
            held = number_of(row)
        elif row.label in {"The whole up to", "Taken back only up to"}:
            held = Fraction(held <= number_of(row))
        elif row.label == "The whole from":
            held = Fraction(held >= number_of(row))
        elif row.label.startswith("Whole ") and row.operator is Operator.equals:
            held = Fraction(held // 1)
        if row.operator is Operator.decides or row.value is None:
            continue
        if row.operator is not Operator.equals:
            held = comes_to(held, row)
            continue
        assert holds(held, row), (row.label, row.value, float(held))
        held = number_of(row)


def row_text(row: Row, part: str) -> str:
    """Return a row in one line: operator, label, value, unit, and its place within a part of the document."""
    place = "" if row.place is None else f" [{row.place.removeprefix(part)}]"
    return f"{row.operator} {row.label}: {row.value} {row.unit}{place}"


def top_up_rows(outcome, key: str) -> tuple[Row, ...]:
    [working] = [one for one in explain_pupil(outcome, key).workings if one.name == "top_up"]
    return working.rows


@settings(max_examples=draws(15))
@given(st.data(), banded_rule_sets(), st.sampled_from([date(2025, 4, 1), date(2025, 9, 1)]))
def test_every_result_of_a_pupil_is_what_the_rows_above_it_come_to(data, document, day):
    rules = compile_rules(document, day)
    records = data.draw(pupils(parts_of(rules)))
    try:
        outcome = evaluate(rules, pupils=pupil_table(records, LABELS)).top_ups
    except PairRefused:
        return
    for key in outcome.pupils.keys.to_list():
        rows = top_up_rows(outcome, key)
        printed = all(row.value != "not printed" for row in rows)
        if printed and any(row.label == ANNUAL for row in rows):
            check_rows(rows)


TEACHERS = {
    "adults": [
        {"role": "teacher", "salary": "48666", "on_costs_percent": "28.5", "number": "0.5"},
        {"role": "assistant", "salary": "21400.50", "number": "1.25"},
    ],
    "pupils": "7",
}
RAISED = {
    "modifiers": [{"label": "One", "percent": "3.3333"}, {"label": "Two", "percent": "4.1667"}]
}
HOURS = {"pounds_each": "15.35", "each": "support_hours"}


@pytest.mark.parametrize(
    ("price", "tariff", "held"),
    [
        pytest.param(
            HOURS | {"times_a_year": "38.5"},
            {"uprating_percent": "2.11", "area_cost_adjustment": "1.0347"},
            {"support_hours": "12.25"},
            id="hours, uprated and area adjusted",
        ),
        pytest.param(
            HOURS | {"pounds": "1000", "fraction": "2/3", "times_a_year": 3},
            {"uprating_percent": "2"},
            {"support_hours": "10"},
            id="a sum and so much an hour",
        ),
        pytest.param(
            HOURS | {"times_a_year": "38.5"},
            {"modifiers": [{"label": "In a base", "percent": "7.5"}, {"label": "More", "pounds": "9"}]},
            {"support_hours": "22.75"},
            id="hours with a percentage and a sum on top",
        ),
        pytest.param(
            {"units": "12.5"},
            {"unit_value": "0.47", "uprating_percent": "3", "uprated_to_nearest": "0.05"},
            {},
            id="units of a value that is uprated to the nearest five pence",
        ),
        pytest.param({"staffing": TEACHERS}, {"area_cost_adjustment": "1.1"}, {}, id="salaries"),
        pytest.param(
            HOURS | {"each_above": "13", "each_up_to": "20"}, {}, {"support_hours": "22.75"},
            id="hours between bounds",
        ),
        pytest.param(
            HOURS | {"each_above": "13"}, {}, {"support_hours": "12"}, id="fewer hours than count",
        ),
        pytest.param(
            {"assessed_cost": True}, RAISED, {"assessed_cost": "90000"}, id="a cost that percentages raise",
        ),
        pytest.param(
            {"pounds_each": "1", "each": "exceptional_amount", "pounds": "24333"},
            {"uprating_percent": "3"},
            {"exceptional_amount": "5400.50"},
            id="a sum and an amount agreed",
        ),
    ],
)  # fmt: skip
def test_the_rows_of_each_form_of_price_hold(price, tariff, held):
    asked = banded([price], ("A",))
    asked["band_profile"]["tariff"] |= tariff
    rules = compile_rules(rule_set(**asked))
    table = pupil_table([pupil(pupil_key="one", band="A", **held)], ("A",))
    outcome = evaluate(rules, pupils=table).top_ups
    rows = top_up_rows(outcome, "one")
    check_rows(rows)
    assert [row.value for row in rows if row.label == ANNUAL] == [f"{int(outcome.annual[0]) / 100:.2f}"]  # fmt: skip


@settings(max_examples=draws(20))
@given(st.data(), formula_rule_sets(), st.booleans())
def test_every_result_of_a_school_is_what_the_rows_above_it_come_to(data, document, counted):
    rules = compile_rules(document, document.effective.first)
    records = data.draw(schools(document, counted=counted))
    pupils_there = pupil_table(data.draw(pupils_at(records))) if counted else None
    outcome = evaluate(rules, school_table(records), pupils_there).notional
    for urn in outcome.schools.urn.tolist():
        for working in explain_school(outcome, urn).workings:
            # What a figure that is not printed leaves known is held by the steps themselves.
            if all(row.value != "not printed" for row in working.rows):
                check_rows(working.rows)


@st.composite
def lifted(draw):
    """Draw a formula with a minimum level of each key stage, and schools whose figures are known."""
    level = (st.integers(1, 300) | st.integers(3_000, 9_000)).map(str)
    levels = {name: draw(level) for name in ("primary", "ks3", "ks4")}
    document = rule_set(schools_formula=draw(formulas()) | {"minimum_per_pupil": levels})
    records = draw(schools(document, counted=False))
    stages = {"primary": (7, 0, 0), "secondary": (0, 3, 2), "all_through": (7, 3, 2)}
    for record in records:
        phase = draw(st.sampled_from(sorted(stages)))
        names = ("primary_years", "ks3_years", "ks4_years")
        record |= {"phase": phase, **dict(zip(names, stages[phase], strict=True))}
        for name in record:
            amount = record.get(name.replace("units_", "amount_"))
            if (
                not any(isinstance(one, Fraction) for one in (record[name], amount))
                and "units_" in name
            ):
                record[name] = Fraction(90)
    return document, records


def test_the_rows_of_a_minimum_level_hold_and_enough_of_them_are_drawn():
    held = Counter()

    @settings(max_examples=100)
    @given(lifted())
    def check(drawn):
        document, records = drawn
        outcome = evaluate(
            compile_rules(document, document.effective.first), school_table(records)
        ).notional
        for urn in outcome.schools.urn.tolist():
            for working in explain_school(outcome, urn).workings:
                if working.name != "minimum_per_pupil" or working.rows[0].value is None:
                    continue
                check_rows(working.rows)
                [uplift] = [row.value for row in working.rows if row.label == UPLIFT]
                held[Decimal(uplift) > 0] += 1

    check()
    assert min(held[True], held[False]) >= 3, held


def test_a_label_writes_in_capitals_what_the_field_does():
    assert label_of("sen_provision") == "SEN provision"
    assert words_of("notional_sen_percent") == "notional SEN percent"
    for name in ("ehc_plans", "fsm_fsm6", "eal_eal3", "idaci_pfi", "urn"):
        assert words_of(name) == name.upper().replace("_", " ").replace("PLANS", "plans")


def test_a_cause_that_many_rows_have_is_one_line_and_few_rows_have_their_own():
    problems = [
        Problem("must be one of N, K, E", "code", column="a", row=row) for row in range(2, 22)
    ]
    other = [Problem("must be a day", "unreadable", column="b", row=row) for row in (2, 9)]
    assert TableRefused([*problems, *other]).lines(20) == [
        "20 rows (2, 3, 4, …): a: must be one of N, K, E",
        "row 2: b: must be a day",
        "row 9: b: must be a day",
    ]
    assert TableRefused(problems, 500).lines(20) == [
        "at least 20 rows (2, 3, 4, …): a: must be one of N, K, E",
        "and 480 more",
    ]
