"""Figures of pupils that may be wrong: compared with the prices of the rules, what they pay, and a school week.

No sentence has a pupil's value: it is also printed and logged.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from engine.columns import Int, Kind, pupil_column
from engine.days import day_number, days_of_a_year
from engine.limits import limits
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import HUNDREDTHS, MILLION, PENCE, scaled
from engine.plausibility.warning import OF_MANY, Check, Doubt, Words, found
from engine.rules.compile import QUESTIONED
from engine.rules.compiled import CompiledTopUps

OF = "pupil"
COST, TODAY, *HOURS = QUESTIONED
PARTS, ATTENDED, START = "parts_on_roll", "hours", "start"
DAYS_OF_A_YEAR = 366
"""At most."""


def pupil_checks(outcome: TopUpOutcome) -> tuple[Check, ...]:
    """Return what may be wrong with the figures of pupils."""
    return found(
        [
            *_costs(outcome),
            *_amounts(outcome),
            *_today(outcome),
            *_hours(outcome),
            *_parts(outcome),
            *_starts(outcome),
        ]
    )


def _costs(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield assessed costs far from every price of the rules that is a sum."""
    cost = outcome.pupils.columns.get(COST)
    prices = _prices(outcome.top_ups)
    if cost is None or not prices:
        return
    least, most = limits()["of_the_lowest_price"].lower, limits()["times_the_highest_price"].upper
    low, high = scaled(min(prices) * least, 1), scaled(max(prices) * most, 1)
    # Of a national file nearly all have none.
    given = np.flatnonzero(cost > 0)
    held = cost.take(given)
    yield _check(Doubt.assessed_cost, COST, given[(held > high) | (held < low)])


def _amounts(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield sums of a pupil's own, other than an assessed cost, that are far above every price of the rules."""
    prices = _prices(outcome.top_ups)
    if not prices:
        return
    high = scaled(max(prices) * limits()["times_the_highest_price"].upper, 1)
    for name in sorted({one.column for one in outcome.top_ups.reads} - {COST, TODAY}):
        held = outcome.pupils.columns.get(name)
        column = pupil_column(name)
        if held is not None and column is not None and column.kind is Kind.pounds:
            said = f"{name} is far above every price of the rules: pounds or pence?"
            yield _check(Doubt.amount, name, np.flatnonzero(held > high), said)


def _prices(rules: CompiledTopUps) -> list[int]:
    """Return the prices of the rules that are sums, pence a year."""
    return [folded.base for one in rules.segments for _, folded in one.prices if folded.base > 0]


def _today(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield top-ups of today far from what the rules pay a year."""
    today = outcome.funded.columns.get(TODAY)
    if today is None:
        return
    # Only those whom the rules may pay are paid anything, and few of them have a top-up today.
    paid = np.flatnonzero(today > 0)
    rates, where = outcome.funded_rates.some(paid), outcome.funded_where
    limit, annual, today = limits()["times_today"], rates.pence, today.take(paid)
    # Pounds are compared: pence times a limit's hundredths may be more than an integer holds.
    now, then = annual // PENCE, today // PENCE
    least, most = scaled(limit.lower, HUNDREDTHS), scaled(limit.upper, HUNDREDTHS)
    far = (then * HUNDREDTHS < now * least) | (then * HUNDREDTHS > now * most)
    wrong = paid[(annual > 0) & rates.known & far]
    yield _check(Doubt.top_up_today, TODAY, wrong if where is None else where.take(wrong))


def _hours(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield hours a week beyond a school week and as much again, and hours at school of an hour or less."""
    limit = limits()["hours_a_week"]
    least, most = (scaled(one, HUNDREDTHS) for one in (limit.lower, limit.upper))
    attended = outcome.pupils.columns.get(ATTENDED)
    if attended is not None and outcome.top_ups.full_time:
        said = f"{ATTENDED} is an hour a week or less: a full-time equivalent? It counts hours"
        few = (attended > 0) & (attended <= least)
        yield _check(Doubt.hours, ATTENDED, np.flatnonzero(few), said)
    for name in HOURS:
        held = outcome.pupils.columns.get(name)
        if held is not None:
            said = f"{name} is more than {most // HUNDREDTHS} hours a week: a year's hours?"
            yield _check(Doubt.hours, name, np.flatnonzero(held > most), said)


def _parts(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield numbers of parts on roll that are hardly any of the year, as 1 is where a whole year is meant."""
    parts, calendar = outcome.pupils.columns.get(PARTS), outcome.top_ups.calendar
    if parts is None:
        return
    least = scaled(limits()["of_the_year"].lower, MILLION)
    # Whole numbers of parts are compared: their product with a calendar's size may be more than an integer holds.
    most = -(-least * calendar.denominator // (MILLION * calendar.each)) - 1
    year = calendar.denominator // calendar.each
    said = f"{PARTS} is a very small part of the year: a whole year is {year:,}, and a share of it so many of {year:,}"
    yield _check(Doubt.part_of_year, PARTS, np.flatnonzero((parts > 0) & (parts <= most)), said)
    first, last = outcome.rules.document.days_in_force
    days, whole = (last - first).days + 1, days_of_a_year(first)
    if not calendar.dated and days < whole:
        held = -(-year * days // whole)
        said = f"{PARTS} is more than the {held:,} of {year:,} that the {days} days of these rules have at most: count those alone"
        yield _check(Doubt.part_of_year, PARTS, np.flatnonzero(parts > held), said)


def _starts(outcome: TopUpOutcome) -> Iterator[Check]:
    """Yield starts that no pupil of these rules has: before any was born, or long after their year."""
    start = outcome.pupils.columns.get(START)
    if start is None:
        return
    first, last = map(day_number, outcome.rules.document.days_in_force)
    limit = limits()["years_from_a_start"]
    born, after = (
        first - int(limit.upper * DAYS_OF_A_YEAR),
        last - int(limit.lower * DAYS_OF_A_YEAR),
    )
    said = f"{START} is far from the days of these rules: check its year"
    wrong = ((start >= 0) & (start < born)) | (start > after)
    yield _check(Doubt.part_of_year, START, np.flatnonzero(wrong), said)


def _check(kind: Doubt, column: str, places: Int, said: str = "") -> Check:
    """Return the check of one column, whose sentence is the same of every pupil."""
    return Check(OF, kind, (column,), places, partial(_words, said or OF_MANY[kind]), said)


def _words(sentence: str, _pupil: int) -> Words:
    return sentence, None
