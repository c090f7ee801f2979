"""A price in words: what is published, what it is multiplied by, uprated and modified with."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.evaluate.bands import answers_of
from engine.explain.rows import Operator, Row, Unit, given_row, label_of
from engine.explain.staffing import staffing_rows
from engine.money import MILLION, PENCE, decimal_of, half_away, number, pounds
from engine.rules.compile_prices import published_pence, staffing_pence, uprated
from engine.rules.compiled import (
    CompiledModifier,
    CompiledPrice,
    CompiledRules,
    CompiledTopUps,
)
from engine.rules.grid import NONE
from engine.rules.prices import Quantity, Tariff
from engine.rules.values import Given

UPRATED = "Uprated, to the nearest"


@dataclass(frozen=True, slots=True)
class Asked:
    """A price applied to one pupil, with the amount; pence.

    quantity   the part of the pupil's quantity that counts, None where none does
    group      pupils who share the support, None where it is not shared
    base, divisor  of the pupil's combination, after modifiers, as in ``Priced``
    modifiers  those that apply, in the document's order
    """

    price: CompiledPrice
    quantity: int | None
    group: int | None
    base: int
    divisor: int
    annual: int
    modifiers: tuple[CompiledModifier, ...]


def price_rows(rules: CompiledRules, top_ups: CompiledTopUps, asked: Asked) -> list[Row]:
    """Return the rows of a price up to the annual rate, joined one after the other.

    A fixed sum and an amount for each unit are worked out separately, each to the penny, and
    then added.
    """
    price = asked.price
    whole = _sum_rows(rules, top_ups, asked)
    rows = whole
    if asked.quantity is not None:
        rows = _each_rows(rules, top_ups, asked)
        if whole:
            words = "Assessed cost" if price.assessed_cost else f"{_spoken(price)}, together"
            rows = [
                *whole,
                _equals("Sum a year, to the penny", asked.base),
                *rows,
                _equals(words, asked.annual - asked.base),
                Row(Operator.plus, "Sum a year", pounds(asked.base), Unit.pounds),
            ]
    return _joined([*rows, _equals("Annual rate, to the penny", asked.annual)])


def _joined(rows: list[Row]) -> list[Row]:
    """Return rows without a result that another result follows at once, unless it is rounded otherwise."""
    followers = [*rows[1:], None]
    return [
        row
        for row, follower in zip(rows, followers, strict=True)
        if not (
            row.operator is Operator.equals
            and not row.label.startswith(UPRATED)
            and follower is not None
            and follower.operator is Operator.equals
        )
    ]


def _equals(label: str, pence: int) -> Row:
    return Row(Operator.equals, label, pounds(pence), Unit.pounds)


def _spoken(price: CompiledPrice) -> str:
    return label_of(str(price.quantity))


def _sum_rows(rules: CompiledRules, top_ups: CompiledTopUps, asked: Asked) -> list[Row]:
    """Return the rows of the sum that a price states, for any quantity."""
    price, rows = asked.price, list[Row]()
    pence = 0
    if price.staffing is not None:
        rows = staffing_rows(rules, price.staffing, price.place)
        rows += _area(rules, top_ups)
        pence = staffing_pence(price.staffing, _tariff(rules), rules.day)
    elif price.given is not None:
        label = (
            "Price, paid once" if price.once else "Price" if price.times != "1" else "Price a year"
        )
        value = f"{price.place}.pounds"
        if price.units is not None:
            label, value = "Value of a unit", "band_profile.tariff.unit_value"
        start = given_row(rules, Operator.start, label, price.given, Unit.pounds, value)
        rows = [start, *_uprated(rules, top_ups, price.given)]
        pence = published_pence(price.given, _tariff(rules), rules.day)
        if price.units is not None:
            place = f"{price.place}.units"
            rows += [
                _equals("Value of a unit, to the penny", pence),
                Row(Operator.times, "Units of the band", price.units, Unit.text, place),
            ]
            pence = half_away(*(pence * Fraction(decimal_of(price.units))).as_integer_ratio())
    if rows:
        rows += [_equals("Price, to the penny", pence), *_times(price)]
        pence = price.base
    for modifier in asked.modifiers:
        if not rows and modifier.is_percent:
            continue
        joined = Operator.plus if rows else Operator.start
        if rows:
            rows.append(_equals("Price, to the penny", pence))
        rows.append(_modifier_row(rules, modifier, joined))
        pence = half_away(pence * modifier.factor, MILLION) + modifier.added
    return rows


def _each_rows(rules: CompiledRules, top_ups: CompiledTopUps, asked: Asked) -> list[Row]:
    """Return the rows of an amount for each unit of a pupil's quantity."""
    price, quantity = asked.price, asked.quantity or 0
    percents = [one for one in asked.modifiers if one.is_percent]
    group = asked.group
    shared = (
        []
        if group is None
        else [Row(Operator.divided_by, "Pupils who share the support", str(group), Unit.pupils)]
    )
    if price.assessed_cost or price.each_given is None:
        start = Row(Operator.start, "Assessed cost", pounds(quantity), Unit.pounds, price.place)
        added = [_modifier_row(rules, one, Operator.plus) for one in percents]
        return [start, *_times(price), *added, *shared]
    words = f"For each of the pupil's {str(price.quantity).replace('_', ' ')}{_bounds(price)}"
    each = f"{price.place}.pounds_each"
    rows = [given_row(rules, Operator.start, words, price.each_given, Unit.pounds, each)]
    if price.quantity == Quantity.exceptional_amount:
        added = [_modifier_row(rules, one, Operator.plus) for one in percents]
        return [*rows, _quantity(price, quantity), *_times(price), *added, *shared]
    rows += _uprated(rules, top_ups, price.each_given)
    pence = published_pence(price.each_given, _tariff(rules), rules.day)
    rows.append(_equals("For each, to the penny", pence))
    if not percents:
        return [*rows, _quantity(price, quantity), *_times(price), *shared]
    # What a year and a part of it multiply by, in whole numbers: the other one divides.
    numerator = price.each // pence if pence else 1
    if numerator != 1:
        rows.append(Row(Operator.times, "Times a year, or of parts", str(numerator), Unit.text))
    pence *= numerator
    for modifier in percents:
        pence = half_away(pence * modifier.factor, MILLION)
        rows += [
            _modifier_row(rules, modifier, Operator.plus),
            _equals("For each, to the penny", pence),
        ]
    rows.append(_quantity(price, quantity))
    if asked.divisor != 1:
        rows.append(Row(Operator.divided_by, "Parts that it is of", str(asked.divisor), Unit.text))
    return [*rows, *shared]


