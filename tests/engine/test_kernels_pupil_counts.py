"""Counting pupils into lines: schools of any size, empty ones anywhere, missing values anywhere."""

import numpy as np
import pytest

from engine.errors import PairRefused
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.rules.compile import compile_rules
from engine.run import evaluate
from tests.builders import pupil, pupil_table, rule_set, school, school_table

LINE = {"unit_value": "1"}
WHOLE = {"label": "All", "counts": "pupils", "primary": LINE, "ks3": LINE, "ks4": LINE}


def formula(**factors) -> dict:
    return {
        "pupils_counted_by": "basic_entitlement",
        "factors": {"basic_entitlement": WHOLE, **factors},
    }


def units_of(document, schools: list[dict], records: list[dict]) -> dict[str, list[int]]:
    """Return the units of each line by school, in whole pupils."""
    outcome = evaluate(
        compile_rules(document), school_table(schools), pupil_table(records)
    ).notional
    return {
        line.name: (outcome.units[:, at] // 1_000_000).tolist()
        for at, line in enumerate(outcome.lines)
    }


@pytest.mark.parametrize("size", [0, 1, 14, 15, 16, 240, 254, 255, 256, 270, 1_000, 40_000])
def test_a_school_may_have_any_number_of_pupils(size):
    records = [pupil(pupil_key=f"a{at}", urn=1, year_group=at % 7) for at in range(size)]
    records += [pupil(pupil_key=f"b{at}", urn=3, year_group=8) for at in range(3)]
    schools = [school(urn=urn) for urn in (1, 2, 3)]
    units = units_of(rule_set(schools_formula=formula()), schools, records)
    assert units["basic_entitlement_primary"] == [size, 0, 0]
    assert units["basic_entitlement_ks3"] == [0, 0, 3]


@pytest.mark.parametrize("attended", [(2,), (1,), (4,), (1, 4), (2, 3), (1, 2, 3, 4)])
def test_a_school_without_pupils_may_come_first_last_or_between(attended):
    records = [
        pupil(pupil_key=f"{urn}-{at}", urn=urn, year_group=3, la=201 + at % 2)
        for urn in attended
        for at in range(5)
    ]
    units = units_of(
        rule_set(schools_formula=formula()), [school(urn=urn) for urn in (1, 2, 3, 4)], records
    )
    assert units["basic_entitlement_primary"] == [
        5 if urn in attended else 0 for urn in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_formulas_of_unlike_length_may_count_the_same_pupils_one_after_the_other(order):
    rates = {"label": "Rates", "counts": "amount", "all": {}}
    formulas = [formula(), formula(rates=rates)]
    table, schools = (
        pupil_table([pupil(urn=1, year_group=3)]),
        school_table([school(urn=1, amount_rates="7")]),
    )
    for at in order:
        rules = compile_rules(rule_set(schools_formula=formulas[at]))
        outcome = evaluate(rules, schools, table).notional
        assert outcome.formula_total.tolist() == [[100], [800]][at]


def test_a_minimum_level_is_not_known_where_it_is_not_known_who_is_of_an_age():
    document = rule_set(schools_formula=formula() | {"minimum_per_pupil": {"primary": "5000"}})
    records = [pupil(pupil_key=str(year), urn=1, year_group=year) for year in (3, None)]
    outcome = evaluate(compile_rules(document), school_table([school(urn=1)]), pupil_table(records))
    assert outcome.notional.uplift.tolist() == [0]
    assert outcome.notional.minimum_absent.tolist() == [1]


def test_the_uplift_of_a_large_school_open_every_day_is_exact():
    document = formula() | {
        "year_days": 365,
        "minimum_per_pupil": dict.fromkeys(("primary", "ks3", "ks4"), "10000"),
    }
    units = dict.fromkeys(("units_basic_entitlement_ks3", "units_basic_entitlement_ks4"), 0)
    record = school(
        phase="all_through", units_basic_entitlement_primary=2_000, days_open=365, **units
    )
    rules = compile_rules(rule_set(schools_formula=document))
    outcome = evaluate(rules, school_table([record])).notional
    assert outcome.uplift.tolist() == [2_000 * (1_000_000 - 100)]


def test_a_pupil_at_a_school_that_the_table_does_not_hold_is_counted_nowhere():
    records = [pupil(pupil_key=str(urn), urn=urn, year_group=3) for urn in (None, 1, 2, 9)]
    units = units_of(rule_set(schools_formula=formula()), [school(urn=2)], records)
    assert units["basic_entitlement_primary"] == [1]


def test_pupils_whom_several_authorities_place_at_a_school_count_together():
    records = [pupil(pupil_key=str(la), la=la, urn=1, year_group=0) for la in (201, 202, 203)]
    assert units_of(rule_set(schools_formula=formula()), [school(urn=1)], records)[
        "basic_entitlement_primary"
    ] == [3]


@pytest.mark.parametrize(
    ("record", "counted", "unknown"),
    [
        pytest.param({"year_group": 3, "fsm": True}, 1, 0, id="who meets the condition counts"),
        pytest.param({"year_group": 3, "fsm": False}, 0, 0, id="who does not meet it does not"),
        pytest.param({"year_group": 3, "fsm": None}, 0, 1, id="a flag not supplied leaves it open"),
        pytest.param(
            {"year_group": None, "fsm": True}, 0, 1, id="a year not supplied leaves it open"
        ),
        pytest.param(
            {"year_group": None, "fsm": False}, 0, 0, id="one condition that fails settles it"
        ),
        pytest.param({"year_group": 9, "fsm": None}, 0, 0, id="another phase settles it"),
    ],
)
def test_a_pupil_counts_does_not_count_or_is_not_known(record, counted, unknown):
    factor = {"label": "Meals", "counts": "pupils", "where": {"fsm": True}, "primary": LINE}
    document = rule_set(schools_formula=formula(fsm=factor))
    outcome = evaluate(
        compile_rules(document),
        school_table([school(urn=1)]),
        pupil_table([pupil(urn=1, **record)]),
    )
    at = [line.name for line in outcome.notional.lines].index("fsm_primary")
    assert outcome.notional.units[0, at] == counted * 1_000_000
    assert outcome.notional.absent[0, at] == unknown


def test_more_lines_than_one_word_of_lanes_are_counted_each_on_its_own():
    flags = ("fsm", "fsm6", "eal3", "mobility", "looked_after", "low_prior_attainment")
    weights = {f"year_{year}": f"0.{year}" for year in range(1, 7)}
    factors = {
        flag: {"label": flag, "counts": "pupils", "where": {flag: True},
               **{phase: {**LINE, "year_weights": weights} for phase in ("primary", "all")}}
        for flag in flags
    }  # fmt: skip
    records = [
        pupil(
            pupil_key=str(at),
            urn=1,
            year_group=at % 7,
            **{flag: (at >> place) % 2 == 0 for place, flag in enumerate(flags)},
        )
        for at in range(500)
    ]
    outcome = evaluate(
        compile_rules(rule_set(schools_formula=formula(**factors))),
        school_table([school(urn=1)]),
        pupil_table(records),
    ).notional
    for at, line in enumerate(outcome.lines):
        if line.name.startswith("basic"):
            continue
        counting = [one for one in records if one[line.key.factor]]
        tenths = sum(one["year_group"] or 10 for one in counting)
        assert outcome.units[0, at] == tenths * 100_000, line.name


def test_no_school_at_all_is_an_answer_too():
    rules = compile_rules(rule_set(schools_formula=formula()))
    table = school_table([])
    outcome = evaluate(
        rules,
        declare_absent(rules.formula, table, AbsentLines.zero),
        pupil_table([pupil(urn=1, year_group=1)]),
    )
    assert outcome.notional.formula_total.tolist() == []


def test_amounts_given_for_a_factor_together_are_not_counted_from_pupils_as_well():
    factor = {
        "label": "Meals",
        "counts": "pupils",
        "where": {"fsm": True},
        "primary": LINE,
        "secondary": LINE,
    }
    rules = compile_rules(rule_set(schools_formula=formula(fsm=factor)))
    pupils = pupil_table(
        [pupil(pupil_key=str(at), urn=1, year_group=1, fsm=True) for at in range(10)]
    )
    outcome = evaluate(rules, school_table([school(urn=1, amount_fsm=500)]), pupils).notional
    amounts = {line.name: int(outcome.amount[0, at]) for at, line in enumerate(outcome.lines)}
    assert amounts["fsm_primary"] == 0
    assert outcome.formula_total.tolist() == [50_000 + 1_000]


def test_pupils_counted_in_a_line_without_a_unit_value_are_refused_not_paid_nothing():
    factor = {"label": "Meals", "counts": "pupils", "where": {"fsm": True}, "primary": {}}
    rules = compile_rules(rule_set(schools_formula=formula(fsm=factor)))
    pupils = pupil_table([pupil(urn=1, year_group=1, fsm=True)])
    with pytest.raises(PairRefused, match="no unit value"):
        evaluate(rules, school_table([school(urn=1)]), pupils)


@pytest.mark.parametrize(
    ("value", "pupils", "held"),
    [
        pytest.param(
            "9000", 100_000, True, id="the largest school at a usual value is held exactly"
        ),
        pytest.param(
            "100000000",
            100_000,
            False,
            id="a product beyond 63 bits is refused, never wrapped round",
        ),
    ],
)
def test_amounts_that_cannot_be_held_are_refused(value, pupils, held):
    whole = {**WHOLE, "primary": {"unit_value": value}}
    document = rule_set(
        schools_formula={
            "pupils_counted_by": "basic_entitlement",
            "factors": {"basic_entitlement": whole},
        }
    )
    columns = {
        "units_basic_entitlement_primary": pupils,
        "units_basic_entitlement_ks3": 0,
        "units_basic_entitlement_ks4": 0,
    }
    table = school_table([school(urn=1, **columns)])
    if held:
        outcome = evaluate(compile_rules(document), table).notional
        assert outcome.formula_total.tolist() == [int(value) * 100 * pupils]
    else:
        with pytest.raises(PairRefused, match="too large"):
            evaluate(compile_rules(document), table)


def test_units_are_counted_in_millionths_of_a_pupil():
    whole = {
        **WHOLE,
        "primary": {**LINE, "year_weights": {"year_1": "0.333333", "year_reception": "0"}},
    }
    document = rule_set(
        schools_formula={
            "pupils_counted_by": "basic_entitlement",
            "factors": {"basic_entitlement": whole},
        }
    )
    records = [pupil(pupil_key=str(year), urn=1, year_group=year) for year in (0, 1, 2)]
    outcome = evaluate(
        compile_rules(document), school_table([school(urn=1)]), pupil_table(records)
    ).notional
    assert outcome.units[0, 0] == 1_333_333
    assert np.array_equal(outcome.absent, np.zeros_like(outcome.absent))
