"""Prices and modifiers of a tariff, each with the grid of where it applies."""

from collections.abc import Iterator, Mapping, Sequence

from engine.money import MILLION, PENCE, decimal_of, scaled
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compile_value_tables import modifier_path
from engine.rules.grid import Conditions, Grid, build
from engine.rules.in_force import NO_ROW, InForce
from engine.rules.inputs import Input
from engine.rules.modifiers_in_force import ModifiersInForce
from engine.rules.price_steps import MONEY, TARIFF, CompiledModifier, Modification, RowOf
from engine.rules.prices import Modifier, Price, Tariff
from engine.rules.segments import CompiledPrice
from engine.rules.value_tables import ValueTable, series_of
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
) -> tuple[tuple[CompiledModifier, ...], list[ModifiersInForce]]:
    """Return the modifiers in force in any segment, and those in force in each, None where it has not begun.

    ``same`` are those of a tariff whose every modifier is in force and holds where these do.
    """
    places, values = [], []
    rows: list[dict[RowOf, Modification | None]] = [{} for _ in segments]
    for at, one in enumerate(profile.tariff.modifiers):
        held = [_modification(one, at, now) for now in segments]
        if isinstance(one.percent or one.pounds, ValueTable):
            for of, now in zip(rows, segments, strict=True):
                of.update(_of_rows(one, at, now))
            held = [_first_begun(of, one, at) for of in rows]
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
    return compiled, [
        ModifiersInForce(tuple(of[at] for of in values), rows[at]) for at in range(len(segments))
    ]


def _modifier(profile: BandProfile, at: int) -> CompiledModifier:
    one, path = profile.tariff.modifiers[at], f"{TARIFF}.modifiers.{at}"
    grid = build([conditions_of(one.band, one.when)], profile.bands, HitPolicy.first, path)
    return CompiledModifier(one.label, grid)


def _of_rows(one: Modifier, at: int, now: InForce) -> Iterator[tuple[RowOf, Modification | None]]:
    """Yield what each row of a modifier's table adds, and what it is where a row is lacking."""
    path = modifier_path(one, at)
    rows = len(list(series_of(one.percent or one.pounds)))
    for row in (*range(rows), NO_ROW):
        yield (path, row), _modification(one, at, now._replace(fitting=((path, row),)))


def _first_begun(
    by_row: Mapping[RowOf, Modification | None], one: Modifier, at: int
) -> Modification | None:
    path = modifier_path(one, at)
    return next(
        (held for (of, row), held in by_row.items() if of == path and row != NO_ROW and held),
        None,
    )


def _modification(one: Modifier, at: int, now: InForce) -> Modification | None:
    path, given = modifier_path(one, at), one.percent or one.pounds
    value = now.perhaps(given, path, Unit.percent if one.percent else Unit.pounds)
    table = path if isinstance(given, ValueTable) else None
    return None if value is None else Modification(one.label, value, table)
