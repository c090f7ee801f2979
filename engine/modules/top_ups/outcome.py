"""What valuing pupils yields: each one's top-up and the reason, adding to the sums of placements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import Int
from engine.errors import NotReconciled
from engine.kernels.sums import fill_placement_sums
from engine.kernels.top_ups import SHARED, CombinationRates
from engine.modules.top_ups.year_share import began_of, year_share_of
from engine.money import MILLION, half_away, parts_of_product
from engine.notices import Notice
from engine.row_chunks import ONE_THREAD, Blocks
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.in_force import Fitting
from engine.rules.segments import CompiledPrice, Segment
from engine.steps import Steps
from engine.tables import Combinations, Pupils, PupilTable
from engine.vocabulary import NOT_KNOWN, Reason

WITHOUT_RATE = (Reason.not_funded, Reason.no_band, *NOT_KNOWN)
"""Reasons of pupils for whom there is no annual rate."""

UNKNOWN_BITS = sum(1 << reason for reason in NOT_KNOWN)
"""The codes of the reasons for which an amount is not known, each a bit."""

UNEQUAL_SUMS = "the placements do not add to the pupils"
UNEQUAL_COUNTS = "the pupils not known do not add to the placements'"


class PriceForm(NamedTuple):
    """A price of the tariff, or none, with the places of the modifiers that apply, in the document's order.

    ``fitting`` are the rows of tables of values that its price and modifiers depend on.
    """

    price: CompiledPrice | None
    modifiers: tuple[int, ...]
    fitting: Fitting = ()

    def steps(self, segment: Segment) -> Steps:
        """Return its steps to the annual rate in a segment of the year; none where there is no price."""
        if self.price is None:
            return ()
        return segment.steps(self.price, self.modifiers, self.fitting)


class BandAndPrice(NamedTuple):
    """Band, price and annual rate of each combination.

    row, band, price  (combinations) the deciding row of the assignment, the profile's band and
                      the tariff's price; -1 where there is none
    rates             what is paid a year in each segment of the year, or why nothing is priced
    alike             (combinations) place of the price with its modifiers among ``forms``
    limited           (combinations) place among ``limits`` of the rows of first part, floor and cap that fit
    """

    row: NDArray[np.int32]
    band: NDArray[np.int32]
    price: NDArray[np.int32]
    rates: CombinationRates
    alike: Int
    forms: tuple[PriceForm, ...]
    limited: Int
    limits: tuple[Fitting, ...]


class PupilPrices(NamedTuple):
    """What pupils are paid by, before the amount of a year.

    combinations    each pupil's combination of what decides
    by_combination  the band and price of each combination
    quantity        (pupils, or none) what the price is multiplied by, millionths or pence
    group           (pupils, or none) pupils who share it
    """

    combinations: Combinations
    by_combination: BandAndPrice
    quantity: Int
    group: NDArray[np.int16]


class EarlierSpells(NamedTuple):
    """The rows of pupils with several spells that others come before, before rounding.

    where   (rows) places in the table, ascending
    before  (rows) what the earlier spells come to, and ``exact`` what this one does, in parts of a
            penny; 0 where its price is paid once and was paid before
    """

    where: Int
    before: Int
    exact: Int

    def of(self, pupil: int) -> tuple[int, int] | None:
        """Return what came before the row at a place and what it comes to; None where nothing did."""
        at = int(np.searchsorted(self.where, pupil))
        if at == len(self.where) or self.where[at] != pupil:
            return None
        return int(self.before[at]), int(self.exact[at])


def _has_reason(reason: NDArray[np.int8], any_of: Sequence[Reason]) -> NDArray[np.bool_]:
    """Return the pupils whose reason is one of some (pupils).

    A comparison for each of a few codes takes a tenth of the time of ``np.isin``, which sorts.
    """
    found = np.zeros(len(reason), bool)
    for one in any_of:
        found |= reason == np.int8(one)
    return found


class PlacementSums(NamedTuple):
    """Pence of each placement, and its pupils whose amount is not known, or who have no band."""

    amount: Int
    absent: Int
    gaps: Int


def placement_sums(
    offsets: Int, amount: Int, reason: NDArray[np.int8], blocks: Blocks = ONE_THREAD
) -> PlacementSums:
    """Return what pupils' amounts and reasons come to by placement; ``offsets`` bound each one's pupils."""
    placements = len(offsets) - 1
    total, absent, gaps = (np.empty(placements, np.int64) for _ in range(3))
    blocks.of_groups(placements, len(amount)).run(
        fill_placement_sums, placements, offsets, amount, reason, UNKNOWN_BITS,
        int(Reason.no_band), total, absent, gaps,
    )  # fmt: skip
    return PlacementSums(total, absent, gaps)


def reconcile_placements(held: PlacementSums, amount: Int, absent: Int) -> None:
    """Raise ``NotReconciled`` unless placements have the sums, and the pupils not known, of their pupils."""
    if not np.array_equal(held.amount, amount):
        raise NotReconciled(UNEQUAL_SUMS)
    if not np.array_equal(held.absent, absent):
        raise NotReconciled(UNEQUAL_COUNTS)


@dataclass(frozen=True, slots=True, repr=False)
class TopUpOutcome:
    """Bands and top-ups of each pupil, pence, with the reason for each.

    prices     what each pupil is paid by; worked out when first asked for
    amount     (pupils); reason (pupils) codes of ``vocabulary.Reason``
    funded     the pupils whom the rules may pay; ``funded_amount`` theirs, the others have nothing
    placement_sum, placement_absent  (placements)
    school_protection  (placements) what lifts a school to a share of today's top-ups, on top of
                       the pupils' amounts; ``school_protection_absent`` is 1 where not known
    earlier    what came before some spells of pupils who have several
    """

    rules: CompiledRules
    top_ups: CompiledTopUps
    pupils: PupilTable
    prices: Callable[[], PupilPrices]
    amount: Int
    reason: NDArray[np.int8]
    funded: Pupils
    funded_amount: Int
    placement_sum: Int
    placement_absent: Int
    school_protection: Int
    school_protection_absent: Int
    earlier: EarlierSpells
    cache: Cache = field(default_factory=Cache, init=False, repr=False, compare=False)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return the notes on the table of pupils."""
        return self.pupils.notices

    @property
    def decisions(self) -> BandAndPrice:
        """Return the band and price of each combination."""
        return self.prices().by_combination

    @property
    def combination(self) -> NDArray[np.int32]:
        """Return each pupil's combination of what decides, as a position in the arrays of ``decisions``."""
        return self.prices().combinations.combination

    @property
    def total(self) -> int:
        """Return the sum of all pupils' top-ups, pence."""
        return int(self.placement_sum.sum())

    @property
    def absent(self) -> int:
        """Return the number of pupils whose top-up is not known."""
        return int(self.placement_absent.sum())

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return the pupils whose top-up is known."""
        return ~_has_reason(self.reason, NOT_KNOWN)

    @property
    def rate_known(self) -> NDArray[np.bool_]:
        """Return the pupils whom the rules price at an annual rate, which is known."""
        prices, rates, last = self.prices(), self.decisions.rates, self._last_segment
        priced = ~_has_reason(self.reason, WITHOUT_RATE)
        priced &= rates.base[last, self.combination] >= 0
        if not len(prices.quantity):
            return priced
        # An amount can be known without its rate: no hours are paid nothing, whatever the rate.
        lacks = prices.quantity < 0
        if len(prices.group):
            shared = (rates.flags[self.combination] & SHARED) > 0
            lacks = lacks | (shared & (prices.quantity > 0) & (prices.group <= 0))
        each = rates.each[last, self.combination]
        lacks = (lacks & (each != 0)) | ((prices.quantity > 0) & (each < 0))
        known: NDArray[np.bool_] = priced & ~lacks
        return known

    @property
    def annual(self) -> Int:
        """Return each pupil's annual rate before any clause, pence; 0 where nothing is priced.

        Where values change within the year, the rate is that of the pupil's last day.
        """
        combination, rates, prices = self.combination, self.decisions.rates, self.prices()
        last = self._last_segment
        annual: Int = rates.base[last, combination]
        if len(prices.quantity):
            divisor = rates.divisor[last, combination]
            share = np.full(len(combination), MILLION)
            if len(prices.group):
                shared = (rates.flags[combination] & SHARED) > 0
                group = np.maximum(prices.group, 1).astype(np.int64)
                share = np.where(shared, group * share, share)
            quantity = np.maximum(prices.quantity, 0)
            whole, rest = parts_of_product(rates.each[last, combination], quantity, divisor, share)
            annual = annual + whole + half_away(rest, share * divisor)
        return annual

    @property
    def _last_segment(self) -> Int | int:
        """Return the segment of the year in which each pupil's last day is; of all where the year is one."""
        bounds, end = self.top_ups.bounds, self.pupils.columns.get("end")
        later = bounds[1:-1]
        if end is None or not len(later):
            return len(later)
        day = end.astype(np.int64) - self.top_ups.calendar.first
        return np.where(end < 0, len(later), np.searchsorted(later, day, side="right"))

    @property
    def began(self) -> NDArray[np.int32]:
        """Return the first day paid of each pupil, a late plan's as it was due; negative where open."""
        return began_of(self.top_ups, self.pupils)

    @property
    def year_share(self) -> Int:
        """Return the part of the year that each pupil earns, of the calendar's denominator."""
        return year_share_of(self.top_ups, self.pupils)

    def pupil_bands(self) -> NDArray[np.int32]:
        """Return each pupil's band as a position in the profile's bands, -1 where none."""
        return self.decisions.band[self.combination]

    def reconcile(self) -> None:
        """Raise ``NotReconciled`` unless placements add to the pupils, absent to the reasons, and pupils to the rows read."""
        # Not by ``placement_sums``: its fault would be on both sides.
        self.pupils.row_counts.reconcile()
        if len(self.amount) != self.pupils.row_counts.valued:
            raise NotReconciled(UNEQUAL_COUNTS)
        if self.total != int(self.amount.sum()):
            raise NotReconciled(UNEQUAL_SUMS)
        if self.absent != int(np.count_nonzero(_has_reason(self.reason, NOT_KNOWN))):
            raise NotReconciled(UNEQUAL_COUNTS)
