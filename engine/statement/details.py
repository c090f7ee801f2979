"""Which rows a detail asks of an outcome or a comparison: one each for all who print or write them."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from engine.compare import Comparison
from engine.expected_calls import NEEDS, ExpectedCalls
from engine.explain import Working, calls_workings
from engine.export import change_totals, changed_pupils, changed_schools, payment_rows, total_rows
from engine.modules.module import Options
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.modules.school_formula.table import line_rows, school_rows
from engine.modules.targeted import TARGETED_FUNDING, TargetedStatement
from engine.modules.top_ups.table import pupil_rows
from engine.rows import Columns, Rows, Shape
from engine.run import Outcome
from engine.schedule import Divided, payment_schedule
from engine.statement.schools import SchoolTotals, Statements


def detail_rows(
    outcome: Outcome,
    detail: str,
    divided: Divided = Divided.months,
    sen_support_cost: int | None = None,
) -> Rows | None:
    """Return the rows of a detail: totals, schools, lines, targeted, pupils or schedule; None where it was not valued.

    ``sen_support_cost`` is pence for a pupil on SEN support: with it each school's budget is
    compared with its expected calls.
    """
    notional, top_ups = outcome.notional, outcome.top_ups
    if detail == "totals":
        return total_rows(outcome)
    if detail in {"schools", "lines"}:
        if notional is None:
            return None
        if detail == "lines":
            return line_rows(notional)
        return _with_calls(school_rows(notional), notional, sen_support_cost)
    if detail == "targeted":
        part, options = TARGETED_FUNDING.of(outcome.rules), Options(sen_support_cost)
        if part is None or notional is None:
            return None
        return TARGETED_FUNDING.of_schools(part, notional, options).rows
    if top_ups is None:
        return None
    if detail == "schedule":
        return payment_rows(top_ups, payment_schedule(top_ups, divided))
    return pupil_rows(top_ups)


def change_detail_rows(comparison: Comparison, detail: str) -> Rows | None:
    """Return the rows of a detail: totals, schools or pupils; None where both sides do not value it."""
    if detail == "totals":
        return change_totals(comparison)
    return changed_schools(comparison) if detail == "schools" else changed_pupils(comparison)


def school_workings(
    outcome: Outcome, subject: str, sen_support_cost: int | None = None
) -> tuple[Working, ...]:
    """Return the workings of what a school's budget is expected to pay for; none for a pupil."""
    notional = outcome.notional
    if notional is None or subject not in map(str, notional.schools.urn.tolist()):
        return ()
    school = int(np.flatnonzero(notional.schools.urn == int(subject))[0])
    ((one, targeted),) = Statements(notional, sen_support_cost).budgets([school])
    return calls_workings(outcome.rules, one.calls, targeted)


def _with_calls(rows: Rows, outcome: NotionalOutcome, cost: int | None) -> Rows:
    """Return rows of schools with the calls on their budgets, where a cost or a school's own figure is given.

    The cells of a school of whose needs nothing is given are null.
    """
    if cost is None and not _have(outcome, "sen_support_figure"):
        return rows
    return with_calls(rows, outcome, cost)


def with_calls(rows: Rows, outcome: NotionalOutcome, cost: int | None) -> Rows:
    """Return the rows of all schools of an outcome with the calls on their budgets, whatever is known of these."""
    statements = Statements(outcome, cost)
    due = TARGETED_FUNDING.of(outcome.rules) is not None
    calls = Rows.of("calls", _calls(statements.budgets(range(len(rows))), has_targeted=due))
    shapes = {**rows.shapes, **calls.shapes}
    return Rows(rows.name, shapes, rows.frame.hstack(calls.frame))


def _calls(
    budgets: Sequence[tuple[SchoolTotals, TargetedStatement | None]], *, has_targeted: bool
) -> Columns:
    nothing = ExpectedCalls(None, None, None, None, None)
    expected = [
        one.calls.expected if one.calls.school.says_anything else nothing for one, _ in budgets
    ]
    amounts = {
        "sen_support_calls": [one.sen_support for one in expected],
        "plan_calls": [one.plans for one in expected],
        "all_calls": [one.total for one in expected],
        "left": [one.left for one in expected],
    }
    why = ["; ".join(one.missing) or None for one in expected]
    columns = {
        **{name: (Shape.pounds, pl.Series(held, dtype=pl.Int64)) for name, held in amounts.items()},
        "calls_not_known": (Shape.text, pl.Series(why, dtype=pl.String)),
    }
    due = [targeted for _, targeted in budgets]
    if not has_targeted:
        return columns
    extra = {
        "targeted_funding": [None if one is None else one.due for one in due],
        "left_after": [None if one is None else one.left_after for one in due],
    }
    why = [None if one is None else one.missing for one in due]
    return {
        **columns,
        **{name: (Shape.pounds, pl.Series(held, dtype=pl.Int64)) for name, held in extra.items()},
        "targeted_funding_not_known": (Shape.text, pl.Series(why, dtype=pl.String)),
    }


def have_needs(outcome: NotionalOutcome) -> bool:
    """Return whether any school has plans, pupils on SEN support or a figure of its own for them."""
    return any(_have(outcome, name) for name in NEEDS)


def why_cost_is_unused(outcome: Outcome) -> str | None:
    """Return why what a pupil on SEN support is assumed to cost changes nothing, None where it changes something."""
    if outcome.notional is None:
        return "no schools are valued"
    if not have_needs(outcome.notional):
        return "no school of the table has sen_support_pupils, sen_support_figure or ehc_plans"
    return None


def _have(outcome: NotionalOutcome, name: str) -> bool:
    held = outcome.schools.columns.get(name)
    return held is not None and bool((held >= 0).any())
