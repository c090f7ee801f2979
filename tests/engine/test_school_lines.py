"""What is given for a school's lines: units, amounts, combined amounts, or nothing and said so."""

import pytest

from engine.errors import PairRefused
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.rules.compile import compile_rules
from engine.run import evaluate
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


def test_a_middle_school_without_primary_years_has_no_part_of_the_primary_lump_sum_and_is_complete():
    units = {**WHOLE, "units_basic_primary": 0, "units_basic_ks3": 0}
    record = school(phase="middle", primary_years=0, ks3_years=3, ks4_years=0, **units)
    outcome = valued(school_table([record]))
    assert outcome.formula_total.tolist() == [2_000 + 300_000]
    assert outcome.absent_total.tolist() == [0]


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
    with pytest.raises(PairRefused, match="is part of it"):
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


def mobility(*phases, weighted=None):
    """Return a factor for joining late, of which a share of the phase's pupils is left out."""
    line = {"unit_value": "100", **({"year_weights": weighted} if weighted else {})}
    counted = {"counts": "pupils", "where": {"mobility": True}, "only_above_percent": "10"}
    return {"mobility": {"label": "Mobility", **counted, **dict.fromkeys(phases, line)}}


def secondary_formula(pupils_by, **more):
    """Return a formula that counts its pupils by some phases, with further factors."""
    line = {"unit_value": "200"}
    whole = {"label": "Basic", "counts": "pupils", **dict.fromkeys(pupils_by, line)}
    return {"schools_formula": {"pupils_counted_by": "basic", "factors": {"basic": whole, **more}}}


def late_joiners(document, phase, **given):
    """Return the units and the pupils not known of mobility at one school with twenty a year."""
    pupils = [
        pupil(pupil_key=f"p{year}-{at}", urn=100_001, year_group=year, mobility=at < 5)
        for year in range(12)
        for at in range(20)
    ]
    table = school_table([school(phase="all_through", **given)])
    outcome = evaluate(compile_rules(rule_set(**document)), table, pupil_table(pupils)).notional
    at = [line.name for line in outcome.lines].index(f"mobility_{phase}")
    return outcome.units[0, at] / 1_000_000, outcome.absent[0, at]


@pytest.mark.parametrize(
    ("pupils_by", "phase", "units"),
    [
        pytest.param(("primary", "secondary"), "ks3", 15 - 6, id="stage within a phase"),
        pytest.param(("primary", "secondary"), "ks4", 10 - 4, id="other stage within a phase"),
        pytest.param(("primary", "ks3", "ks4"), "secondary", 25 - 10, id="phase of two stages"),
        pytest.param(("primary", "ks3"), "secondary", 25 - 10, id="phase counted in part"),
        pytest.param(("all",), "primary", 35 - 14, id="phase of the whole school"),
        pytest.param(("primary",), "all_through", 60 - 24, id="school counted in part"),
    ],
)
def test_a_share_of_a_lines_own_pupils_is_left_out_however_the_formula_counts_pupils(
    pupils_by, phase, units
):
    assert late_joiners(secondary_formula(pupils_by, **mobility(phase)), phase) == (units, 0)


def test_pupils_of_whom_a_share_is_left_out_count_as_one_whatever_their_year_weighs():
    weighted = mobility("ks3", weighted={"year_7": "2"})
    assert late_joiners(secondary_formula(("secondary",), **weighted), "ks3") == (20 - 6, 0)


def test_units_that_a_school_gives_are_taken_as_those_above_the_share():
    document = secondary_formula(("secondary",), **mobility("ks3"))
    assert late_joiners(document, "ks3", units_mobility_ks3=3) == (3, 0)


def test_a_share_of_pupils_whose_year_group_is_not_known_is_not_known():
    document = secondary_formula(("secondary",), **mobility("ks3"))
    pupils = [
        pupil(pupil_key=f"p{at}", urn=100_001, year_group=year, mobility=False)
        for at, year in enumerate((7, 8, None))
    ]
    table = school_table([school(phase="secondary")])
    outcome = evaluate(compile_rules(rule_set(**document)), table, pupil_table(pupils)).notional
    at = [line.name for line in outcome.lines].index("mobility_ks3")
    assert outcome.absent[0, at] == 1


def test_a_line_of_all_through_schools_counts_no_pupils_of_other_schools():
    more = {"extra": {"label": "Extra", "counts": "pupils", "all_through": {"unit_value": "1"}}}
    pupils = [
        pupil(pupil_key=f"p{urn}", urn=urn, year_group=3, mobility=False)
        for urn in (100_001, 100_002)
    ]
    table = school_table([school(urn=100_001), school(urn=100_002, phase="all_through")])
    rules = compile_rules(rule_set(**secondary_formula(("primary",), **more)))
    outcome = evaluate(rules, table, pupil_table(pupils)).notional
    at = [line.name for line in outcome.lines].index("extra_all_through")
    assert outcome.amount[:, at].tolist() == [0, 100]
    assert outcome.absent[:, at].tolist() == [0, 0]


def test_sparsity_that_one_amount_holds_is_not_worked_out_beside_it():
    small = {"unit_value": "1000", "sparsity": {"pupils_per_year": "20", "miles": "2"}}
    more = {"sparsity": {"label": "Sparsity", "counts": "sparsity", "primary": small}}
    record = school(amount_sparsity="500", sparsity_distance=3, **WHOLE)
    outcome = valued(school_table([record]), **more)
    assert outcome.formula_total.tolist() == [100_000 + 2_000 + 100_000 + 50_000]
    assert outcome.absent_total.tolist() == [0]
