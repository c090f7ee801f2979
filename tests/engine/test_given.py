"""What is given for a school's lines: units, amounts, combined amounts, or nothing and said so."""

import pytest

from engine.errors import PairRefused
from engine.evaluate import evaluate
from engine.evaluate.absent import AbsentLines, declare_absent
from engine.rules.compile import compile_rules
from tests.builders import NOT_APPLICABLE, pupil, pupil_table, rule_set, school, school_table


def formula(**more):
    return {
        "schools_formula": {
            "pupils_counted_by": "basic",
            "factors": {
                "basic": {
                    "label": "Basic",
                    "counts": "pupils",
                    "primary": {"unit_value": "100", "notional_percent": "5"},
                    "ks3": {"unit_value": "200", "notional_percent": "10"},
                },
                "deprived_a": {
                    "label": "Deprived A",
                    "counts": "pupils",
                    "where": {"idaci": "A"},
                    "primary": {"unit_value": "10", "notional_percent": "50"},
                },
                "deprived_b": {
                    "label": "Deprived B",
                    "counts": "pupils",
                    "where": {"idaci": "B"},
                    "primary": {"unit_value": "8", "notional_percent": "50"},
                },
                "lump_sum": {
                    "label": "Lump sum",
                    "counts": "school",
                    "primary": {"unit_value": "1000", "notional_percent": "0"},
                    "secondary": {"unit_value": "3000", "notional_percent": "0"},
                },
                **more,
            },
        }
    }


def valued(table, pupils=None, absent=AbsentLines.refused, **more):
    rules = compile_rules(rule_set(**formula(**more)))
    return evaluate(rules, declare_absent(rules.formula, table, absent), pupils).notional


WHOLE = {"units_basic_primary": 10, "units_deprived_a_primary": 2, "units_deprived_b_primary": 0}


def test_units_are_priced_and_the_school_itself_counts_once():
    outcome = valued(school_table([school(**WHOLE)]))
    assert outcome.formula_total.tolist() == [100_000 + 2_000 + 100_000]
    assert outcome.absent_total.tolist() == [0]


def test_a_middle_school_shares_the_lump_sums_by_year_groups():
    record = school(
        phase="middle",
        primary_years=1,
        ks3_years=3,
        ks4_years=0,
        units_basic_ks3=0,
        **{**WHOLE, "units_basic_primary": 0},
    )
    outcome = valued(school_table([record]))
    assert outcome.formula_total.tolist() == [2_000 + 25_000 + 225_000]


def test_a_middle_school_without_year_groups_is_not_complete():
    outcome = valued(school_table([school(phase="middle", units_basic_ks3=0, **WHOLE)]))
    assert outcome.absent_total.tolist() == [2]


def test_one_amount_for_a_family_of_bands_takes_the_percentage_they_share():
    outcome = valued(school_table([school(units_basic_primary=10, amount_deprived="37.77")]))
    assert outcome.notional_total.tolist() == [5_000 + 1_889]
    assert outcome.absent_total.tolist() == [0]


def test_one_amount_for_lines_of_different_percentages_is_refused():
    table = school_table(
        [
            school(
                phase="all_through",
                amount_basic="10",
                **{k: v for k, v in WHOLE.items() if k != "units_basic_primary"},
            )
        ]
    )
    with pytest.raises(PairRefused, match="different notional percentages"):
        valued(table)


def test_one_amount_serves_a_school_of_one_phase_where_only_its_lines_apply():
    record = {key: value for key, value in WHOLE.items() if key != "units_basic_primary"}
    outcome = valued(school_table([school(amount_basic="1000", **record)]))
    assert outcome.notional_total.tolist() == [5_000 + 1_000]


def test_an_amount_that_includes_another_column_is_refused():
    with pytest.raises(PairRefused, match="which it includes"):
        valued(school_table([school(amount_deprived="10", **WHOLE)]))


def test_a_missing_column_is_refused_by_name_and_every_one_is_listed():
    with pytest.raises(PairRefused) as refused:
        valued(school_table([school(units_basic_primary=10)]))
    assert [problem.column for problem in refused.value.problems] == [
        "units_deprived_a_primary",
        "units_deprived_b_primary",
    ]


@pytest.mark.parametrize(
    ("meaning", "absent"),
    [
        pytest.param(AbsentLines.zero, 0, id="declared to be nothing"),
        pytest.param(AbsentLines.not_supplied, 2, id="declared not known"),
    ],
)
def test_whoever_gives_the_table_may_declare_what_a_missing_column_means(meaning, absent):
    outcome = valued(school_table([school(units_basic_primary=10)]), absent=meaning)
    assert outcome.absent_total.tolist() == [absent]


def test_an_empty_cell_is_not_zero_and_one_marked_not_applicable_is_not_missing():
    records = [
        school(urn=1, **{**WHOLE, "units_deprived_a_primary": None}),
        school(urn=2, **{**WHOLE, "units_deprived_a_primary": NOT_APPLICABLE}),
    ]
    assert valued(school_table(records)).absent_total.tolist() == [1, 0]


def test_units_without_a_unit_value_are_refused():
    more = {"extra": {"label": "Extra", "counts": "pupils", "primary": {"notional_percent": "5"}}}
    with pytest.raises(PairRefused, match="give amount_extra_primary in pounds"):
        valued(school_table([school(units_extra_primary=3, **WHOLE)]), **more)


def test_units_are_counted_from_pupils_where_the_school_gives_none():
    pupils = pupil_table(
        [
            pupil(pupil_key="p1", urn=100_001, year_group=3, idaci="A"),
            pupil(pupil_key="p2", urn=100_001, year_group=4, idaci=None),
            pupil(pupil_key="p3", urn=100_001, year_group=12, idaci="B"),
            pupil(pupil_key="p4", urn=None, year_group=2, idaci="A"),
        ]
    )
    outcome = valued(school_table([school()]), pupils)
    names = [line.name for line in outcome.lines]
    assert outcome.units[0, names.index("basic_primary")] == 2_000_000
    assert outcome.units[0, names.index("deprived_a_primary")] == 1_000_000
    assert outcome.absent[0, names.index("deprived_a_primary")] == 1


def test_a_special_school_is_not_funded_by_the_schools_formula():
    outcome = valued(school_table([school(urn=1, **WHOLE), school(urn=2, phase="special")]))
    assert outcome.formula_total.tolist()[1] == 0
    assert outcome.absent_total.tolist()[1] == 0
