"""Days as text and as numbers: one spelling and one first day, in one place, as money is in its own.

Python's own readers take more: ``20250401`` and ``2025-W14-2``, or ``2025-4-1`` and digits of
other scripts. What one part of the program reads as a day and another refuses is a trap.
"""

import re
from datetime import date, timedelta

DAY = "must be a date such as 2025-04-01"

EPOCH = date(1970, 1, 1)
"""The day whose number is 0."""

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
