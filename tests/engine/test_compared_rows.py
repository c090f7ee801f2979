"""What a comparison says of each pupil, each school, each group and all, worked out by hand."""

import numpy as np
import pytest

from engine.compare import compare
from engine.compare.change import deciles
from engine.errors import PairRefused
from engine.export import change_totals, changed_pupils, changed_schools
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import explain_change
from engine.vocabulary import Missing
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table, some_of

BANDS = ["A", "B", "C"]
PUPILS = [
    pupil(pupil_key="p1", la=201, urn=1, band="A", primary_need="ASD", setting="special"),
    pupil(pupil_key="p2", la=201, urn=2, band="B", primary_need="ASD", setting="mainstream"),
    pupil(pupil_key="p3", la=202, urn=1, band="C", primary_need="SEMH", setting="special"),
    pupil(pupil_key="p4", la=202, urn=None, band=None, primary_need=None, setting=None),
]
PLAIN = [{"pupil_key": one["pupil_key"], "la": one["la"], "band": one["band"]} for one in PUPILS]


def paying(*pounds):
    prices = [{"band": band, "pounds": text} for band, text in zip(BANDS, pounds, strict=True)]
    return compile_rules(rule_set(**banded(prices, BANDS)))


def pupils_compared(table):
    return compare(*(
        evaluate(rules, pupils=table)
        for rules in (paying("100", "200", "300"), paying("150", "200", "250"))
    ))  # fmt: skip


def lines_of(rows):
    """Return each line of totals but the deciles: what it is about, pounds, and the four counts."""
    return [
        (one["grouping"], one["group"], one["number"], *pounds(one),
         one["winners"], one["losers"], one["unchanged"], one["not_known"])
        for one in rows.frame.iter_rows(named=True)
        if one["grouping"] != "decile"
    ]  # fmt: skip


def pounds(row):
    return (
        None if row[name] is None else row[name] / 100 for name in ("before", "after", "change")
    )


def test_pupils_are_summed_in_all_and_by_school_authority_need_and_setting():
    comparison = pupils_compared(pupil_table(PUPILS, BANDS))
    assert lines_of(change_totals(comparison)) == [
        ("total", "total", 4, 600, 600, 0, 1, 1, 1, 1),
        ("school", "not supplied", 1, None, None, None, 0, 0, 0, 1),
        ("school", "1", 2, 400, 400, 0, 1, 1, 0, 0),
        ("school", "2", 1, 200, 200, 0, 0, 0, 1, 0),
        ("la", "201", 2, 300, 350, 50, 1, 0, 1, 0),
        ("la", "202", 2, 300, 250, -50, 0, 1, 0, 1),
        ("need", "not supplied", 1, None, None, None, 0, 0, 0, 1),
        ("need", "SEMH", 1, 300, 250, -50, 0, 1, 0, 0),
        ("need", "ASD", 2, 300, 350, 50, 1, 0, 1, 0),
        ("setting", "not supplied", 1, None, None, None, 0, 0, 0, 1),
        ("setting", "mainstream", 1, 200, 200, 0, 0, 0, 1, 0),
        ("setting", "special", 2, 400, 400, 0, 1, 1, 0, 0),
    ]
    assert set(change_totals(comparison).frame["part"]) == {"pupils"}
    assert set(change_totals(comparison).frame["measure"]) == {"top_up"}


def test_the_deciles_of_all_are_named_by_their_share_and_have_a_change_alone():
    rows = change_totals(pupils_compared(pupil_table(PUPILS, BANDS))).frame.filter(
        grouping="decile"
    )
    # Of the three changes −50, 0 and 50 pounds the fourth tenth begins the second.
    assert dict(rows.select("group", "change").iter_rows()) == {
        "10": -50_00, "20": -50_00, "30": -50_00, "40": 0, "50": 0, "60": 0,
        "70": 50_00, "80": 50_00, "90": 50_00,
    }  # fmt: skip
    others = ("number", "before", "after", "winners", "losers", "unchanged", "not_known")
    assert all(rows[name].null_count() == 9 for name in others)


def test_the_deciles_of_many_are_the_least_that_so_many_tenths_do_not_pass():
    mixed = np.random.default_rng(1).permutation(np.arange(1, 1_002))
    assert deciles(mixed) == (101, 201, 301, 401, 501, 601, 701, 801, 901)
    assert deciles(mixed[mixed <= 1_000]) == (100, 200, 300, 400, 500, 600, 700, 800, 900)


