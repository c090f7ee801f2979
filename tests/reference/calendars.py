"""The part of a year's money that presence earns, by looking at every day of the year."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache

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
    return sum(
        (
            earned
            for day, earned in masses(calendar).items()
            if (start is None or start <= day) and (end is None or day <= end)
        ),
        Fraction(0),
    )
