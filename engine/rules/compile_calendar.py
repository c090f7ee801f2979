"""A calendar of a rule document to the share of the year of each of its days: a whole year's, or a part of it.

Prices are pounds a year. Periods of a part of a year pay that part, and so does a rule set that applies
on some of the calendar's days.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from engine.calendars import Calendar, PartOfYear, Span, counted, school_days, spread
from engine.days import MONTHS, YearDays, day_number, days_of_a_year
from engine.errors import Problem, RuleRefused
from engine.rules.calendar import CalendarRule, Counting, Period
from engine.rules.document import RuleSet

PERIODS = "top_up_rule.calendar.periods"
SUMMER = ((7, 1), (9, 10))
"""Month and day between which schools' years end and begin: periods that leave out no other days are a year's."""


def compile_calendar(rule: CalendarRule, document: RuleSet | None = None) -> Calendar:
    """Return the calendar of a rule, as far as the rules of ``document`` apply on its days.

    Raises ``RuleRefused`` where its parts do not fit its periods, and where the periods are some of a
    year and do not say which part of its money they share out.
    """
    part = rule.parts.part if rule.parts else ""
    if not rule.periods:
        return counted(rule.parts.number if rule.parts else 1, part)
    first, last = rule.periods[0].first, rule.periods[-1].last
    share = share_of_year(rule, None if document is None else document.year)
    days = (first, last)
    if document is not None:
        days = document.effective.first, document.effective.last
    whole = spread_periods(rule, part, PartOfYear(share, day_number(first), day_number(last)))
    if rule.parts and rule.parts.number != whole.parts:
        sentence = f"is {rule.parts.number}, but the periods have {whole.parts} parts"
        raise RuleRefused([Problem(sentence, "parts", place="top_up_rule.calendar.parts")])
    if days[0] <= first and last <= days[1]:
        return whole
    calendar = spread_periods(rule, part, PartOfYear(share, *map(day_number, days)))
    if not calendar.share:
        sentence = "no day on which presence counts is a day of these rules; correct 'effective' or the periods"
        raise RuleRefused([Problem(sentence, "calendar", place=PERIODS)])
    return calendar


def spread_periods(rule: CalendarRule, part: str, of: PartOfYear) -> Calendar:
    """Return the calendar of a rule's periods, of which the days of ``of`` pay; raises ``RuleRefused`` where they cannot be spread."""
    terms = [(day_number(term.first), day_number(term.last)) for term in rule.terms]
    closures = {day_number(day) for day in rule.closures}
    spans = [Span(one.weight, _counted(one, terms, closures)) for one in rule.periods]
    first, last = day_number(rule.periods[0].first), day_number(rule.periods[-1].last)
    try:
        return spread(first, last, spans, part, of)
    except ValueError as error:
        raise RuleRefused([Problem(str(error), "calendar", place=PERIODS)]) from None


def _counted(period: Period, terms: list[tuple[int, int]], closures: set[int]) -> tuple[int, ...]:
    first, last = day_number(period.first), day_number(period.last)
    if period.presence is Counting.count_date and period.count_on is not None:
        return (day_number(period.count_on),)
    if period.presence is Counting.school_days:
        return school_days(first, last, terms, closures)
    return tuple(range(first, last + 1))


def share_of_year(rule: CalendarRule, year: YearDays | None) -> Fraction:
    """Return which part of a year's money the periods share out; raise ``RuleRefused`` for periods that do not say it."""
    first, last = rule.periods[0].first, rule.periods[-1].last
    days, whole = (last - first).days + 1, days_of_a_year(first)
    if days > whole:
        sentence = (
            f"the periods are of {days} days, from {first} to {last}; a calendar is of one year"
        )
        raise RuleRefused([Problem(sentence, "year", place=PERIODS)])
    if rule.share_of_year is not None:
        return Fraction(rule.share_of_year)
    if days == whole:
        return Fraction(1)
    if year is not None and year.first <= first and last <= year.last:
        whole = (year.last - year.first).days + 1
    if is_by_days(rule.periods):
        return Fraction(days, whole)
    if _leaves_out_summer(first, last):
        return Fraction(1)
    share = _by_months(rule.periods) or _by_school_days(rule, year)
    if share is None:
        sentence = (
            f"the periods are from {first} to {last}, and which part of a year's money they share out is"
            " not known: give the periods of the whole year ('effective' leaves out the other days), or"
            ' share_of_year such as "5/12"'
        )
        raise RuleRefused([Problem(sentence, "part-of-year", place=PERIODS)])
    return share


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def is_by_days(periods: Sequence[Period]) -> bool:
    """Return whether each day of the periods earns the same."""
    if any(one.presence is not Counting.calendar_days for one in periods):
        return False
    return len({Fraction(one.weight, _days(one)) for one in periods}) == 1


def _leaves_out_summer(first: date, last: date) -> bool:
    """Return whether only days of the summer holidays are missing between the end and a new beginning."""
    (opens, closes), following = SUMMER, last + timedelta(days=1)
    begins = (following.month, following.day) >= opens and following.year == first.year + 1
    return begins and (first.month, first.day) <= closes and first.month >= opens[0]


def _by_months(periods: Sequence[Period]) -> Fraction | None:
    """Return a twelfth for each period where each is a calendar month and weighs the same; else None."""
    months = all(
        one.first.day == 1
        and (one.last + timedelta(days=1)).day == 1
        and _days(one) < days_of_a_year(one.first) / MONTHS + 1
        for one in periods
    )
    alike = len({one.weight for one in periods}) == 1
    return Fraction(len(periods), MONTHS) if months and alike else None


def _by_school_days(rule: CalendarRule, year: YearDays | None) -> Fraction | None:
    """Return the school days of one period of those of the year, where the terms are all of the year's; else None."""
    [period, *others] = rule.periods
    if year is None or others or period.presence is not Counting.school_days:
        return None
    terms = [(day_number(term.first), day_number(term.last)) for term in rule.terms]
    closures = {day_number(day) for day in rule.closures}
    outside = [one for one in rule.terms if one.last < period.first or one.first > period.last]
    opens, closes = day_number(year.first), day_number(year.last)
    missing = [
        max(0, first - opens) + max(0, closes - last)
        for first, last in [(min(one for one, _ in terms), max(one for _, one in terms))]
    ]
    if not outside or missing[0] > WITHOUT_TERMS:
        return None
    own = school_days(day_number(period.first), day_number(period.last), terms, closures)
    return Fraction(len(own), len(school_days(opens, closes, terms, closures)))


WITHOUT_TERMS = 70
"""The most days of a year that may be before its first term and after its last, as at Easter and in summer."""
