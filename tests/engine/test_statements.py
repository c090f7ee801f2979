"""The whole answer about a school or a pupil, worked by hand: parts, totals, calls, and why some are not known."""

from datetime import date

import pytest

from engine.compare import compare
from engine.errors import PairRefused
from engine.explain import explain, explain_school
from engine.export import changed_schools, total_rows
from engine.modules.school_formula.table import line_rows, school_sums
from engine.plausibility import school_warnings
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import (
    Statements,
    explain_change,
    pupil_reasons,
    school_reasons,
    spell_statements,
    top_up_sums,
)
from engine.vocabulary import Missing, Reason, SchoolPhase, Standing
from tests.builders import banded, pupil, pupil_table, rule_set, school, school_table
from tests.engine.test_result_rows import FORMULA, SCHOOLS

CALLS = {"expected_calls": {"high_needs_threshold": "6000"}}
NEEDS = {"sen_support_pupils": 2, "ehc_plans": 1}
BANDS = ["A", "B", "C"]


def schools_of(records=SCHOOLS, cost=None, **rule):
    rules = compile_rules(rule_set(schools_formula=FORMULA | rule))
    return Statements(evaluate(rules, school_table(records)).notional, cost)


def test_a_school_s_lines_and_adjustments_have_units_value_amount_share_and_standing():
    hill = schools_of().whole(0)
    assert (hill.row, hill.urn, hill.name, hill.phase) == (2, 1, "Hill", SchoolPhase.primary)
    said = [
        (one.name, one.units, one.unit_value, one.amount, one.percent, one.notional, one.standing)
        for one in hill.lines
    ]
    assert said == [
        ("rates", None, None, -12_50, None, 0, None),
        ("basic_primary", 100_000_000, 1000_00, 100_000_00, 50_000, 5_000_00, Standing.proposed),
        ("lump_primary", 1_000_000, 50_000_00, 50_000_00, None, 0, Standing.proposed),
    ]
    assert [(one.name, one.label, one.amount, one.notional) for one in hill.adjustments] == [
        ("fringe", "London fringe", 7_499_38, 250_00),
        ("minimum_per_pupil", "Minimum per-pupil level", 2_500_00, 250_00),
    ]
    assert hill.parts == (*hill.lines, *hill.adjustments)
    assert hill.not_notional == ("Rates", "Lump (primary)")
    assert hill.missing == ()
    assert hill.targeted is None


def test_a_school_s_totals_are_those_of_its_parts_and_its_share_is_of_the_formula():
    hill = schools_of().totals(0)
    assert (hill.formula, hill.notional, hill.budget) == (159_986_88, 5_500_00, 5_500_00)
    assert (hill.not_known, hill.budget_not_known) == (0, 0)
    # 5,500.00 of 159,986.88.
    assert hill.percent_of_formula == "3.44"


def test_parts_that_are_not_known_are_named_with_their_reason_and_the_budget_is_not_known():
    second = schools_of().whole(1)
    assert second.missing == (
        "Rates: the figure is not given",
        "London fringe: the London fringe multiplier is not given",
        "Minimum per-pupil level: it depends on a part that is not known",
    )
    assert [one.not_known for one in second.lines] == [1, 0]
    assert (second.lines[0].amount, second.lines[0].notional) == (None, None)
    assert [(one.amount, one.notional) for one in second.adjustments] == [(None, None)] * 2
    assert (second.formula, second.notional, second.budget) == (21_000_00, 2_205_00, None)
    assert (second.not_known, second.budget_not_known) == (3, 2)
    assert second.percent_of_formula is None


def test_a_school_that_the_formula_does_not_fund_has_no_totals():
    special = schools_of().whole(2)
    assert (special.formula, special.notional, special.budget) == (None, None, None)
    assert (special.lines, special.not_known) == ((), 0)
    assert special.percent_of_formula is None


def test_a_formula_without_percentages_has_no_budget_and_no_part_of_it():
    line = {"unit_value": "1000"}
    factors = {"basic": {"label": "Basic", "counts": "pupils", "primary": line}}
    rules = compile_rules(
        rule_set(schools_formula={"pupils_counted_by": "basic", "factors": factors})
    )
    table = school_table([school(urn=1, units_basic_primary="10")])
    one = Statements(evaluate(rules, table).notional).whole(0)
    assert (one.formula, one.notional, one.budget, one.budget_not_known) == (
        10_000_00,
        None,
        None,
        None,
    )
    assert [line.notional for line in one.lines] == [None]


def test_schools_are_in_the_order_in_which_they_were_sent():
    statements = schools_of([SCHOOLS[1], SCHOOLS[0], SCHOOLS[3]])
    assert [statements.totals(at).urn for at in statements.in_order()] == [2, 1, 4]
    assert [statements.totals(at).row for at in statements.in_order()] == [2, 3, 4]


