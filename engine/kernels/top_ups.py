"""A band's price to what is paid for a pupil in the year, with the clause that decided it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel, scalar
from engine.money import MILLION, round_ratio, split_product

PRICED = -1
UNKNOWN = -1
RATE, NOT_SUPPLIED, WITHIN_THRESHOLD, FLOOR, CAP, NOT_ON_ROLL, PROTECTED = 0, 2, 4, 5, 6, 7, 9
NOT_PRINTED = 10
"""The codes of ``vocabulary.Reason`` that are decided here."""

UNPRINTED = ~NOT_PRINTED
"""In the place of pence that are not known: the bits of a reason, inverted, are below every amount."""

BEYOND = np.iinfo(np.int64).max
"""Above every amount: the most that a floor which is not known may lift to."""

ONCE, SHARED, STEADY = 1, 2, 4
"""Flags of a price: paid whole whatever part of the year is on roll; shared in a group; the same all year."""


class CombinationRates(NamedTuple):
    """What each combination of attributes is paid a year, by each segment of the year.

    A segment is a run of days on which no value of the rules changes.

    status     (segments, combinations) ``PRICED``, or the reason why nothing is priced
    flags      (combinations) sum of ``ONCE``, ``SHARED`` and ``STEADY``
    base       (segments, combinations) pence a year; ``~reason`` where it is not known
    each       (segments, combinations) pence a year for each ``divisor`` units of a quantity, or ``~reason``
    threshold  (segments, combinations) pence that the school meets first, or ``~reason``
    floor, cap (segments, combinations) pence a year before days are counted; -1 where there is none, ``~reason``
               where it is not known
    """

    status: NDArray[np.int8]
    flags: NDArray[np.int8]
    base: Int
    each: Int
    divisor: Int
    threshold: Int
    floor: Int
    cap: Int


class Clauses(NamedTuple):
    """Quantities, hours and protection between a price and the amount of a year.

    quantity        (pupils, or none) millionths; negative where not supplied
    group           (pupils, or none) pupils who share the quantity
    hours           (pupils, or none) hundredths of an hour a week; negative where not supplied
    full_time       hundredths of an hour of a full-time week; 0 where hours do not matter
    protected       (pupils, or none) least pence a year, as paid today; ``~reason`` where not known
    protected_days  days of the year, from its first, that are protected
    """

    quantity: Int
    group: NDArray[np.int16]
    hours: NDArray[np.int16]
    full_time: int
    protected: Int
    protected_days: int

    @property
    def depend_on_pupils(self) -> bool:
        """Return whether a column outside the combination changes the amount of a whole year."""
        return bool(len(self.quantity) or self.full_time or len(self.protected))


class YearShares(NamedTuple):
    """The day counts that give the share of the year that each pupil earns.

    first_day     day number of the calendar's first day
    whole         the share that is a whole year
    each          the share that is one counted part
    cumulative    (days + 1) share of the calendar's first days; the last is that of all its days
    bounds        (segments + 1) days of the year before each segment; the last is all its days
    began, ended  (pupils, or none) first and last day paid; negative where open
    parts         (pupils, or none) equal parts of the year paid; negative where dates say it
    """

    first_day: int
    whole: int
    each: int
    cumulative: Int
    bounds: Int
    began: NDArray[np.int32]
    ended: NDArray[np.int32]
    parts: NDArray[np.int16]


class Paid(NamedTuple):
    """Pence and reason, one entry each: of pupils, or of combinations for a whole year."""

    amount: Int
    reason: NDArray[np.int8]


class Placements(NamedTuple):
    """Some pupils of a table by placement.

    offsets       (placements + 1) where each placement's pupils start among all
    some_offsets  (placements + 1) where they start among the some
    where         (some pupils) position of each among all, ascending
    """

    offsets: Int
    some_offsets: Int
    where: Int


@scalar
def annual_rate(
    pupil: int,
    base: int,
    each: int,
    divisor: int,
    flags: int,
    quantity: Int,
    group: NDArray[np.int16],
) -> int:
    """Return pence a year: a sum, and so much for a pupil's quantity, shared in a group, to the penny.

    None shared in a group of whatever size is none, and none of what has no printed rate too. ``~reason``
    where it is not known.
    """
    if base < 0:
        return base
    sharing = flags & SHARED and quantity[pupil] != 0
    if quantity[pupil] < 0 or (sharing and group[pupil] <= 0):
        return ~NOT_SUPPLIED
    if each < 0:
        return each if quantity[pupil] != 0 else base
    share = MILLION * int(group[pupil]) if sharing else MILLION
    if divisor == 1:
        # The same, by fewer divisions.
        return base + round_ratio(each * quantity[pupil], share)
    whole, rest = split_product(each, quantity[pupil], divisor, share)
    return base + int(whole) + round_ratio(rest, share * divisor)


@scalar
def stay(
    pupil: int, began: NDArray[np.int32], ended: NDArray[np.int32], first_day: int, days: int
) -> tuple[int, int]:
    """Return how many of the year's days lie before a pupil's stay, and how many before its end.

    A negative day is open: since before the year, or to its end.
    """
    came = int(began[pupil]) if len(began) > 0 else UNKNOWN
    left = int(ended[pupil]) if len(ended) > 0 else UNKNOWN
    opens = min(max(came - first_day, 0), days)
    closes = days if left < 0 else max(min(left - first_day + 1, days), 0)
    return opens, closes


@scalar
def share_between(opens: int, closes: int, cumulative: Int) -> int:
    """Return the share of the year of its days from ``opens`` to ``closes``; 0 where there are none."""
    return int(cumulative[closes]) - int(cumulative[opens]) if closes > opens else 0


@scalar
def lack_of(annual: int, attended: int, part: int, least: int) -> int:
    """Return why an amount is not known for want of a rate, hours, days or today's top-up; ``PRICED`` for none.

    What is multiplied by 0 lacks nothing. ``least`` is what is protected, where anything is.
    """
    if part < 0:
        return NOT_SUPPLIED
    if part == 0:
        return PRICED
    if (annual < 0 or attended < 0) and annual != 0 and attended != 0:
        return ~annual if annual < 0 else NOT_SUPPLIED
    return ~least if least < 0 else PRICED


@scalar
def bounded(due: int, reason: int, limits: tuple[int, int, int, int]) -> tuple[int, int]:
    """Return what is due of a year, and why, where a first part, floor or cap is not known.

    It lies between the least and the most that the ones not known may leave, and is known where these are
    the same: a cap that is reached without a floor is reached with any, and a floor no less than the price is
    paid whatever first part is taken off. Of nothing neither first part nor cap leaves anything else.
    ``due`` is the price less a first part that is known, and ``reason`` what it is by; ``limits`` as in ``due_of``.
    """
    threshold, floor, cap, week = limits
    least, most, lack = due, due, PRICED
    if threshold < 0 and due > 0:
        least, lack = 0, ~threshold
    if floor < UNKNOWN:
        most, lack = BEYOND, ~floor if lack == PRICED else lack
    elif floor >= 0:
        reason = FLOOR if least < floor * week else reason
        least, most = max(least, floor * week), max(most, floor * week)
    if cap < UNKNOWN and most > 0:
        least, lack = 0, ~cap if lack == PRICED else lack
    elif cap >= 0:
        reason = CAP if least > cap * week else reason
        least, most = min(least, cap * week), min(most, cap * week)
    return (least, reason) if least == most else (UNKNOWN, lack)


@scalar
def due_of(
    annual: int, attended: int, part: int, limits: tuple[int, int, int, int], least: int
) -> tuple[int, int]:
    """Return the amount of a year (pence) after threshold, floor and cap, and which of them applied.

    limits  threshold, floor, cap, and the hours of a full-time week
    least   what is protected, where anything is

    What is due is pence times the hours of a full-time week, nothing for no ``part`` of the year, and
    ``UNKNOWN`` where something lacks or a clause that counts is not known, as ``bounded`` says.
    """
    reason = lack_of(annual, attended, part, least)
    if reason != PRICED:
        return UNKNOWN, reason
    if part == 0:
        return 0, NOT_ON_ROLL
    gross, (threshold, floor, cap, week) = annual * attended, limits
    due = gross - max(threshold, 0) * week
    reason = RATE
    if threshold != 0 and due <= 0:
        due = 0
        reason = WITHIN_THRESHOLD
    if threshold < 0 or floor < UNKNOWN or cap < UNKNOWN:
        return bounded(due, reason, limits)
    if floor >= 0 and due < floor * week:
        due = floor * week
        reason = FLOOR
    if cap >= 0 and due > cap * week:
        due = cap * week
        reason = CAP
    return due, reason


@kernel
def fill_whole_year(
    start: int,
    stop: int,
    combination: NDArray[np.int32],
    year: Paid,
    out_amount: Int,
    out_reason: NDArray[np.int8],
) -> None:
    """Fill each pupil's top-up, pence, and its reason from what the pupil's combination is paid.

    combination     (pupils) the pupil's combination of attributes
    year            (combinations) pence for a whole year, and why
    """
    year_amount, year_reason = year.amount, year.reason
    combinations = combination[start:stop]
    amounts = out_amount[start:stop]
    reasons = out_reason[start:stop]
    # One loop each: a compiler turns either into wide loads, and the two together into none.
    for at in range(len(combinations)):
        amounts[at] = year_amount[np.uint64(combinations[at])]
    for at in range(len(combinations)):
        reasons[at] = year_reason[np.uint64(combinations[at])]


@kernel
def fill_placed(
    start: int,
    stop: int,
    placements: Placements,
    paid: Paid,
    other: int,
    absent: int,
    out_amount: Int,
    out_reason: NDArray[np.int8],
    out_sum: Int,
    out_absent: Int,
) -> None:
    """Fill all pupils' top-ups, pence, and reasons from those of some; the others have nothing.

    paid        (some pupils) pence, and why
    other       the reason of all others
    absent      the reasons of an amount that is not known, each a bit
    out_sum     (placements) what was filled comes to, pence, read once more; ``out_absent``
                the pupils not known
    """
    offsets, some_offsets = placements.offsets, placements.some_offsets
    where, amount, reason = placements.where, paid.amount, paid.reason
    # A chunk of rows is emptied, filled and read while it is close to the processor.
    out_amount[offsets[start] : offsets[stop]] = 0
    out_reason[offsets[start] : offsets[stop]] = other
    for at in range(some_offsets[start], some_offsets[stop]):
        place = where[np.uint64(at)]
        out_amount[np.uint64(place)] = amount[np.uint64(at)]
        out_reason[np.uint64(place)] = reason[np.uint64(at)]
    for placement in range(start, stop):
        amounts = out_amount[offsets[placement] : offsets[placement + 1]]
        reasons = out_reason[offsets[placement] : offsets[placement + 1]]
        total = 0
        unknown = 0
        for at in range(len(amounts)):
            total += amounts[at]
            unknown += (absent >> int(reasons[at])) & 1
        out_sum[placement] = total
        out_absent[placement] = unknown


@kernel
def fill_top_ups(
    start: int,
    stop: int,
    combination: NDArray[np.int32],
    rates: CombinationRates,
    clauses: Clauses,
    time: YearShares,
    out_amount: Int,
    out_reason: NDArray[np.int8],
    out_exact: Int,
) -> None:
    """Fill each pupil's top-up, pence, and the reason for it.

    combination  (pupils) the pupil's combination of attributes
    rates        what each combination is paid a year
    clauses      what changes that, for all or pupil by pupil
    time         the share of the year that each pupil earns
    out_amount   (pupils) pence; ``out_reason`` why: protection where it adds anything, else what
                 decides the last segment that is paid
    out_exact    (pupils, or none) the amount before it is rounded, in parts of a penny: of the
                 whole year's share times the hours of a full-time week

    What is 0 times a rate or hours that are not known is 0. The amounts of the segments are added
    exactly and rounded once; what is paid once is paid at the rate of the first day on roll. A count
    of parts of a year of several segments does not say which of its days: only all, or none, or
    where nothing changes for the pupil.
    """
    # Fields that are looked up within the loop take a fifth longer.
    status, flags, base, each, divisor, threshold, floor, cap = rates
    quantity, group, hours, full_time, protected, protected_days = clauses
    first_day, whole, one_part, cumulative, bounds, began, ended, parts = time
    week, segments, days = max(full_time, 1), len(bounds) - 1, len(cumulative) - 1
    exactly = len(out_exact) > 0
    out_exact[start:stop] = 0
    for pupil in range(start, stop):
        alike = np.uint64(combination[pupil])
        out_amount[pupil], out_reason[pupil] = 0, status[0, alike]
        if segments == 1 and status[0, alike] != PRICED:
            continue
        opens, closes = stay(pupil, began, ended, first_day, days)
        part, several = UNKNOWN, segments
        if len(parts) > 0 and parts[pupil] >= 0:
            part = int(parts[pupil]) * one_part
            if segments > 1 and part == cumulative[days]:
                opens, closes, part = 0, days, UNKNOWN
            elif flags[alike] & STEADY:
                several = 1
        by_days = part < 0 and days > 0
        if part > 0 and several > 1:
            part = UNKNOWN
        attended = min(week, int(hours[pupil])) if full_time > 0 else week
        kept, exact, added, due, reason, paid = part, 0, 0, 0, NOT_ON_ROLL, False
        for segment in range(several):
            if by_days:
                low, high = max(opens, bounds[segment]), min(closes, bounds[segment + 1])
                part = share_between(low, high, cumulative)
                kept = share_between(low, min(high, protected_days), cumulative)
            # Of a pupil who is never on roll the last segment says what is not known.
            if part == 0 and (paid or segment < several - 1):
                continue
            paid = True
            annual, reason = base[segment, alike], status[segment, alike]
            # A call that is made for every pupil takes as long as all the rest.
            if each[segment, alike] != 0:
                more, per = each[segment, alike], divisor[segment, alike]
                annual = annual_rate(pupil, annual, more, per, flags[alike], quantity, group)
            keeps, due = len(protected) > 0 and kept > 0 and part > 0, UNKNOWN
            if reason == PRICED:
                limits = (
                    threshold[segment, alike], floor[segment, alike], cap[segment, alike], week,
                )  # fmt: skip
                least = protected[pupil] if keeps else 0
                due, reason = due_of(annual, attended, part, limits, least)
            if due < 0:
                exact, added, part = 0, 0, 0
                break
            if part != 0 and flags[alike] & ONCE:
                part, kept, closes = whole, whole, opens
            exact += due * part
            if keeps and due < protected[pupil] * week:
                added += (protected[pupil] * week - due) * kept
        if week == 1 and part == whole and added == 0:
            out_amount[pupil] = due
        elif exact + added != 0:
            out_amount[pupil] = round_ratio(exact + added, week * whole)
        if exactly:
            out_exact[pupil] = exact + added
        out_reason[pupil] = PROTECTED if added > 0 else reason
