"""A price of a tariff as steps, from its published values to the annual rate."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.money import MILLION, PENCE, decimal_of, number, scaled
from engine.rules.grid import Grid
from engine.rules.in_force import InForce
from engine.rules.prices import Price, Quantity, Tariff
from engine.steps import (
    DocumentValue,
    Earlier,
    Op,
    Own,
    Plain,
    Step,
    Steps,
    Unit,
    label_of,
    printed,
    result,
    start,
)

TARIFF = "band_profile.tariff"
PRICE, EACH, ANNUAL = "Price, to the penny", "For each, to the penny", "Annual rate, to the penny"
COUNTED, SUM = "counted", "sum"
MONEY = (Quantity.exceptional_amount,)
"""Quantities that are money."""


class Modification(NamedTuple):
    """A modifier in force: its label, and its percentage or pounds, as the unit of ``value`` says.

    ``table`` is the path of the table that the value is of, None where it is the same for everybody.
    """

    label: str
    value: DocumentValue
    table: str | None = None

    @property
    def adds(self) -> tuple[Unit, Fraction | None]:
        """Return the percentage, or the pence, that it adds; None where it is not printed."""
        return self.value.unit, printed(self.value)


RowOf = tuple[str, int | None]
"""The path of a table of values and the number of a row, ``NO_ROW``, or None where none is needed."""


class CompiledModifier(NamedTuple):
    """A modifier: what is added to a price where its grid has a row; each segment has its value."""

    label: str
    grid: Grid


def price_steps(
    price: Price, tariff: Tariff, at: int, now: InForce, applying: Sequence[Modification] = ()
) -> Steps:
    """Return the steps of the price at a place of a tariff, with the modifiers that apply in order.

    A fixed sum and an amount for each unit are worked out separately, each to the penny, and then
    added.
    """
    place = f"{TARIFF}.prices.{at}"
    whole = list(_sum(price, tariff, place, now))
    for one in applying:
        if one.value.unit is not Unit.percent:
            joined = Op.plus if whole else Op.start
            whole += [Step(joined, one.label, one.value), result(PRICE)]
        elif whole:
            whole += [Step(Op.add_percent, one.label, one.value), result(PRICE)]
    percents = [one for one in applying if one.value.unit is Unit.percent]
    each = list(_each(price, tariff, place, now, percents))
    if not (whole and each):
        return (*whole, *each, result(ANNUAL, name="annual"))
    words = "Assessed cost" if price.each is None else f"{label_of(price.each)}, together"
    return (
        *whole,
        result("Sum a year, to the penny", name=SUM),
        *each,
        result(words),
        Step(Op.plus, "Sum a year", Earlier(SUM)),
        result(ANNUAL, name="annual"),
    )


def _sum(price: Price, tariff: Tariff, place: str, now: InForce) -> Iterator[Step]:
    """Yield the steps of the sum that a price states, for any quantity."""
    pounds = now.value(price.pounds, f"{place}.pounds", Unit.pounds)
    unit = now.value(tariff.unit_value, f"{TARIFF}.unit_value", Unit.pounds)
    if price.staffing is not None:
        yield from _staffing(price, place, now)
        yield from _area(tariff, now)
    elif price.units is not None and unit is not None:
        yield start("Value of a unit", unit)
        yield from _uprated(tariff, unit, now)
        yield result("Value of a unit, to the penny")
        yield Step(Op.times, "Units of the band", Plain(price.units, Unit.text, f"{place}.units"))
    elif pounds is not None:
        often = "Price a year" if price.times_a_year == 1 else "Price"
        yield start("Price, paid once" if price.once else often, pounds)
        yield from _uprated(tariff, pounds, now)
    else:
        return
    yield result(PRICE)
    yield from _times(price, place)
    yield result(PRICE)


def _uprated(tariff: Tariff, value: DocumentValue, now: InForce) -> Iterator[Step]:
    """Yield what was added to a published value since, each time rounded on its own, and the area."""
    nearest = Fraction(decimal_of(tariff.uprated_to_nearest)) * PENCE
    place = f"{TARIFF}.uprating_percent"
    for one in now.begun(tariff.uprating_percent, place, Unit.percent, since=value):
        yield Step(Op.add_percent, f"Uprating from {one.dated.from_.isoformat()}", one)
        words = f"Uprated, to the nearest {tariff.uprated_to_nearest}"
        yield result(words, nearest, "uprated")
    yield from _area(tariff, now)


def _area(tariff: Tariff, now: InForce) -> Iterator[Step]:
    place = f"{TARIFF}.area_cost_adjustment"
    area = now.perhaps(tariff.area_cost_adjustment, place, Unit.multiplier)
    if area is not None:
        yield Step(Op.times, "Area cost adjustment", area)


def _staffing(price: Price, place: str, now: InForce) -> Iterator[Step]:
    """Yield the steps of a price costed from salaries: each adult's cost, and the pupils they teach."""
    staffing = price.staffing
    if staffing is None:
        return
    roles: list[str] = []
    for at, adult in enumerate(staffing.adults):
        where = f"{place}.staffing.adults.{at}"
        salary = now.value(adult.salary, f"{where}.salary", Unit.pounds)
        extra = now.perhaps(adult.on_costs_percent, f"{where}.on_costs_percent", Unit.percent)
        if salary is None:
            continue
        yield start(f"Salary of one {adult.role}", salary)
        if extra is not None:
            yield Step(Op.add_percent, "On-costs, added to the salary", extra)
        many = Plain(adult.number, Unit.text, f"{where}.number")
        yield Step(Op.times, f"Number of {adult.role}", many)
        yield result(f"Cost of {adult.role}, not rounded", None, f"cost {at}")
        roles.append(adult.role)
    for at, role in enumerate(roles[:-1]):
        yield Step(Op.plus, f"Cost of {role}", Earlier(f"cost {at}"))
    if len(roles) > 1:
        yield result("Cost of all adults, not rounded", None)
    pupils = Plain(staffing.pupils, Unit.pupils, f"{place}.staffing.pupils")
    yield Step(Op.per, "Pupils taught together", pupils)