def test_calls_on_a_budget_are_of_its_register_a_chosen_cost_and_the_threshold_of_the_rules():
    records = [SCHOOLS[0] | NEEDS]
    calls = schools_of(records, 400_00, **CALLS).totals(0).calls
    assert (calls.met, calls.school.plans, calls.school.sen_support_cost) == (6_000_00, 1, 400_00)
    expected = calls.expected
    assert (expected.sen_support, expected.plans, expected.total) == (800_00, 6_000_00, 6_800_00)
    assert (expected.budget, expected.left, expected.missing) == (5_500_00, -1_300_00, ())
    uncosted = schools_of(records, **CALLS).totals(0).calls.expected
    assert (uncosted.total, uncosted.missing) == (None, (Missing.sen_support_cost,))


def test_reasons_are_counted_for_each_part_in_the_order_of_lines():
    assert [tuple(one) for one in school_reasons(schools_of().outcome)] == [
        ("Rates", "the figure is not given", 1),
        ("Basic (primary)", "the figure is not given", 1),
        ("London fringe", "the London fringe multiplier is not given", 1),
        ("Minimum per-pupil level", "it depends on a part that is not known", 2),
    ]


def paid(*records, prices=None, **rule):
    held = prices or [{"band": "A", "pounds": "1000"}, {"band": "B", "pounds": "365"}]
    rules = compile_rules(rule_set(**banded(held, BANDS, **rule)))
    return evaluate(rules, pupils=pupil_table([pupil(**one) for one in records], BANDS))


SPRING = {"start": date(2025, 4, 1), "end": date(2025, 6, 30)}
SPELLS = [
    {"pupil_key": "b", "la": 202, "band": "A"},
    {"pupil_key": "a", "la": 201, "band": "B", **SPRING},
    {"pupil_key": "a", "la": 201, "band": "B", "start": date(2025, 9, 1)},
    {"pupil_key": "c", "la": 201, "band": None},
    {"pupil_key": "d", "la": 201, "band": "C"},
]


def test_each_spell_has_band_price_amount_and_reason_in_the_order_sent_and_a_pupil_one_total():
    said = [
        (one.row, one.pupil_key, one.band, one.annual, one.amount, one.reason, one.total)
        for one in spell_statements(paid(*SPELLS).top_ups)
    ]
    # 365 pounds are a pound a day: 91 days to the end of June, and 212 from September.
    assert said == [
        (2, "b", "A", 1000_00, 1000_00, Reason.rate.name, 1000_00),
        (3, "a", "B", 365_00, 91_00, Reason.rate.name, 303_00),
        (4, "a", "B", 365_00, 212_00, Reason.rate.name, 303_00),
        (5, "c", None, None, None, Reason.not_supplied.name, None),
        (6, "d", "C", None, None, Reason.no_price.name, None),
    ]


@pytest.mark.parametrize("first", ["known", "not known"])
def test_a_pupil_of_whom_one_spell_is_not_known_has_no_total_whichever_it_is(first):
    later = {"start": date(2025, 9, 1)}
    bands = ("B", None) if first == "known" else (None, "B")
    spells = [
        {"pupil_key": "a", "band": band, **when} for band, when in zip(bands, (SPRING, later), strict=True)
    ]  # fmt: skip
    assert [one.total for one in spell_statements(paid(*spells).top_ups)] == [None, None]


def test_columns_that_pupils_lack_are_counted_by_what_their_own_price_reads():
    prices = [
        {"band": "A", "pounds_each": "1", "each": "support_hours"}, {"band": "B", "pounds": "1"},
    ]  # fmt: skip
    outcome = paid(
        {"band": "A", "support_hours": None, "hours": "1"},
        {"pupil_key": "b", "band": "A", "support_hours": None, "hours": None},
        {"pupil_key": "c", "band": "B", "support_hours": None, "hours": "1"},
        {"pupil_key": "d", "band": None, "support_hours": None, "hours": None},
        prices=prices,
        part_time={"full_time_hours": "25"},
    )
    assert {one.part: one.number for one in pupil_reasons(outcome.top_ups)} == {
        "band and hours": 1, "hours and support_hours": 1, "support_hours": 1,
    }  # fmt: skip
    assert {one.why for one in pupil_reasons(outcome.top_ups)} == {"not supplied"}
    assert pupil_reasons(paid({"band": "A"}).top_ups) == ()


