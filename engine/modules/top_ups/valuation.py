"""Bands, prices and top-ups of pupils: rules are applied to combinations, money to pupils."""

from functools import cache, partial

import numpy as np

from engine.errors import PairRefused
from engine.kernels.top_ups import (
    Clauses,
    Paid,
    Placements,
    fill_placed,
    fill_whole_year,
)
from engine.modules.top_ups.amounts import amounts_by_pupil, clauses_of
from engine.modules.top_ups.band_and_price import prices_of_pupils
from engine.modules.top_ups.bands import funded_pupils
from engine.modules.top_ups.loss_protection import school_protection
from engine.modules.top_ups.outcome import (
    UNKNOWN_BITS,
    PlacementSums,
    TopUpOutcome,
    placement_sums,
    reconcile_placements,
)
from engine.modules.top_ups.pupil_prices import PupilPrices
from engine.modules.top_ups.refusals import check_bound, refuse_gaps, refuse_values
from engine.modules.top_ups.spells import add_spells
from engine.modules.top_ups.year_share import whole_year, year_shares
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
    refuse_table(top_ups, pupils)
    prices = cache(partial(prices_of_pupils, top_ups, pupils, blocks))
    funded = funded_pupils(top_ups, pupils, blocks)
    theirs = prices() if funded is pupils else prices_of_pupils(top_ups, funded, blocks)
    alone = _paid(top_ups, funded, theirs, blocks)
    paid, earlier = add_spells(top_ups, pupils, funded, theirs, alone)
    sums = placement_sums(funded.offsets, *paid, blocks)
    if sums.gaps.any():
        refuse_gaps(top_ups, funded, paid.reason)
    protection, unprotected = school_protection(top_ups, pupils, sums.amount, sums.absent)
    everyone = _placed(pupils, funded, paid, sums, blocks)
    outcome = TopUpOutcome(
        rules=rules, top_ups=top_ups, pupils=pupils, prices=prices,
        amount=everyone.amount, reason=everyone.reason, funded=funded, funded_amount=paid.amount, funded_prices=theirs,
        placement_sum=frozen(sums.amount), placement_absent=frozen(sums.absent),
        school_protection=frozen(protection), school_protection_absent=frozen(unprotected),
        earlier=earlier,
    )  # fmt: skip
    if funded is pupils:
        outcome.reconcile()
    return outcome


def refuse_table(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    """Refuse a table that lacks what rules read, or has values that they do not have, in any row; raises ``PairRefused``."""
    _check_columns(top_ups, pupils)
    refuse_values(top_ups, pupils)


def _paid(top_ups: CompiledTopUps, pupils: Pupils, prices: PupilPrices, blocks: Blocks) -> Paid:
    """Return what each pupil is paid (pence) and the reason."""
    clauses = clauses_of(top_ups, pupils, prices)
    check_bound(top_ups, prices, clauses.protected)
    by_date = top_ups.calendar.dated and "parts_on_roll" not in pupils.columns
    if by_date and not clauses.depend_on_pupils:
        return _by_combination(top_ups, pupils, prices, clauses, blocks)
    time = year_shares(top_ups, pupils)
    return amounts_by_pupil(prices.combinations.combination, prices, clauses, time, blocks)


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
        some = pupils.cache.get("dated", some_pupils, pupils, pupils.dated)
        theirs = frozen(combination[pupils.dated])
        part = amounts_by_pupil(theirs, prices, clauses, year_shares(top_ups, some), blocks)
        amount[pupils.dated], reason[pupils.dated] = part
    return Paid(frozen(amount), frozen(reason))


def _whole_year(top_ups: CompiledTopUps, prices: PupilPrices, clauses: Clauses) -> Paid:
    """Return what each combination is paid for a whole year; cached where the combinations are the profile's own."""
    attributes = prices.combinations.attributes
    by_classes = top_ups.classes is not None and attributes is top_ups.classes.attributes

    def paid() -> Paid:
        each = frozen(np.arange(len(prices.by_combination.row), dtype=np.int32))
        return amounts_by_pupil(each, prices, clauses, whole_year(top_ups), ONE_THREAD)

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
