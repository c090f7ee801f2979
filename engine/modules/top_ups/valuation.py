"""Bands, prices and top-ups of pupils: rules are applied to combinations, money to pupils."""

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from engine.errors import PairRefused
from engine.kernels.top_ups import (
    Clauses,
    Paid,
    Placements,
    YearShares,
    fill_placed,
    fill_top_ups,
    fill_whole_year,
)
from engine.modules.top_ups.band_and_price import prices_of_pupils
from engine.modules.top_ups.bands import funded_pupils
from engine.modules.top_ups.loss_protection import protected_of, school_protection
from engine.modules.top_ups.outcome import (
    UNKNOWN_BITS,
    PlacementSums,
    PupilPrices,
    TopUpOutcome,
    placement_sums,
    reconcile_placements,
)
from engine.modules.top_ups.refusals import check_bound, refuse_gaps, refuse_values
from engine.modules.top_ups.year_share import NO_COUNTS, whole_year, year_shares
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.reads import needed
from engine.table_checks import missing_columns
from engine.tables import Pupils, PupilTable, frozen
from engine.tables.chosen_pupils import ChosenPupils, some_pupils
from engine.vocabulary import Reason


def value_pupils(
    rules: CompiledRules, top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks
) -> TopUpOutcome:
    """Value each pupil under a band profile and its top-up rule; reconciled."""
    _check_columns(top_ups, pupils)
    refuse_values(top_ups, pupils)
    prices = cache(partial(prices_of_pupils, top_ups, pupils, blocks))
    funded = funded_pupils(top_ups, pupils, blocks)
    theirs = prices() if funded is pupils else prices_of_pupils(top_ups, funded, blocks)
    paid = _paid(top_ups, funded, theirs, blocks)
    sums = placement_sums(funded.offsets, *paid, blocks)
    if sums.gaps.any():
        refuse_gaps(top_ups, funded, paid.reason)
    protection, unprotected = school_protection(top_ups, pupils, sums.amount, sums.absent)
    everyone = _placed(pupils, funded, paid, sums, blocks)
    outcome = TopUpOutcome(
        rules=rules, top_ups=top_ups, pupils=pupils, prices=prices,
        amount=everyone.amount, reason=everyone.reason, funded=funded, funded_amount=paid.amount,
        placement_sum=frozen(sums.amount), placement_absent=frozen(sums.absent),
        school_protection=frozen(protection), school_protection_absent=frozen(unprotected),
    )  # fmt: skip
    if funded is pupils:
        outcome.reconcile()
    return outcome


def _paid(top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices, blocks: Blocks) -> Paid:
    """Return what each pupil is paid (pence) and the reason."""
    protected = protected_of(top_ups, pupils)
    check_bound(top_ups, prices, protected)
    floor, cap = (
        frozen(np.asarray([getattr(one.limits, name) for one in top_ups.segments], np.int64))
        for name in ("floor", "cap")
    )
    clauses = Clauses(
        prices.quantity, prices.group, pupils.columns["hours"] if top_ups.full_time else NO_COUNTS,
        top_ups.full_time, floor, cap, protected, top_ups.protected_days,
    )  # fmt: skip
    by_date = top_ups.calendar.dated and "parts_on_roll" not in pupils.columns
    if by_date and not clauses.depend_on_pupils:
        return _by_combination(top_ups, pupils, prices, clauses, blocks)
    time = year_shares(top_ups, pupils)
    return _by_pupil(prices.combinations.combination, prices, clauses, time, blocks)


def _by_pupil(
    combination: NDArray[np.int32],
    prices: PupilPrices,
    clauses: Clauses,
    time: YearShares,
    blocks: Blocks,
) -> Paid:
    """Return what pupils of these combinations are paid, worked out pupil by pupil."""
    amount, reason = np.empty(len(combination), np.int64), np.empty(len(combination), np.int8)
    rates = prices.by_combination.rates
    blocks.run(fill_top_ups, len(combination), combination, rates, clauses, time, amount, reason)
    return Paid(frozen(amount), frozen(reason))


def _by_combination(
    top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices, clauses: Clauses, blocks: Blocks
) -> Paid:
    """Return what pupils are paid where only the time on roll differs within a combination.

    Each combination is worked out for a whole year, which most pupils stay; then those few
    whose first or last day is given.
    """
    combination, year = prices.combinations.combination, _whole_year(top_ups, prices, clauses)
    amount, reason = np.empty(len(combination), np.int64), np.empty(len(combination), np.int8)
    blocks.run(fill_whole_year, len(combination), combination, year, amount, reason)
    if len(pupils.dated):
        some = some_pupils(pupils, pupils.dated)
        theirs = frozen(combination[pupils.dated])
        part = _by_pupil(theirs, prices, clauses, year_shares(top_ups, some), blocks)
        amount[pupils.dated], reason[pupils.dated] = part
    return Paid(frozen(amount), frozen(reason))


def _whole_year(top_ups: CompiledTopUps, prices: PupilPrices, clauses: Clauses) -> Paid:
    """Return what each combination is paid for a whole year; cached where the combinations are the profile's own."""
    attributes = prices.combinations.attributes
    by_classes = top_ups.classes is not None and attributes is top_ups.classes.attributes

    def paid() -> Paid:
        each = frozen(np.arange(len(prices.by_combination.row), dtype=np.int32))
        return _by_pupil(each, prices, clauses, whole_year(top_ups), ONE_THREAD)

    return top_ups.cache.get("whole year", paid) if by_classes else paid()


def _placed(
    pupils: PupilTable, funded: Pupils, paid: Paid, sums: PlacementSums, blocks: Blocks
) -> Paid:
    """Return what all pupils are paid, pence; 0 for a pupil who is not funded.

    Reconciled while it is filled: a second pass would take most of the time.
    """
    if not isinstance(funded, ChosenPupils):
        return paid
    amount, reason = np.empty(len(pupils), np.int64), np.empty(len(pupils), np.int8)
    total, absent = np.empty_like(sums.amount), np.empty_like(sums.absent)
    placements = Placements(pupils.offsets, funded.offsets, funded.where)
    blocks.of_groups(len(total), len(pupils)).run(
        fill_placed, len(total), placements, paid, int(Reason.not_funded), UNKNOWN_BITS,
        amount, reason, total, absent,
    )  # fmt: skip
    reconcile_placements(sums, total, absent)
    return Paid(frozen(amount), frozen(reason))


def _check_columns(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    """Refuse a table without a column that the rules read: what is not read must not look like an answer."""
    problems = missing_columns(pupils.columns, needed(top_ups.reads))
    if problems:
        raise PairRefused(problems)
