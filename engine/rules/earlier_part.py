"""The days of a year before the first day of rules that begin within it: other rules paid them.

Two documents of one year add to one year's price where the second continues what the first has paid: its
payments are rounded after those of the earlier days, and a price that is paid once is not paid again.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from engine.calendars import Calendar, PartOfYear, Span, spread
from engine.days import day_number
from engine.rules.calendar import CalendarRule
from engine.rules.compile_calendar import is_by_days, share_of_year, spread_periods
from engine.rules.document import RuleSet


class EarlierPart(NamedTuple):
    """The part of the year before the first day of rules.

    first, last  its days, both included
    calendar     what its days earn of the year
    is_known     whether the rules' calendar says that; where it does not, each day only says that it was one
    """

    first: date
    last: date
    calendar: Calendar
    is_known: bool

    @property
    def begins(self) -> date:
        """Return the first day of the rules themselves."""
        return self.last + timedelta(days=1)

    def protected_days(self, own: Calendar, days: int) -> int:
        """Return how many days from the first of this part's calendar are protected, where ``days`` are of the rules' ``own``."""
        return days + own.first - self.calendar.first if own.dated and days else 0


def earlier_part(rule: CalendarRule, document: RuleSet, own: Calendar) -> EarlierPart | None:
    """Return the part of the year before the first day of a document; None where it begins with its year.

    ``own`` is the calendar of its own days. The year is that of the periods where they begin before the
    document, else the one that the document names. Raises ``RuleRefused`` as compiling the calendar does.
    """
    begins, year = document.effective.first, document.year
    last = begins - timedelta(days=1)
    if rule.periods and rule.periods[0].first < begins:
        first = rule.periods[0].first
        share = share_of_year(rule, year)
        of = PartOfYear(share, day_number(first), day_number(last))
        calendar = spread_periods(rule, own.part, of)
        return EarlierPart(first, last, calendar, is_known=True) if calendar.share else None
    is_whole = bool(rule.periods) and own.share == own.denominator
    if begins <= year.first or begins > year.last or is_whole:
        return None
    days = range(day_number(year.first), day_number(begins))
    daily = _daily_share(rule, document)
    if daily is not None:
        of = PartOfYear(daily * len(days), days[0], days[-1])
        calendar = spread(days[0], days[-1], [Span(1, tuple(days))], of=of)
        return EarlierPart(year.first, last, calendar, is_known=True)
    cumulative = np.arange(len(days) + 1, dtype=np.int64)
    cumulative.flags.writeable = False
    unknown = Calendar(days[0], cumulative, own.denominator, 0, "")
    return EarlierPart(year.first, last, unknown, is_known=False)


def _daily_share(rule: CalendarRule, document: RuleSet) -> Fraction | None:
    """Return what a day earns of the year, where every day of it does; None where periods do not say so."""
    if not rule.periods or rule.share_of_year is not None or not is_by_days(rule.periods):
        return None
    days = (rule.periods[-1].last - rule.periods[0].first).days + 1
    return share_of_year(rule, document.year) / days


def earlier_part_notes(part: EarlierPart, once: list[str]) -> Iterator[str]:
    """Yield what an author must know of rules that begin within their year; ``once`` are the places of prices that are paid once."""
    days = f"{part.first} to {part.last}"
    if part.is_known:
        yield (
            f"the rules begin within their year: what they pay is rounded after what their first day's prices come to"
            f" from {days}, so that two documents of one price add to the year's"
        )
    else:
        yield (
            f"the rules begin within their year, and the calendar does not say what the days from {days} earn of it:"
            " what a pupil is paid for them and under these rules may differ by a penny from one year's price."
            " Give the periods of the whole year"
        )
    if once:
        are = "is" if len(once) == 1 else "are"
        yield (
            f"{', '.join(once)} {are} paid with the first day of a stay: for a stay that began before {part.begins},"
            " or has no start, the rules of the earlier days have paid it, and these do not"
        )
