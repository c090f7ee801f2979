"""Fringe, sparsity and schools' protection in rows: told apart, adding up, null where not known."""

import pytest

from engine.export import payment_rows, payment_totals, total_rows
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.modules.school_formula.table import line_rows, school_rows
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table

REMOTE = {"pupils_per_year": "21.4", "full_below": "10.7", "miles": "2", "tapers_from_miles": "1.6"}
VALUE = {"unit_value": "50000", "notional_percent": "10", "sparsity": REMOTE}
RULES = compile_rules(
    rule_set(
        schools_formula={
            "pupils_counted_by": "basic_entitlement",
            "fringe": True,
            "factors": {
                "basic_entitlement": {
                    "label": "Basic entitlement",
                    "counts": "pupils",
                    "primary": {"unit_value": "3000", "notional_percent": "5"},
                    "secondary": {"unit_value": "4000", "notional_percent": "5"},
                },
                "sparsity": {
                    "label": "Sparsity",
                    "counts": "sparsity",
                    "primary": VALUE,
                    "secondary": VALUE,
                    "all_through": VALUE,
                },
            },
        }
    )
)
SCHOOLS = [
    school(
        urn=1, units_basic_entitlement_primary="70", sparsity_distance="2", london_fringe="1.05"
    ),
    school(urn=2, units_basic_entitlement_primary="70", sparsity_distance="2"),
    school(
        urn=3,
        phase="all_through",
        units_basic_entitlement_primary="60",
        units_basic_entitlement_secondary="50",
        sparsity_distance="2",
        london_fringe="1",
    ),
    school(urn=4, phase="special"),
]


def valued(records=SCHOOLS, meaning=AbsentLines.not_supplied):
    table = declare_absent(RULES.formula, school_table(records), meaning)
    return evaluate(RULES, table).notional


def test_the_fringe_is_a_line_of_its_own_and_lines_add_to_the_formula():
    outcome = valued()
    lines, schools = line_rows(outcome).frame, school_rows(outcome).frame
    first = lines.filter(urn=1, line="fringe").row(0, named=True)
    assert (first["amount"], first["notional_sen"], first["notional_percent"]) == (
        1_300_000,
        77_500,
        None,
    )
    for one in schools.filter(not_known=0).iter_rows(named=True):
        of_school = lines.filter(urn=one["urn"])
        assert of_school["amount"].sum() == (one["formula_total"] or 0)
        assert of_school["notional_sen"].sum() == (one["notional_sen"] or 0)


def test_a_multiplier_that_is_not_supplied_is_null_and_counted():
    outcome = valued()
    line = line_rows(outcome).frame.filter(urn=2, line="fringe").row(0, named=True)
    assert (line["amount"], line["notional_sen"], line["not_known"]) == (None, None, 1)
    assert school_rows(outcome).frame.filter(urn=2)["fringe"].to_list() == [None]


def test_parts_of_a_school_s_lines_that_are_not_known_add_to_the_school_s():
    outcome = valued()
    lines = line_rows(outcome).frame
    for one in school_rows(outcome).frame.iter_rows(named=True):
        assert lines.filter(urn=one["urn"])["not_known"].sum() == one["not_known"]
    assert outcome.absent_total.tolist() == [0, 1, 0, 0]


def test_an_all_through_school_earns_its_own_line_of_sparsity_and_lacks_no_other():
    lines = line_rows(valued()).frame.filter(urn=3)
    earned = lines.filter(line="sparsity_all_through")["amount"].item()
    assert earned == 5_000_000
    assert lines["not_known"].sum() == 0


@pytest.mark.parametrize("meaning", [AbsentLines.zero, AbsentLines.not_supplied])
def test_a_distance_in_the_table_is_worked_with_whatever_other_absent_lines_mean(meaning):
    assert valued(meaning=meaning).amount[0].sum() == 21_000_000 + 5_000_000


@pytest.mark.parametrize(
    ("meaning", "absent"), [(AbsentLines.zero, 0), (AbsentLines.not_supplied, 1)]
)
def test_a_table_without_distances_is_read_as_declared(meaning, absent):
    record = {name: value for name, value in SCHOOLS[0].items() if name != "sparsity_distance"}
    outcome = valued([record], meaning)
    assert outcome.absent_total.tolist() == [absent]
    assert outcome.amount.sum() == 21_000_000