PROTECTED = {"protection": {"until": "2026-03-31", "school_percent": "80"}}
AT_SCHOOLS = [
    {"pupil_key": "a", "la": 201, "urn": 1, "band": "A", "top_up": "3000", "setting": "special"},
    {"pupil_key": "b", "la": 202, "urn": 1, "band": "B", "top_up": "100", "setting": "special"},
    {"pupil_key": "c", "la": 202, "urn": 2, "band": "A", "top_up": None, "setting": None},
]


def test_sums_of_top_ups_have_what_protects_schools_in_all_by_authority_and_by_school():
    total, groups = top_up_sums(paid(*AT_SCHOOLS, **PROTECTED).top_ups)
    # 80 % of 3,000.00 is 1,400.00 more than 1,000.00; of 100.00 it is less than 365.00.
    assert (total.top_up, total.pupils, total.not_known) == (2_365_00, 3, 0)
    assert (total.school_protection, total.protection_not_known) == (1_400_00, 1)
    said = {
        kind: [
            (one.name, one.top_up, one.school_protection, one.protection_not_known) for one in of
        ]
        for kind, of in groups.items()
    }
    assert said["la"] == [("201", 1000_00, 1_400_00, 0), ("202", 1_365_00, 0, 1)]
    assert said["school"] == [("1", 1_365_00, 1_400_00, 0), ("2", 1000_00, None, 1)]
    assert said["setting"] == [("not supplied", 1000_00, None, 0), ("special", 1_365_00, None, 0)]
    nowhere = {"pupil_key": "d", "la": 201, "urn": None, "band": "B", "top_up": "0"}
    _, groups = top_up_sums(paid(*AT_SCHOOLS, nowhere, **PROTECTED).top_ups)
    assert ("not supplied", 365_00, 0, 0) in [
        (one.name, one.top_up, one.school_protection, one.protection_not_known)
        for one in groups["school"]
    ]
    plain, _ = top_up_sums(paid(*AT_SCHOOLS).top_ups)
    assert (plain.school_protection, plain.protection_not_known) == (None, 0)


def changed(subject, *values, records=SCHOOLS):
    sides = [
        evaluate(
            compile_rules(
                rule_set(schools_formula=FORMULA | {"minimum_per_pupil": {"primary": value}})
            ),
            school_table(records),
        )
        for value in values
    ]
    return explain_change(*sides, subject)


def test_what_changes_for_a_school_is_the_candidate_less_the_baseline():
    change = changed("1", "1600", "1700")
    assert [(row.operator.sign, row.label, row.value, row.note) for row in change.rows] == [
        ("", "Formula funding, candidate", "169986.88", None),
        ("−", "Formula funding, baseline", "159986.88", None),
        ("=", "Change", "10000.00", None),
        ("", "Notional SEN budget, candidate", "5250.00", None),
        ("−", "Notional SEN budget, baseline", "5250.00", None),
        ("=", "Change", "0.00", None),
    ]
    assert [one.subject for one in (change.baseline, change.candidate)] == ["1", "1"]


def test_a_change_is_not_known_where_one_amount_is_not():
    change = changed("2", "1600", "1700")
    note = "The difference is not known, as one of the two amounts is not."
    assert [(row.value, row.note) for row in change.rows] == [(None, None), (None, None), (None, note)] * 2  # fmt: skip


def test_what_changes_for_a_pupil_is_of_all_spells():
    prices = [{"band": "B", "pounds": "730"}]
    sides = paid(*SPELLS), paid(*SPELLS, prices=prices)
    rows = explain_change(*sides, "a").rows
    assert [(row.label, row.value) for row in rows] == [
        ("Top-up for the year, candidate", "606.00"), ("Top-up for the year, baseline", "303.00"),
        ("Change", "303.00"),
    ]  # fmt: skip
    assert [row.value for row in explain_change(*sides, "c").rows] == [None] * 3


def test_a_subject_is_a_school_by_its_number_else_a_pupil_by_the_key():
    parts = {"schools_formula": FORMULA, **banded([{"band": "A", "pounds": "7"}], BANDS)}
    records = [pupil(pupil_key=key, band="A") for key in ("1", "5", "1234567890")]
    outcome = evaluate(
        compile_rules(rule_set(**parts)), school_table(SCHOOLS), pupil_table(records, BANDS)
    )
    assert explain(outcome, "1").subject == "1"
    assert "top_up" not in {one.name for one in explain(outcome, "1").workings}
    assert explain(outcome, "5").totals[0].value == "7.00"
    assert explain(outcome, "1234567890").subject == "pupil"


