"""A band's price to what is paid for a pupil in the year, with the clause that decided it."""

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.jit import kernel
from engine.money import MILLION, round_ratio

PRICED = -1
RATE, NOT_SUPPLIED, WITHIN_THRESHOLD, FLOOR, CAP, NOT_ON_ROLL = 0, 2, 4, 5, 6, 7
"""The codes of ``vocabulary.Reason`` that are decided here."""


@kernel
def fill_top_ups(
    start: int,
    stop: int,
    identity: NDArray[np.int32],
    verdict: NDArray[np.int8],
    base: Int,
    each: Int,
    quantity: Int,
    hours: NDArray[np.int16],
    full_time: int,
    threshold: Int,
    floor: int,
    cap: int,
    mass: NDArray[np.int32],
    denominator: int,
    out_annual: Int,
    out_amount: Int,
    out_reason: NDArray[np.int8],
) -> None:
    """Fill each pupil's annual rate and top-up, pence, and the reason for it.

    identity     (pupils) the pupil's combination of attributes
    verdict      (combinations) ``PRICED``, or the reason why nothing is priced
    base         (combinations) pence a year
    each         (combinations) pence a year for each unit of ``quantity``
    quantity     (pupils, or none) millionths; negative where not supplied
    hours        (pupils, or none) hundredths of an hour a week; negative where not supplied
    full_time    hundredths of an hour of a full-time week; 0 where hours do not matter
    threshold    (combinations) pence that the school meets first
    floor, cap   pence a year before days are counted; -1 where there is none
    mass         (pupils, or none) part of the year earned; negative where not supplied
    denominator  mass of the whole year
    """
    week = max(full_time, 1)
    for pupil in range(start, stop):
        combination = identity[pupil]
        out_annual[pupil] = 0
        out_amount[pupil] = 0
        reason = verdict[combination]
        part = denominator
        if len(mass) > 0:
            part = mass[pupil]
        if reason == PRICED:
            annual = base[combination]
            reason = RATE
            if each[combination] != 0:
                if quantity[pupil] < 0:
                    reason = NOT_SUPPLIED
                else:
                    annual += round_ratio(each[combination] * quantity[pupil], MILLION)
            attended = week
            if full_time > 0:
                attended = min(week, hours[pupil])
            if attended < 0 or part < 0:
                reason = NOT_SUPPLIED
            if reason == RATE:
                due = annual * attended - threshold[combination] * week
                if threshold[combination] > 0 and due <= 0:
                    due = 0
                    reason = WITHIN_THRESHOLD
                if floor >= 0 and due < floor * week:
                    due = floor * week
                    reason = FLOOR
                if cap >= 0 and due > cap * week:
                    due = cap * week
                    reason = CAP
                if part == 0:
                    reason = NOT_ON_ROLL
                out_annual[pupil] = annual
                if week == 1 and part == denominator:
                    out_amount[pupil] = due
                else:
                    out_amount[pupil] = round_ratio(due * part, week * denominator)
        out_reason[pupil] = reason
