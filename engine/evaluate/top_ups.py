"""Pupils to bands, prices and top-ups: rules on combinations, pence on pupils."""

from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import ONE_THREAD, Blocks
from engine.chosen import ChosenPupils, some_pupils
from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.evaluate.decided import decided
from engine.evaluate.funded import funded_pupils
from engine.evaluate.prices import check_bound, price_columns, protected_of, school_protection
from engine.evaluate.refusals import refuse_gaps, refuse_values
from engine.evaluate.time import NO_COUNTS, YearsPart, years_part
from engine.kernels.sums import fill_placement_sums
from engine.kernels.top_ups import fill_placed, fill_settled, fill_top_ups
from engine.outcome import Decided, TopUpOutcome
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.tables import Pupils, PupilTable, frozen
from engine.vocabulary import Reason


class Paid(NamedTuple):
    """Pence and reason, one entry each: of pupils, or of combinations for a whole year."""

    amount: Int
    reason: NDArray[np.int8]


class Clauses(NamedTuple):
    """What of a pupil and of the rules lies between a price and what a year is due, as the kernel takes it."""

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
        """Return whether something of a pupil but the combination decides what a whole year is due."""
        return bool(len(self.quantity) or self.full_time or len(self.protected))


def value_pupils(
    rules: CompiledRules, top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks
) -> TopUpOutcome:
    """Value each pupil under a band profile and its top-up rule."""
    _check_columns(top_ups, pupils)
    refuse_values(top_ups, pupils)
    decide = cache(partial(decided, top_ups, pupils, blocks))
    funded = funded_pupils(top_ups, pupils, blocks)
    found = decide() if funded is pupils else decided(top_ups, funded, blocks)
    paid = _paid(top_ups, funded, found, blocks)
    placements = len(pupils.placement_la)
    placement_sum, placement_absent, gaps = (np.empty(placements, np.int64) for _ in range(3))
    blocks.of_groups(placements, len(funded)).run(
        fill_placement_sums, placements, funded.offsets, *paid, int(Reason.not_supplied),
        int(Reason.no_band), placement_sum, placement_absent, gaps,
    )  # fmt: skip
    if gaps.any():
        refuse_gaps(top_ups, funded, paid.reason)
    protection, unprotected = school_protection(top_ups, pupils, placement_sum, placement_absent)
    everyone = _placed(pupils, funded, paid, blocks)
    return TopUpOutcome(
        rules, top_ups, pupils, decide, *everyone, funded, paid.amount, frozen(placement_sum),
        frozen(placement_absent), frozen(protection), frozen(unprotected),
    )  # fmt: skip


def _paid(top_ups: CompiledTopUps, pupils: Pupils, found: Decided, blocks: Blocks) -> Paid:
    """Return what each pupil is paid, and why."""
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
    return _worked(found.tuples.identity, found, clauses, time, blocks)


def _worked(
    identity: NDArray[np.int32], found: Decided, clauses: Clauses, time: YearsPart, blocks: Blocks
) -> Paid:
    """Return what pupils of these combinations are paid, each worked out."""
    amount, reason = np.empty(len(identity), np.int64), np.empty(len(identity), np.int8)
    prices = found.priced
    rates = (found.verdict, prices.base, prices.each, prices.manner, prices.divisor)
    blocks.run(
        fill_top_ups, len(identity), identity, *rates, *clauses, *time, amount, reason
    )  # fmt: skip
    return Paid(frozen(amount), frozen(reason))


def _settled(
    top_ups: CompiledTopUps, pupils: Pupils, found: Decided, clauses: Clauses, blocks: Blocks
) -> Paid:
    """Return what pupils are paid where the time on roll alone can differ within a combination.

    Each combination is worked out for a whole year, which most pupils stay; then those few
    whose first or last day is given.
    """
    identity, each = found.tuples.identity, np.arange(len(found.verdict), dtype=np.int32)
    nobody = years_part(top_ups, pupils, dates=False)
    whole_year = _worked(frozen(each), found, clauses, nobody, ONE_THREAD)
    amount, reason = np.empty(len(identity), np.int64), np.empty(len(identity), np.int8)
    blocks.run(fill_settled, len(identity), identity, *whole_year, amount, reason)
    if len(pupils.dated):
        some = some_pupils(pupils, pupils.dated)
        theirs = frozen(identity[pupils.dated])
        part = _worked(theirs, found, clauses, years_part(top_ups, some), blocks)
        amount[pupils.dated], reason[pupils.dated] = part
    return Paid(frozen(amount), frozen(reason))


def _placed(pupils: PupilTable, funded: Pupils, paid: Paid, blocks: Blocks) -> Paid:
    """Return what all pupils are paid: nothing to whoever is not funded."""
    if not isinstance(funded, ChosenPupils):
        return paid
    amount, reason = np.empty(len(pupils), np.int64), np.empty(len(pupils), np.int8)
    blocks.run(
        fill_placed, len(pupils), funded.where, *paid, int(Reason.not_funded), amount, reason
    )
    return Paid(frozen(amount), frozen(reason))


def _check_columns(top_ups: CompiledTopUps, pupils: PupilTable) -> None:
    wanted = set(top_ups.columns)
    wanted |= price_columns(top_ups)
    wanted |= {"hours"} if top_ups.full_time else set()
    wanted |= set() if top_ups.calendar.dated else {"parts_on_roll"}
    missing = [name for name in sorted(wanted) if not pupils.has(name)]
    if missing:
        raise PairRefused(
            [
                Problem(
                    "is used by the rule set and is not in the table", "missing-column", column=name
                )
                for name in missing
            ]
        )
