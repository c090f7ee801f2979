"""When the year's money is paid: amounts by month or period that add to the year's amount.

Each payment is the difference of rounded running totals of what is due before rounding, so that
whatever the calendar, a pupil's payments add to the pupil's amount to the penny.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from engine.calendars import Calendar
from engine.columns import Int
from engine.days import day_number
from engine.errors import PairRefused, Problem
from engine.kernels.top_ups import ONCE
from engine.modules.top_ups.amounts import exact_amounts, exact_of_some, penny_parts
from engine.modules.top_ups.earlier_due import Again
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.modules.top_ups.year_share import year_shares
from engine.money import half_away
from engine.tables import frozen


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

    Raises ``PairRefused`` where months are asked for under a calendar without dates.
    """
    calendar = outcome.top_ups.calendar
    if not calendar.dated:
        return _by_parts(outcome, calendar, divided)
    names, last_days = _ends(outcome, divided)
    bounds = [day_number(day) for day in last_days]
    due = np.stack([_due_until(outcome, bound) for bound in bounds], axis=1)
    counted = outcome.pupils.columns.get("parts_on_roll")
    if counted is not None:
        by_count = np.flatnonzero(counted >= 0)
        due[by_count] = _evenly(outcome, calendar, by_count, bounds)
    return Schedule(names, last_days, _payments(outcome, due))


def _due_until(outcome: TopUpOutcome, bound: int) -> Int:
    """Return what each pupil has earned by the end of a day, in parts of a penny.

    It is worked out as if every pupil left on that day.
    """
    top_ups, pupils, prices = outcome.top_ups, outcome.pupils, outcome.prices()
    time = year_shares(top_ups, pupils)
    ended = time.ended if len(time.ended) else np.full(len(pupils), -1, np.int32)
    until = np.where(ended < 0, bound, np.minimum(ended, bound)).astype(np.int32)
    exact = exact_amounts(top_ups, pupils, prices, time._replace(ended=frozen(until)))
    return np.where(outcome.known, exact, 0)


def _payments(outcome: TopUpOutcome, due: Int) -> Int:
    """Return each payment: the rounded running total by then, less what was paid before, for the pupil's earlier spells and the year before the rules too.

    ``due`` (pupils, payments) is what is earned by each in parts of a penny.
    """
    before = np.zeros(len(due), np.int64)
    earlier = outcome.earlier
    before[earlier.where] = earlier.before
    due[earlier.where[earlier.again != Again.no]] = 0
    parts = penny_parts(outcome.top_ups)
    running = half_away(before[:, None] + due, parts) - half_away(before, parts)[:, None]
    payments: Int = np.diff(running, axis=1, prepend=0)
    return payments


def _evenly(outcome: TopUpOutcome, calendar: Calendar, counted: Int, bounds: Sequence[int]) -> Int:
    """Return what pupils whose presence was given as a count have earned by some days: evenly over the year."""
    top_ups, share = outcome.top_ups, calendar.share
    exact = exact_of_some(top_ups, outcome.pupils, outcome.prices(), counted)
    whole = np.where(outcome.known[counted], exact, 0).astype(object)
    days = np.clip(np.asarray(bounds) - calendar.first + 1, 0, len(calendar.cumulative) - 1)
    earned = calendar.cumulative[days].astype(object)
    once = outcome.decisions.rates.flags[outcome.combination[counted]] & ONCE
    # To the part of a penny below: the last day's is the whole, so that payments add to it.
    evenly = whole[:, None] * earned[None, :] // share
    paid = np.where(once[:, None] > 0, whole[:, None] * (earned > 0)[None, :], evenly)
    due: Int = paid.astype(np.int64)
    return due


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


def _by_parts(outcome: TopUpOutcome, calendar: Calendar, divided: Divided) -> Schedule:
    """Return payments by equal parts of a year whose dates are not known, the first parts first."""
    if divided is Divided.months:
        sentence = "has no dates, so its money cannot be divided by month"
        raise PairRefused([Problem(sentence, "no-dates", place="top_up_rule.calendar")])
    top_ups, pupils = outcome.top_ups, outcome.pupils
    parts = np.arange(1, calendar.parts + 1)
    held = np.maximum(pupils.columns["parts_on_roll"].astype(np.int64), 0)
    exact = exact_amounts(top_ups, pupils, outcome.prices(), year_shares(top_ups, pupils))
    exact = np.where(outcome.known, exact, 0)
    once = (outcome.decisions.rates.flags[outcome.combination] & ONCE) > 0
    # What is paid for each part is a whole number of the same parts of a penny.
    each = np.where(once, 0, exact // np.maximum(held, 1))
    due = np.where(
        once[:, None], exact[:, None], each[:, None] * np.minimum(parts[None, :], held[:, None])
    )
    names = tuple(f"{calendar.part or 'part'} {part}" for part in parts)
    return Schedule(names, (), _payments(outcome, due))
