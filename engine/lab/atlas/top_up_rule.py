"""A top-up rule as answers: how a price becomes what is paid for a pupil, and the year's calendar."""

from collections.abc import Iterator, Sequence

from engine.lab.atlas.entries import Answer, Part, answers, condition_words
from engine.lab.atlas.spreads import spread
from engine.rules.calendar import CalendarRule, Counting, Period
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.in_force import InForce
from engine.rules.measures import (
    NO_ANSWER,
    Cell,
    Measured,
    Unit,
    document_value,
    money,
    over_days,
    words,
)
from engine.rules.top_up_rule import LossProtection, Threshold, TopUpRule
from engine.rules.value_tables import SeriesOrTable, ValueTable
from engine.rules.values import Series
from engine.steps import DocumentValue, words_of
from engine.vocabulary import marked


def top_up_answers(rules: CompiledRules) -> Iterator[Answer]:
    """Yield a top-up rule's answers: who is paid, its limits, and the year's calendar."""
    rule, top_ups = rules.document.top_up_rule, rules.top_ups
    if rule is None or top_ups is None:
        return
    cells = [
        *_paid(rule, top_ups, rules.now),
        *_protection(rule.protection, rules.now),
        *_late(rule),
    ]
    yield from answers(Part.top_up_rule, "top_up_rule", "Top-up rule", cells)
    yield from calendar_answers(rule.calendar)


def _paid(rule: TopUpRule, top_ups: CompiledTopUps, now: InForce) -> list[Measured]:
    paid = condition_words(rule.pays_when) or "every pupil with a price"
    hours = NO_ANSWER if rule.part_time is None else Cell(rule.part_time.full_time_hours)
    first = None if rule.threshold is None else rule.threshold.pounds
    return [
        ("paid when", Unit.text, Cell(paid)),
        ("threshold", Unit.pounds, _money(top_ups, "threshold", first, now)),
        ("threshold lies", Unit.text, _lies(rule.threshold)),
        ("threshold is met in", Unit.text, _settings(rule.threshold)),
        ("floor", Unit.pounds, _money(top_ups, "floor", rule.floor, now)),
        ("cap", Unit.pounds, _money(top_ups, "cap", rule.cap, now)),
        ("hours of a full-time week", Unit.number, hours),
    ]


def _money(top_ups: CompiledTopUps, clause: str, held: SeriesOrTable | None, now: InForce) -> Cell:
    """Return the sum of a clause, with its day where it changes within the year."""
    if isinstance(held, ValueTable):
        return spread(held, now, money)
    values: list[DocumentValue | None] = [getattr(one.clauses, clause) for one in top_ups.segments]
    return over_days(
        (one.now.first, money(None if value is None else value.dated))
        for one, value in zip(top_ups.segments, values, strict=True)
    )


def _lies(threshold: Threshold | None) -> Cell:
    if threshold is None:
        return NO_ANSWER
    if threshold.inside:
        return Cell("inside the price: taken off it")
    return Cell("outside the price: nothing is taken off")


def _settings(threshold: Threshold | None) -> Cell:
    if threshold is None:
        return NO_ANSWER
    return Cell(" or ".join(map(words_of, threshold.settings)) or "every setting")


def _protection(protection: LossProtection | None, now: InForce) -> list[Measured]:
    """Return the protected share of today's top-ups, for a pupil and a school, and its last day."""
    until = NO_ANSWER
    if protection is not None:
        over = " (over on this day)" if now.is_past(protection.until) else ""
        until = Cell(f"{protection.until.isoformat()}{over}")
    pupil = None if protection is None else protection.pupil_percent
    school = None if protection is None else protection.school_percent
    return [
        ("loss protection: least of a pupil's top-up today", Unit.percent, _share(pupil, now)),
        ("loss protection: least of a school's top-ups today", Unit.percent, _share(school, now)),
        ("loss protection: last day protected", Unit.text, until),
    ]


def _share(series: Series | None, now: InForce) -> Cell:
    return document_value(now.latest(series))


def _late(rule: TopUpRule) -> list[Measured]:
    weeks = NO_ANSWER if rule.backdating is None else Cell(str(rule.backdating.weeks))
    return [("backdating: a late plan is paid from week", Unit.number, weeks)]


PRESENCE = {
    Counting.calendar_days: "by every day",
    Counting.school_days: "by weekdays in term, less closures",
    Counting.count_date: "the whole period for a pupil on roll on its count date",
}


def calendar_answers(rule: CalendarRule) -> Iterator[Answer]:
    """Yield how the year's money is spread over its days, with the standing of the calendar."""
    standing = marked(rule.standing)
    for one in answers(Part.calendar, "calendar", "Calendar", _cells(rule)):
        cell = one.cell
        yield one if cell.value is None else one._replace(cell=cell._replace(standing=standing))


def _cells(rule: CalendarRule) -> list[Measured]:
    periods = rule.periods
    number = Cell(str(len(periods))) if periods else Cell(None, "dates are not said")
    parts = f"{rule.parts.number}, each a {rule.parts.part}" if rule.parts else ""
    terms = "; ".join(f"{one.name} {_span(one.first, one.last)}" for one in rule.terms)
    return [
        ("periods of the year", Unit.number, number),
        ("periods", Unit.text, words("; ".join(map(_period, periods)))),
        ("weights of periods", Unit.text, words(_weights(periods))),
        ("presence counts", Unit.text, words(_presence(periods))),
        ("count dates", Unit.text, words(_dates(periods))),
        ("equal parts of the year", Unit.text, words(parts)),
        ("terms", Unit.text, words(terms)),
        ("closures", Unit.text, words(", ".join(day.isoformat() for day in rule.closures))),
    ]


def _span(first: object, last: object) -> str:
    return f"{first} to {last}"


def _period(period: Period) -> str:
    return f"{period.name} {_span(period.first, period.last)}"


def _weights(periods: Sequence[Period]) -> str:
    """Return each period's share of the year's money: one phrase where all are alike."""
    weights = [period.weight for period in periods]
    if not weights:
        return ""
    if len(set(weights)) == 1:
        return "the whole year" if len(weights) == 1 else f"equal: each 1/{len(weights)}"
    return ", ".join(f"{period.name} {period.weight}/{sum(weights)}" for period in periods)


def _presence(periods: Sequence[Period]) -> str:
    """Return how a pupil's presence is counted, period by period where that differs."""
    ways = {period.presence for period in periods}
    if len(ways) == 1:
        return PRESENCE[ways.pop()]
    return "; ".join(f"{period.name}: {PRESENCE[period.presence]}" for period in periods)


def _dates(periods: Sequence[Period]) -> str:
    return ", ".join(
        period.count_on.isoformat() for period in periods if period.count_on is not None
    )
