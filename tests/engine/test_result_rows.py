"""Rows of results, worked by hand: each school, line and pupil, the totals by group, and payments."""

import pytest

from engine.errors import PairRefused
from engine.export import payment_rows, payment_totals, total_rows, totals_record
from engine.modules.school_formula.table import line_rows, school_rows
from engine.modules.top_ups.table import pupil_rows
from engine.rows import Rows
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.schedule import Divided, payment_schedule
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table, some_of

FACTORS = {
    "basic": {
        "label": "Basic", "counts": "pupils",
        "primary": {"unit_value": "1000", "notional_percent": "5"},
        "secondary": {"unit_value": "2000", "notional_percent": "10.5"},
    },
    "lump": {"label": "Lump", "counts": "school", "primary": {"unit_value": "50000"}},
    "rates": {"label": "Rates", "counts": "amount", "in_minimum_base": False, "all": {}},
}  # fmt: skip
MINIMUM = {"primary": "1600", "secondary": "1", "notional_percent": "10"}
FORMULA = {
    "pupils_counted_by": "basic", "factors": FACTORS, "fringe": True, "minimum_per_pupil": MINIMUM,
}  # fmt: skip
SCHOOLS = [
    school(
        urn=1, la=201, school_name="Hill", units_basic_primary="100", units_basic_secondary="0",
        amount_rates="-12.5", london_fringe="1.05",
    ),
    school(
        urn=2, la=202, phase="secondary", units_basic_primary="0", units_basic_secondary="10.5",
        amount_rates=None, london_fringe=None,
    ),
    school(urn=3, la=None, phase="special"),
    school(
        urn=4, la=201, units_basic_primary=None, units_basic_secondary="0", amount_rates="5",
        london_fringe="1",
    ),
]  # fmt: skip
BANDS = ["A", "B", "C"]
PUPILS = [
    pupil(pupil_key="a", la=201, urn=9, band="A", setting="special", primary_need="ASD"),
    pupil(pupil_key="b", la=201, urn=None, band="B", setting="mainstream", primary_need=None),
    pupil(pupil_key="c", la=202, urn=8, band=None, setting="mainstream", primary_need="SEMH"),
    pupil(pupil_key="d", la=202, urn=8, band="C", setting="mainstream", primary_need="SEMH"),
]
PRICES = [{"band": "A", "pounds": "1200.01"}, {"band": "B", "pounds": "600"}]


@pytest.fixture(scope="module")
def schools():
    return evaluate(compile_rules(rule_set(schools_formula=FORMULA)), school_table(SCHOOLS))


@pytest.fixture(scope="module")
def pupils():
    rules = compile_rules(rule_set(**banded(PRICES, BANDS)))
    return evaluate(rules, pupils=pupil_table(PUPILS, BANDS))


def test_each_school_has_what_is_known_of_it_and_how_many_parts_are_not(schools):
    rows = school_rows(schools.notional)
    assert rows.frame.columns == [
        "urn", "la", "school_name", "phase", "pupils", "fringe", "minimum_per_pupil", "protection",
        "formula_total", "notional_sen", "not_known", "notional_sen_not_known",
    ]  # fmt: skip
    # The first: 100,000 + 50,000 − 12.50, a twentieth of it, and 160,000 less 150,000 × 1.05.
    assert rows.frame.rows() == [
        (
            1,
            201,
            "Hill",
            "primary",
            100_000_000,
            7_499_38,
            2_500_00,
            None,
            159_986_88,
            5_500_00,
            0,
            0,
        ),
        (2, 202, None, "secondary", 10_500_000, None, None, None, 21_000_00, 2_205_00, 3, 2),
        (3, None, None, "special", None, None, None, None, None, None, 0, 0),
        (4, 201, None, "primary", None, 0, None, None, 50_005_00, 0, 2, 2),
    ]


def test_an_adjustment_that_the_rules_do_not_have_is_empty_and_one_that_adds_nothing_is_0():
    guaranteed = {
        "pupils_counted_by": "basic",
        "factors": FACTORS,
        "protection": {"guarantee_percent": "0"},
    }
    last_year = {"prior_budget": "1000", "prior_pupils": "100"}
    outcome = evaluate(
        compile_rules(rule_set(schools_formula=guaranteed)),
        school_table([{**SCHOOLS[0], **last_year}, SCHOOLS[2]]),
    )
    frame = school_rows(outcome.notional).frame
    assert frame.select("minimum_per_pupil", "protection").rows() == [(None, 0), (None, None)]


