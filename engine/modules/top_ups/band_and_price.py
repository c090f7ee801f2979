"""A band profile applied to combinations: bands, prices, and reasons before any price.

Where the combinations are the profile's own classes, this is the same for every table of
pupils, and is worked out once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import PairRefused
from engine.kernels.top_ups import ONCE, PRICED, SHARED, STEADY, CombinationRates
from engine.modules.top_ups.bands import answers_of, status_of
from engine.modules.top_ups.outcome import BandAndPrice, PriceForm, PupilPrices
from engine.modules.top_ups.pupil_combinations import Attributes, combined
from engine.modules.top_ups.quantities import quantities_of
from engine.modules.top_ups.refusals import LARGEST, TOO_LARGE
from engine.modules.top_ups.year_share import NO_COUNTS
from engine.money import MILLION
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps, Segment
from engine.rules.grid import NONE
from engine.rules.inputs import Input
from engine.steps import Folded
from engine.tables import MISSING, Pupils, frozen
from engine.vocabulary import Reason


def prices_of_pupils(top_ups: CompiledTopUps, pupils: Pupils, blocks: Blocks) -> PupilPrices:
    """Return the band and price of each pupil's combination, and each pupil's quantity and group.

    Cached by combination where the combinations are the profile's own.
    """
    combinations, attributes, by_classes = combined(top_ups, pupils, blocks)
    found = (
        top_ups.cache.get("combinations", _band_and_price, top_ups, attributes)
        if by_classes
        else _band_and_price(top_ups, attributes)
    )
    payable = np.where((found.rates.status == PRICED).any(axis=0), found.price, np.int32(NONE))
    shared = any(one.shared for one in top_ups.prices)
    return PupilPrices(
        combinations,
        found,
        quantities_of(top_ups, pupils, combinations, payable),
        pupils.columns["group_size"] if shared else NO_COUNTS,
    )


def _band_and_price(top_ups: CompiledTopUps, attributes: Attributes) -> BandAndPrice:
    row = answers_of(top_ups.assignment, attributes)
    band = np.where(row < 0, NONE, top_ups.band_of_row[np.maximum(row, 0)]).astype(np.int32)
    banded = {**attributes, "band": np.where(band == NONE, MISSING, band).astype(np.int32)}
    price = answers_of(top_ups.tariff, banded)
    status = status_of(top_ups, banded, row, price)
    row, price = np.maximum(row, np.int32(NONE)), np.maximum(price, np.int32(NONE))
    payable = np.where((status == PRICED).any(axis=0), price, np.int32(NONE))
    alike, forms = _forms(top_ups, banded, payable)
    threshold = _threshold(top_ups, attributes, len(row))
    rates = _rates(top_ups, frozen(status), alike, forms, threshold)
    return BandAndPrice(frozen(row), frozen(band), frozen(price), rates, frozen(alike), forms)


def _rates(
    top_ups: CompiledTopUps,
    status: NDArray[np.int8],
    alike: Int,
    forms: tuple[PriceForm, ...],
    threshold: Int,
) -> CombinationRates:
    """Return the yearly price of each combination in each segment."""
    rates = (
        _rates_of_forms(top_ups, forms)
        if top_ups.modifiers
        else top_ups.cache.get("rates", _rates_of_forms, top_ups, forms)
    )
    base, each, divisor, flags = (frozen(np.take(one, alike, axis=-1)) for one in rates)
    if len(top_ups.segments) > 1:
        steady = _steady(top_ups, (status, base, each, divisor, threshold))
        flags = frozen((flags | STEADY * steady).astype(np.int8))
    return CombinationRates(status, flags, base, each, divisor, threshold)


def _steady(
    top_ups: CompiledTopUps, values: Sequence[NDArray[np.signedinteger]]
) -> NDArray[np.bool_]:
    """Return the combinations that are paid the same in every segment of the year."""
    limits = {(one.limits.floor, one.limits.cap) for one in top_ups.segments}
    same = [(one == one[0]).all(axis=0) for one in values]
    steady: NDArray[np.bool_] = np.logical_and.reduce(same) & (len(limits) == 1)
    return steady


def _rates_of_forms(
    top_ups: CompiledTopUps, forms: Sequence[PriceForm]
) -> tuple[Int, Int, Int, NDArray[np.int8]]:
    """Return base, amount for each unit and its divisor (segments, forms), and the flags of each form.

    A price with the modifiers that apply is folded once, for all the combinations that have it.
    Raises ``PairRefused`` where one is too large to be multiplied in whole pence.
    """
    folded = [
        [_folded(top_ups, at, one, form) for form in forms]
        for at, one in enumerate(top_ups.segments)
    ]
    if any(max(o.base, o.each, o.divisor * MILLION) >= LARGEST for of in folded for o in of):
        raise PairRefused([TOO_LARGE])
    base, each, divisor = (
        np.asarray([[getattr(one, name) for one in of] for of in folded], np.int64)
        for name in ("base", "each", "divisor")
    )
    return base, each, divisor, np.asarray([_flags(form) for form in forms], np.int8)


def _plain_forms(top_ups: CompiledTopUps) -> tuple[PriceForm, ...]:
    """Return every price without modifiers, and last no price, whose number is -1."""
    return (*(PriceForm(one, ()) for one in top_ups.prices), PriceForm(None, ()))


def _forms(
    top_ups: CompiledTopUps, attributes: Attributes, payable: NDArray[np.int32]
) -> tuple[Int, tuple[PriceForm, ...]]:
    """Return the different prices with their modifiers, and which of them each combination has."""
    alike = payable.astype(np.int64)
    if not top_ups.modifiers:
        return alike, top_ups.cache.get("forms", _plain_forms, top_ups)
    applies = [answers_of(one.grid, attributes) > NONE for one in top_ups.modifiers]
    for holds in applies:
        _, alike = np.unique(2 * alike + (holds & (payable != NONE)), return_inverse=True)
    _, first, alike = np.unique(alike, return_index=True, return_inverse=True)
    return alike, tuple(_form(top_ups, applies, int(payable[at]), int(at)) for at in first)


def _form(
    top_ups: CompiledTopUps, applies: Sequence[NDArray[np.bool_]], price: int, at: int
) -> PriceForm:
    if price == NONE:
        return PriceForm(None, ())
    applying = tuple(place for place, holds in enumerate(applies) if holds[at])
    return PriceForm(top_ups.prices[price], applying)


def _flags(form: PriceForm) -> int:
    price = form.price
    return 0 if price is None else ONCE * price.once + SHARED * price.shared


def _folded(top_ups: CompiledTopUps, at: int, segment: Segment, form: PriceForm) -> Folded:
    """Return what a price with modifiers folds to; cached, as few tables need more than a few."""
    if form.price is None:
        return Folded(base=~int(Reason.no_price))
    if not form.modifiers:
        return segment.folded(form.price)
    key = ("folded", at, form.price.at, form.modifiers)
    return top_ups.cache.get(key, segment.folded, form.price, form.modifiers)


def _threshold(top_ups: CompiledTopUps, attributes: Attributes, length: int) -> Int:
    """Return the first part, which the school pays, pence, where the price includes it (segments, combinations)."""
    applies = np.ones(length, np.int64)
    if top_ups.threshold_settings:
        applies = np.isin(attributes[Input.setting], top_ups.threshold_settings).astype(np.int64)
    pence = np.asarray([one.limits.threshold for one in top_ups.segments], np.int64)
    return frozen(np.outer(pence, applies))
