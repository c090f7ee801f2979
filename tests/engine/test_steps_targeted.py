"""The printed steps of targeted funding are sums that hold, and come to what a school is paid."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from engine.errors import NotReconciled
from engine.expected_calls import School as Needs
from engine.expected_calls import calls_statement, threshold_of
from engine.modules.targeted import SchoolCalls, targeted_statement, valuation, value_targeted
from engine.modules.targeted.steps import EACH, due_steps
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


CHANGING = {
    "gap": {"means_percent": "50"},
    "plans_above_means": {"means_percent": "50"},
    "plans_above_rate": {"plans_per_hundred": "2.5"},
    "tiers": {"tiers": [{"consumed_percent": "50", "paid_percent": "60"}]},
    "gap_then_pot": {"means_percent": "50", "pot": "50000"},
}


def paid_by(pattern, threshold, schools):
    """Return what some schools are paid by a pattern, and the steps of the first."""
    rule = {"label": "Many plans", "pattern": pattern, "threshold": threshold} | CHANGING[pattern]
    part = compile_rules(rule_set(targeted_funding=rule)).part(CompiledTargeted)
    return [(one.due, one.shared) for one in value_targeted(part, schools)], due_steps(part)


@pytest.mark.parametrize("pattern", CHANGING)
@given(data=st.data())
def test_a_threshold_that_changes_within_the_year_counts_by_its_whole_months(pattern, data):
    twelfths = st.integers(0, 80_000)
    before, after = (12 * data.draw(twelfths) for _ in range(2))
    changing = [
        {"from": "2025-04-01", "value": pounds(before)},
        {"from": "2025-09-01", "value": pounds(after)},
    ]
    mean = (before * 5 + after * 7) // 12
    schools = [
        SchoolCalls(
            data.draw(st.integers(0, 20_000_000)), Fraction(plans), Fraction(200), 9_000_000
        )
        for plans in data.draw(st.lists(st.integers(0, 30), min_size=1, max_size=3))
    ]
    paid, steps = paid_by(pattern, changing, schools)
    assert paid == paid_by(pattern, pounds(mean), schools)[0]
    if before != after:
        assert [step.label for step in steps][:3] == [f"{EACH}, a year", "Months", "5 months"]


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
