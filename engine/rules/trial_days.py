"""Which of the dated values of a path a what-if tries another in the place of."""

import re
from collections.abc import Sequence
from datetime import date

from engine.days import day_of
from engine.rules.document import Effective
from engine.rules.in_force import InForce
from engine.rules.values import Series

EVERY, NEW = "*", "from:"
"""After an ``@``: every value of a path; a new value from the day that follows."""

_DATED = re.compile(r"(?s)(?P<path>.*)@(?P<which>[^.]*)")


def path_and_date(place: str) -> tuple[str, str | None]:
    """Return the path of a place, and what follows an ``@`` after it.

    >>> path_and_date("top_up_rule.cap@2025-09-01")
    ('top_up_rule.cap', '2025-09-01')
    >>> path_and_date("prices.a@b.pounds")
    ('prices.a@b.pounds', None)
    """
    found = _DATED.fullmatch(place)
    return (place, None) if found is None else (found["path"], found["which"])


def days_replaced(
    series: Series, which: str | None, now: InForce, effective: Effective
) -> list[date]:
    """Return the first day of each value that is replaced; ``ValueError`` says why there is none.

    ``which`` is what follows an ``@``: a day on which a value begins, every value, or a day from
    which there is to be a new one. Without it the value in force ``now`` is replaced. Where the
    document has no value, one begins on the rule set's first day; where its only one begins within the
    year, such as an uprating, that is replaced.
    """
    days = [one.from_ for one in series]
    if which is not None and which != EVERY:
        return [_day(which, days, now.first, effective)]
    if not days or which == EVERY:
        return days or [effective.first]
    held = now.latest(series)
    if held is None and len(days) == 1 and days[0] <= now.last:
        return days
    if held is None:
        message = (
            f"has no value on {now.first.isoformat()}; @{days[0].isoformat()} after the path tries"
            " one in the place of the first"
        )
        raise ValueError(message)
    return [held.from_]


def year_notes(days: Sequence[date], day: date, now: InForce) -> list[str]:
    """Return what a reader may not expect of a value that is replaced: that others of the days valued stay."""
    later = [one for one in days if one > day]
    if day > now.last or (later and later[0] <= now.first):
        return ["it is in force on no day that is valued"]
    stay = [one.isoformat() for one in later if one <= now.last]
    return [f"what begins on {', '.join(stay)} stays as published"] if stay else []


def _day(which: str, days: Sequence[date], on: date, effective: Effective) -> date:
    """Return the day after an ``@``, on which a value begins, or from which a new one is to be."""
    is_new = which.startswith(NEW)
    try:
        day = day_of(which.removeprefix(NEW))
    except ValueError:
        example = on.isoformat()
        message = (
            f"after @ must be a date such as {example}, {NEW}{example} for a new value from that"
            f" day, or {EVERY} for every value"
        )
        raise ValueError(message) from None
    begins = ", ".join(one.isoformat() for one in days) or "none"
    if is_new and day in days:
        message = f"has a value from {day.isoformat()}; @{day.isoformat()} tries one in its place"
        raise ValueError(message)
    if not is_new and day not in days:
        message = (
            f"no value begins on {day.isoformat()} (values begin on: {begins}); @{NEW}{day.isoformat()}"
            " tries a new value from that day"
        )
        raise ValueError(message)
    if is_new and not effective.first <= day <= effective.last:
        message = f"must be a day of the rule set, from {effective.first} to {effective.last}"
        raise ValueError(message)
    return day