def _tariff(rules: CompiledRules) -> Tariff:
    profile = rules.document.band_profile
    if profile is None:
        message = "a price without a band profile"
        raise RuntimeError(message)
    return profile.tariff


def _uprated(rules: CompiledRules, top_ups: CompiledTopUps, given: Given) -> list[Row]:
    """Return the rows of what was added to a published value since, each rounded on its own."""
    rows: list[Row] = []
    tariff = _tariff(rules)
    place = "band_profile.tariff.uprating_percent"
    for uprating in top_ups.upratings:
        if uprating.from_ >= given.from_:
            words = f"Uprating from {uprating.from_.isoformat()}"
            rows.append(given_row(rules, Operator.plus, words, uprating, Unit.percent, place))
            upto = uprated(given, tariff, uprating.from_)
            nearest = f"{UPRATED} {tariff.uprated_to_nearest}"
            rows.append(Row(Operator.equals, nearest, f"{upto:.2f}", Unit.pounds))
    return [*rows, *_area(rules, top_ups)]


def _area(rules: CompiledRules, top_ups: CompiledTopUps) -> list[Row]:
    if top_ups.area is None:
        return []
    place = "band_profile.tariff.area_cost_adjustment"
    words = "Area cost adjustment"
    return [given_row(rules, Operator.times, words, top_ups.area, Unit.multiplier, place)]


def _times(price: CompiledPrice) -> list[Row]:
    """Return the rows that say how often a price is paid, and which part of it."""
    return [
        Row(Operator.times, label, held, Unit.text, f"{price.place}.{leaf}")
        for label, held, leaf in (
            ("Times a year", price.times if price.times != "1" else None, "times_a_year"),
            ("Part of it that is paid", price.fraction, "fraction"),
        )
        if held is not None
    ]


def _quantity(price: CompiledPrice, quantity: int) -> Row:
    """Return the row of what a price is multiplied by."""
    words = _spoken(price)
    if price.quantity == Quantity.exceptional_amount:
        return Row(Operator.times, words, pounds(quantity), Unit.pounds, f"{price.place}.each")
    counted = f"{words} that count" if price.above or price.up_to else words
    return Row(Operator.times, counted, number(quantity), Unit.text, f"{price.place}.each")


def _bounds(price: CompiledPrice) -> str:
    """Return which part of a quantity counts, in words."""
    scale = PENCE if price.quantity == Quantity.exceptional_amount else MILLION
    above = f" above {number(price.above, scale)}" if price.above else ""
    return above + (f" up to {number(price.up_to, scale)}" if price.up_to else "")


def applying_modifiers(
    top_ups: CompiledTopUps, attributes: Mapping[str, np.integer]
) -> tuple[CompiledModifier, ...]:
    """Return the modifiers that apply to one combination of attributes."""
    columns = {name: np.asarray([value], np.int32) for name, value in attributes.items()}
    return tuple(one for one in top_ups.modifiers if answers_of(one.grid, columns)[0] > NONE)


def _modifier_row(rules: CompiledRules, modifier: CompiledModifier, joined: Operator) -> Row:
    unit, leaf = (Unit.percent, "percent") if modifier.is_percent else (Unit.pounds, "pounds")
    return given_row(
        rules, joined, modifier.label, modifier.given, unit, f"{modifier.place}.{leaf}"
    )
