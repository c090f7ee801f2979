"""Prices and modifiers of a tariff, each with the grid of where it applies."""

from collections.abc import Sequence

from engine.money import MILLION, PENCE, decimal_of, scaled
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compiled import CompiledPrice
from engine.rules.grid import Conditions, Grid, build
from engine.rules.in_force import InForce
from engine.rules.inputs import Input
from engine.rules.price_steps import MONEY, TARIFF, CompiledModifier, Modification
from engine.rules.prices import Modifier, Price, Tariff
from engine.steps import Folded, Unit


def conditions_of(band: str | None, when: Conditions) -> Conditions:
    """Return all conditions of a price or modifier, its band among them."""
    return {**when, **({Input.band: (band,)} if band is not None else {})}


def tariff_grid(profile: BandProfile) -> Grid:
    """Return the grid of which price applies."""
    rows = [conditions_of(price.band, price.when) for price in profile.tariff.prices]
    return build(rows, profile.bands, HitPolicy.first, f"{TARIFF}.prices")


def compile_prices(tariff: Tariff, folded: Sequence[Folded]) -> tuple[CompiledPrice, ...]:
    """Return the prices of a tariff but for their values; ``folded`` is what each comes to on any day."""
    return tuple(
        CompiledPrice(price, tariff, at, form.quantity, form.shared, form.counts, _step(price))
        for at, (price, form) in enumerate(zip(tariff.prices, folded, strict=True))
    )


def _step(price: Price) -> int:
    scale = PENCE if price.each in MONEY else MILLION
    return scaled(decimal_of(price.each_step), scale) if price.each_step else 0


def compile_modifiers(
    profile: BandProfile,
    segments: Sequence[InForce],
    same: tuple[CompiledModifier, ...] | None = None,
) -> tuple[tuple[CompiledModifier, ...], list[tuple[Modification | None, ...]]]:
    """Return the modifiers in force in any segment, and those in force in each, None where it has not begun.

    ``same`` are those of a tariff whose every modifier is in force and holds where these do.
    """
    places, values = [], []
    for at, one in enumerate(profile.tariff.modifiers):
        held = [_modification(one, f"{TARIFF}.modifiers.{at}", now) for now in segments]
        if any(held):
            places.append(at)
            values.append(held)
    if same is None or len(same) != len(places):
        compiled = tuple(_modifier(profile, at) for at in places)
    else:
        compiled = tuple(
            one._replace(label=profile.tariff.modifiers[at].label)
            for one, at in zip(same, places, strict=True)
        )
    return compiled, [tuple(of[at] for of in values) for at in range(len(segments))]


def _modifier(profile: BandProfile, at: int) -> CompiledModifier:
    one, path = profile.tariff.modifiers[at], f"{TARIFF}.modifiers.{at}"
    return CompiledModifier(
        one.label, build([conditions_of(one.band, one.when)], profile.bands, HitPolicy.first, path)
    )


def _modification(one: Modifier, path: str, now: InForce) -> Modification | None:
    percent = now.perhaps(one.percent, f"{path}.percent", Unit.percent)
    value = percent or now.perhaps(one.pounds, f"{path}.pounds", Unit.pounds)
    return None if value is None else Modification(one.label, value)
