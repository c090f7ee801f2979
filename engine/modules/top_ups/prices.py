"""Prices of combinations: base, multiples, modifiers, thresholds and loss protection of pupils."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.errors import PairRefused, Problem
from engine.kernels.top_ups import ONCE, SHARED
from engine.modules.top_ups.bands import answers_of
from engine.modules.top_ups.outcome import CombinationPrices, PriceForm
from engine.modules.top_ups.pupil_combinations import Attributes, points_of
from engine.modules.top_ups.refusals import refuse
from engine.modules.top_ups.year_share import NO_COUNTS, mass_of
from engine.money import MILLION, PERCENT_TO_MILLIONTHS, half_away, scaled
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE
from engine.rules.inputs import SCALES, Input
from engine.steps import Folded, counted, fold
from engine.tables import NO_SCHOOL, Combinations, Pupils, PupilTable, frozen

LARGEST = 2**63
_TOO_LARGE = Problem(
    "prices, hours and calendar are too large to work out exactly; check the figures",
    "too-large",
    place="top_up_rule.calendar",
)
MONEY = ("assessed_cost", "exceptional_amount")
"""Quantities that are held in pence; the others are counted in millionths."""


class Rates(NamedTuple):
    """The price of each combination as kernel arrays; ``alike`` is its place among ``forms``."""

    base: Int
    each: Int
    manner: NDArray[np.int8]
    divisor: Int
    alike: Int
    forms: tuple[PriceForm, ...]
    payable: NDArray[np.int32]


def rates_of(top_ups: CompiledTopUps, attributes: Attributes, payable: NDArray[np.int32]) -> Rates:
    """Return the yearly price of each combination, pence; ``payable`` is its price, -1 where none is paid.

    A price with the modifiers that apply is folded once, for all the combinations that have it.
    Raises ``PairRefused`` where one is too large to be multiplied in whole pence.
    """
    alike, forms = _forms(top_ups, attributes, payable)
    folded = [_folded(top_ups, form) for form in forms]
    manners = [_manner(form) for form in forms]
    if any(max(one.base, one.each, one.divisor * MILLION) >= LARGEST for one in folded):
        raise PairRefused([_TOO_LARGE])
    return Rates(
        frozen(np.asarray([one.base for one in folded], np.int64)[alike]),
        frozen(np.asarray([one.each for one in folded], np.int64)[alike]),
        frozen(np.asarray(manners, np.int8)[alike]),
        frozen(np.asarray([one.divisor for one in folded], np.int64)[alike]),
        frozen(alike),
        forms,
        frozen(payable),
    )


def _forms(
    top_ups: CompiledTopUps, attributes: Attributes, payable: NDArray[np.int32]
) -> tuple[Int, tuple[PriceForm, ...]]:
    """Return the different prices with their modifiers, and which of them each combination has."""
    alike = payable.astype(np.int64)
    if not top_ups.modifiers:
        # The last is no price, whose number is -1.
        return alike, (*(PriceForm(one, ()) for one in top_ups.prices), PriceForm(None, ()))
    applies = [answers_of(one.grid, attributes) > NONE for one in top_ups.modifiers]
    for held in applies:
        _, alike = np.unique(2 * alike + (held & (payable != NONE)), return_inverse=True)
    _, first, alike = np.unique(alike, return_index=True, return_inverse=True)
    return alike, tuple(_form(top_ups, applies, int(payable[at]), int(at)) for at in first)


def _form(
    top_ups: CompiledTopUps, applies: Sequence[NDArray[np.bool_]], price: int, at: int
) -> PriceForm:
    if price == NONE:
        return PriceForm(None, ())
    applying = [one for one, held in zip(top_ups.modifiers, applies, strict=True) if held[at]]
    return PriceForm(top_ups.prices[price], tuple(applying))


def _manner(form: PriceForm) -> int:
    price = form.price
    return 0 if price is None else ONCE * price.once + SHARED * price.shared


def _folded(top_ups: CompiledTopUps, form: PriceForm) -> Folded:
    """Return what a price with modifiers folds to; cached, as few tables need more than a few."""
    if form.price is None or not form.modifiers:
        return Folded() if form.price is None else form.price.folded
    key = ("folded", form.price.place, *(one.said.path for one in form.modifiers))
    return top_ups.cache.get(key, fold, form.steps)


def priced(
    top_ups: CompiledTopUps, pupils: Pupils, combinations: Combinations, rates: Rates
) -> CombinationPrices:
    """Return the prices of combinations with each pupil's quantity and group (or none)."""
    shared = any(one.shared for one in top_ups.prices)
    return CombinationPrices(
        rates.base,
        rates.each,
        rates.manner,
        rates.divisor,
        _quantities(top_ups, pupils, combinations, rates.payable),
        pupils.columns["group_size"] if shared else NO_COUNTS,
        rates.alike,
        rates.forms,
    )


