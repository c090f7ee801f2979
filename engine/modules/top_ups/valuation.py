"""Bands, prices and top-ups of pupils: rules are applied to combinations, money to pupils."""

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from engine.errors import PairRefused
from engine.kernels.top_ups import (
    Clauses,
    CombinationRates,
    Paid,
    Placements,
    YearsPart,
    fill_placed,
    fill_settled,
    fill_top_ups,
)
from engine.modules.top_ups.fundable_pupils import funded_pupils
from engine.modules.top_ups.outcome import (
    Decisions,
    PlacementSums,
    TopUpOutcome,
    placement_sums,
    reconcile_placements,
)
from engine.modules.top_ups.prices import check_bound, protected_of, school_protection
from engine.modules.top_ups.pupil_bands import decisions_of
from engine.modules.top_ups.refusals import refuse_gaps, refuse_values
from engine.modules.top_ups.year_share import NO_COUNTS, whole_year, years_part
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
    decide = cache(partial(decisions_of, top_ups, pupils, blocks))
    funded = funded_pupils(top_ups, pupils, blocks)
    found = decide() if funded is pupils else decisions_of(top_ups, funded, blocks)
    paid = _paid(top_ups, funded, found, blocks)
    sums = placement_sums(funded.offsets, *paid, blocks)
    if sums.gaps.any():
        refuse_gaps(top_ups, funded, paid.reason)
    protection, unprotected = school_protection(top_ups, pupils, sums.amount, sums.absent)
    everyone = _placed(pupils, funded, paid, sums, blocks)
    outcome = TopUpOutcome(
        rules=rules, top_ups=top_ups, pupils=pupils, decide=decide,
        amount=everyone.amount, reason=everyone.reason, funded=funded, funded_amount=paid.amount,
        placement_sum=frozen(sums.amount), placement_absent=frozen(sums.absent),
        school_protection=frozen(protection), school_protection_absent=frozen(unprotected),
    )  # fmt: skip
    if funded is pupils:
        outcome.reconcile()
    return outcome


def _paid(top_ups: CompiledTopUps, pupils: Pupils, found: Decisions, blocks: Blocks) -> Paid:
    """Return what each pupil is paid (pence) and the reason."""
    protected = protected_of(top_ups, pupils)
    check_bound(top_ups, found.priced, protected)
    prices = found.priced
    clauses = Clauses(
        prices.quantity, prices.group, pupils.columns["hours"] if top_ups.full_time else NO_COUNTS,
        top_ups.full_time, found.threshold, top_ups.floor, top_ups.cap, protected, top_ups.protected_days,
    )  # fmt: skip
    by_date = top_ups.calendar.dated and "parts_on_roll" not in pupils.columns
    if by_date and not clauses.depend_on_pupils:
        return _settled(top_ups, pupils, found, clauses, blocks)
    time = years_part(top_ups, pupils)
    return _worked(found.combinations.combination, found, clauses, time, blocks)


def _worked(
    identity: NDArray[np.int32], found: Decisions, clauses: Clauses, time: YearsPart, blocks: Blocks
) -> Paid:
    """Return what pupils of these combinations are paid, worked out pupil by pupil."""
    amount, reason = np.empty(len(identity), np.int64), np.empty(len(identity), np.int8)
    prices = found.priced
    rates = CombinationRates(found.verdict, prices.base, prices.each, prices.manner, prices.divisor)
    blocks.run(fill_top_ups, len(identity), identity, rates, clauses, time, amount, reason)
    return Paid(frozen(amount), frozen(reason))


def _settled(
    top_ups: CompiledTopUps, pupils: Pupils, found: Decisions, clauses: Clauses, blocks: Blocks
) -> Paid:
    """Return what pupils are paid where only the time on roll differs within a combination.

    Each combination is worked out for a whole year, which most pupils stay; then those few
    whose first or last day is given.
    """
    identity, year = found.combinations.combination, _whole_year(top_ups, found, clauses)
    amount, reason = np.empty(len(identity), np.int64), np.empty(len(identity), np.int8)
    blocks.run(fill_settled, len(identity), identity, year, amount, reason)
    if len(pupils.dated):
        some = some_pupils(pupils, pupils.dated)
        theirs = frozen(identity[pupils.dated])
        part = _worked(theirs, found, clauses, years_part(top_ups, some), blocks)
        amount[pupils.dated], reason[pupils.dated] = part
    return Paid(frozen(amount), frozen(reason))


def _whole_year(top_ups: CompiledTopUps, found: Decisions, clauses: Clauses) -> Paid:
    """Return what each combination is paid for a whole year; cached where the combinations are the profile's own."""
    by_cells = (
        top_ups.cells is not None and found.combinations.attributes is top_ups.cells.attributes
    )

    def paid() -> Paid:
        each = frozen(np.arange(len(found.verdict), dtype=np.int32))
        return _worked(each, found, clauses, whole_year(top_ups), ONE_THREAD)

    return top_ups.cache.get("whole year", paid) if by_cells else paid()


def _placed(
    pupils: PupilTable, funded: Pupils, paid: Paid, sums: PlacementSums, blocks: Blocks
) -> Paid:
    """Return what all pupils are paid, pence; 0 for a pupil who is not funded.

    Reconciled while it is written: a second pass would take most of the time.
    """
    if not isinstance(funded, ChosenPupils):
        return paid
    amount, reason = np.empty(len(pupils), np.int64), np.empty(len(pupils), np.int8)
    written, absent = np.empty_like(sums.amount), np.empty_like(sums.absent)
    placements = Placements(pupils.offsets, funded.offsets, funded.where)
    blocks.of_groups(len(written), len(pupils)).run(
        fill_placed, len(written), placements, paid, int(Reason.not_funded), int(Reason.not_supplied),
        amount, reason, written, absent,
    )  # fmt: skip
    reconcile_placements(sums, written, absent)
    return Paid(frozen(amount), frozen(reason))


def _check_columns(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    """Refuse a table without a column that the rules read: what is not read must not look like an answer."""
    problems = missing_columns(pupils.columns, needed(top_ups.reads))
    if problems:
        raise PairRefused(problems)
