"""A school's notional SEN budget, line by line."""

import numpy as np

from engine.kernels.notional import NOT_KNOWN
from engine.modules.explanation import Explanation, Working, titles_of, unknown_row
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.steps import (
    ADJUSTMENTS,
    checked_rows,
    line_steps,
)
from engine.money import pounds
from engine.rules.compiled import CompiledLine
from engine.rules.line_steps import notional_steps, rate_steps
from engine.steps import Operator, Row, Unit
from engine.steps import rows as rows_of
from engine.vocabulary import NOT_PRINTED, Missing

UNPRINTED = (Missing.not_printed, Missing.no_value)
"""Why something is not known whose steps are shown up to the value that no figure is given for."""


def explain_school(outcome: NotionalOutcome, urn: int) -> Explanation:
    """Return the working of one school's notional SEN; ``KeyError`` where it is not in the table."""
    found = np.flatnonzero(outcome.schools.urn == urn)
    if not len(found):
        raise KeyError(urn)
    outcome, school = outcome.of(int(found[0]))
    workings = [_working(outcome, school, at) for at in school_parts.lines_of(outcome, school)]
    workings += _adjustments(outcome, school)
    return Explanation.of(
        outcome.rules,
        str(urn),
        workings,
        _totals(outcome, school),
        _sentence(outcome, school),
        int(outcome.absent_total[school]),
    )


def _working(outcome: NotionalOutcome, school: int, at: int) -> Working:
    """Return the steps by which a line was worked out; ``NotReconciled`` where they come to another amount."""
    line, absent = outcome.lines[at], int(outcome.absent[school, at])
    if outcome.form[school, at] == NOT_KNOWN:
        why = school_parts.reason_of(school_parts.missing_figures(outcome, at, _only(school))[0])
        row = Row(Operator.start, "Not supplied", None, Unit.text, line.place, note=why)
        unknown = _unprinted(outcome, line, why) if why in UNPRINTED else (row,)
        return Working(line.name, line.label, unknown, absent)
    amount, notional, own = line_steps(outcome, school, at)
    paid = int(outcome.amount[school, at]), int(outcome.notional[school, at])
    rows = checked_rows(outcome, (amount, notional), own, paid)
    return Working(line.name, line.label, tuple(rows), absent)


def _unprinted(outcome: NotionalOutcome, line: CompiledLine, why: Missing) -> tuple[Row, ...]:
    """Return the unit value of a line that no figure is given for, with its source, and why the amount is not known."""
    value = next(one for one in line.segments if one.pays[0] == NOT_PRINTED)
    steps = () if value.value is None else rate_steps("Unit value", value.value, value.area)
    held = rows_of(steps, {}, titles_of(outcome.rules))
    return (*held, Row(Operator.equals, "Amount", None, Unit.pounds, note=why))


def _adjustments(outcome: NotionalOutcome, school: int) -> list[Working]:
    """Return the workings of what is added to a school's lines: fringe, minimum level, guarantee."""
    workings = []
    for one in school_parts.adjustments(outcome):
        why = school_parts.reason_of(
            school_parts.missing_adjustments(outcome, one, _only(school))[0]
        )
        rows, absent = [], int(one.absent[school])
        if why is None or why in UNPRINTED:
            if why or school_parts.adjusts(outcome, one, _only(school))[0]:
                rows = _adjustment_rows(outcome, one, school)
        else:
            rows = [unknown_row(f"schools_formula.{one.name}", str(why))]
        workings += [Working(one.name, one.label, tuple(rows), absent)] if rows else []
    return workings


def _adjustment_rows(
    outcome: NotionalOutcome, one: school_parts.Adjustment, school: int
) -> list[Row]:
    """Return the steps of an adjustment, and of its notional part, one after the other."""
    parts = ADJUSTMENTS[one.name](outcome, school)
    percent = notional_steps(one.percent)
    unknown = one.absent[school] > 0
    paid = None if unknown else int(one.amount[school]), int(one.notional[school])
    rows: list[Row] = []
    for (steps, own), due in zip(parts, paid, strict=False):
        rows += checked_rows(outcome, (steps, percent), own, (due, paid[1]))
    return rows


def _only(school: int) -> slice:
    return slice(school, school + 1)


def _totals(outcome: NotionalOutcome, school: int) -> list[Row]:
    """Return the rows of the sums: of notional SEN where any part of the rules is."""
    known = bool(school_parts.funded(outcome)[school])
    note = None if school_parts.of_formula(outcome)[school] else Missing.not_funded
    total = pounds(int(outcome.formula_total[school])) if known else None
    sums = [Row(Operator.equals, "Formula funding", total, Unit.pounds, note=note)]
    if school_parts.formula_of(outcome).is_notional:
        printed = not school_parts.notional_unprinted(outcome)[school]
        budget = pounds(int(outcome.notional_total[school])) if known and printed else None
        why = note if printed else school_parts.why_budget_unprinted(outcome, school)
        sums.append(Row(Operator.equals, "Notional SEN budget", budget, Unit.pounds, note=why))
    return sums


def _sentence(outcome: NotionalOutcome, school: int) -> str:
    absent = int(outcome.absent_total[school])
    sentence = "Each line's amount is multiplied by its percentage, rounded to the penny and added."
    if absent:
        sentence += f" {absent} part{'s are' if absent > 1 else ' is'} not known and left out, so the total is not complete."
    if school_parts.notional_unprinted(outcome)[school]:
        lacking = school_parts.why_budget_unprinted(outcome, school) is Missing.no_value
        sentence += (
            " No row of a table of values fits the school for a notional SEN percentage, so the budget is not known."
            if lacking
            else " A notional SEN percentage is not printed, so the budget is not known."
        )
    return sentence
