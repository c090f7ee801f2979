"""What is added to a school's lines, in words: London fringe, minimum level, guarantee and cap."""

from engine.explain.rows import Operator, Row, Unit, Working
from engine.explain.school_steps import ADJUSTMENTS, checked_rows, percent_steps
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.school_parts import Adjustment, adjustments, mainstream, missing_adjustment
from engine.vocabulary import Missing


def protections(outcome: NotionalOutcome, school: int) -> list[Working]:
    """Return the workings of what is added to a school's lines: fringe, minimum level, guarantee."""
    workings = []
    for one in adjustments(outcome):
        why = missing_adjustment(outcome, one, school)
        rows = [] if why is None else [_unknown(one, why)]
        if why is None and (mainstream(outcome)[school] or one.amount[school]):
            rows = _rows(outcome, one, school)
        if rows:
            workings.append(Working(one.name, one.label, tuple(rows), int(why is not None)))
    return workings


def _rows(outcome: NotionalOutcome, one: Adjustment, school: int) -> list[Row]:
    """Return the steps of an adjustment, and of its notional part, one after the other."""
    parts = ADJUSTMENTS[one.name](outcome, school)
    percent = percent_steps(one.percent, f"schools_formula.{one.name}")
    paid = (int(one.amount[school]), int(one.notional[school]))
    rows: list[Row] = []
    for (steps, own), due in zip(parts, paid, strict=False):
        rows += checked_rows(outcome, (steps, percent), own, (due, paid[1]))
    return rows


def _unknown(one: Adjustment, why: Missing) -> Row:
    words, place = "A figure that it needs is missing", f"schools_formula.{one.name}"
    return Row(Operator.start, words, None, Unit.text, place, note=why)
