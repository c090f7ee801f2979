"""A band profile applied to combinations: bands, prices, and reasons before any price.

Where the combinations are the profile's own classes, this is the same for every table of
pupils, and is worked out once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import Int
from engine.errors import PairRefused
from engine.kernels.top_ups import ONCE, PRICED, SHARED, STEADY, CombinationRates
from engine.modules.top_ups.bands import answers_of, has_threshold, status_of
from engine.modules.top_ups.fitting_rows import Alike, FittingRows
from engine.modules.top_ups.pupil_combinations import Attributes, combined
from engine.modules.top_ups.pupil_prices import BandAndPrice, PriceForm, PupilPrices
from engine.modules.top_ups.quantities import quantities_of
from engine.modules.top_ups.refusals import LARGEST, TOO_LARGE
from engine.modules.top_ups.year_share import NO_COUNTS
from engine.money import MILLION, PENCE
from engine.row_chunks import Blocks
from engine.rules.compile_value_tables import CLAUSES
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE, UNSURE
from engine.rules.in_force import NO_ROW, Fitting
from engine.rules.segments import Segment
from engine.steps import UNPRINTED, Folded
from engine.tables import MISSING, Pupils, frozen
from engine.vocabulary import Reason

MOST_FORMS = 2**15
"""Prices with modifiers and rows of tables whose pence are cached: those of each authority, with room to spare."""

NO_VALUE = ~int(Reason.no_value)
"""In the place of pence that a table of values without a row makes unknown."""


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
    return price_of_rows(top_ups, attributes, answers_of(top_ups.assignment, attributes))


def price_of_rows(
    top_ups: CompiledTopUps, attributes: Attributes, row: NDArray[np.int32]
) -> BandAndPrice:
    """Return the band and price of combinations for which a row of the assignment decides, ``NONE`` or ``UNSURE``."""
    band = np.where(row < 0, NONE, top_ups.band_of_row[np.maximum(row, 0)]).astype(np.int32)
    banded = {**attributes, "band": np.where(band == NONE, MISSING, band).astype(np.int32)}
    price = answers_of(top_ups.tariff, banded)
    fitting = FittingRows.of(top_ups, banded, len(row))
    limited, limits = fitting.limited()
    threshold, floor, cap = _limits(top_ups, limited, limits)
    status = status_of(top_ups, banded, row, price, fitting, threshold)
    row, price = np.maximum(row, np.int32(NONE)), np.maximum(price, np.int32(NONE))
    payable = np.where((status == PRICED).any(axis=0), price, np.int32(NONE))
    alike, forms = _forms(top_ups, banded, payable, fitting)
    threshold = frozen(threshold * has_threshold(top_ups, attributes, len(row)))
    rates = CombinationRates(*_rates(top_ups, frozen(status), alike, forms), threshold, floor, cap)
    if len(top_ups.segments) > 1:
        rates = _with_steady(rates)
    return BandAndPrice(
        frozen(row), frozen(band), frozen(price), rates, frozen(alike), forms, limited, limits
    )


def rates_if_supplied(
    top_ups: CompiledTopUps, attributes: Attributes
) -> tuple[CombinationRates, NDArray[np.int32]]:
    """Return what combinations would be paid if no column was blank, as far as their other columns say; and their prices.

    A penny and more in the place of each price that a blank decides, and no clause in the place of those.
    """
    row = answers_of(top_ups.assignment, attributes)
    band = np.where(row < 0, MISSING, top_ups.band_of_row[np.maximum(row, 0)]).astype(np.int32)
    banded = {**attributes, "band": band}
    price = answers_of(top_ups.tariff, banded)
    fitting = FittingRows.of(top_ups, banded, len(row))
    priced = np.maximum(price, np.int32(NONE))
    alike, forms = _forms(top_ups, banded, priced, fitting)
    status = np.full((len(top_ups.segments), len(row)), PRICED, np.int8)
    _, flags, base, each, divisor = _rates(top_ups, status, alike, forms)
    decided = (price == UNSURE) | fitting.unsure_price(price)
    counts = has_threshold(top_ups, attributes, len(row))
    unsure = fitting.unsure_clause(counts)
    threshold, floor, cap = _limits(top_ups, *fitting.limited())
    rates = CombinationRates(
        frozen(status), flags, frozen(np.where(decided, PENCE, base)), frozen(np.where(decided, 0, each)),
        divisor, frozen(np.where(unsure, 0, threshold * counts)), frozen(np.where(unsure, -1, floor)),
        frozen(np.where(unsure, -1, cap)),
    )  # fmt: skip
    return rates, priced


def _rates(
    top_ups: CompiledTopUps, status: NDArray[np.int8], alike: Int, forms: tuple[PriceForm, ...]
) -> tuple[NDArray[np.int8], NDArray[np.int8], Int, Int, Int]:
    """Return the yearly price of each combination in each segment, its status and flags first."""
    rates = (
        _rates_of_forms(top_ups, forms)
        if top_ups.modifiers or top_ups.tables
        else top_ups.cache.get("rates", _rates_of_forms, top_ups, forms)
    )
    base, each, divisor, flags = (frozen(np.take(one, alike, axis=-1)) for one in rates)
    return status, flags, base, each, divisor


def _with_steady(rates: CombinationRates) -> CombinationRates:
    """Return rates with a flag on the combinations that are paid the same in every segment of the year."""
    same = [(one == one[0]).all(axis=0) for one in rates if one.ndim > 1]
    flags = rates.flags | STEADY * np.logical_and.reduce(same)
    return rates._replace(flags=frozen(flags.astype(np.int8)))


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
    top_ups: CompiledTopUps,
    attributes: Attributes,
    payable: NDArray[np.int32],
    fitting: FittingRows,
) -> tuple[Int, tuple[PriceForm, ...]]:
    """Return the different prices with their modifiers and rows, and which of them each combination has."""
    if not top_ups.modifiers and not top_ups.tables:
        return payable.astype(np.int64), top_ups.cache.get("forms", _plain_forms, top_ups)
    applies = [answers_of(one.grid, attributes) > NONE for one in top_ups.modifiers]
    alike = Alike(payable.astype(np.int64) - NONE, np.zeros(1, np.int64)).compact()
    for rows in fitting.of_prices(payable):
        alike = alike.apart_by(rows - UNSURE)
    tables = [fitting.place(_table_of(top_ups, at)) for at, _ in enumerate(applies)]
    for holds, place in zip(applies, tables, strict=True):
        priced = holds & (payable != NONE)
        code = priced.astype(np.int64)
        if place is not None:
            code *= 1 + fitting.rows[place] - UNSURE
        alike = alike.apart_by(code)
    forms = (
        _form(top_ups, applies, tables, fitting, int(payable[at]), int(at)) for at in alike.first
    )
    return alike.number, tuple(forms)


def _table_of(top_ups: CompiledTopUps, modifier: int) -> str | None:
    """Return the path of the table that a modifier's value is of, None where it is the same for everybody."""
    held = (one.modifiers[modifier] for one in top_ups.segments)
    return next((one.table for one in held if one is not None), None)


