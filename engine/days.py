"""Days as text: one spelling, read in one place, as money is in its own.

Python's own readers take more: ``20250401`` and ``2025-W14-2``, or ``2025-4-1`` and digits of
other scripts. What one part of the program reads as a day and another refuses is a trap.
"""

import re
from datetime import date

DAY = "must be a date such as 2025-04-01"

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