def _quantities(
    top_ups: CompiledTopUps, pupils: Pupils, combinations: Combinations, price: NDArray[np.int32]
) -> Int:
    """Return what each pupil's price is multiplied by; empty where no price has a multiple."""
    kinds = [one.quantity for one in top_ups.prices]
    if not any(kinds):
        return frozen(np.empty(0, np.int64))
    quantity = np.zeros(len(pupils), np.int64)
    held = {name: quantity_of(top_ups, pupils, name) for name in sorted(set(filter(None, kinds)))}
    for at, (one, name) in enumerate(zip(top_ups.prices, kinds, strict=True)):
        if name is None or not (price == at).any():
            continue
        uses = (price == at)[combinations.combination]
        if one.step:
            odd = uses & (held[name] > 0) & (held[name] % one.step != 0)
            sentence = "must be in whole steps of this band's price"
            refuse(np.sort(pupils.rows[odd]), "step", name, sentence)
        quantity[uses] = counted(one.folded.counts, held[name])[uses]
    return frozen(quantity)


def quantity_of(top_ups: CompiledTopUps, pupils: Pupils, name: str) -> Int:
    """Return a quantity in millionths (of an hour, a level, a point) or in pence; negative where missing."""
    derived = name == "points" and top_ups.dimensions
    values = points_of(top_ups, pupils) if derived else pupils.columns[name]
    held = values.astype(np.int64)
    scale = 1 if name in MONEY else MILLION // SCALES.get(name, 1)
    return np.where(held < 0, -1, held * scale)


def threshold_of(top_ups: CompiledTopUps, attributes: Attributes, length: int) -> Int:
    """Return the first part, which the school pays, pence, where the price includes it."""
    threshold = np.full(length, top_ups.threshold, np.int64)
    if top_ups.threshold_settings:
        applies = np.isin(attributes[Input.setting], top_ups.threshold_settings)
        threshold[~applies] = 0
    return frozen(threshold)


def protected_of(top_ups: CompiledTopUps, pupils: Pupils) -> Int:
    """Return each pupil's protected amount a year, pence; empty where no pupil is protected."""
    if top_ups.protected < 0:
        return frozen(np.empty(0, np.int64))
    held = pupils.columns["top_up"]
    share = half_away(np.maximum(held, 0) * top_ups.protected, MILLION)
    return frozen(np.where(held < 0, -1, share))


def school_protection(
    top_ups: CompiledTopUps, pupils: PupilTable, placement_sum: Int, placement_absent: Int
) -> tuple[Int, Int]:
    """Return each school's protection (a share of today's top-ups less the new ones), pence, and where it is not known.

    A pupil's top-up today counts for the part of the year that the pupil earns, as this year's
    does. Where protection ends within the year, the part of the year before its end is paid.
    By placement: an authority protects the schools where it places pupils. A top-up not known
    could make up for what a school lacks, and pupils without a school's number may be at any,
    so that it is not known what protection adds.
    """
    nothing = np.zeros_like(placement_sum)
    given = top_ups.school_protection
    if given is None:
        return nothing, nothing
    held = pupils.columns["top_up"]
    placement = np.repeat(np.arange(len(placement_sum)), np.diff(pupils.offsets))
    unknown = nothing.copy()
    np.add.at(unknown, placement, held < 0)
    mass, calendar = mass_of(top_ups, pupils), top_ups.calendar
    share = scaled(given.decimal, PERCENT_TO_MILLIONTHS)
    # Whole numbers of any size: pence times mass, over all of a school's pupils, may pass 63 bits.
    earned = np.zeros(len(placement_sum), object)
    np.add.at(earned, placement, np.maximum(held, 0).astype(object) * mass)
    whole = calendar.denominator * MILLION
    least = np.asarray([half_away(int(one) * share, whole) for one in earned], np.int64)
    short = np.maximum(least - placement_sum, 0)
    if calendar.dated:
        until, year = int(calendar.cumulative[top_ups.protected_days]), calendar.denominator
        short = np.asarray([half_away(int(one) * until, year) for one in short], np.int64)
    lacking = (placement_absent > 0) | (pupils.placement_urn == NO_SCHOOL)
    open_lift = (unknown > 0) | (lacking & (short > 0))
    return np.where(open_lift, 0, short), open_lift.astype(np.int64)


def check_bound(top_ups: CompiledTopUps, prices: CombinationPrices, protected: Int) -> None:
    """Raise ``PairRefused`` for a calendar and a price whose product would not fit in 63 bits."""
    quantity, divisor = int(prices.quantity.max(initial=0)), int(prices.divisor.max(initial=1))
    share = MILLION * int(prices.group.max(initial=1))
    whole = (int((prices.each // prices.divisor).max(initial=0)) + 1) * quantity
    highest = int(prices.base.max(initial=0)) + whole // MILLION + 1
    highest = max(highest, top_ups.floor, top_ups.cap, int(protected.max(initial=0)))
    week = max(top_ups.full_time, 1)
    multiple = max(whole + share, divisor * (2 * share + quantity))
    if 2 * max(multiple, highest * week * top_ups.calendar.denominator) >= LARGEST:
        raise PairRefused([_TOO_LARGE])