def test_each_pupil_has_both_sides_and_what_is_not_known_has_none():
    rows = changed_pupils(pupils_compared(pupil_table(PUPILS, BANDS)))
    assert rows.frame.columns == [
        "pupil_key", "urn", "la", "primary_need", "setting", "band_before", "band_after",
        "reason_before", "reason_after", "before", "after", "change", "not_known",
    ]  # fmt: skip
    assert rows.frame.rows() == [
        ("p1", 1, 201, "ASD", "special", "A", "A", "rate", "rate", 100_00, 150_00, 50_00, 0),
        ("p2", 2, 201, "ASD", "mainstream", "B", "B", "rate", "rate", 200_00, 200_00, 0, 0),
        ("p4", None, 202, None, None, None, None, "not_supplied", "not_supplied",
         None, None, None, 2),
        ("p3", 1, 202, "SEMH", "special", "C", "C", "rate", "rate", 300_00, 250_00, -50_00, 0),
    ]  # fmt: skip


def test_pupils_of_whom_only_the_authority_is_said_are_of_no_school_need_or_setting():
    comparison = pupils_compared(pupil_table(PLAIN, BANDS))
    lines = lines_of(change_totals(comparison))
    everyone = (4, 600, 600, 0, 1, 1, 1, 1)
    for kind in ("school", "need", "setting"):
        assert [line[1:] for line in lines if line[0] == kind] == [("not supplied", *everyone)]
    assert changed_pupils(comparison).frame.columns[:2] == ["pupil_key", "la"]


def test_a_pupil_known_on_one_side_has_that_side_alone_and_is_in_no_sum():
    assigned = {"table": {"hit_policy": "first", "inputs": ["score"], "rows": [{"when": {}, "band": "A"}]}}  # fmt: skip
    by_table = compile_rules(rule_set(**banded([{"pounds": "70"}], BANDS, assigned)))
    records = [one | {"score": 5} for one in PUPILS]
    table = pupil_table(records, BANDS)
    comparison = compare(
        *(evaluate(one, pupils=table) for one in (paying("1", "1", "1"), by_table))
    )
    row = changed_pupils(comparison).frame.filter(pupil_key="p4").row(0, named=True)
    assert [row[name] for name in ("band_before", "band_after", "before", "after", "change", "not_known")] == [
        None, "A", None, 70_00, None, 1,
    ]  # fmt: skip
    total = comparison.pupils.total
    assert (total.after, total.absent, total.winners) == (210_00, 1, 3)
    assert comparison.pupils.change.tolist()[2] == 0


def test_nobody_is_compared_to_nothing():
    comparison = pupils_compared(some_of(pupil_table(PUPILS, BANDS), []))
    assert lines_of(change_totals(comparison)) == [
        ("total", "total", 0, None, None, None, 0, 0, 0, 0)
    ]
    assert comparison.pupils.deciles == ()
    total = comparison.pupils.total
    assert (total.before, total.after, total.change) == (0, 0, 0)


def formula(value):
    factor = {
        "label": "Basic", "counts": "pupils",
        "primary": {"unit_value": value, "notional_percent": "5"},
        "secondary": {"unit_value": "2000", "notional_percent": "10"},
    }  # fmt: skip
    basic = {"pupils_counted_by": "basic", "factors": {"basic": factor}}
    return compile_rules(rule_set(schools_formula=basic))


SCHOOLS = [
    school(urn=3, la=202, phase="secondary", units_basic_secondary="10"),
    school(urn=1, la=201, school_name="Hill", units_basic_primary="100"),
    school(urn=2, la=201, units_basic_primary=None),
    school(urn=4, la=None, units_basic_primary="20"),
]


def schools_compared(records, *values):
    table = school_table(records)
    return compare(*(evaluate(formula(value), table) for value in values))


def test_schools_are_summed_in_all_by_school_and_by_authority():
    comparison = schools_compared(SCHOOLS, "1000", "900")
    assert lines_of(change_totals(comparison)) == [
        ("total", "total", 4, 8000, 7400, -600, 0, 2, 1, 1),
        ("school", "1", 1, 5000, 4500, -500, 0, 1, 0, 0),
        ("school", "2", 1, None, None, None, 0, 0, 0, 1),
        ("school", "3", 1, 2000, 2000, 0, 0, 0, 1, 0),
        ("school", "4", 1, 1000, 900, -100, 0, 1, 0, 0),
        ("la", "not supplied", 1, 1000, 900, -100, 0, 1, 0, 0),
        ("la", "201", 2, 5000, 4500, -500, 0, 1, 0, 1),
        ("la", "202", 1, 2000, 2000, 0, 0, 0, 1, 0),
    ]
    assert set(change_totals(comparison).frame["measure"]) == {"notional_sen"}
    assert changed_schools(comparison).frame.rows() == [
        (1, 201, "Hill", "primary", 5000_00, 4500_00, -500_00, 0),
        (2, 201, None, "primary", None, None, None, 2),
        (3, 202, None, "secondary", 2000_00, 2000_00, 0, 0),
        (4, None, None, "primary", 1000_00, 900_00, -100_00, 0),
    ]


SPECIAL = school(urn=5, la=203, phase="special", units_basic_primary="0", units_basic_secondary="0")