def test_an_adjustment_that_is_not_known_is_explained_by_its_reason_alone():
    outcome = evaluate(compile_rules(rule_set(schools_formula=FORMULA)), school_table(SCHOOLS))
    workings = {one.name: one for one in explain(outcome, "2").workings}
    for name, why in (("fringe", Missing.fringe), ("minimum_per_pupil", Missing.parts)):
        [row] = workings[name].rows
        assert (row.value, row.note, workings[name].absent) == (None, why, 1)
        assert row.place == f"schools_formula.{name}"
    assert [one.name for one in explain(outcome, "3").workings] == []


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (lambda: paid({"band": "A"}), "no pupil with this key"),
        (lambda: schools_of().outcome, "no school with this reference number"),
    ],
)
def test_a_subject_that_was_not_valued_is_refused_without_naming_it(outcome, words):
    held = outcome()
    if words.startswith("no school"):
        held = evaluate(compile_rules(rule_set(schools_formula=FORMULA)), school_table(SCHOOLS))
    for subject in ("9", "secret-key", "123456789012"):
        with pytest.raises(PairRefused) as caught:
            explain(held, subject)
        [problem] = caught.value.problems
        assert problem.rule == "unknown-subject"
        assert problem.sentence == f"not found: {words} was valued"


def test_a_subject_that_is_neither_is_refused_by_both():
    parts = {"schools_formula": FORMULA, **banded([{"band": "A", "pounds": "7"}], BANDS)}
    outcome = evaluate(
        compile_rules(rule_set(**parts)), school_table(SCHOOLS), pupil_table([pupil(band="A")], BANDS)
    )  # fmt: skip
    with pytest.raises(
        PairRefused, match="no school with this reference number and no pupil with this key"
    ):
        explain(outcome, "8")


def test_a_special_school_is_paid_nothing_by_a_formula_whatever_the_table_has_of_its_lines():
    special = school(urn=9, phase="special", london_fringe="1", amount_rates=None)
    raised = {**special, "urn": 10, "london_fringe": "1.05", "units_basic_primary": "10"}
    statements = schools_of([special, raised])
    assert statements.whole(0).adjustments == ()
    found = statements.whole(1)
    assert (found.adjustments, found.lines, found.formula, found.not_known) == ((), (), None, 0)
    assert line_rows(statements.outcome).frame.filter(urn=10).is_empty()
    warnings = school_warnings(statements.outcome)
    [warning] = [one for one in warnings if one.kind == "not_funded"]
    assert (warning.kind, warning.row) == ("not_funded", 3)
    assert "does not fund a school of phase special" in warning.sentence
    beside = schools_of([raised, {**raised, "urn": 11, "phase": "primary"}]).outcome
    total = school_sums(beside).frame.row(0, named=True)
    assert total["number"] == 1
    totals = explain_school(statements.outcome, 10).totals
    assert {row.text for row in totals} == {"not applicable"}


def test_a_school_that_the_formula_does_not_fund_has_no_budget_to_compare():
    special = school(urn=9, phase="special", london_fringe="1", amount_rates=None)
    outcome = evaluate(compile_rules(rule_set(schools_formula=FORMULA)), school_table([special]))
    row = changed_schools(compare(outcome, outcome)).frame.row(0, named=True)
    assert (row["before"], row["after"], row["change"], row["not_known"]) == (None, None, None, 0)


def test_a_sum_of_which_nothing_is_known_is_not_known_and_never_nothing():
    rules = compile_rules(rule_set(**banded([{"pounds": "1200"}], BANDS)))
    pupils = [
        pupil(pupil_key="a", la=201, urn=1, band="A"),
        pupil(pupil_key="b", la=202, urn=2, band=None),
    ]
    total, groups = top_up_sums(evaluate(rules, pupils=pupil_table(pupils, BANDS)).top_ups)
    assert (total.top_up, total.not_known) == (1200_00, 1)
    found = [(one.name, one.top_up, one.pupils, one.not_known) for one in groups["la"]]
    assert found == [("201", 1200_00, 1, 0), ("202", None, 1, 1)]


def test_each_pupil_who_is_not_known_is_counted_under_one_reason():
    later = {"start": date(2025, 9, 1)}
    outcome = paid(
        {"pupil_key": "a", "band": "A", "setting": None, **SPRING},
        {"pupil_key": "a", "band": None, "setting": "special", **later},
        {"pupil_key": "b", "band": None, "setting": None},
        {"pupil_key": "c", "band": "C", "setting": "special"},
        {"pupil_key": "d", "band": "A", "setting": "special"},
        prices=[
            {"band": "A", "when": {"setting": ["special"]}, "pounds": "1"},
            {"band": "B", "pounds": "1"},
        ],
    )
    (total,) = total_rows(outcome).frame.filter(grouping="total").to_dicts()
    reasons = pupil_reasons(outcome.top_ups)
    assert sum(one.number for one in reasons) == total["not_known"] == 3
    assert {one.part: one.number for one in reasons}["band C"] == 1