def _form(
    top_ups: CompiledTopUps,
    applies: Sequence[NDArray[np.bool_]],
    tables: Sequence[int | None],
    fitting: FittingRows,
    price: int,
    at: int,
) -> PriceForm:
    """Return the price of a combination with the modifiers and rows of tables that it has."""
    if price == NONE:
        return PriceForm(None, ())
    applying = tuple(place for place, holds in enumerate(applies) if holds[at])
    found = fitting.price_fitting(price, at)
    for one in applying:
        place = tables[one]
        found += () if place is None else fitting.table_fitting(place, at)
    return PriceForm(top_ups.prices[price], applying, found)


def _flags(form: PriceForm) -> int:
    price = form.price
    return 0 if price is None else ONCE * price.once + SHARED * price.shared


def _folded(top_ups: CompiledTopUps, at: int, segment: Segment, form: PriceForm) -> Folded:
    """Return what a price with modifiers folds to; cached apart, as tables by authority have thousands of them."""
    if form.price is None:
        return Folded(base=~int(Reason.no_price))
    if not form.modifiers and not form.fitting:
        return segment.folded(form.price)
    forms = top_ups.cache.get("folded", Cache, MOST_FORMS)
    key = (at, form.price.at, form.modifiers, form.fitting)
    held = forms.get(key, segment.folded, form.price, form.modifiers, form.fitting)
    return held._replace(base=_why(held.base, form.fitting), each=_why(held.each, form.fitting))


def _why(pence: int, fitting: Fitting) -> int:
    """Return pence, or why they are not known: where a row is lacking, that."""
    lacks = pence == UNPRINTED and any(row == NO_ROW for _, row in fitting)
    return NO_VALUE if lacks else pence


def _limits(
    top_ups: CompiledTopUps, limited: Int, limits: Sequence[Fitting]
) -> tuple[Int, Int, Int]:
    """Return first part, wherever it is taken off, floor and cap of each combination, pence (segments, combinations)."""
    folded = [[segment.limits_of(rows) for rows in limits] for segment in top_ups.segments]
    threshold, floor, cap = (
        np.asarray(
            [
                [_why(getattr(one, name), _of_path(rows, path)) for one, rows in zip(of, limits, strict=True)]
                for of in folded
            ],
            np.int64,
        )
        for name, path in zip(("threshold", "floor", "cap"), CLAUSES, strict=True)
    )  # fmt: skip
    first, lowest, highest = (
        frozen(np.take(one, limited, axis=-1)) for one in (threshold, floor, cap)
    )
    return first, lowest, highest


def _of_path(fitting: Fitting, path: str) -> Fitting:
    """Return the row of one table alone."""
    return tuple(one for one in fitting if one[0] == path)
