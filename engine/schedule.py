"""When the year's money is paid: amounts by month or period that add to the year's amount.

Each payment is the difference of rounded running totals, so that whatever the calendar, a
pupil's payments add to the pupil's amount to the penny.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from engine.calendars import Calendar
from engine.columns import Int
from engine.days import day_number
from engine.errors import PairRefused, Problem
from engine.kernels.top_ups import ONCE
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import half_away


class Divided(StrEnum):
    """How the year is divided into payments."""

    months = "months"
    """calendar months"""
    periods = "periods"
    """the periods of the rule's calendar (terms, four weeks), or its equal parts"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Payments of each pupil: ``names`` of the payments, ``last_days`` of each where dates are known.

    payments  (pupils, payments) pence
    """

    names: tuple[str, ...]
    last_days: tuple[date, ...]
    payments: Int

    def totals(self) -> Int:
        """Return the sum of each payment over all pupils, pence."""
        totals: Int = self.payments.sum(axis=0)
        return totals


def payment_schedule(outcome: TopUpOutcome, divided: Divided) -> Schedule:
    """Return when each pupil's top-up falls due.

    Raises ``PairRefused`` where months are asked for under a calendar without dates, or dates of
    presence were not given to a calendar that counts parts, and where prices change within the year.
    """
    if len(outcome.top_ups.segments) > 1:
        sentence = "has prices that change within the year, so its money cannot be divided yet"
        raise PairRefused([Problem(sentence, "changes", place="band_profile.tariff")])
    calendar = outcome.top_ups.calendar
    if not calendar.dated:
        return _by_parts(outcome, calendar, divided)
    names, last_days = _ends(outcome, divided)
    bounds = [day_number(day) for day in last_days]
    earned = np.stack([_earned_until(outcome, calendar, bound) for bound in bounds], axis=1)
    return Schedule(names, last_days, _shared(outcome, earned))


def _ends(outcome: TopUpOutcome, divided: Divided) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Return the name and the last day of each payment's part of the year."""
    rule = outcome.rules.document.top_up_rule
    periods = rule.calendar.periods if rule is not None else ()
    if divided is Divided.periods:
        return tuple(period.name for period in periods), tuple(period.last for period in periods)
    first, last = periods[0].first, periods[-1].last
    ends: list[date] = []
    day = first
    while day <= last:
        following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        ends.append(min(following - timedelta(days=1), last))
        day = following
    return tuple(end.strftime("%B %Y") for end in ends), tuple(ends)


def _earned_until(outcome: TopUpOutcome, calendar: Calendar, bound: int) -> Int:
    """Return the share of the year that each pupil has earned by the end of a day."""
    columns = outcome.pupils.columns
    everyone = np.full(len(outcome.pupils), -1, np.int64)
    end = columns.get("end", everyone)
    last = np.where(end < 0, bound, np.minimum(end, bound))
    return calendar.year_share(np.where(outcome.began < 0, calendar.first, outcome.began), last)


def _shared(outcome: TopUpOutcome, earned: Int) -> Int:
    """Return each payment: the rounded running total by then, less what was paid before.

    What is paid once is paid with the first day; a pupil whose presence in a dated year was
    given as a count is paid evenly over it; by the last part the whole amount is paid.
    """
    amount, whole = outcome.amount, np.maximum(earned[:, -1], 1)
    running = np.empty_like(earned)
    for at in range(earned.shape[1]):
        product = amount * earned[:, at]
        running[:, at] = half_away(product, whole)
    running[earned[:, -1] == 0] = 0
    once = (outcome.decisions.rates.flags[outcome.combination] & ONCE) > 0
    running = np.where(once[:, None], np.where(earned > 0, amount[:, None], 0), running)
    running[:, -1] = amount
    payments: Int = np.diff(running, axis=1, prepend=0)
    return payments


def _by_parts(outcome: TopUpOutcome, calendar: Calendar, divided: Divided) -> Schedule:
    """Return payments by equal parts of a year whose dates are not known, the first parts first."""
    if divided is Divided.months:
        sentence = "has no dates, so its money cannot be divided by month"
        raise PairRefused([Problem(sentence, "no-dates", place="top_up_rule.calendar")])
    parts = np.arange(1, calendar.parts + 1)
    held = outcome.pupils.columns["parts_on_roll"].astype(np.int64)
    earned = np.minimum(parts[None, :], np.maximum(held, 0)[:, None])
    names = tuple(f"{calendar.part or 'part'} {part}" for part in parts)
    return Schedule(names, (), _shared(outcome, earned))
