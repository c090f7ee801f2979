"""The part of a year's money that presence earns, by looking at every day of the year."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import lcm

SATURDAY = 5


def days(first: date, last: date) -> list[date]:
    """Return every day from the first to the last, both included."""
    return [first + timedelta(at) for at in range((last - first).days + 1)]


def counted_days(calendar, period) -> list[date]:
    """Return the days of a period on which presence counts."""
    if period.presence == "count_date":
        return [period.count_on]
    every = days(period.first, period.last)
    if period.presence == "calendar_days":
        return every
    return [
        day
        for day in every
        if day.weekday() < SATURDAY
        and day not in calendar.closures
        and any(term.first <= day <= term.last for term in calendar.terms)
    ]


@cache
def masses(calendar) -> dict[date, Fraction]:
    """Return what each counted day earns of the year's money."""
    total = sum(period.weight for period in calendar.periods)
    earned: dict[date, Fraction] = {}
    for period in calendar.periods:
        counted = counted_days(calendar, period)
        for day in counted:
            earned[day] = Fraction(period.weight, total * len(counted))
    return earned


def whole_parts(earned: dict[date, Fraction]) -> tuple[dict[date, int], int]:
    """Return what each day earns as a number of equal parts, and how many of these are the year's money.

    Hundreds of days are added for each pupil, and whole numbers add up at once.
    """
    number = lcm(*(share.denominator for share in earned.values()))
    return {day: int(share * number) for day, share in earned.items()}, number


@cache
def _parts_of(calendar) -> tuple[dict[date, int], int]:
    return whole_parts(masses(calendar))


def masses_of(document) -> dict[date, Fraction]:
    """Return what each counted day of a document's calendar earns of a year's money: its periods may be a part of one."""
    return _masses_within(document.top_up_rule.calendar, document.year)


@cache
def _masses_within(calendar, of_year) -> dict[date, Fraction]:
    earned = masses(calendar)
    if calendar.share_of_year is not None:
        share = Fraction(calendar.share_of_year)
    elif earns_alike(calendar):
        year = of_year.days_of(min(earned), max(earned)) == len(earned)
        whole = len(days(of_year.first, of_year.last)) if year else len(earned)
        share = Fraction(len(earned), whole)
    else:
        share = Fraction(1)
    return {day: part * share for day, part in earned.items()}


def earns_alike(calendar) -> bool:
    """Return whether every day from the first to the last earns the same."""
    by_days = all(period.presence == "calendar_days" for period in calendar.periods)
    return by_days and len(set(masses(calendar).values())) == 1


def own_masses(document) -> dict[date, Fraction]:
    """Return what each counted day on which a document applies earns of a year's money."""
    first, last = document.effective.first, document.effective.last
    return {day: part for day, part in masses_of(document).items() if first <= day <= last}


def earlier_masses(document) -> tuple[dict[date, Fraction], bool]:
    """Return what each day of the year before a document earns, none where it begins with it, and whether that is known.

    Where it is not, each day only counts as one.
    """
    calendar, year, begins = document.top_up_rule.calendar, document.year, document.effective.first
    if calendar.periods and calendar.periods[0].first < begins:
        return {day: part for day, part in masses_of(document).items() if day < begins}, True
    whole = calendar.periods and sum(masses_of(document).values()) == 1
    if not year.first < begins <= year.last or whole:
        return {}, True
    before = days(year.first, begins)[:-1]
    if calendar.periods and calendar.share_of_year is None and earns_alike(calendar):
        daily = next(iter(masses_of(document).values()))
        return dict.fromkeys(before, daily), True
    return dict.fromkeys(before, Fraction(1)), False


@cache
def equal_parts(calendar) -> int | None:
    """Return the number of equal parts of the year, or None where its days earn unequally."""
    if not calendar.periods:
        return calendar.parts.number
    earned = masses(calendar)
    return len(earned) if len(set(earned.values())) == 1 else None


def first_day_paid(backdating, record: dict) -> date | None:
    """Return the day from which a pupil is paid: a late plan from the day by which it was due."""
    start, requested = record.get("start"), record.get("requested")
    if backdating is None or start is None or requested is None:
        return start
    return min(start, requested + timedelta(weeks=backdating.weeks))


def presence(calendar, record: dict, backdating=None) -> Fraction | None:
    """Return the part of the year that a pupil earns, or None where it is not supplied."""
    parts = record.get("parts_on_roll")
    if parts is not None:
        return Fraction(parts, equal_parts(calendar))
    if not calendar.periods:
        return None
    start, end = first_day_paid(backdating, record), record.get("end")
    earned, number = _parts_of(calendar)
    counted = (
        parts
        for day, parts in earned.items()
        if (start is None or start <= day) and (end is None or day <= end)
    )
    return Fraction(sum(counted), number)
