"""A price in words: what is published, what it is multiplied by, uprated and modified with."""

from collections.abc import Mapping

import numpy as np

from engine.evaluate.bands import answers_of
from engine.explain.rows import Operator, Row, Unit, given_row
from engine.money import MILLION, PENCE, number, pounds
from engine.rules.compiled import CompiledPrice, CompiledRules, CompiledTopUps
from engine.rules.dated import in_force
from engine.rules.grid import NONE
from engine.rules.prices import Quantity, Staffing


def price_rows(
    rules: CompiledRules, top_ups: CompiledTopUps, price: CompiledPrice, quantity: int | None
) -> list[Row]:
    """Return the rows of a price up to what it comes to in a year.

    ``quantity`` is what counts of the pupil's own, as the price is multiplied by it.
    """
    rows = _published(rules, price)
    if quantity is not None:
        rows.append(_quantity(price, quantity))
    if price.staffing is not None:
        rows += staffing_rows(rules, price.staffing, price.place)
    for uprating in top_ups.upratings:
        given = price.given or price.each_given
        if given is not None and uprating.from_ >= given.from_:
            place = "band_profile.tariff.uprating_percent"
            words = f"Uprating from {uprating.from_.isoformat()}"
            rows.append(given_row(rules, Operator.plus, words, uprating, Unit.percent, place))
    if top_ups.area is not None and not price.assessed_cost:
        place = "band_profile.tariff.area_cost_adjustment"
        rows.append(
            given_row(
                rules, Operator.times, "Area cost adjustment", top_ups.area, Unit.multiplier, place
            )
        )
    for label, held, leaf in (
        ("Units of the band", price.units, "units"),
        ("Times a year", price.times if price.times != "1" else None, "times_a_year"),
        ("Part of it that is paid", price.fraction, "fraction"),
    ):
        if held is not None:
            rows.append(Row(Operator.times, label, held, Unit.text, f"{price.place}.{leaf}"))
    return rows


def _published(rules: CompiledRules, price: CompiledPrice) -> list[Row]:
    """Return the rows of what the document states: a sum or a unit's value, and so much for each."""
    rows: list[Row] = []
    label = "Price, paid once" if price.once else "Price" if price.times != "1" else "Price a year"
    value = f"{price.place}.pounds"
    if price.units is not None:
        label, value = "Value of a unit", "band_profile.tariff.unit_value"
    if price.given is not None:
        rows.append(given_row(rules, Operator.start, label, price.given, Unit.pounds, value))
    if price.each_given is not None and price.quantity is not None:
        joined = Operator.plus if rows else Operator.start
        words = f"For each of the pupil's {price.quantity.replace('_', ' ')}{_bounds(price)}"
        each = f"{price.place}.pounds_each"
        rows.append(given_row(rules, joined, words, price.each_given, Unit.pounds, each))
    return rows


def _quantity(price: CompiledPrice, quantity: int) -> Row:
    """Return the row of what a price is multiplied by; an assessed cost is the price itself."""
    if price.assessed_cost:
        return Row(Operator.start, "Assessed cost", pounds(quantity), Unit.pounds, price.place)
    words = str(price.quantity).replace("_", " ").capitalize()
    if price.quantity == Quantity.exceptional_amount:
        return Row(Operator.times, words, pounds(quantity), Unit.pounds, f"{price.place}.each")
    counted = f"{words} that count" if price.above or price.up_to else words
    return Row(Operator.times, counted, number(quantity), Unit.text, f"{price.place}.each")


def _bounds(price: CompiledPrice) -> str:
    """Return which part of a quantity counts, in words."""
    scale = PENCE if price.quantity == Quantity.exceptional_amount else MILLION
    above = f" above {number(price.above, scale)}" if price.above else ""
    return above + (f" up to {number(price.up_to, scale)}" if price.up_to else "")


def staffing_rows(rules: CompiledRules, staffing: Staffing, place: str) -> list[Row]:
    """Return the rows of a price costed from salaries: each adult, then the pupils they teach."""
    rows: list[Row] = []
    for at, adult in enumerate(staffing.adults):
        where = f"{place}.staffing.adults.{at}"
        salary, extra = (
            in_force(adult.salary, rules.day),
            in_force(adult.on_costs_percent, rules.day),
        )
        joined = Operator.plus if rows else Operator.start
        if salary is not None:
            rows.append(
                given_row(
                    rules,
                    joined,
                    f"Salary of a {adult.role}",
                    salary,
                    Unit.pounds,
                    f"{where}.salary",
                )
            )
        if extra is not None:
            words = "On-costs, added to the salary"
            rows.append(
                given_row(
                    rules, Operator.plus, words, extra, Unit.percent, f"{where}.on_costs_percent"
                )
            )
        rows.append(
            Row(
                Operator.times,
                f"Number of {adult.role}",
                adult.number,
                Unit.text,
                f"{where}.number",
            )
        )
    rows.append(
        Row(
            Operator.divided_by,
            "Pupils taught together",
            staffing.pupils,
            Unit.pupils,
            f"{place}.staffing.pupils",
        )
    )
    return rows


def modifier_rows(
    rules: CompiledRules, top_ups: CompiledTopUps, attributes: Mapping[str, np.integer]
) -> list[Row]:
    """Return the rows of the modifiers that apply to one combination of attributes."""
    columns = {name: np.asarray([value], np.int32) for name, value in attributes.items()}
    rows = []
    for modifier in top_ups.modifiers:
        if answers_of(modifier.grid, columns)[0] <= NONE:
            continue
        unit = Unit.percent if modifier.is_percent else Unit.pounds
        leaf = "percent" if modifier.is_percent else "pounds"
        place = f"{modifier.place}.{leaf}"
        rows.append(given_row(rules, Operator.plus, modifier.label, modifier.given, unit, place))
    return rows
