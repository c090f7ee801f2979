"""Days as text and as numbers: one spelling and one first day, in one place, as money is in its own.

Python's own readers take more: ``20250401`` and ``2025-W14-2``, or ``2025-4-1`` and digits of
other scripts. What one part of the program reads as a day and another refuses is a trap.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

DAY = "must be a date such as 2025-04-01"

EPOCH = date(1970, 1, 1)
"""The day whose number is 0."""

MONTHS = 12
"""Months of a year."""

FIRST_MONTHS = {"financial": 4, "academic": 9}
"""The month with whose first day each kind of funding year begins: of authorities in April, of schools' and academies' in September."""

_SPELLING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day_of(text: str) -> date:
    """Return the day that is spelled year, month and day, as 2025-04-01, or raise ``ValueError``."""
    if not _SPELLING.fullmatch(text):
        raise ValueError(DAY)
    try:
        return date.fromisoformat(text)
    except ValueError:
        # Python's own words repeat what was written.
        raise ValueError(DAY) from None


def day_number(day: date) -> int:
    """Return a day as tables hold it: days since 1970-01-01.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def numbered_day(number: int) -> date:
    """Return the day of a number that a table holds.

    >>> numbered_day(1)
    datetime.date(1970, 1, 2)
    """
    return EPOCH + timedelta(days=number)


def days_of_a_year(first: date) -> int:
    """Return the days of the year that begins on a day: 365, or 366 where it has a 29 February.

    >>> days_of_a_year(date(2025, 4, 1)), days_of_a_year(date(2027, 9, 1))
    (365, 366)
    """
    is_leap_day = (first.month, first.day) == (2, 29)
    again = date(first.year + 1, 3, 1) if is_leap_day else first.replace(year=first.year + 1)
    return (again - first).days


def is_within_a_year(first: date, last: date) -> bool:
    """Return whether days, both included, are a year at the most."""
    return (last - first).days < days_of_a_year(first)


class YearDays(NamedTuple):
    """A funding year: what it is called, such as ``financial`` and ``2025-26``, and its days, both included."""

    kind: str
    label: str
    first: date
    last: date

    def days_of(self, first: date, last: date) -> int:
        """Return how many days from ``first`` to ``last`` are days of this year."""
        return max(0, (min(last, self.last) - max(first, self.first)).days + 1)

    def __str__(self) -> str:
        """Return the year by its kind and label."""
        return f"{self.kind} year {self.label}"


def year_days(kind: str, label: str) -> YearDays:
    """Return the days of a funding year by its kind and label.

    >>> year_days("financial", "2025-26").last
    datetime.date(2026, 3, 31)
    """
    year, month = int(label[:4]), FIRST_MONTHS[kind]
    last = date(year + 1, month, 1) - timedelta(days=1)
    return YearDays(kind, label, date(year, month, 1), last)


def year_of(kind: str, day: date) -> YearDays:
    """Return the funding year of a kind that a day lies in.

    >>> year_of("academic", date(2026, 3, 31)).label
    '2025-26'
    """
    year = day.year - (day.month < FIRST_MONTHS[kind])
    return year_days(kind, f"{year}-{(year + 1) % 100:02d}")