def test_schools_without_authority_name_or_fringe_have_no_columns_of_them():
    plain = {name: held for name, held in FORMULA.items() if name != "fringe"}
    record = {name: held for name, held in SCHOOLS[0].items() if name not in ("la", "school_name")}
    outcome = evaluate(compile_rules(rule_set(schools_formula=plain)), school_table([record]))
    assert school_rows(outcome.notional).frame.columns[:4] == ["urn", "phase", "pupils", "minimum_per_pupil"]  # fmt: skip
    assert line_rows(outcome.notional).frame.columns[:3] == ["urn", "line", "label"]
    assert {one["grouping"] for one in total_rows(outcome).frame.iter_rows(named=True)} == {"total", "phase"}  # fmt: skip


def test_each_line_has_units_value_amount_and_share_or_why_they_are_not_known(schools):
    rows = line_rows(schools.notional)
    assert rows.frame.columns == [
        "urn", "la", "school_name", "line", "label", "units", "unit_value", "amount",
        "notional_percent", "notional_sen", "not_known", "why_not_known",
    ]  # fmt: skip
    of = {urn: rows.frame.filter(urn=urn).drop("urn", "la", "school_name").rows() for urn in (1, 2, 3, 4)}  # fmt: skip
    assert of[1] == [
        ("rates", "Rates", None, None, -12_50, None, 0, 0, None),
        ("basic_primary", "Basic (primary)", 100_000_000, 1_000_00, 100_000_00, 50_000, 5_000_00, 0, None),
        ("lump_primary", "Lump (primary)", 1_000_000, 50_000_00, 50_000_00, None, 0, 0, None),
        ("fringe", "London fringe", None, None, 7_499_38, None, 250_00, 0, None),
        ("minimum_per_pupil", "Minimum per-pupil level", None, None, 2_500_00, 100_000, 250_00, 0, None),
    ]  # fmt: skip
    figure, depends = "the figure is not given", "it depends on a part that is not known"
    fringe = "the London fringe multiplier is not given"
    assert of[2] == [
        ("rates", "Rates", None, None, None, None, None, 1, figure),
        ("basic_secondary", "Basic (secondary)", 10_500_000, 2_000_00, 21_000_00, 105_000, 2_205_00, 0, None),
        ("fringe", "London fringe", None, None, None, None, None, 1, fringe),
        ("minimum_per_pupil", "Minimum per-pupil level", None, None, None, 100_000, None, 1, depends),
    ]  # fmt: skip
    assert of[3] == []
    assert of[4][1] == (
        "basic_primary", "Basic (primary)", None, 1_000_00, None, 50_000, None, 1, figure,
    )  # fmt: skip
    assert set(rows.frame.filter(urn=1)["school_name"]) == {"Hill"}
    assert set(rows.frame.filter(urn=2)["la"]) == {202}


def test_schools_that_the_formula_funds_are_summed_by_authority_and_phase(schools):
    assert total_rows(schools).frame.drop("top_up").rows() == [
        ("schools", "total", "total", 3, 230_991_88, 7_705_00, 5),
        ("schools", "la", "201", 2, 209_991_88, 5_500_00, 2),
        ("schools", "la", "202", 1, 21_000_00, 2_205_00, 3),
        ("schools", "phase", "primary", 2, 209_991_88, 5_500_00, 2),
        ("schools", "phase", "secondary", 1, 21_000_00, 2_205_00, 3),
    ]


def test_each_pupil_has_band_price_amount_and_reason_by_authority_school_and_key(pupils):
    rows = pupil_rows(pupils.top_ups)
    assert rows.frame.columns == [
        "pupil_key", "urn", "la", "primary_need", "setting", "band", "annual_rate", "top_up",
        "reason", "not_known",
    ]  # fmt: skip
    assert rows.frame.rows() == [
        ("b", None, 201, None, "mainstream", "B", 600_00, 600_00, "rate", 0),
        ("a", 9, 201, "ASD", "special", "A", 1_200_01, 1_200_01, "rate", 0),
        ("c", 8, 202, "SEMH", "mainstream", None, None, None, "not_supplied", 1),
        ("d", 8, 202, "SEMH", "mainstream", "C", None, None, "no_price", 1),
    ]


