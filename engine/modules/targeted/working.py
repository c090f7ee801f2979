"""Rows of a budget's check: the costs it is expected to pay, and the extra funding for many plans."""

from collections.abc import Iterator

from engine.days import MONTHS
from engine.errors import NotReconciled
from engine.expected_calls import CallsStatement
from engine.modules.explanation import Working, titles_of
from engine.modules.targeted.statement import TargetedStatement
from engine.modules.targeted.steps import EACH, FUNDING, consumed_share, paid_share
from engine.money import known_number, known_pounds
from engine.rules.compiled import CompiledRules
from engine.rules.months import monthly_steps
from engine.rules.targeted import PART, CompiledTargeted, Pattern
from engine.steps import DocumentValue, Op, Operator, Row, Step, Unit, rows, start, work, work_known
from engine.steps.rows import exact_pounds

LABEL = "What the budget is expected to pay for"
UNEQUAL_STEPS = "the steps of extra funding do not come to what is due"


def calls_workings(
    rules: CompiledRules, calls: CallsStatement, targeted: TargetedStatement | None
) -> tuple[Working, ...]:
    """Return the costs that a budget is expected to pay and the extra funding, where there is anything of them.

    Raises ``NotReconciled`` as ``targeted_working`` does.
    """
    parts = []
    if calls.school.says_anything:
        parts.append(Working("expected_calls", LABEL, tuple(_calls(calls, rules))))
    if targeted is not None:
        parts.append(targeted_working(targeted, rules))
    return tuple(parts)


def _calls(calls: CallsStatement, rules: CompiledRules) -> Iterator[Row]:
    school, expected = calls.school, calls.expected
    if school.sen_support_figure is None:
        pupils = known_number(school.sen_support_pupils, 1)
        yield Row(Operator.start, "Pupils on SEN support", pupils, Unit.pupils)
        yield _pounds(Operator.times, "Assumed cost of a pupil", school.sen_support_cost)
        yield from _months_row(calls.threshold.months)
        why = expected.why_support
        yield _pounds(Operator.equals, "SEN support", expected.sen_support, why)
    else:
        own = "SEN support, the school's own figure"
        yield _pounds(Operator.start, own, school.sen_support_figure)
        if calls.threshold.months != MONTHS:
            yield from _months_row(calls.threshold.months)
            yield _pounds(Operator.equals, "SEN support", expected.sen_support)
    yield from _plans(calls, rules)
    first = "First part of each EHC plan, which the school pays"
    yield _pounds(Operator.equals, first, expected.plans, expected.why_plans)
    yield _pounds(Operator.equals, "All expected costs", expected.total)
    yield _pounds(Operator.start, "Notional SEN budget", expected.budget)
    yield _pounds(Operator.minus, "All expected costs", expected.total)
    yield _pounds(Operator.equals, _left(expected.left), expected.left)


def targeted_working(targeted: TargetedStatement, rules: CompiledRules) -> Working:
    """Return the extra funding as rows: the steps to it, or the values behind it where it is not known.

    Raises ``NotReconciled`` where the steps do not come to what is due.
    """
    paid = targeted.paid
    if paid is None:
        found = (*_counts(targeted), *_values(rules, rules.part(CompiledTargeted)))
    elif work(paid.steps, paid.own) != paid.amount:
        raise NotReconciled(UNEQUAL_STEPS)
    else:
        found = (*rows(paid.steps, paid.own, titles_of(rules)),)
    after = f"{_left(targeted.left_after)} once it is paid"
    due = () if paid is not None else (_pounds(Operator.equals, FUNDING, None, targeted.missing),)
    left = _pounds(Operator.equals, after, targeted.left_after)
    return Working(PART, targeted.rule.label, (*found, *due, left))


def _months_row(months: int) -> Iterator[Row]:
    """Yield the rows from a year's cost to that of the months that rules are for; none for twelve."""
    if months != MONTHS:
        yield Row(Operator.times, "Months for which the rules apply", str(months), Unit.text)
        yield Row(Operator.divided_by, "Months of the year", str(MONTHS), Unit.text)


def _plans(calls: CallsStatement, rules: CompiledRules) -> Iterator[Row]:
    """Yield the plans times the threshold: by months where it changes, or the rules are for part of a year."""
    threshold, plans = calls.threshold, known_number(calls.school.plans, 1)
    counted = Row(Operator.start, "EHC plans", plans, Unit.units)
    if threshold.is_year or plans is None:
        yield counted
        for one in threshold.values:
            value = DocumentValue(one.dated, threshold.place, Unit.pounds, threshold.of)
            yield from rows([Step(Op.times, "Threshold", value)], {}, titles_of(rules))
        return
    steps = [*monthly_steps(threshold.values, "Threshold", threshold.place, "threshold")]
    yield from rows(steps, {}, titles_of(rules))
    yield counted
    met = work_known(steps, {})
    yield Row(Operator.times, "Threshold", None if met is None else exact_pounds(met), Unit.pounds)


def _pounds(operator: Operator, label: str, pence: int | None, why: str | None = None) -> Row:
    """Return a row of pounds, and why they are not known where they are not."""
    return Row(operator, label, known_pounds(pence), Unit.pounds, note=why)


def _left(left: int | None) -> str:
    """Return what is left of the budget, in the word of its sign."""
    if left is None:
        return "Budget less expected costs"
    return "Shortfall" if left < 0 else "Headroom"


def _counts(targeted: TargetedStatement) -> Iterator[Row]:
    calls = targeted.calls
    yield Row(Operator.start, "EHC plans", known_number(calls.school.plans, 1), Unit.units)
    if targeted.rule.pattern is Pattern.plans_above_rate:
        yield Row(Operator.start, "Pupils", known_number(targeted.pupils), Unit.pupils)
    else:
        yield _pounds(Operator.start, "Notional SEN budget", calls.expected.budget)


def _values(rules: CompiledRules, targeted: CompiledTargeted | None) -> Iterator[Row]:
    """Yield the values of the rules, each with its source and standing."""
    if targeted is None:
        return
    means, rate = targeted.means_percent, targeted.plans_per_hundred
    values = (
        *(("threshold", EACH, one.dated, Unit.pounds) for one in targeted.thresholds),
        ("means_percent", "Share of the notional SEN budget used for plans", means, Unit.percent),
        ("plans_per_hundred", "Plans per 100 pupils with no extra funding", rate, Unit.units),
        ("pot", "Total available, shared between schools", targeted.pot, Unit.pounds),
    )
    steps = [
        start(label, DocumentValue(given, f"{PART}.{name}", unit))
        for name, label, given, unit in values
        if given is not None
    ]
    for at, tier in enumerate(targeted.rule.tiers):
        steps.append(start("Share of the budget", consumed_share(at, tier)))
        steps.append(start("Share that is paid", paid_share(at, tier)))
    yield from rows(steps, {}, titles_of(rules))