def test_a_school_without_a_budget_is_in_no_sum_and_no_count():
    without, added = (
        schools_compared(one, "1000", "900") for one in (SCHOOLS, [*SCHOOLS, SPECIAL])
    )
    assert lines_of(change_totals(added)) == lines_of(change_totals(without))
    assert added.schools.deciles == without.schools.deciles
    assert changed_schools(added).frame.rows()[-1] == (5, 203, None, "special", None, None, None, 0)
    rows = explain_change(added.baseline, added.candidate, "5").rows
    assert {row.value for row in rows} == {None}
    assert {row.note for row in rows} == {None, Missing.not_funded}


def test_schools_that_all_have_no_budget_come_to_no_amount():
    comparison = schools_compared([SPECIAL], "1000", "900")
    assert lines_of(change_totals(comparison)) == [
        ("total", "total", 0, None, None, None, 0, 0, 0, 0)
    ]
    assert comparison.schools.deciles == ()


def test_schools_without_an_authority_are_in_no_group_of_it():
    alone = [{name: held for name, held in SCHOOLS[0].items() if name != "la"}]
    comparison = schools_compared(alone, "1000", "900")
    assert [one.kind for one in comparison.schools.groupings] == ["school"]


def test_a_budget_known_on_one_side_alone_is_compared_to_nothing():
    factor = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "1000", "notional_percent": "5"}}  # fmt: skip
    more = {"label": "More", "counts": "units", "primary": {"unit_value": "10", "notional_percent": "5"}}  # fmt: skip
    parts = {"basic": factor}, {"basic": factor, "more": more}
    rules = [
        compile_rules(rule_set(schools_formula={"pupils_counted_by": "basic", "factors": one}))
        for one in parts
    ]
    table = school_table([school(urn=1, units_basic_primary="100", units_more_primary=None)])
    for order, known in (((0, 1), (5000_00, None)), ((1, 0), (None, 5000_00))):
        comparison = compare(*(evaluate(rules[at], table) for at in order))
        assert comparison.schools.total.absent == 1
        row = changed_schools(comparison).frame.row(0, named=True)
        assert (row["before"], row["after"], row["change"], row["not_known"]) == (*known, None, 1)


def test_schools_of_two_tables_have_the_name_of_their_refusal():
    sides = [evaluate(formula("1"), school_table(SCHOOLS[:at])) for at in (1, 2)]
    with pytest.raises(PairRefused) as caught:
        compare(*sides)
    assert [one.rule for one in caught.value.problems] == ["different-tables"]
    again = [evaluate(paying("1", "2", "3"), pupils=pupil_table(PUPILS, BANDS)) for _ in range(2)]
    with pytest.raises(PairRefused) as caught:
        compare(*again)
    assert [one.rule for one in caught.value.problems] == ["different-tables"]


def test_two_rule_sets_without_a_part_in_common_are_refused_by_name():
    pupils = evaluate(paying("1", "2", "3"), pupils=pupil_table(PUPILS, BANDS))
    schools = evaluate(formula("1"), school_table(SCHOOLS))
    for sides in ((pupils, schools), (schools, pupils)):
        with pytest.raises(PairRefused) as caught:
            compare(*sides)
        [problem] = caught.value.problems
        assert problem.rule == "nothing-to-compare"
        assert problem.sentence == (
            "the two rule sets have no part in common that can be worked out from these tables"
        )


def test_a_comparison_prints_its_totals_and_no_pupil():
    comparison = pupils_compared(pupil_table(PUPILS, BANDS))
    total = "Group(name='total', before=60000, after=60000, number=4, winners=1, losers=1, unchanged=1, absent=1)"
    assert repr(comparison) == f"<Comparison: <Change: {total}>, None>"


def test_no_budget_is_compared_under_rules_without_notional_percentages_and_none_is_nothing():
    factor = {"label": "Basic", "counts": "pupils", "primary": {"unit_value": "1000"}}
    without = compile_rules(
        rule_set(schools_formula={"pupils_counted_by": "basic", "factors": {"basic": factor}})
    )
    table = school_table([school(urn=1, la=201, units_basic_primary="100")])
    sides = [evaluate(rules, table) for rules in (without, formula("1000"))]
    for before, after, of_row in ((0, 1, (None, 5000_00)), (1, 0, (5000_00, None)), (0, 0, (None, None))):  # fmt: skip
        comparison = compare(sides[before], sides[after])
        unknown = [("total", "total"), ("school", "1"), ("la", "201")]
        assert lines_of(change_totals(comparison)) == [
            (*one, 1, None, None, None, 0, 0, 0, 1) for one in unknown
        ]
        row = changed_schools(comparison).frame.row(0, named=True)
        assert (row["before"], row["after"], row["change"]) == (*of_row, None)
        assert row["not_known"] == of_row.count(None)
