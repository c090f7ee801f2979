"""A school's notional SEN budget, line by line."""

import numpy as np

from engine.kernels.notional import NOT_KNOWN
from engine.modules.explanation import Explanation, Working, unknown_row
from engine.modules.school_formula import parts as school_parts
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.steps import (
    ADJUSTMENTS,
    checked_rows,
    line_steps,
    percent_steps,
)
from engine.money import pounds
from engine.steps import Operator, Row, Unit
from engine.vocabulary import Missing


def explain_school(outcome: NotionalOutcome, urn: int) -> Explanation:
    """Return the working of one school's notional SEN; ``KeyError`` where it is not in the table."""
    found = np.flatnonzero(outcome.schools.urn == urn)
    if not len(found):
        raise KeyError(urn)
    school = int(found[0])
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
        return Working(line.name, line.label, (row,), absent)
    amount, notional, own = line_steps(outcome, school, at)
    paid = int(outcome.amount[school, at]), int(outcome.notional[school, at])
    rows = checked_rows(outcome, (amount, notional), own, paid)
    return Working(line.name, line.label, tuple(rows), absent)


def _adjustments(outcome: NotionalOutcome, school: int) -> list[Working]:
    """Return the workings of what is added to a school's lines: fringe, minimum level, guarantee."""
    workings = []
    for one in school_parts.adjustments(outcome):
        why = school_parts.reason_of(
            school_parts.missing_adjustments(outcome, one, _only(school))[0]
        )
        rows = [] if why is None else [unknown_row(f"schools_formula.{one.name}", why)]
        if why is None and school_parts.adjusts(outcome, one, _only(school))[0]:
            rows = _adjustment_rows(outcome, one, school)
        if rows:
            workings.append(Working(one.name, one.label, tuple(rows), int(why is not None)))
    return workings


def _adjustment_rows(
    outcome: NotionalOutcome, one: school_parts.Adjustment, school: int
) -> list[Row]:
    """Return the steps of an adjustment, and of its notional part, one after the other."""
    parts = ADJUSTMENTS[one.name](outcome, school)
    percent = percent_steps(one.percent, f"schools_formula.{one.name}")
    paid = (int(one.amount[school]), int(one.notional[school]))
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
    sums = {"Formula funding": outcome.formula_total}
    if school_parts.formula_of(outcome).is_notional:
        sums["Notional SEN budget"] = outcome.notional_total
    return [
        Row(
            Operator.equals, label, pounds(int(held[school])) if known else None, Unit.pounds,
            note=note,
        )
        for label, held in sums.items()
    ]  # fmt: skip


def _sentence(outcome: NotionalOutcome, school: int) -> str:
    absent = int(outcome.absent_total[school])
    sentence = "Each line's amount is multiplied by its percentage, rounded to the penny and added."
    if absent:
        sentence += f" {absent} part{'s are' if absent > 1 else ' is'} not known and left out, so the total is not complete."
    return sentence