def _times(price: Price, place: str) -> Iterator[Step]:
    """Yield how often a price is paid, and which part of it."""
    if price.times_a_year != 1:
        often = Plain(str(price.times_a_year), Unit.text, f"{place}.times_a_year")
        yield Step(Op.times, "Times a year", often)
    if price.fraction is not None:
        part = Plain(price.fraction, Unit.text, f"{place}.fraction")
        yield Step(Op.times, "Part of it that is paid", part)


def _each(
    price: Price, tariff: Tariff, place: str, now: InForce, percents: Sequence[Modification]
) -> Iterator[Step]:
    """Yield the steps of an amount for each unit of a pupil's quantity.

    A percentage raises an amount for each unit to the penny; of an amount in pounds it raises the
    whole, which is rounded once.
    """
    each = now.value(price.pounds_each, f"{place}.pounds_each", Unit.pounds)
    if price.assessed_cost:
        own = Own("assessed_cost", PENCE, Unit.pounds, place)
        yield start("Assessed cost", own)
    elif each is None or price.each is None:
        return
    else:
        yield from _counted(price, place)
        bounds = "".join(f" {words} {bound.text}" for words, bound in bounds_of(price))
        yield start(f"For each of the pupil's {price.each.replace('_', ' ')}{bounds}", each)
        if price.each not in MONEY:
            yield from _uprated(tariff, each, now)
            yield result(EACH)
            if percents:
                yield from _raised(price, place, percents)
                return
        yield Step(Op.times, *_quantity(price, place))
    yield from _times(price, place)
    yield from (Step(Op.add_percent, one.label, one.value) for one in percents)
    yield from _shared(price)


def _raised(price: Price, place: str, percents: Sequence[Modification]) -> Iterator[Step]:
    """Yield the steps of an amount for each unit that percentages raise, to the penny each time.

    How often it is paid comes before them, and what it is a part of after, in whole numbers.
    """
    many = price.multiple
    if many.numerator != 1:
        yield Step(Op.times, "Times a year, or of parts", Plain(str(many.numerator)))
    for one in percents:
        yield Step(Op.add_percent, one.label, one.value)
        yield result(EACH)
    yield Step(Op.times, *_quantity(price, place))
    if many.denominator != 1:
        yield Step(Op.per, "Parts that it is of", Plain(str(many.denominator)))
    yield from _shared(price)


def _shared(price: Price) -> Iterator[Step]:
    if price.shared_in_group:
        own = Own("group_size", 1, Unit.pupils)
        yield Step(Op.per, "Pupils who share the support", own)


def _own(price: Price, place: str) -> Own:
    money = price.each in MONEY
    unit = Unit.pounds if money else Unit.text
    return Own(str(price.each), PENCE if money else MILLION, unit, f"{place}.each")


def bounds_of(price: Price) -> list[tuple[str, Plain]]:
    """Return between which bounds a price's quantity counts, and their words; none of 0."""
    scale = PENCE if price.each in MONEY else MILLION
    found = []
    for words, text in (("above", price.each_above), ("up to", price.each_up_to)):
        bound = scaled(decimal_of(text or "0"), scale)
        if bound:
            found.append((words, Plain(number(bound, scale), _own(price, "").unit)))
    return found


def _counted(price: Price, place: str) -> Iterator[Step]:
    """Yield which part of a quantity counts, where not all of it does."""
    bounds = dict(bounds_of(price))
    if not bounds:
        return
    own, words = _own(price, place), label_of(str(price.each))
    yield start(words, own)
    if "up to" in bounds:
        yield Step(Op.at_most, "No more than", bounds["up to"]._replace(path=f"{place}.each_up_to"))
    if "above" in bounds:
        above = bounds["above"]._replace(path=f"{place}.each_above")
        yield Step(Op.minus, "Only what is above counts", above)
        yield Step(Op.at_least, "None where there is less", Plain("0", own.unit))
    yield result(_that_counts(words), None, COUNTED, own.unit)


def _that_counts(words: str) -> str:
    """Return the words of the part of a quantity that counts.

    >>> _that_counts("Support hours"), _that_counts("Level")
    ('Support hours that count', 'Level that counts')
    """
    return f"{words} that count{'' if words.endswith('s') else 's'}"


def _quantity(price: Price, place: str) -> tuple[str, Own | Earlier]:
    """Return the words of what a price is multiplied by, and where it comes from."""
    own, words = _own(price, place), label_of(str(price.each))
    if not bounds_of(price):
        return words, own
    return (words if own.unit is Unit.pounds else _that_counts(words)), Earlier(
        COUNTED, own.unit, own.path
    )