def test_pupils_are_summed_by_authority_need_setting_and_reason(pupils):
    assert total_rows(pupils).frame.drop("formula_total", "notional_sen").rows() == [
        ("pupils", "total", "total", 4, 1_800_01, 2),
        ("pupils", "la", "201", 2, 1_800_01, 0),
        ("pupils", "la", "202", 2, None, 2),
        ("pupils", "need", "ASD", 1, 1_200_01, 0),
        ("pupils", "need", "SEMH", 2, None, 2),
        ("pupils", "need", "not supplied", 1, 600_00, 0),
        ("pupils", "setting", "mainstream", 3, 600_00, 2),
        ("pupils", "setting", "special", 1, 1_200_01, 0),
        ("pupils", "reason", "no_price", 1, None, 1),
        ("pupils", "reason", "not_supplied", 1, None, 1),
        ("pupils", "reason", "rate", 2, 1_800_01, 0),
    ]


def test_a_manifest_has_the_totals_of_everyone_without_what_they_lack(schools, pupils):
    assert totals_record(total_rows(schools)) == [{
        "part": "schools", "number": 3, "formula_total": "230991.88", "notional_sen": "7705.00",
        "not_known": 5,
    }]  # fmt: skip
    assert totals_record(total_rows(pupils)) == [
        {"part": "pupils", "number": 4, "top_up": "1800.01", "not_known": 2}
    ]


def test_schools_and_pupils_of_one_outcome_have_their_totals_one_after_the_other():
    rules = compile_rules(rule_set(schools_formula=FORMULA, **banded(PRICES, BANDS)))
    outcome = evaluate(rules, school_table(SCHOOLS), pupil_table(PUPILS, BANDS))
    assert [one["part"] for one in totals_record(total_rows(outcome))] == ["schools", "pupils"]


def test_the_total_of_nobody_is_not_nothing(pupils):
    none = evaluate(pupils.rules, pupils=some_of(pupil_table(PUPILS, BANDS), []))
    assert len(pupil_rows(none.top_ups)) == 0
    everyone = total_rows(none).frame.select("part", "grouping", "number", "top_up", "not_known")
    assert everyone.rows() == [("pupils", "total", 0, None, 0)]
    assert total_rows(none).frame.columns == total_rows(pupils).frame.columns


# Of 600.00 and 1,200.01 pounds a year, by the days of each month.
APRIL = (49_32 + 98_63, 49_32)


def test_a_payment_is_the_sum_of_pupils_and_ends_with_its_month(pupils):
    schedule = payment_schedule(pupils.top_ups, Divided.months)
    totals = payment_totals(pupils.top_ups, schedule)
    assert totals.frame.rows()[0] == (1, "April 2025", "2025-04-30", 4, APRIL[0], 2)
    assert totals.frame.rows()[-1] == (12, "March 2026", "2026-03-31", 4, 152_88, 2)
    assert totals.frame["amount"].sum() == 1_800_01
    rows = payment_rows(pupils.top_ups, schedule)
    assert rows.frame.columns[-5:] == ["payment", "name", "last_day", "amount", "not_known"]
    assert rows.frame.rows()[0] == (
        "b", None, 201, None, "mainstream", 1, "April 2025", "2025-04-30", APRIL[1], 0,
    )  # fmt: skip
    unknown = rows.frame.filter(pupil_key="c").select("payment", "last_day", "amount", "not_known")
    assert unknown.rows()[1] == (2, "2025-05-31", None, 1)


def test_payments_of_equal_parts_of_a_year_have_names_and_no_days():
    terms = {"source": "example", "standing": "proposed", "parts": {"number": 3, "part": "term"}}
    rules = compile_rules(
        rule_set(**banded([{"band": "A", "pounds": "1000"}], BANDS, calendar=terms))
    )
    outcome = evaluate(rules, pupils=pupil_table([pupil(band="A", parts_on_roll=2)], BANDS)).top_ups
    with pytest.raises(PairRefused, match="has no dates"):
        payment_schedule(outcome, Divided.months)
    schedule = payment_schedule(outcome, Divided.periods)
    # What is due to date is 333.33 after a term and 666.67 after two.
    assert payment_totals(outcome, schedule).frame.rows() == [
        (1, "term 1", None, 1, 333_33, 0), (2, "term 2", None, 1, 333_34, 0),
        (3, "term 3", None, 1, 0, 0),
    ]  # fmt: skip
    assert payment_rows(outcome, schedule).frame["last_day"].to_list() == [None] * 3


def test_rows_say_how_many_they_are_and_print_no_row_of_anybody(pupils):
    rows = pupil_rows(pupils.top_ups)
    assert isinstance(rows, Rows)
    assert len(rows) == 4
    assert "1200" not in repr(rows)
