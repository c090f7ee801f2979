"""Schools valued: the engine's statement of each, as it is answered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from app.calculations.answers import (
    CallsExpected,
    Lift,
    LineValued,
    SchoolCalled,
    SchoolTotals,
    SchoolValued,
    TargetedFundingDue,
)
from app.caller import go_on
from engine import statement
from engine.expected_calls import CallsStatement
from engine.explain import explain_school
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.money import PERCENT_TO_MILLIONTHS, known_number, known_pounds, pence
from engine.outcome import NotionalOutcome
from engine.reading import records, school_table
from engine.rules.compiled import CompiledFormula, CompiledRules
from engine.run import evaluate
from engine.statement import AdjustmentStatement, LineStatement, Statements
from engine.tables import SchoolTable

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
    statements = _statements(outcome, cost)
    for school in statements.in_order():
        go_on()
        one = statements.whole(school)
        yield SchoolValued(
            **_totals(one),
            notional_sen_not_known=one.budget_not_known,
            lines=tuple(map(_line, one.lines)),
            **{adjusted.name: _lift(adjusted) for adjusted in one.adjustments},
            expected_calls=_calls(one.calls) if one.calls.school.says_anything else None,
            targeted_funding=_targeted(one),
            missing=one.missing,
            explanation=explain_school(outcome, one.urn) if explain else None,
        )


def schools_totalled(outcome: NotionalOutcome, cost: str | None) -> Iterator[SchoolTotals]:
    """Yield each school's totals, in the order in which the schools were sent."""
    statements = _statements(outcome, cost)
    for school in statements.in_order():
        go_on()
        one = statements.totals(school)
        if one.calls.school.says_what_support_costs:
            yield SchoolCalled(**_totals(one), expected_calls=_calls(one.calls))
        else:
            yield SchoolTotals(**_totals(one))


def _statements(outcome: NotionalOutcome, cost: str | None) -> Statements:
    return Statements(outcome, None if cost is None else pence(cost))


class _Totals(TypedDict):
    """What every answer states about a school."""

    row: int
    urn: str
    school_name: str
    phase: str
    formula_total: str | None
    notional_sen: str | None
    notional_percent_of_formula: str | None
    not_known: int


def _totals(one: statement.SchoolTotals) -> _Totals:
    return {
        "row": one.row,
        "urn": str(one.urn),
        "school_name": one.name,
        "phase": one.phase.name,
        "formula_total": known_pounds(one.formula),
        "notional_sen": known_pounds(one.notional),
        "notional_percent_of_formula": one.percent_of_formula,
        "not_known": one.not_known,
    }


def _line(one: LineStatement) -> LineValued:
    return LineValued(
        line=one.name,
        label=one.label,
        units=known_number(one.units),
        unit_value=known_pounds(one.unit_value),
        amount=known_pounds(one.amount),
        notional_percent=known_number(one.percent, PERCENT_TO_MILLIONTHS),
        notional_sen=known_pounds(one.notional),
        not_known=one.not_known,
        why_not_known=one.missing,
        standing=one.standing,
    )


def _lift(one: AdjustmentStatement) -> Lift:
    return Lift(known_pounds(one.amount), known_pounds(one.notional), one.missing)


def _calls(calls: CallsStatement) -> CallsExpected:
    expected = calls.expected
    return CallsExpected(
        sen_support=known_pounds(expected.sen_support),
        plans=known_pounds(expected.plans),
        total=known_pounds(expected.total),
        left=known_pounds(expected.left),
        not_known=expected.missing,
    )


def _targeted(one: statement.SchoolStatement) -> TargetedFundingDue | None:
    due = one.targeted
    if due is None:
        return None
    return TargetedFundingDue(
        due.rule.label, known_pounds(due.due), due.missing, known_pounds(due.left_after)
    )
