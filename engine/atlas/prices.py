"""What a band pays a year in a setting: a price where one row decides, else the rows in words."""

from collections.abc import Sequence

from engine.atlas.entries import Cell
from engine.atlas.words import condition_words, spoken
from engine.money import MILLION, number, pounds
from engine.rules.bands import BandProfile
from engine.rules.compiled import CompiledPrice, CompiledTopUps
from engine.rules.inputs import Input
from engine.rules.prices import Price, Quantity
from engine.vocabulary import Setting

NO_PRICE = Cell(None, "no price")
Row = tuple[Price, CompiledPrice]


def settings_named(profiles: Sequence[BandProfile]) -> tuple[str, ...]:
    """Return the settings that prices name, in the order of their codes."""
    named = {
        choice
        for profile in profiles
        for price in profile.tariff.prices
        for choice in price.when.get(Input.setting, ())
    }
    return tuple(one.name for one in Setting if one.name in named)


def price_cell(
    profile: BandProfile, top_ups: CompiledTopUps, band: str, of: str, named: Sequence[str]
) -> Cell:
    """Return the price of a band in a setting, or in all those that ``named`` leaves out."""
    settings = [of] if of in named else [one.name for one in Setting if one.name not in named]
    rows: list[Row] = []
    for price, compiled in zip(profile.tariff.prices, top_ups.prices, strict=True):
        if price.band not in {None, band} or not _applies(price, settings):
            continue
        rows.append((price, compiled))
        if not set(price.when) - {Input.setting}:
            break
    if not rows:
        return NO_PRICE
    parts = [_phrase(price, compiled) for price, compiled in rows]
    last = rows[-1][0]
    if set(last.when) - {Input.setting}:
        parts.append("otherwise no price")
    elif len(parts) > 1:
        parts[-1] += " otherwise"
    return Cell("; ".join(parts))


def _applies(price: Price, settings: Sequence[str]) -> bool:
    choices = price.when.get(Input.setting)
    return choices is None or bool(set(choices) & set(settings))


def _phrase(price: Price, compiled: CompiledPrice) -> str:
    amount = _amount(compiled)
    words = condition_words(price.when, leave_out=(Input.setting,))
    return f"{amount} where {words}" if words else amount


def _amount(price: CompiledPrice) -> str:
    """Return a price a year after uprating and area adjustment, for a full-time pupil."""
    if price.assessed_cost:
        return "the assessed cost"
    parts = []
    if price.given is not None or price.staffing is not None:
        parts.append(pounds(price.base))
    if price.quantity is not None and price.each_given is not None:
        each = _each(price)
        shared = ", shared in a group" if price.shared else ""
        parts.append(f"{each} × {spoken(price.quantity)}{shared}")
    said = " + ".join(parts) or "not in force on this day"
    return f"{said}, once" if price.once else said


def _each(price: CompiledPrice) -> str:
    if price.quantity == Quantity.exceptional_amount.value:
        return number(price.each, MILLION)
    return pounds(price.each)
