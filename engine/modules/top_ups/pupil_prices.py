"""What pupils are paid by, before the amount of a year: bands, prices, and the annual rate of each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.top_ups import SHARED, CombinationRates
from engine.money import MILLION, half_away, parts_of_product
from engine.rules.compiled import CompiledTopUps
from engine.rules.in_force import Fitting
from engine.rules.segments import CompiledPrice, Segment
from engine.steps import Steps
from engine.tables import Combinations, Pupils, frozen
from engine.tables.chosen_pupils import some_pupils
from engine.vocabulary import NOT_KNOWN, Reason

WITHOUT_RATE = (Reason.not_funded, Reason.no_band, *NOT_KNOWN)
"""Reasons of pupils for whom there is no annual rate."""


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


def has_reason(reason: NDArray[np.int8], any_of: Sequence[Reason]) -> NDArray[np.bool_]:
    """Return the pupils whose reason is one of some (pupils).

    A comparison for each of a few codes takes a tenth of the time of ``np.isin``, which sorts.
    """
    found = np.zeros(len(reason), bool)
    for one in any_of:
        found |= reason == np.int8(one)
    return found


class AnnualRates(NamedTuple):
    """What pupils are paid a year: of a whole table, or of those whom the rules may pay.

    prices  what each is paid by; reason (pupils) codes of ``vocabulary.Reason``
    """

    top_ups: CompiledTopUps
    pupils: Pupils
    prices: PupilPrices
    reason: NDArray[np.int8]

    def some(self, which: Int) -> "AnnualRates":
        """Return those of some pupils, by ascending positions."""
        prices, by = self.prices, self.prices.combinations
        return AnnualRates(
            self.top_ups,
            some_pupils(self.pupils, which),
            prices._replace(
                combinations=replace(by, combination=frozen(by.combination[which])),
                quantity=prices.quantity[which] if len(prices.quantity) else prices.quantity,
                group=prices.group[which] if len(prices.group) else prices.group,
            ),
            self.reason[which],
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return the pupils whom the rules price at an annual rate, which is known."""
        prices, rates, last = self.prices, self.prices.by_combination.rates, self._last_segment
        combination = prices.combinations.combination
        priced = ~has_reason(self.reason, WITHOUT_RATE)
        priced &= rates.base[last, combination] >= 0
        if not len(prices.quantity):
            return priced
        # An amount can be known without its rate: no hours are paid nothing, whatever the rate.
        lacks = prices.quantity < 0
        if len(prices.group):
            shared = (rates.flags[combination] & SHARED) > 0
            lacks = lacks | (shared & (prices.quantity > 0) & (prices.group <= 0))
        each = rates.each[last, combination]
        lacks = (lacks & (each != 0)) | ((prices.quantity > 0) & (each < 0))
        known: NDArray[np.bool_] = priced & ~lacks
        return known

    @property
    def pence(self) -> Int:
        """Return each pupil's annual rate before any clause, pence; 0 where nothing is priced.

        Where values change within the year, the rate is that of the pupil's last day.
        """
        prices, rates, last = self.prices, self.prices.by_combination.rates, self._last_segment
        combination = prices.combinations.combination
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
