"""Prices of a tariff to pence: dated, uprated, area-adjusted, and multiplied to a year."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.money import MILLION, PENCE, decimal_of, half_away, scaled
from engine.rules.bands import BandProfile, HitPolicy
from engine.rules.compiled import CompiledModifier, CompiledPrice
from engine.rules.dated import in_force, standing_value
from engine.rules.grid import Conditions, Grid, build
from engine.rules.inputs import Input
from engine.rules.prices import Price as PriceRule
from engine.rules.prices import Quantity, Staffing, Tariff
from engine.rules.values import Given

HUNDRED = 100
MONEY = (Quantity.exceptional_amount,)
"""Quantities that are money: a price for each pound of them is a plain multiple."""


def _row(band: str | None, when: Conditions) -> Conditions:
    return {**when, **({Input.band: (band,)} if band is not None else {})}


def compile_prices(profile: BandProfile, day: date) -> tuple[tuple[CompiledPrice, ...], Grid]:
    """Return the prices in force and the grid of which applies."""
    tariff = profile.tariff
    prices = tuple(_price(price, tariff, at, day) for at, price in enumerate(tariff.prices))
    return prices, tariff_grid(profile)


def tariff_grid(profile: BandProfile) -> Grid:
    """Return the grid of which price applies."""
    rows = [_row(price.band, price.when) for price in profile.tariff.prices]
    return build(rows, profile.bands, HitPolicy.first, "band_profile.tariff.prices")


def compile_modifiers(profile: BandProfile, day: date) -> tuple[CompiledModifier, ...]:
    """Return the modifiers in force, each with the grid of where it applies."""
    compiled = []
    for at, one in enumerate(profile.tariff.modifiers):
        place = f"band_profile.tariff.modifiers.{at}"
        percent, pounds = in_force(one.percent, day), in_force(one.pounds, day)
        given = percent or pounds
        if given is not None:
            grid = build([_row(one.band, one.when)], profile.bands, HitPolicy.first, place)
            factor = MILLION + scaled(given.decimal, MILLION // HUNDRED) if percent else MILLION
            added = 0 if percent else scaled(given.decimal, PENCE)
            compiled.append(
                CompiledModifier(
                    one.label, grid, factor, added, place, given, is_percent=bool(percent)
                )
            )
    return tuple(compiled)


def upratings(tariff: Tariff, day: date) -> tuple[Given, ...]:
    """Return the upratings that have come into force by a day, in their order."""
    return tuple(given for given in tariff.uprating_percent or () if given.from_ <= day)


def _price(price: PriceRule, tariff: Tariff, at: int, day: date) -> CompiledPrice:
    place = f"band_profile.tariff.prices.{at}"
    given = standing_value(price.pounds, day, f"{place}.pounds")
    each = standing_value(price.pounds_each, day, f"{place}.pounds_each")
    unit = standing_value(tariff.unit_value, day, "band_profile.tariff.unit_value")
    if price.units is not None and unit is not None:
        given = unit
    base = 0 if given is None else published_pence(given, tariff, day)
    if price.units is not None:
        base = _times(base, Fraction(decimal_of(price.units)))
    if price.staffing is not None:
        base = staffing_pence(price.staffing, tariff, day)
    return CompiledPrice(
        base=_times(base, price.multiple),
        each=_each(price, each, tariff, day) * price.multiple.numerator,
        quantity=price.each.value if price.each else None,
        assessed_cost=bool(price.assessed_cost),
        place=place,
        given=given,
        each_given=each,
        staffing=price.staffing,
        times=str(price.times_a_year),
        fraction=price.fraction,
        units=price.units,
        once=price.once,
        shared=price.shared_in_group,
        step=_bound(price, price.each_step),
        above=_bound(price, price.each_above),
        up_to=_bound(price, price.each_up_to),
        divisor=price.multiple.denominator,
    )


def _times(pence: int, multiple: Fraction) -> int:
    """Return pence times a number, rounded once."""
    return half_away(*(pence * multiple).as_integer_ratio())


def _bound(price: PriceRule, written: str | None) -> int:
    """Return a bound of a price's quantity as the quantity is held: millionths, or pence."""
    scale = PENCE if price.each in MONEY else MILLION
    return scaled(decimal_of(written), scale) if written else 0


def _each(price: PriceRule, each: Given | None, tariff: Tariff, day: date) -> int:
    if price.assessed_cost:
        return MILLION
    if each is None:
        return 0
    if price.each in MONEY:
        return scaled(each.decimal, MILLION)
    return published_pence(each, tariff, day)


def published_pence(given: Given, tariff: Tariff, day: date) -> int:
    """Return pence of a price: each uprating after its date rounded on its own, then area-adjusted."""
    return _area_adjusted(Fraction(uprated(given, tariff, day)), tariff, day)


def uprated(given: Given, tariff: Tariff, day: date) -> Decimal:
    """Return pounds of a price with the upratings in force on a day, each rounded on its own."""
    nearest = decimal_of(tariff.uprated_to_nearest)
    pounds = given.decimal
    for uprating in upratings(tariff, day):
        if uprating.from_ >= given.from_:
            raised = (
                Fraction(pounds)
                * (HUNDRED + Fraction(uprating.decimal))
                / HUNDRED
                / Fraction(nearest)
            )
            pounds = half_away(*raised.as_integer_ratio()) * nearest
    return pounds


def _area_adjusted(pounds: Fraction, tariff: Tariff, day: date) -> int:
    area = in_force(tariff.area_cost_adjustment, day)
    exact = pounds * (Fraction(area.decimal) if area else 1) * PENCE
    return half_away(*exact.as_integer_ratio())


def adult_cost(salary: Given, on_costs: Given | None, number: Decimal) -> Fraction:
    """Return what a role costs a year, exact pounds."""
    extra = Fraction(on_costs.decimal) / HUNDRED if on_costs else Fraction(0)
    return Fraction(salary.decimal) * (1 + extra) * Fraction(number)


def staffing_pence(staffing: Staffing, tariff: Tariff, day: date) -> int:
    """Return pence a pupil a year: what the adults cost, divided by the pupils, rounded once."""
    cost = Fraction(0)
    for adult in staffing.adults:
        salary = standing_value(adult.salary, day, f"staffing.{adult.role}.salary")
        if salary is not None:
            cost += adult_cost(
                salary, in_force(adult.on_costs_percent, day), decimal_of(adult.number)
            )
    return _area_adjusted(cost / Fraction(decimal_of(staffing.pupils)), tariff, day)
