"""A top-up rule's calendar in words: its periods, their weights, and how presence counts in each."""

from collections.abc import Iterator, Sequence

from engine.lab.atlas.entries import Answered, Asked, Cell, Entry, Part, Unit, words
from engine.rules.calendar import CalendarRule, Counting, Period
from engine.vocabulary import marked

PRESENCE = {
    Counting.calendar_days: "by every day",
    Counting.school_days: "by weekdays in term, less closures",
    Counting.count_date: "the whole period for a pupil on roll on its count date",
}


def calendar_answers(rule: CalendarRule) -> Iterator[Answered]:
    """Yield how the year's money is spread over its days, with the standing of the calendar."""
    standing = marked(rule.standing)
    for at, (measure, unit, cell) in enumerate(_cells(rule)):
        shown = cell if cell.value is None else cell._replace(standing=standing)
        entry = Entry(Part.calendar, "calendar", "", measure, unit)
        yield Answered(entry, (at,), "Calendar", shown)


def _cells(rule: CalendarRule) -> list[Asked]:
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
