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
"""The codes of ``vocabulary.Reason`` that are decided here."""

ONCE, SHARED = 1, 2
"""Manners of a price: paid whole whatever part of the year is on roll; shared in a group."""


class CombinationRates(NamedTuple):
    """What each combination of attributes is paid a year.

    verdict  (combinations) ``PRICED``, or the reason why nothing is priced
    base     (combinations) pence a year
    each     (combinations) pence a year for each ``divisor`` units of a quantity
    manner   (combinations) sum of ``ONCE`` and ``SHARED``
    """

    verdict: NDArray[np.int8]
    base: Int
    each: Int
    manner: NDArray[np.int8]
    divisor: Int


class Clauses(NamedTuple):
    """Quantities, hours, threshold, floor, cap and protection between a price and the amount of a year.

    quantity        (pupils, or none) millionths; negative where not supplied
    group           (pupils, or none) pupils who share the quantity
    hours           (pupils, or none) hundredths of an hour a week; negative where not supplied
    full_time       hundredths of an hour of a full-time week; 0 where hours do not matter
    threshold       (combinations) pence that the school meets first
    floor, cap      pence a year before days are counted; -1 where there is none
    protected       (pupils, or none) least pence a year, as paid today; negative where unknown
    protected_days  days of the year, from its first, that are protected
    """

    quantity: Int
    group: NDArray[np.int16]
    hours: NDArray[np.int16]
    full_time: int
    threshold: Int
    floor: int
    cap: int
    protected: Int
    protected_days: int

    @property
    def depend_on_pupils(self) -> bool:
        """Return whether a column outside the combination changes the amount of a whole year."""
        return bool(len(self.quantity) or self.full_time or len(self.protected))


class YearsPart(NamedTuple):
    """The day counts that give the part of the year that each pupil earns.

    first_day     day number of the year's first day
    cumulative    (days + 1) mass of the year's first days; the last is the whole year's
    began, ended  (pupils, or none) first and last day paid; negative where open
    parts         (pupils, or none) parts of the year paid; negative where dates say it
    each_part     mass of one part
    """

    first_day: int
    cumulative: Int
    began: NDArray[np.int32]
    ended: NDArray[np.int32]
    parts: NDArray[np.int16]
    each_part: int


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
def multiple(
    pupil: int, each: int, divisor: int, sharing: int, quantity: Int, group: NDArray[np.int16]
) -> int:
    """Return pence a year for a pupil's quantity, shared in a group where it is, to the penny."""
    if quantity[pupil] < 0:
        return UNKNOWN
    share = MILLION
    if sharing:
        if group[pupil] <= 0:
            return UNKNOWN
        share = MILLION * int(group[pupil])
    if divisor == 1:
        # The same, by fewer divisions.
        return round_ratio(each * quantity[pupil], share)
    whole, rest = split_product(each, quantity[pupil], divisor, share)
    return int(whole) + round_ratio(rest, share * divisor)


@scalar
def earned(began: int, ended: int, first_day: int, cumulative: Int, last: int) -> int:
    """Return the mass that days from ``began`` to ``ended`` earn of the year's first ``last`` days.

    A negative day is open: since before the year, or to its end.
    """
    starts = min(max(began - first_day, 0), len(cumulative) - 1)
    stops = last if ended < 0 else max(min(ended - first_day + 1, last), 0)
    return max(int(cumulative[stops]) - int(cumulative[starts]), 0)


@scalar
def due_of(gross: int, threshold: int, floor: int, cap: int, week: int) -> tuple[int, int]:
    """Return the amount of a year (pence) after threshold, floor and cap, and which of them applied.

    ``gross`` and what is due are pence times the hours of a full-time ``week``.
    """
    due = gross - threshold * week
    reason = RATE
    if threshold > 0 and due <= 0:
        due = 0
        reason = WITHIN_THRESHOLD
    if floor >= 0 and due < floor * week:
        due = floor * week
        reason = FLOOR
    if cap >= 0 and due > cap * week:
        due = cap * week
        reason = CAP
    return due, reason


