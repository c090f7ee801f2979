"""Lines of a schools formula that change within the year are paid by whole months."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import calls_workings, explain_school
from engine.rules.compile import compile_rules
from engine.rules.document import Effective
from engine.rules.notes import document_notes
from engine.run import evaluate
from engine.statement import Statements
from tests.builders import rule_set, school, school_table
from tests.formula_strategies import LARGE, PERCENT, VALUE, formulas, schools
from tests.reference.notional import value_school
from tests.storm_size import draws

LONG_AGO = {"from": "2024-04-01", "source": "example", "standing": "proposed"}
MONTHS = ("2025-06-01", "2025-09-01", "2026-01-01", "2026-03-01")


def dated(*values):
    """Return a value that changes: pairs of a first day and what is in force from it."""
    return [{"from": day, "value": value} for day, value in values]


def twice(before, after, day="2025-09-01"):
    """Return a value and what follows it within the year."""
    return dated(("2024-04-01", before), (day, after))


def formula_of(line, **more):
    """Return a rule set whose only line counts pupils."""
    basic = {"label": "Basic", "counts": "pupils", "all": line}
    formula = {"pupils_counted_by": "basic", "factors": {"basic": basic}} | more
    return rule_set(schools_formula=formula, provenance=LONG_AGO)


def valued(document, **record):
    """Return a school of a hundred pupils valued over the year."""
    table = school_table([school(units_basic=100) | record])
    return evaluate(compile_rules(document), table).notional


def part_of_year(first, last, document):
    """Return a rule set that applies for a part of its year."""
    effective = Effective.model_validate({"first": first, "last": last})
    return document.model_copy(update={"effective": effective})


SPRING, AUTUMN = ("2025-04-01", "2025-08-31"), ("2025-09-01", "2026-03-31")


BOTH = {"unit_value": twice("4000", "4120"), "notional_percent": twice("5", "6")}


def test_five_months_of_one_value_and_seven_of_another():
    outcome = valued(formula_of(BOTH))
    assert (outcome.amount.tolist(), outcome.notional.tolist()) == ([[407_000_00]], [[22_753_33]])
    assert outcome.formula_total.tolist() == [407_000_00]


def test_the_working_prints_the_months_of_each_value_and_divides_once():
    rows = explain_school(valued(formula_of(BOTH)), 100_001).workings[0].rows
    assert [(row.label, row.value) for row in rows] == [
        ("Pupils", "100"), ("Unit value", "4000.00"), ("A year, for 5 months", "400000.00"),
        ("Pupils", "100"), ("Unit value", "4120.00"), ("A year, for 7 months", "412000.00"),
        ("A year, for 5 months", "400000.00"), ("Months", "5"), ("5 months", "2000000.00"),
        ("A year, for 7 months", "412000.00"), ("Months", "7"), ("7 months", "2884000.00"),
        ("5 months", "2000000.00"), ("7 months", "2884000.00"), ("Months of the year", "12"),
        ("Amount", "407000.00"),
        ("A year, for 5 months", "400000.00"), ("Notional SEN percentage", "5"),
        ("A year, for 5 months", "20000.00"),
        ("A year, for 7 months", "412000.00"), ("Notional SEN percentage", "6"),
        ("A year, for 7 months", "24720.00"),
        ("A year, for 5 months", "20000.00"), ("Months", "5"), ("5 months", "100000.00"),
        ("A year, for 7 months", "24720.00"), ("Months", "7"), ("7 months", "173040.00"),
        ("5 months", "100000.00"), ("7 months", "173040.00"), ("Months of the year", "12"),
        ("Notional SEN", "22753.33"),
    ]  # fmt: skip


def test_an_amount_given_is_the_year_s_and_only_its_percentage_changes():
    outcome = valued(formula_of(BOTH), units_basic=None, amount_basic=1000)
    assert outcome.amount.tolist() == [[1000_00]]
    assert outcome.notional.tolist() == [[round((50_00 * 5 + 60_00 * 7) / 12)]]


def test_a_formula_on_a_day_is_one_value_for_the_whole_year():
    table = school_table([school(units_basic=100)])
    for day, pence in (("2025-04-01", 400_000_00), ("2025-09-01", 412_000_00)):
        document = formula_of(BOTH)
        rules = compile_rules(document, date.fromisoformat(day))
        assert evaluate(rules, table).notional.amount.tolist() == [[pence]]
        assert rules.formula.months == (12,)


def test_a_value_that_is_stated_anew_and_stays_the_same_changes_nothing():
    same = formula_of({"unit_value": twice("4000", "4000", "2025-09-15")})
    assert compile_rules(same).formula.months == (12,)


BASIC = {"label": "Basic", "counts": "pupils", "all": {"unit_value": "1"}}
LATE = {"unit_value": twice("1", "2", "2025-09-15")}
CALLS = {"high_needs_threshold": twice("6000", "7000", "2025-09-02")}
REFUSED = {
    "within a month": (formula_of(LATE), "factors.basic.all", "first day of one"),
    "of a threshold within a month": (
        formula_of(BOTH, expected_calls=CALLS), "expected_calls.high_needs_threshold", "whole months",
    ),
    "of who counts": (
        formula_of({}, factors={"basic": BASIC, "some": BASIC | {"only_above_percent": twice("1", "2")}}),
        "factors.some.only_above_percent", "the same all year",
    ),
    "of a minimum level": (
        formula_of(BOTH, minimum_per_pupil={"primary": twice("1", "2")}),
        "minimum_per_pupil.primary", "the same all year",
    ),
    "of a guarantee": (
        formula_of(BOTH, protection={"guarantee_percent": twice("0", "0.5")}),
        "protection.guarantee_percent", "the same all year",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_change_that_months_cannot_pay_is_refused(name):
    document, place, words = REFUSED[name]
    with pytest.raises(RuleRefused) as refused:
        compile_rules(document)
    [problem] = refused.value.problems
    assert problem.place == f"schools_formula.{place}"
    assert words in problem.sentence


SPARSE = {
    "label": "Sparsity", "counts": "sparsity",
    "all": {"unit_value": twice("57000", "60000"), "sparsity": {"pupils_per_year": "20"}},
}  # fmt: skip


def test_what_a_small_school_earns_changes_by_months():
    small = valued(formula_of({}, factors={"basic": BASIC, "sparsity": SPARSE}), units_basic=70)
    # Ten pupils a year group: half of 57,000 for five months and of 60,000 for seven.
    assert small.amount.tolist() == [[29_375_00, 70_00]]


def test_a_lump_sum_shared_by_year_groups_changes_by_months_in_exact_thirds():
    lump = {"label": "Lump sum", "counts": "school"}
    lump |= {phase: {"unit_value": twice("154000", "160000")} for phase in ("primary", "secondary")}
    document = formula_of({}, factors={"basic": BASIC, "lump": lump})
    years = {"phase": "middle", "primary_years": 1, "ks3_years": 2}
    outcome = valued(document, **years)
    assert outcome.amount.tolist() == [[100_00, 52_500_00, 105_000_00]]
    first = evaluate(
        compile_rules(document, date(2025, 4, 1)), school_table([school(units_basic=100) | years])
    )
    assert first.notional.amount.tolist() == [[100_00, 51_333_33, 102_666_67]]


COMPARED = {
    "a minimum level": ({"minimum_per_pupil": {"primary": "4200"}}, {}, 13_000_00),
    "a guarantee": (
        {"protection": {"guarantee_percent": "0"}},
        {"prior_budget": 410_000, "prior_pupils": 100}, 3_000_00,
    ),
    "a cap": (
        {"protection": {"cap_percent": "0", "scaling_percent": "50"}},
        {"prior_budget": 400_000, "prior_pupils": 100}, -3_500_00,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPARED)
def test_a_year_of_two_values_is_compared_by_their_months(name):
    more, record, added = COMPARED[name]
    document = formula_of({"unit_value": twice("4000", "4120")}, **more)
    outcome = valued(document, **record)
    assert outcome.formula_total.tolist() == [407_000_00 + added]
    spring = valued(part_of_year(*SPRING, document), **record)
    of_year = {"a minimum level": 20_000_00, "a guarantee": 10_000_00, "a cap": 0}[name]
    assert spring.formula_total.tolist() == [166_666_67 + round(of_year * 5 / 12)]


CALLED = {"units_basic": 100, "sen_support_pupils": 10, "ehc_plans": 3}


def test_the_first_part_of_a_plan_counts_by_its_months():
    changing = formula_of(BOTH, expected_calls={"high_needs_threshold": twice("6000", "7000")})
    calls = Statements(valued(changing, **CALLED), 1_000_00).whole(0).calls.expected
    assert (calls.sen_support, calls.plans) == (10_000_00, 19_750_00)


def test_the_calls_on_a_budget_print_the_months_of_each_threshold():
    changing = formula_of(BOTH, expected_calls={"high_needs_threshold": twice("6000", "7000")})
    outcome = valued(changing, **CALLED)
    stated = Statements(outcome, 1_000_00).whole(0)
    [working] = calls_workings(outcome.rules, stated.calls, None)
    assert [(row.label, row.value) for row in working.rows][3:14] == [
        ("Threshold, a year", "6000.00"), ("Months", "5"), ("5 months", "30000.00"),
        ("Threshold, a year", "7000.00"), ("Months", "7"), ("7 months", "49000.00"),
        ("5 months", "30000.00"), ("7 months", "49000.00"), ("Months of a year", "12"),
        ("Threshold", "6583.3333333333"), ("EHC plans", "3"),
    ]  # fmt: skip


def test_a_formula_for_part_of_a_year_pays_its_months_of_lines_notional_sen_and_calls():
    plain = {"unit_value": "4000", "notional_percent": "5"}
    whole = formula_of(plain, expected_calls={"high_needs_threshold": "6000"})
    for days, part in ((SPRING, 5), (AUTUMN, 7)):
        outcome = valued(part_of_year(*days, whole), **CALLED)
        assert outcome.formula_total.tolist() == [round(400_000_00 * part / 12)]
        assert outcome.notional_total.tolist() == [round(20_000_00 * part / 12)]
        calls = Statements(outcome, 1_000_00).whole(0).calls.expected
        assert (calls.sen_support, calls.plans) == (
            round(10_000_00 * part / 12),
            18_000_00 * part // 12,
        )


def test_two_formulas_of_one_year_pay_it_once():
    rates = {"label": "Rates", "counts": "amount", "all": {}}
    before, after = (
        formula_of({}, factors={"basic": BASIC | {"all": {"unit_value": value}}, "rates": rates})
        for value in ("4000", "4120")
    )
    paid = [
        int(valued(part_of_year(*days, document), amount_rates=12_000).formula_total[0])
        for days, document in ((SPRING, before), (AUTUMN, after))
    ]
    assert sum(paid) == 407_000_00 + 12_000_00


def test_the_working_of_part_of_a_year_prints_its_months():
    outcome = valued(part_of_year(*SPRING, formula_of({"unit_value": "4000"})))
    rows = explain_school(outcome, 100_001).workings[0].rows
    assert [(row.label, row.value) for row in rows] == [
        ("Pupils", "100"), ("Unit value", "4000.00"), ("A year, for 5 months", "400000.00"),
        ("Months for which the rules apply", "5"), ("Months of the year", "12"), ("Amount", "166666.67"),
    ]  # fmt: skip


def test_a_formula_for_part_of_a_year_that_is_not_of_whole_months_is_refused():
    document = part_of_year("2025-04-15", "2025-08-31", formula_of({"unit_value": "1"}))
    for day in (None, date(2025, 5, 1)):
        with pytest.raises(RuleRefused, match=r"effective: is part of a year.*whole months"):
            compile_rules(document, day)


def test_a_formula_of_an_academic_year_is_of_a_whole_year():
    document = part_of_year("2025-09-01", "2026-08-31", formula_of({"unit_value": "1"}))
    assert compile_rules(document).formula.months == (12,)


WHOLE_YEARS = {
    "places": {"types": {"ap": {"label": "Places", "annual": "10000", "periods": [{"name": "Year", "months": 12}]}}},
    "high_needs_block": {"terms": {"formula": {"label": "Formula"}}},
    "targeted_funding": {
        "label": "Many plans", "pattern": "gap", "threshold": "6000", "means_percent": "50",
    },
}  # fmt: skip


@pytest.mark.parametrize("section", WHOLE_YEARS)
def test_what_is_worked_out_for_a_year_is_refused_in_rules_for_part_of_one(section):
    document = rule_set(**{section: WHOLE_YEARS[section]})
    compile_rules(document)
    with pytest.raises(RuleRefused, match=rf"{section}: .*write one document for the year"):
        compile_rules(part_of_year(*SPRING, document))


def test_schools_open_for_part_of_the_year_are_refused_in_rules_for_part_of_it():
    with pytest.raises(RuleRefused, match=r"year_days: must be left out"):
        compile_rules(part_of_year(*SPRING, formula_of({"unit_value": "1"}, year_days=365)))


def changing(draw, value):
    """Draw a value that may change at the start of some months."""
    later = sorted(draw(st.lists(st.sampled_from(MONTHS), max_size=2, unique=True)))
    return dated(("2020-04-01", draw(value)), *((day, draw(value)) for day in later))


@st.composite
def changing_formulas(draw):
    """Draw formulas whose unit values, percentages and area adjustment change within the year, or are for part of it."""
    formula = draw(formulas())
    for name, factor in formula["factors"].items():
        for line in factor.values():
            if isinstance(line, dict) and "unit_value" in line:
                large = name in ("lump_sum", "sparsity")
                line["unit_value"] = changing(draw, LARGE if large else VALUE)
            if isinstance(line, dict) and "notional_percent" in line:
                line["notional_percent"] = changing(draw, PERCENT)
    if "area_cost_adjustment" in formula:
        formula["area_cost_adjustment"] = changing(
            draw, st.decimals("0.9", "1.2", places=5).map(str)
        )
    document = rule_set(schools_formula=formula, provenance=LONG_AGO | {"from": "2020-04-01"})
    last = draw(st.sampled_from(["2025-08-31", "2025-12-31", "2026-03-31"]))
    if "year_days" in formula:
        return document
    return part_of_year("2025-04-01", last, document)


def assert_paid_by_months(outcome, at, record):
    """Check a school's lines, adjustments and totals against the reference, and return what was paid of each."""
    document = outcome.rules.document
    expected = value_school(document, document.effective.first, record, by_months=True)
    for line, key in enumerate(outcome.lines):
        twin = expected.lines[key.name]
        paid = int(outcome.amount[at, line]), int(outcome.notional[at, line])
        assert paid == (twin.amount, twin.notional), key.name
    assert int(outcome.fringe[at]) == expected.fringe
    assert int(outcome.uplift[at]) == expected.uplift
    assert int(outcome.protection[at]) == expected.adjustment
    assert int(outcome.formula_total[at]) == expected.formula_total
    assert int(outcome.notional_total[at]) == expected.notional_total
    assert int(outcome.absent_total[at]) == expected.absent


