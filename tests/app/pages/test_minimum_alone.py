"""A formula of which only the minimum per-pupil level is notional SEN has a page, as it has an answer and a file."""

import pytest

from app.pages.answers import Answers
from app.pages.fields import formula_of
from app.pages.forms import budget_form
from engine.modules.school_formula.table import school_rows
from engine.rules.compile import compile_rules
from engine.run import evaluate
from engine.statement import Statements
from engine.vocabulary import SchoolPhase
from tests.builders import rule_set, school, school_table

BASIC = {"label": "Basic entitlement", "counts": "pupils", "primary": {"unit_value": "4000"}}
LEVEL, GUARANTEE = {"primary": "5000", "notional_percent": "10"}, {"guarantee_percent": "0.5"}
FORMULA = {"pupils_counted_by": "basic", "factors": {"basic": BASIC}}


@pytest.fixture(scope="module")
def rules():
    return compile_rules(rule_set(schools_formula={**FORMULA, "minimum_per_pupil": LEVEL}))


def test_its_page_and_its_file_say_the_same(rules):
    formula = formula_of(rules)
    answers = Answers({"units_basic_primary": "100"}, SchoolPhase.primary, blanks_are_none=True)
    result = budget_form(rules, formula, answers, sent=True).result
    assert result.school.budget == 10 * 100 * 1000
    outcome = evaluate(rules, school_table([school(units_basic_primary="100")])).notional
    assert school_rows(outcome).frame["notional_sen"].to_list() == [result.school.budget]


def test_a_formula_without_any_percentage_has_neither(rules):
    bare = {**FORMULA, "minimum_per_pupil": {"primary": "5000"}, "protection": GUARANTEE}
    without = compile_rules(rule_set(schools_formula=bare))
    assert formula_of(without) is None
    outcome = evaluate(without, school_table([school(units_basic_primary="100")])).notional
    assert school_rows(outcome).frame["notional_sen"].to_list() == [None]
    assert Statements(outcome).totals(0).budget is None
