"""Every worked example of the fixtures, in the engine and the reference, to the penny."""

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from engine.errors import PairRefused
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.money import number, pounds
from engine.reading import pupil_table, school_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.run import evaluate
from tests import worked_examples
from tests.builders import record_of
from tests.reference.notional import value_school
from tests.reference.top_ups import top_up
from tests.rule_library import document


def cases(kind: str) -> list:
    return [pytest.param(case, id=name) for name, case in worked_examples.cases(kind).items()]


def rules_of(case: dict):
    return compile_rules(document(case["rule_set"]))


@pytest.mark.parametrize("case", cases("notional_sen"))
def test_a_school_of_a_worked_example_comes_to_the_published_pence(case):
    rules = rules_of(case)
    table = school_table(pl.DataFrame([case["school"]]), rules.wanted)
    outcome = evaluate(rules, declare_absent(rules.formula, table, AbsentLines.zero)).notional
    position = {line.name: at for at, line in enumerate(outcome.lines)}
    for name, parts in case["expected"]["lines"].items():
        at = position[name]
        found = {
            "units": number(int(outcome.units[0, at])),
            "amount": pounds(int(outcome.amount[0, at])),
            "notional": pounds(int(outcome.notional[0, at])),
        }
        assert {part: found[part] for part in parts} == parts, name
    totals = {
        "school_budget_share": pounds(int(outcome.formula_total[0])),
        "notional_sen": pounds(int(outcome.notional_total[0])),
        "guarantee_adjustment": pounds(int(outcome.protection[0])),
        "minimum_per_pupil": {
            "uplift": pounds(int(outcome.uplift[0])),
            "notional": pounds(int(outcome.uplift_notional[0])),
        },
    }
    for name in totals.keys() & case["expected"].keys():
        assert totals[name] == case["expected"][name], name


@pytest.mark.parametrize("case", cases("top_up"))
def test_a_pupil_of_a_worked_example_is_paid_the_published_pence_or_refused(case):
    rules = rules_of(case)
    table = pupil_table(pl.DataFrame([case["pupil"]]), pupil_columns(rules, counting=False))
    twin = top_up(rules.document, rules.now.first, record_of(table, 0))
    if "refused" in case:
        assert twin.reason == "no_band"
        with pytest.raises(PairRefused, match="row 2") as refused:
            evaluate(rules, pupils=table)
        assert {problem.rule for problem in refused.value.problems} == {case["refused"]}
        return
    outcome = evaluate(rules, pupils=table).top_ups
    assert pounds(int(outcome.amount[0])) == pounds(twin.amount) == case["expected"]["top_up"]


def test_the_plain_twin_comes_to_the_statement_of_an_academy():
    (case,) = (one.values[0] for one in cases("notional_sen") if one.id == "w1-west-sussex-academy")
    document = rules_of(case).document
    school = {"phase": case["school"]["phase"]}
    for name, text in case["school"].items():
        if name.startswith(("units_", "amount_", "prior_")):
            school[name] = Fraction(Decimal(text))
    shares = {name: text for name, text in case["school"].items() if name.startswith("proportion_")}
    pupils = school["units_basic_entitlement_ks3"] + school["units_basic_entitlement_ks4"]
    for name, text in shares.items():
        exact = Fraction(Decimal(text)) * pupils * 1_000_000
        school[name.replace("proportion_", "units_")] = Fraction(
            int(exact + Fraction(1, 2)), 1_000_000
        )
    value = value_school(document, document.effective.first, school)
    assert pounds(value.formula_total) == case["expected"]["school_budget_share"]
    assert pounds(value.notional_total) == case["expected"]["notional_sen"]
