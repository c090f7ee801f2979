"""Schools valued: each line of the formula, the totals, and the calls that are expected."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

import numpy as np

from app.calculations.answers import (
    CallsExpected,
    Lift,
    LineValued,
    SchoolCalled,
    SchoolTotals,
    SchoolValued,
    TargetedFundingDue,
)
from app.calculations.rules import formula_of, weakest
from app.calculations.targeted import OneSchool, pupils_of, targeted_due
from app.caller import go_on
from engine.calls import ExpectedCalls, School, expected_calls
from engine.columns import Int
from engine.evaluate import evaluate
from engine.evaluate.absent import AbsentLines, declare_absent
from engine.evaluate.gathered import APPLIES
from engine.explain import explain_school
from engine.explain.schools import line_label
from engine.ingest import records, school_table
from engine.kernels.notional import GIVEN_UNITS, NOT_KNOWN
from engine.money import (
    PENCE,
    PERCENT_TO_MILLIONTHS,
    known_pounds,
    number,
    pence,
    percent_of,
    pounds,
    scaled,
)
from engine.outcome import NotionalOutcome
from engine.rules.compiled import CompiledFormula, CompiledLine, CompiledRules
from engine.rules.formula import Counts
from engine.tables import SchoolTable
from engine.vocabulary import SchoolPhase

FIRST_ROW = 1


def value_schools(
    rules: CompiledRules,
    formula: CompiledFormula,
    sent: Sequence[Mapping[str, object]],
    absent: AbsentLines,
) -> NotionalOutcome:
    """Return the schools of a body valued; rows count from 1 in the order sent."""
    table = school_table(records(sent), rules.wanted, first_row=FIRST_ROW)
    return value_table(rules, formula, table, absent)


def value_table(
    rules: CompiledRules, formula: CompiledFormula, schools: SchoolTable, absent: AbsentLines
) -> NotionalOutcome:
    """Return a checked table of schools valued."""
    go_on()
    outcome = evaluate(rules, declare_absent(formula, schools, absent)).notional
    if outcome is None:
        message = "rules with a schools formula valued no school"
        raise RuntimeError(message)
    return outcome


def schools_valued(
    outcome: NotionalOutcome, cost: str | None, *, explain: bool
) -> Iterator[SchoolValued]:
    """Yield each school's answer in the order in which the schools were sent."""
    budgets = _budgets(outcome)
    for school in np.argsort(outcome.schools.rows).tolist():
        yield _school(outcome, school, budgets[school], cost, explain=explain)


def schools_totalled(outcome: NotionalOutcome, cost: str | None) -> Iterator[SchoolTotals]:
    """Yield each school's totals, in the order in which the schools were sent."""
    budgets, is_notional = _budgets(outcome), formula_of(outcome.rules).is_notional
    for school in np.argsort(outcome.schools.rows).tolist():
        yield _totals(outcome, school, budgets[school], cost, is_notional=is_notional)


def _totals(
    outcome: NotionalOutcome,
    school: int,
    budget: int | None,
    cost: str | None,
    *,
    is_notional: bool,
) -> SchoolTotals:
    go_on()
    totals = _told(outcome, school, is_notional=is_notional)
    calls = _calls(outcome, school, budget, cost)
    has_cost = cost is not None or _held(outcome, school, "sen_support_figure") is not None
    if calls is None or not has_cost:
        return SchoolTotals(**totals)
    return SchoolCalled(**totals, expected_calls=_calls_told(calls))


class _Told(TypedDict):
    """What every answer states about a school."""

    row: int
    urn: str
    school_name: str
    phase: str
    formula_total: str
    notional_sen: str | None
    notional_percent_of_formula: str | None
    not_known: int


def _told(outcome: NotionalOutcome, school: int, *, is_notional: bool) -> _Told:
    schools, not_known = outcome.schools, int(outcome.absent_total[school])
    total, notional = int(outcome.formula_total[school]), int(outcome.notional_total[school])
    return {
        "row": int(schools.rows[school]),
        "urn": str(int(schools.urn[school])),
        "school_name": schools.names[school],
        "phase": SchoolPhase(int(schools.columns["phase"][school])).name,
        "formula_total": pounds(total),
        "notional_sen": pounds(notional) if is_notional else None,
        "notional_percent_of_formula": percent_of(notional, total)
        if is_notional and not not_known
        else None,
        "not_known": not_known,
    }