PROTECTED = compile_rules(
    rule_set(
        **banded(
            [{"band": "A", "pounds": "1000"}],
            ["A"],
            protection={"until": "2026-03-31", "school_percent": "80"},
        )
    )
)
PUPILS = [
    pupil(pupil_key="p1", la=201, urn=1, band="A", top_up="3000"),
    pupil(pupil_key="p2", la=201, urn=1, band="A", top_up="500"),
    pupil(pupil_key="p3", la=202, urn=1, band="A", top_up="900"),
    pupil(pupil_key="p4", la=202, urn=2, band="A", top_up=None),
    pupil(pupil_key="p5", la=202, urn=None, band=None, top_up="0"),
]


def test_schools_protection_stands_in_the_totals_by_authority_and_school():
    outcome = evaluate(PROTECTED, None, pupil_table(PUPILS, ["A"]))
    rows = total_rows(outcome).frame
    found = {
        (row["grouping"], row["group"]): (row["school_protection"], row["protection_not_known"])
        for row in rows.iter_rows(named=True)
        if row["grouping"] in {"total", "la", "school"}
    }
    assert found == {
        ("total", "total"): (80_000, 1),
        ("la", "201"): (80_000, 0),
        ("la", "202"): (0, 1),
        ("school", "1"): (80_000, 0),
        ("school", "2"): (None, 1),
        ("school", "not supplied"): (0, 0),
    }
    others = rows.filter(grouping="reason")
    assert others["school_protection"].null_count() == len(others)


def test_totals_without_protection_of_schools_have_no_column_for_it():
    rules = compile_rules(rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"])))
    rows = total_rows(evaluate(rules, None, pupil_table(PUPILS, ["A"])))
    assert "school_protection" not in rows.shapes


def test_payments_are_rows_that_add_to_each_payment():
    outcome = evaluate(PROTECTED, None, pupil_table(PUPILS, ["A"])).top_ups
    schedule = payment_schedule(outcome, Divided.months)
    rows, totals = payment_rows(outcome, schedule), payment_totals(outcome, schedule)
    assert (len(rows), len(totals)) == (60, 12)
    by_payment = [rows.frame.filter(payment=payment)["amount"].sum() for payment in range(1, 13)]
    assert totals.frame["amount"].to_list() == by_payment
    assert totals.frame["not_known"].to_list() == [1] * 12
    assert rows.frame.filter(pupil_key="p5")["amount"].null_count() == 12


def test_a_schedule_of_nobody_known_is_not_a_schedule_of_nothing():
    outcome = evaluate(PROTECTED, None, pupil_table(PUPILS[4:], ["A"])).top_ups
    totals = payment_totals(outcome, payment_schedule(outcome, Divided.months))
    assert totals.frame["amount"].null_count() == 12


def test_a_distance_that_one_line_of_two_reads_is_not_supplied_where_the_table_has_none():
    near = {name: held for name, held in VALUE.items() if name != "sparsity"}
    by_size = {**near, "sparsity": {"pupils_per_year": "21.4", "full_below": "10.7"}}
    line = {"unit_value": "3000", "notional_percent": "5"}
    formula = {
        "pupils_counted_by": "basic",
        "factors": {
            "basic": {"label": "Basic", "counts": "pupils", "primary": line, "secondary": line},
            "sparsity": {
                "label": "Sparsity", "counts": "sparsity", "primary": by_size, "secondary": VALUE,
            },
        },
    }  # fmt: skip
    rules = compile_rules(rule_set(schools_formula=formula))
    records = [
        school(urn=1, units_basic_primary="70"),
        school(urn=2, phase="secondary", units_basic_secondary="50"),
    ]
    table = declare_absent(rules.formula, school_table(records), AbsentLines.not_supplied)
    outcome = evaluate(rules, table).notional
    assert outcome.absent_total.tolist() == [0, 1]
    # Ten pupils a year group earn the whole.
    assert int(outcome.formula_total[0]) == 210_000_00 + 50_000_00