def test_a_line_that_changes_within_the_year_counts_by_its_whole_months():
    seen = Counter()

    @settings(max_examples=draws(100))
    @given(st.data(), changing_formulas())
    def check(data, document):
        records = data.draw(schools(document, counted=False))
        try:
            outcome = evaluate(compile_rules(document), school_table(records)).notional
        except PairRefused:
            return
        for at, record in enumerate(sorted(records, key=lambda one: one["urn"])):
            assert_paid_by_months(outcome, at, record)
            # Every printed step is worked again, and refused where it does not come to what was paid.
            explain_school(outcome, record["urn"])
        seen["changes"] += any(line.changes for line in outcome.lines)
        seen["parts"] += sum(outcome.rules.formula.months) < 12

    check()
    assert min(seen.values()) > 0, seen


def test_the_check_never_says_that_a_change_is_paid_by_parts_of_a_year_where_it_is_refused():
    kinds = {
        one.type: one.sentence
        for one in document_notes(formula_of({"unit_value": twice("3000", "3100", "2025-09-15")}))
    }
    assert set(kinds) == {"changes", "one-day"}
    assert "is paid at its own value" not in kinds["changes"]
    [paid] = document_notes(formula_of({"unit_value": twice("3000", "3100")}))
    assert "each part of the year is paid at its own value" in paid.sentence


def test_the_check_says_which_part_of_a_year_a_formula_pays():
    whole = formula_of({"unit_value": "3000"})
    assert document_notes(whole) == []
    [note] = document_notes(part_of_year(*SPRING, whole))
    assert (note.type, note.place) == ("part-of-year", "schools_formula")
    assert "pays 5 of a year's 12 months" in note.sentence
    assert compile_rules(part_of_year(*SPRING, whole)).part_of_year == Fraction(5, 12)
