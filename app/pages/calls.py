"""What the school expects its notional SEN budget to meet, and what is left of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.pages.answers import School
from app.pages.fields import PLANS, SEN_SUPPORT, SEN_SUPPORT_FIGURE
from engine import calls
from engine.explain import Row, Working
from engine.explain.rows import Operator, Unit, given_row
from engine.money import PENCE, known_pounds, scaled
from engine.rules.compiled import CompiledRules
from engine.rules.values import Given
from engine.tables import SchoolTable

LABEL = "What the budget is expected to pay for"
THRESHOLD = "schools_formula.expected_calls.high_needs_threshold"


@dataclass(frozen=True, slots=True)
class Calls:
    """Expected calls on a budget, and what they come of: the school's answers and the threshold.

    ``threshold_given`` is the value up to which the school meets a plan, and ``threshold_place``
    where it is in the rules.
    """

    school: calls.School
    threshold: int | None
    threshold_given: Given | None
    threshold_place: str
    expected: calls.ExpectedCalls


def calls_on(
    notional: int | None, given: Given | None, school: School, place: str = THRESHOLD
) -> Calls:
    """Return the calls on a budget, pence; what is left is known where all its parts are."""
    pupils, figure, plans = (
        _held(school.table, name) for name in (SEN_SUPPORT, SEN_SUPPORT_FIGURE, PLANS)
    )
    known = calls.School(pupils, school.sen_support_cost, figure, plans)
    threshold = None if given is None else scaled(given.decimal, PENCE)
    expected = calls.expected_calls(notional, known, threshold)
    return Calls(known, threshold, given, place, expected)


def calls_working(found: Calls, rules: CompiledRules) -> Working:
    """Return the expected costs as rows of the downloaded working."""
    return Working("expected_calls", LABEL, tuple(_rows(found, rules)))


def _rows(found: Calls, rules: CompiledRules) -> Iterator[Row]:
    school, expected = found.school, found.expected
    if school.sen_support_figure is None:
        pupils, cost = _count(school.sen_support_pupils), known_pounds(school.sen_support_cost)
        yield Row(Operator.start, "Pupils on SEN support", pupils, Unit.pupils)
        yield Row(Operator.times, "Assumed cost of a pupil", cost, Unit.pounds)
        yield _pounds(Operator.equals, "SEN support", expected.sen_support)
    else:
        own = "SEN support, the school's own figure"
        yield _pounds(Operator.start, own, school.sen_support_figure)
    yield Row(Operator.start, "EHC plans", _count(school.plans), Unit.units)
    if found.threshold_given is not None:
        given, place = found.threshold_given, found.threshold_place
        yield given_row(rules, Operator.times, "Threshold", given, Unit.pounds, place)
    yield _pounds(
        Operator.equals, "First part of each EHC plan, which the school pays", expected.plans
    )
    yield _pounds(Operator.equals, "All expected costs", expected.total)
    yield _pounds(Operator.start, "Notional SEN budget", expected.budget)
    yield _pounds(Operator.minus, "All expected costs", expected.total)
    short = expected.left is not None and expected.left < 0
    yield _pounds(Operator.equals, "Shortfall" if short else "Headroom", expected.left)


def _pounds(operator: Operator, label: str, pence: int | None) -> Row:
    return Row(operator, label, known_pounds(pence), Unit.pounds)


def _count(number: int | None) -> str | None:
    return None if number is None else str(number)


def _held(table: SchoolTable, name: str) -> int | None:
    """Return a count or an amount of the register, or None where it is not given."""
    if name not in table.columns:
        return None
    held = int(table.columns[name][0])
    return None if held < 0 else held
