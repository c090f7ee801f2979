"""A top-up rule as answers: how a price becomes what is paid for a pupil."""

from collections.abc import Iterator

from engine.lab.atlas.calendars import calendar_answers
from engine.lab.atlas.entries import NOT_SAID, Answered, Asked, Cell, Entry, Part, Unit, held, money
from engine.lab.atlas.words import condition_words, spoken
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.in_force import InForce
from engine.rules.top_up_rule import LossProtection, Threshold, TopUpRule
from engine.rules.values import Series
from engine.steps import DocumentValue


def top_up_answers(rules: CompiledRules) -> Iterator[Answered]:
    """Yield a top-up rule's answers: who is paid, its limits, and the year's calendar."""
    rule, top_ups = rules.document.top_up_rule, rules.top_ups
    if rule is None or top_ups is None:
        return
    cells = [*_paid(rule, top_ups), *_protection(rule.protection, rules.now), *_late(rule)]
    for at, (measure, unit, cell) in enumerate(cells):
        entry = Entry(Part.top_up_rule, "top_up_rule", "", measure, unit)
        yield Answered(entry, (at,), "Top-up rule", cell)
    yield from calendar_answers(rule.calendar)


def _paid(rule: TopUpRule, top_ups: CompiledTopUps) -> list[Asked]:
    paid = condition_words(rule.pays_when) or "every pupil with a price"
    hours = NOT_SAID if rule.part_time is None else Cell(rule.part_time.full_time_hours)
    return [
        ("paid when", Unit.text, Cell(paid)),
        ("threshold", Unit.pounds, _money(top_ups.clauses.threshold)),
        ("threshold lies", Unit.text, _lies(rule.threshold)),
        ("threshold is met in", Unit.text, _settings(rule.threshold)),
        ("floor", Unit.pounds, _money(top_ups.clauses.floor)),
        ("cap", Unit.pounds, _money(top_ups.clauses.cap)),
        ("hours of a full-time week", Unit.number, hours),
    ]


def _money(value: DocumentValue | None) -> Cell:
    return money(None if value is None else value.dated)


def _lies(threshold: Threshold | None) -> Cell:
    if threshold is None:
        return NOT_SAID
    if threshold.inside:
        return Cell("inside the price: taken off it")
    return Cell("outside the price: nothing is taken off")


def _settings(threshold: Threshold | None) -> Cell:
    if threshold is None:
        return NOT_SAID
    return Cell(" or ".join(map(spoken, threshold.settings)) or "every setting")


def _protection(protection: LossProtection | None, now: InForce) -> list[Asked]:
    """Return the protected share of today's top-ups, for a pupil and a school, and its last day."""
    until = NOT_SAID
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
    return held(now.latest(series))


def _late(rule: TopUpRule) -> list[Asked]:
    weeks = NOT_SAID if rule.backdating is None else Cell(str(rule.backdating.weeks))
    return [("backdating: a late plan is paid from week", Unit.number, weeks)]
