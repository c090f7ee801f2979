"""What pupils are paid by their combinations, clauses and time: to the penny, and before it is rounded."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.top_ups import Clauses, Paid, YearShares, fill_top_ups
from engine.modules.top_ups.loss_protection import protected_of
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.year_share import NO_COUNTS, year_parts, year_shares
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledTopUps
from engine.tables import Pupils, frozen
from engine.tables.chosen_pupils import some_pupils

NOT_EXACT: Int = np.empty(0, np.int64)
"""In the place of amounts before rounding, where they are not asked for."""


def clauses_of(top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices) -> Clauses:
    """Return what is between each pupil's price and the amount of a year, as arrays of kernels."""
    hours = pupils.columns["hours"] if top_ups.full_time else NO_COUNTS
    return Clauses(
        prices.quantity, prices.group, hours, top_ups.full_time,
        protected_of(top_ups, pupils), top_ups.protected_days,
    )  # fmt: skip


def penny_parts(top_ups: CompiledTopUps) -> int:
    """Return how many parts a penny has in an amount before rounding."""
    return max(top_ups.full_time, 1) * year_parts(top_ups)


def amounts_by_pupil(
    combination: NDArray[np.int32],
    prices: PupilPrices,
    clauses: Clauses,
    time: YearShares,
    blocks: Blocks,
    exact: Int = NOT_EXACT,
) -> Paid:
    """Return what pupils of these combinations are paid, worked out pupil by pupil.

    ``exact`` (pupils, or none) is filled with the amounts before rounding, in ``penny_parts``.
    """
    amount, reason = np.empty(len(combination), np.int64), np.empty(len(combination), np.int8)
    rates = prices.by_combination.rates
    blocks.run(
        fill_top_ups, len(combination), combination, rates, clauses, time, amount, reason, exact
    )
    return Paid(frozen(amount), frozen(reason))


def exact_amounts(
    top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices, time: YearShares
) -> Int:
    """Return what each pupil is paid before rounding, in ``penny_parts``; 0 where it is not known."""
    exact, clauses = np.empty(len(pupils), np.int64), clauses_of(top_ups, pupils, prices)
    combination = prices.combinations.combination
    amounts_by_pupil(combination, prices, clauses, time, ONE_THREAD, exact)
    return frozen(exact * (year_parts(top_ups) // time.whole))


def exact_of_some(top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices, which: Int) -> Int:
    """Return the same of the pupils at ``which`` (ascending places) alone."""
    chosen = some_pupils(pupils, which)
    combinations = prices.combinations
    theirs = prices._replace(
        combinations=replace(combinations, combination=frozen(combinations.combination[which])),
        quantity=frozen(prices.quantity[which]) if len(prices.quantity) else prices.quantity,
        group=frozen(prices.group[which]) if len(prices.group) else prices.group,
    )
    return exact_amounts(top_ups, chosen, theirs, year_shares(top_ups, chosen))
