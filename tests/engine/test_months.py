"""Lines of a schools formula that change within the year are paid by whole months."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import PairRefused, RuleRefused
from engine.explain import explain_school
from engine.kernels.notional import NOT_KNOWN
from engine.modules.school_formula.steps import line_steps
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.steps import work
from tests.builders import rule_set, school, school_table
from tests.formula_strategies import LARGE, PERCENT, VALUE, formulas, schools
from tests.reference.notional import lines_by_months
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


SPARSE = {
    "label": "Sparsity", "counts": "sparsity",
    "all": {"unit_value": twice("1", "2"), "sparsity": {"pupils_per_year": "20"}},
}  # fmt: skip
BASIC = {"label": "Basic", "counts": "pupils", "all": {"unit_value": "1"}}
LATE = {"unit_value": twice("1", "2", "2025-09-15")}
REFUSED = {
    "within a month": (formula_of(LATE), "factors", "whole months"),
    "with a minimum level": (
        formula_of(BOTH, minimum_per_pupil={"primary": "1"}), "factors.basic.all", "minimum level",
    ),
    "with a guarantee": (
        formula_of(BOTH, protection={"guarantee_percent": "0"}), "factors.basic.all", "guarantee",
    ),
    "of sparsity": (
        formula_of({}, factors={"basic": BASIC, "sparsity": SPARSE}), "factors.sparsity.all", "sparsity",
    ),
    "of who counts": (
        formula_of({}, factors={"basic": BASIC, "some": BASIC | {"only_above_percent": twice("1", "2")}}),
        "factors.some.only_above_percent", "the same all year",
    ),
    "of expected calls": (
        formula_of(BOTH, expected_calls={"high_needs_threshold": twice("6000", "7000")}),
        "expected_calls.high_needs_threshold", "the same all year",
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


def changing(draw, value):
    """Draw a value that may change at the start of some months."""
    later = sorted(draw(st.lists(st.sampled_from(MONTHS), max_size=2, unique=True)))
    return dated(("2020-04-01", draw(value)), *((day, draw(value)) for day in later))


@st.composite
def changing_formulas(draw):
    """Draw formulas whose unit values, percentages and area adjustment change within the year."""
    formula = draw(formulas())
    formula = {
        name: one
        for name, one in formula.items()
        if name not in ("minimum_per_pupil", "protection")
    }
    for name, factor in formula["factors"].items():
        for line in factor.values():
            if isinstance(line, dict) and "unit_value" in line and "sparsity" not in line:
                line["unit_value"] = changing(draw, LARGE if name == "lump_sum" else VALUE)
            if isinstance(line, dict) and "notional_percent" in line:
                line["notional_percent"] = changing(draw, PERCENT)
    if "area_cost_adjustment" in formula and "sparsity" not in formula["factors"]:
        formula["area_cost_adjustment"] = changing(
            draw, st.decimals("0.9", "1.2", places=5).map(str)
        )
    return rule_set(schools_formula=formula, provenance=LONG_AGO | {"from": "2020-04-01"})


def test_kernel_reference_and_printed_steps_pay_the_same_by_months():
    seen = Counter()

    @settings(max_examples=draws(60))
    @given(st.data(), changing_formulas())
    def check(data, document):
        records = data.draw(schools(document, counted=False))
        try:
            outcome = evaluate(compile_rules(document), school_table(records)).notional
        except PairRefused:
            return
        for at, record in enumerate(sorted(records, key=lambda one: one["urn"])):
            expected = lines_by_months(document, record)
            for line, key in enumerate(outcome.lines):
                paid = int(outcome.amount[at, line]), int(outcome.notional[at, line])
                assert paid == expected[key.name], key.name
                if outcome.form[at, line] != NOT_KNOWN:
                    amount, notional, own = line_steps(outcome, at, line)
                    assert work(amount, own) == paid[0]
                    assert not notional or work((*amount, *notional), own) == paid[1]
                    seen["changes"] += key.changes and paid[0] != 0
                    seen["notional"] += key.changes and paid[1] != 0

    check()
    assert min(seen["changes"], seen["notional"]) > 0, seen