@kernel
def fill_settled(
    start: int,
    stop: int,
    identity: NDArray[np.int32],
    settled: Paid,
    out_amount: Int,
    out_reason: NDArray[np.int8],
) -> None:
    """Fill each pupil's top-up, pence, and its reason from what the pupil's combination is paid.

    identity        (pupils) the pupil's combination of attributes
    settled         (combinations) pence for a whole year, and why
    """
    settled_amount, settled_reason = settled.amount, settled.reason
    combinations = identity[start:stop]
    amounts = out_amount[start:stop]
    reasons = out_reason[start:stop]
    # One loop each: a compiler turns either into wide loads, and the two together into none.
    for at in range(len(combinations)):
        amounts[at] = settled_amount[np.uint64(combinations[at])]
    for at in range(len(combinations)):
        reasons[at] = settled_reason[np.uint64(combinations[at])]


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
    absent      the reason of an amount that is not known
    out_sum     (placements) what was written comes to, pence, read once more; ``out_absent``
                the pupils not known
    """
    offsets, some_offsets = placements.offsets, placements.some_offsets
    where, amount, reason = placements.where, paid.amount, paid.reason
    # A block is emptied, written and read while it is close to the processor.
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
            unknown += reasons[at] == absent
        out_sum[placement] = total
        out_absent[placement] = unknown


@kernel
def fill_top_ups(
    start: int,
    stop: int,
    identity: NDArray[np.int32],
    rates: CombinationRates,
    clauses: Clauses,
    time: YearsPart,
    out_amount: Int,
    out_reason: NDArray[np.int8],
) -> None:
    """Fill each pupil's top-up, pence, and the reason for it.

    identity    (pupils) the pupil's combination of attributes
    rates       what each combination is paid a year
    clauses     what changes that, for all or pupil by pupil
    time        the part of the year that each pupil earns
    out_amount  (pupils) pence; ``out_reason`` why
    """
    # Fields that are looked up within the loop take a fifth longer.
    verdict, base, each = rates.verdict, rates.base, rates.each
    manner, divisor = rates.manner, rates.divisor
    quantity, group, hours = clauses.quantity, clauses.group, clauses.hours
    full_time, threshold = clauses.full_time, clauses.threshold
    floor, cap = clauses.floor, clauses.cap
    protected, protected_days = clauses.protected, clauses.protected_days
    first_day, cumulative, each_part = time.first_day, time.cumulative, time.each_part
    began, ended, parts = time.began, time.ended, time.parts
    week = max(full_time, 1)
    days = len(cumulative) - 1
    whole = cumulative[days]
    for pupil in range(start, stop):
        alike = np.uint64(identity[pupil])
        out_amount[pupil] = 0
        reason = verdict[alike]
        if reason == PRICED:
            came = int(began[pupil]) if len(began) > 0 else UNKNOWN
            left = int(ended[pupil]) if len(ended) > 0 else UNKNOWN
            part = earned(came, left, first_day, cumulative, days) if days > 0 else UNKNOWN
            kept = earned(came, left, first_day, cumulative, protected_days)
            if len(parts) > 0 and parts[pupil] >= 0:
                part = int(parts[pupil]) * each_part
                kept = part
            annual = base[alike]
            if each[alike] != 0:
                sharing = manner[alike] & SHARED
                extra = multiple(pupil, each[alike], divisor[alike], sharing, quantity, group)
                annual = annual + extra if extra >= 0 else UNKNOWN
            attended = min(week, int(hours[pupil])) if full_time > 0 else week
            keeps = len(protected) > 0 and kept > 0 and part > 0
            if attended < 0 or part < 0 or annual < 0 or (keeps and protected[pupil] < 0):
                reason = NOT_SUPPLIED
            else:
                due, reason = due_of(annual * attended, threshold[alike], floor, cap, week)
                lift = 0
                if keeps and due < protected[pupil] * week:
                    lift = protected[pupil] * week - due
                    reason = PROTECTED
                if part == 0:
                    reason = NOT_ON_ROLL
                elif manner[alike] & ONCE:
                    part = whole
                    kept = whole
                if week == 1 and part == whole and lift == 0:
                    out_amount[pupil] = due
                else:
                    out_amount[pupil] = round_ratio(due * part + lift * kept, week * whole)
        out_reason[pupil] = reason
