"""The printed steps of targeted funding are sums that hold, and come to what a school is paid."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import event, given

from engine.errors import NotReconciled
from engine.expected_calls import School as Needs
from engine.expected_calls import calls_statement, threshold_of
from engine.modules.targeted import SchoolCalls, targeted_statement, valuation, value_targeted
from engine.modules.targeted.working import targeted_working
from engine.money import PENCE, pounds
from engine.rules.compile import compile_rules
from engine.rules.targeted import CompiledTargeted
from engine.steps import rows
from tests.block_strategies import targeted_documents
from tests.builders import rule_set
from tests.engine.test_agreement_targeted import DAY, schools
from tests.engine.test_explain_rows import check_rows
from tests.reference.targeted import has_begun

TITLES = {"example": "Invented for tests"}
GAP = {"label": "Extra", "pattern": "gap", "threshold": "6000", "means_percent": "40"}


@given(targeted_documents(), schools(1))
def test_every_row_is_what_the_rows_above_it_come_to_and_the_last_is_what_is_paid(
    document, several
):
    if not has_begun(document.targeted_funding, DAY):
        return
    targeted = compile_rules(document, DAY).part(CompiledTargeted)
    spoken = [
        SchoolCalls(int(one.notional * PENCE), one.plans, one.pupils, int(one.calls * PENCE))
        for one in several
    ]
    for one in value_targeted(targeted, spoken):
        printed = [*rows(one.steps, one.own, TITLES)]
        event(f"{targeted.rule.pattern}: {one.amount > 0}, {one.shared > 0}")
        check_rows(tuple(printed))
        assert printed[-1].value == pounds(one.amount)


def statement(**parts):
    """Return what a school of 10 plans, and a budget of £100,000, would be due."""
    rules = compile_rules(rule_set(targeted_funding={**GAP, **parts}), date(2025, 4, 1))
    calls = calls_statement(10_000_000, Needs(plans=10), threshold_of(rules))
    return targeted_statement(rules, calls, None), rules


def test_a_working_says_each_step_with_the_source_of_every_value():
    working = targeted_working(*statement())
    assert [(row.operator.value, row.label, row.value) for row in working.rows] == [
        ("start", "Notional SEN budget", "100000.00"),
        ("times", "Share of the notional SEN budget used for plans", "40"),
        ("equals", "Means for plans", "40000.00"),
        ("start", "EHC plans", "10"),
        ("times", "First part of a plan, which the school pays", "6000.00"),
        ("minus", "Means for plans", "40000.00"),
        ("equals", "Extra funding due", "20000.00"),
        ("equals", "Budget less expected costs once it is paid", None),
    ]
    assert working.rows[1].place == "targeted_funding.means_percent"
    assert working.rows[4].source == "Invented for tests"


def test_a_working_of_a_shared_total_says_why_one_school_s_part_is_not_known():
    working = targeted_working(*statement(pot="5000"))
    due = next(row for row in working.rows if row.label == "Extra funding due")
    assert (due.value, due.note) == (
        None,
        "it depends on other schools, as these rules share one total among them",
    )
    assert ("Total available, shared between schools", "5000.00") in {
        (row.label, row.value) for row in working.rows
    }


def test_steps_that_come_to_another_amount_are_refused(monkeypatch):
    def wrong(*arguments):
        (paid,) = value_targeted(*arguments)
        return (type(paid)(paid.due + 1, paid.shared, paid.steps, paid.own),)

    monkeypatch.setattr(valuation, "value_targeted", wrong)
    with pytest.raises(NotReconciled):
        targeted_working(*statement())


def test_a_pot_that_is_divided_says_the_running_total_of_each_school():
    rules = compile_rules(rule_set(targeted_funding={**GAP, "pot": "100"}), DAY)
    two = [SchoolCalls(0, Fraction(1), Fraction(0)), SchoolCalls(0, Fraction(2), Fraction(0))]
    _, second = value_targeted(rules.part(CompiledTargeted), two)
    printed = {row.label: row.value for row in rows(second.steps, second.own, TITLES)}
    share = "Due to this school and those before it, of what is due to all"
    assert printed[share] == "18000 of 18000"
    assert printed["Paid to the schools before it"] == "33.33"
    assert printed["Extra funding due"] == "66.67"
