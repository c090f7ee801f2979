"""Prices and modifiers of a tariff in force, each with the grid of where it applies."""

from engine.money import MILLION, PENCE, decimal_of, scaled
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compiled import CompiledModifier, CompiledPrice
from engine.rules.grid import Conditions, Grid, build
from engine.rules.in_force import InForce
from engine.rules.inputs import Input
from engine.rules.price_steps import MONEY, TARIFF, price_steps
from engine.rules.prices import Price as PriceRule
from engine.rules.prices import Tariff
from engine.steps import Unit, fold


def _row(band: str | None, when: Conditions) -> Conditions:
    return {**when, **({Input.band: (band,)} if band is not None else {})}


def compile_prices(profile: BandProfile, now: InForce) -> tuple[tuple[CompiledPrice, ...], Grid]:
    """Return the prices in force and the grid of which applies."""
    tariff = profile.tariff
    prices = tuple(_price(price, tariff, at, now) for at, price in enumerate(tariff.prices))
    return prices, tariff_grid(profile)


def tariff_grid(profile: BandProfile) -> Grid:
    """Return the grid of which price applies."""
    rows = [_row(price.band, price.when) for price in profile.tariff.prices]
    return build(rows, profile.bands, HitPolicy.first, f"{TARIFF}.prices")


def compile_modifiers(profile: BandProfile, now: InForce) -> tuple[CompiledModifier, ...]:
    """Return the modifiers in force, each with the grid of where it applies."""
    compiled = []
    for at, one in enumerate(profile.tariff.modifiers):
        place = f"{TARIFF}.modifiers.{at}"
        percent = now.perhaps(one.percent, f"{place}.percent", Unit.percent)
        said = percent or now.perhaps(one.pounds, f"{place}.pounds", Unit.pounds)
        if said is not None:
            grid = build([_row(one.band, one.when)], profile.bands, HitPolicy.first, place)
            compiled.append(CompiledModifier(one.label, grid, said))
    return tuple(compiled)


def _price(price: PriceRule, tariff: Tariff, at: int, now: InForce) -> CompiledPrice:
    steps = price_steps(price, tariff, at, now)
    scale = PENCE if price.each in MONEY else MILLION
    step = scaled(decimal_of(price.each_step), scale) if price.each_step else 0
    return CompiledPrice(price, tariff, at, now, steps, fold(steps), step)
