"""What the school expects its notional SEN budget to meet, and what is left of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pages.answers import School
from app.pages.fields import PLANS, SEN_SUPPORT, SEN_SUPPORT_FIGURE
from engine.calls import ExpectedCalls, expected_calls
from engine.explain import Row, Working
from engine.explain.rows import Operator, Unit, given_row
from engine.money import PENCE, pounds, scaled
from engine.rules.compiled import CompiledRules
from engine.rules.values import Given
from engine.tables import SchoolTable

LABEL = "What the budget is expected to pay for"
THRESHOLD = "schools_formula.expected_calls.high_needs_threshold"


@dataclass(frozen=True, slots=True)
class Calls:
    """Expected calls on a budget, pence; None where a part is not known.

    ``left`` is headroom, or shortfall as a negative amount. ``figure`` is the school's own for
    SEN support, in place of pupils times cost; ``expected`` is there where every call is known.
    """

    notional: int | None
    sen_support_pupils: int | None
    sen_support_cost: int | None
    figure: int | None
    sen_support: int | None
    plans: int | None
    threshold: int | None
    threshold_given: Given | None
    threshold_place: str
    for_plans: int | None
    total: int | None
    left: int | None
    expected: ExpectedCalls | None

    @property
    def asked_for(self) -> bool:
        """Return whether any answer is about expected calls."""
        said = (self.sen_support_pupils, self.figure, self.plans)
        return any(one is not None for one in said)


def calls_on(
    notional: int | None, given: Given | None, school: School, place: str = THRESHOLD
) -> Calls:
    """Return the calls on a budget, pence; what is left is known where all its parts are.

    ``given`` is the threshold up to which the school meets a plan, and ``place`` is its place.
    """
    pupils, figure, plans = (
        _held(school.table, name) for name in (SEN_SUPPORT, SEN_SUPPORT_FIGURE, PLANS)
    )
    cost = 0 if pupils == 0 and school.sen_support_cost is None else school.sen_support_cost
    threshold = None if given is None else scaled(given.decimal, PENCE)
    counted = pupils is not None and cost is not None
    plans_known = plans is not None and (threshold is not None or plans == 0)
    called = expected_calls(
        notional or 0,
        sen_support_pupils=(pupils or 0) if counted else 0,
        sen_support_cost=cost or 0,
        plans=(plans or 0) if plans_known else 0,
        threshold=threshold or 0,
        sen_support_figure=figure,
    )
    support_known = counted or figure is not None
    known = support_known and plans_known
    return Calls(
        notional=notional,
        sen_support_pupils=pupils,
        sen_support_cost=cost,
        figure=figure,
        sen_support=called.sen_support if support_known else None,
        plans=plans,
        threshold=threshold,
        threshold_given=given,
        threshold_place=place,
        for_plans=called.plans if plans_known else None,
        total=called.total if known else None,
        left=called.left if known and notional is not None else None,
        expected=called if known else None,
    )


def calls_working(calls: Calls, rules: CompiledRules) -> Working:
    """Return the expected costs as rows of the downloaded working."""
    return Working("expected_calls", LABEL, tuple(_rows(calls, rules)))


def _rows(calls: Calls, rules: CompiledRules) -> Iterator[Row]:
    if calls.figure is None:
        pupils, cost = _count(calls.sen_support_pupils), money_text(calls.sen_support_cost)
        yield Row(Operator.start, "Pupils on SEN support", pupils, Unit.pupils)
        yield Row(Operator.times, "Assumed cost of a pupil", cost, Unit.pounds)
        yield _pounds(Operator.equals, "SEN support", calls.sen_support)
    else:
        yield _pounds(Operator.start, "SEN support, the school's own figure", calls.figure)
    yield Row(Operator.start, "EHC plans", _count(calls.plans), Unit.units)
    if calls.threshold_given is not None:
        place = calls.threshold_place
        yield given_row(
            rules, Operator.times, "Threshold", calls.threshold_given, Unit.pounds, place
        )
    yield _pounds(
        Operator.equals, "First part of each EHC plan, which the school pays", calls.for_plans
    )
    yield _pounds(Operator.equals, "All expected costs", calls.total)
    yield _pounds(Operator.start, "Notional SEN budget", calls.notional)
    yield _pounds(Operator.minus, "All expected costs", calls.total)
    short = calls.left is not None and calls.left < 0
    yield _pounds(Operator.equals, "Shortfall" if short else "Headroom", calls.left)


def _pounds(operator: Operator, label: str, pence: int | None) -> Row:
    return Row(operator, label, money_text(pence), Unit.pounds)


def money_text(pence: int | None) -> str | None:
    """Return pence as the text of pounds; None stays not known."""
    return None if pence is None else pounds(pence)


def _count(number: int | None) -> str | None:
    return None if number is None else str(number)


def _held(table: SchoolTable, name: str) -> int | None:
    """Return a count or an amount of the register, or None where it is not given."""
    if name not in table.columns:
        return None
    held = int(table.columns[name][0])
    return None if held < 0 else held