def _school(
    outcome: NotionalOutcome, school: int, budget: int | None, cost: str | None, *, explain: bool
) -> SchoolValued:
    go_on()
    formula = formula_of(outcome.rules)
    is_notional = formula.is_notional

    def lift(amount: Int, notional: Int, absent: Int) -> Lift:
        if absent[school]:
            return Lift(None, None)
        part = pounds(int(notional[school])) if is_notional else None
        return Lift(pounds(int(amount[school])), part)

    urn = int(outcome.schools.urn[school])
    is_protected = formula.guarantee is not None or formula.cap is not None
    calls = _calls(outcome, school, budget, cost)
    return SchoolValued(
        **_told(outcome, school, is_notional=is_notional),
        lines=tuple(
            _line(outcome, school, at, line, is_notional=is_notional)
            for at, line in enumerate(outcome.lines)
            if _is_told(outcome, school, at, line)
        ),
        fringe=lift(outcome.fringe, outcome.fringe_notional, outcome.fringe_absent)
        if formula.fringe
        else None,
        minimum_per_pupil=lift(outcome.uplift, outcome.uplift_notional, outcome.minimum_absent)
        if formula.levels is not None
        else None,
        protection=lift(outcome.protection, outcome.protection_notional, outcome.protection_absent)
        if is_protected
        else None,
        expected_calls=None if calls is None else _calls_told(calls),
        targeted_funding=_targeted_funding(outcome, school, calls, budget),
        explanation=explain_school(outcome, urn) if explain else None,
    )


def _is_told(outcome: NotionalOutcome, school: int, at: int, line: CompiledLine) -> bool:
    """Return whether a line applies to a school; lines of other phases are left out."""
    if outcome.absent[school, at] or outcome.amount[school, at]:
        return True
    phase = SchoolPhase(int(outcome.schools.columns["phase"][school]))
    return bool(outcome.form[school, at] != NOT_KNOWN and phase in APPLIES[line.key.phase])


def _line(
    outcome: NotionalOutcome, school: int, at: int, line: CompiledLine, *, is_notional: bool
) -> LineValued:
    form, known = outcome.form[school, at], outcome.form[school, at] != NOT_KNOWN
    priced = form == GIVEN_UNITS
    by_value = priced or not known or line.counts is Counts.sparsity
    used = [line.notional_percent, line.unit_value if by_value else None]
    return LineValued(
        line=line.name,
        label=line_label(line),
        units=number(int(outcome.units[school, at])) if priced else None,
        unit_value=None if line.rate is None else pounds(line.rate),
        amount=pounds(int(outcome.amount[school, at])) if known else None,
        notional_percent=None
        if line.percent is None
        else number(line.percent, PERCENT_TO_MILLIONTHS),
        notional_sen=pounds(int(outcome.notional[school, at])) if known and is_notional else None,
        not_known=int(outcome.absent[school, at]),
        standing=weakest([given.standing for given in used if given is not None]),
    )


def _calls_told(calls: ExpectedCalls) -> CallsExpected:
    """Return the calls on a school's budget, as they are answered."""
    return CallsExpected(
        sen_support=known_pounds(calls.sen_support),
        plans=known_pounds(calls.plans),
        total=known_pounds(calls.total),
        left=known_pounds(calls.left),
        not_known=tuple(calls.missing),
    )


def _calls(
    outcome: NotionalOutcome, school: int, budget: int | None, cost: str | None
) -> ExpectedCalls | None:
    """Return the calls on a school's budget; None where nothing is said that it pays for."""
    threshold = formula_of(outcome.rules).threshold
    pupils, figure, plans = (
        _held(outcome, school, name)
        for name in ("sen_support_pupils", "sen_support_figure", "ehc_plans")
    )
    known = School(pupils, None if cost is None else pence(cost), figure, plans)
    if not known.says_anything:
        return None
    each = None if threshold is None else scaled(threshold.decimal, PENCE)
    return expected_calls(budget, known, each)


def _held(outcome: NotionalOutcome, school: int, name: str) -> int | None:
    """Return a cell of the register, or None where it is not given."""
    columns = outcome.schools.columns
    held = int(columns[name][school]) if name in columns else -1
    return None if held < 0 else held


def _budgets(outcome: NotionalOutcome) -> list[int | None]:
    """Return each school's notional SEN budget, pence; None where a part of it is not known."""
    known, totals = outcome.budget_known().tolist(), outcome.notional_total.tolist()
    return [total if is_known else None for total, is_known in zip(totals, known, strict=True)]


def _targeted_funding(
    outcome: NotionalOutcome, school: int, calls: ExpectedCalls | None, budget: int | None
) -> TargetedFundingDue | None:
    """Return what a school would be due for its plans, as it is answered."""
    plans = _held(outcome, school, "ehc_plans")
    known = OneSchool(budget, plans, pupils_of(outcome, school), calls)
    due = targeted_due(outcome.rules, known)
    if due is None:
        return None
    return TargetedFundingDue(
        due.rule.label,
        None if due.amount is None else pounds(due.amount),
        due.not_known,
        None if due.left_after is None else pounds(due.left_after),
    )
