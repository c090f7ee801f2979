"""A price to a pupil's annual rate: dated, uprated, area adjusted, modified and multiplied."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.bands import row_fits
from tests.reference.numbers import given, product, raised, standing, to_the, total


def published(tariff, series, day: date) -> int | str:
    """Return a price in force in pence: each later uprating rounded on its own, then area adjusted."""
    held = standing(series, day)
    if held is None:
        return 0
    pounds, unit = given(series, day), Fraction(Decimal(tariff.uprated_to_nearest))
    for uprating in tariff.uprating_percent or ():
        lacks = uprating.value == "no value"
        if lacks or held.from_ <= uprating.from_ <= day:
            more = given((uprating,), day)
            pounds = to_the(unit, product(pounds, raised(more)))
    return adjusted(tariff, pounds, day)


def adjusted(tariff, pounds: Fraction | str, day: date) -> int | str:
    """Return pence of an amount after the area adjustment."""
    area = given(tariff.area_cost_adjustment, day)
    return to_the(1, product(100, pounds, 1 if area is None else area))


def staffed(tariff, staffing, day: date) -> int | str:
    """Return pence a pupil: what the adults cost, divided by the pupils whom they teach."""
    cost = Fraction(0)
    for adult in staffing.adults:
        on_costs = raised(given(adult.on_costs_percent, day) or 0)
        number = Fraction(Decimal(adult.number))
        cost = total(cost, product(given(adult.salary, day) or 0, on_costs, number))
    return adjusted(tariff, product(cost, 1 / Fraction(Decimal(staffing.pupils))), day)


def quantity_of(price, record: dict) -> Fraction | None:
    """Return what a price is multiplied by, or None where it is not known: none shared is none."""
    held = record.get("assessed_cost" if price.assessed_cost else price.each.value)
    if held is None:
        return None
    most = min(Fraction(held), Fraction(price.each_up_to or held))
    counted = max(most - Fraction(price.each_above or 0), Fraction(0))
    if not price.shared_in_group or not counted:
        return counted
    return None if record.get("group_size") is None else counted / record["group_size"]


def steps_fit(price, record: dict) -> bool:
    """Return whether a pupil's quantity comes in whole steps of the price."""
    held = None if price.each is None else record.get(price.each.value)
    if price.each_step is None or held is None:
        return True
    return (Fraction(held) / Fraction(Decimal(price.each_step))).denominator == 1


def is_money(price) -> bool:
    """Return whether a price is multiplied by pounds, so that it is a plain number itself."""
    return bool(price.assessed_cost) or (
        price.each is not None and price.each == "exceptional_amount"
    )


def applying(tariff, day: date, record: dict, begun=None) -> tuple[tuple[int, ...], bool]:
    """Return the places of the modifiers that hold for a record with its band, and whether all is known.

    One that has not begun on the day asks for nothing; ``begun`` says which have, where tables do not.
    """
    begun = begun or [has_begun(modifier, day) for modifier in tariff.modifiers]
    fits = [
        of_day and modifier.band in (None, record["band"]) and row_fits(modifier.when, record)
        for of_day, modifier in zip(begun, tariff.modifiers, strict=True)
    ]
    return tuple(at for at, one in enumerate(fits) if one), None not in fits


def has_begun(modifier, day: date) -> bool:
    """Return whether a modifier has a value on a day."""
    return (given(modifier.percent, day), given(modifier.pounds, day)) != (None, None)


def modified(
    modifiers, day: date, base: int | str, each: Fraction | str, unit: Fraction | None
) -> tuple[int | str, Fraction | str]:
    """Return base and multiple after each modifier, rounded each time; a multiple of pounds is not."""
    for modifier in modifiers:
        percent, added = given(modifier.percent, day), given(modifier.pounds, day)
        factor = raised(percent or 0)
        base = total(to_the(1, product(base, factor)), to_the(1, product(100, added or 0)))
        each = product(each, factor)
        if unit is not None:
            each = to_the(unit, each)
    return base, each


def annual_rate(tariff, day: date, price, modifiers, record: dict) -> int | str | None:
    """Return a pupil's annual rate for a full-time place, pence, ``NOT_PRINTED``, or None where not supplied."""
    base = published(tariff, price.pounds, day)
    if price.units is not None:
        base = to_the(1, product(published(tariff, tariff.unit_value, day), Fraction(price.units)))
    if price.staffing is not None:
        base = staffed(tariff, price.staffing, day)
    times = Fraction(price.times_a_year) * Fraction(price.fraction or 1)
    unit = None if is_money(price) else Fraction(1, times.denominator)
    each = Fraction(100) if price.assessed_cost else Fraction(0)
    if price.each is not None:
        plain = product(given(price.pounds_each, day) or 0, 100)
        each = plain if is_money(price) else published(tariff, price.pounds_each, day)
    base, each = modified(
        modifiers, day, to_the(1, product(base, times)), product(each, times), unit
    )
    if not each or isinstance(base, str):
        return base
    quantity = quantity_of(price, record)
    return None if quantity is None else total(base, to_the(1, product(each, quantity)))
