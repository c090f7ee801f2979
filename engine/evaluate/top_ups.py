"""Pupils to bands, prices and top-ups: rules on combinations, pence on pupils."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.blocks import ONE_THREAD, Blocks
from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.evaluate.bands import refuse_gaps
from engine.evaluate.cells import combined
from engine.evaluate.prices import (
    check_bound,
    price_columns,
    priced,
    protected_of,
    school_protection,
)
from engine.evaluate.time import NO_COUNTS, NO_DAYS, YearsPart, refuse_parts, years_part
from engine.evaluate.worked import worked_out
from engine.kernels.sums import fill_placement_sums
from engine.kernels.top_ups import fill_top_ups
from engine.outcome import TopUpOutcome
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.tables import PupilTable, frozen
from engine.vocabulary import Reason


class Settled(NamedTuple):
    """Pence and reason of each combination for a whole year; none where more than time matters."""

    amount: Int
    reason: NDArray[np.int8]


NOBODY: Int = frozen(np.empty(0, np.int64))
UNSETTLED = Settled(frozen(np.empty(0, np.int64)), frozen(np.empty(0, np.int8)))


def value_pupils(
    rules: CompiledRules, top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks
) -> TopUpOutcome:
    """Value each pupil under a band profile and its top-up rule."""
    _check_columns(top_ups, pupils)
    tuples, attributes, by_cells = combined(top_ups, pupils, blocks)
    worked = worked_out(top_ups, attributes, by_cells=by_cells)
    prices = priced(top_ups, pupils, tuples, worked.rates)
    time = years_part(top_ups, pupils)
    protected = protected_of(top_ups, pupils)
    refuse_parts(top_ups, pupils)
    amount, reason = np.empty(len(pupils), np.int64), np.empty(len(pupils), np.int8)
    check_bound(top_ups, prices, protected)
    hours = pupils.columns["hours"] if top_ups.full_time else NO_COUNTS
    clauses = (
        prices.quantity, prices.group, hours, top_ups.full_time, worked.threshold,
        top_ups.floor, top_ups.cap, protected, top_ups.protected_days,
    )  # fmt: skip
    decided = (worked.verdict, prices.base, prices.each, prices.manner, prices.divisor)
    settled = (
        _settled(decided, clauses, time) if _depends_on_time_alone(clauses, time) else UNSETTLED
    )
    blocks.run(
        fill_top_ups, len(pupils), tuples.identity, *decided, *clauses, *time, pupils.dated, *settled, amount, reason,
    )  # fmt: skip
    placements = len(pupils.placement_la)
    placement_sum, placement_absent, gaps = (np.empty(placements, np.int64) for _ in range(3))
    blocks.of_groups(placements, len(pupils)).run(
        fill_placement_sums, placements, pupils.offsets, frozen(amount), frozen(reason), int(Reason.not_supplied),
        int(Reason.no_band), placement_sum, placement_absent, gaps,
    )  # fmt: skip
    if gaps.any():
        refuse_gaps(top_ups, pupils, reason)
    protection, unprotected = school_protection(top_ups, pupils, placement_sum, placement_absent)
    return TopUpOutcome(
        rules, top_ups, pupils, tuples, worked.band, worked.row, worked.price, prices, worked.threshold,
        frozen(amount), frozen(reason), frozen(placement_sum), frozen(placement_absent),
        frozen(protection), frozen(unprotected),
    )  # fmt: skip


Decided = tuple[NDArray[np.int8], Int, Int, NDArray[np.int8], Int]
Clauses = tuple[Int, NDArray[np.int16], NDArray[np.int16], int, Int, int, int, Int, int]


def _depends_on_time_alone(clauses: Clauses, time: YearsPart) -> bool:
    """Return whether nothing of a pupil but the combination and the dates decides the amount."""
    quantity, _, _, full_time, _, _, _, protected, _ = clauses
    dated = len(time.began) == len(time.ended) > 0 and not len(time.parts)
    return dated and not (len(quantity) or full_time or len(protected))


def _settled(decided: Decided, clauses: Clauses, time: YearsPart) -> Settled:
    """Return what each combination is paid for a whole year, by the same kernel: most pupils need no more."""
    number = len(decided[0])
    each = frozen(np.arange(number, dtype=np.int32))
    amount, reason = np.empty(number, np.int64), np.empty(number, np.int8)
    whole = time._replace(began=NO_DAYS, ended=NO_DAYS)
    ONE_THREAD.run(
        fill_top_ups, number, each, *decided, *clauses, *whole, NOBODY, *UNSETTLED, amount, reason
    )
    return Settled(frozen(amount), frozen(reason))


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
