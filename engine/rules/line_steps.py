"""A line of the schools formula as steps: units times unit value, and what sparsity earns.

Sources: the Department for Education's technical notes of the schools national formula (sparsity by
average year group and mean distance to the second nearest school) and its operational guide.
"""

from collections.abc import Iterator, Sequence

from engine.days import MONTHS
from engine.money import MILLION, PENCE, decimal_of
from engine.rules.formula import Sparsity
from engine.rules.months import MONTHS_OF_YEAR, month_words
from engine.steps import DocumentValue, Earlier, Op, Own, Plain, Step, Steps, Unit, result, start

FORMULA = "schools_formula"
UNITS, AMOUNT, PUPILS, YEARS = "units", "amount", "pupils", "years"
DISTANCE, OPEN, OF_YEARS = "sparsity_distance", "days_open", "of_years"
NOTHING, WHOLE = Plain("0", Unit.share), Plain("1", Unit.share)
AFTER_AREA = "Unit value after area adjustment, to the penny"
EARNED = "Share earned, by how small and remote the school is"

IS_OPEN = Step(Op.times, "Days of the year open", Own(OPEN, 1, Unit.share, f"{FORMULA}.year_days"))
"""The part of the year of a school that is not open all of it."""


def months_part(months: int) -> Steps:
    """Return the steps from the amount of a year to that of the months that rules are for; none for twelve."""
    if months == MONTHS:
        return ()
    return (
        Step(Op.times, "Months for which the rules apply", Plain(str(months))),
        Step(Op.per, "Months of the year", MONTHS_OF_YEAR),
    )


def rate_steps(label: str, value: DocumentValue, area: DocumentValue | None) -> Steps:
    """Return the steps of a unit value: in an area that it is adjusted for, to the penny."""
    if area is None:
        return (start(label, value),)
    return (start(label, value), Step(Op.times, "Area cost adjustment", area), result(AFTER_AREA))


def notional_steps(percent: DocumentValue | None) -> Steps:
    """Return the steps from an amount to the part of it that is notional SEN."""
    if percent is None:
        return ()
    return (Step(Op.percent_of, "Notional SEN percentage", percent), result("Notional SEN"))


def shared_steps(
    value: DocumentValue, area: DocumentValue | None, *, is_open: bool = True
) -> Steps:
    """Return the steps of a line for the school that is shared by its year groups: the share is exact."""
    share = Step(Op.times, "Shared by its year groups", Own(OF_YEARS, 1, Unit.share))
    whole_year = () if is_open else (result("A whole year"), IS_OPEN)
    return (*rate_steps("Unit value", value, area), share, *whole_year, result("Amount"))


def unit_steps(
    value: DocumentValue,
    area: DocumentValue | None,
    unit: Unit,
    *,
    is_open: bool = True,
) -> Steps:
    """Return the steps of a line that pays for units; ``is_open`` all the year.

    A unit value that is adjusted is rounded first, so it is printed before the count.
    """
    own, words = Own(UNITS, MILLION, unit), unit.value.capitalize()
    rate = rate_steps("Unit value", value, area)
    first = (start(words, own), Step(Op.times, "Unit value", value))
    return (
        *(first if area is None else (*rate, Step(Op.times, words, own))),
        *(() if is_open else (IS_OPEN,)),
        result("Amount"),
    )


def amount_steps() -> Steps:
    """Return the step of an amount that the table of schools gives."""
    return (start("Amount given", Own(AMOUNT, PENCE, Unit.pounds)),)


def sparsity_steps(
    rule: Sparsity,
    value: DocumentValue,
    area: DocumentValue | None,
    place: str,
    *,
    is_open: bool = True,
) -> Steps:
    """Return the steps of what a school earns by how small and how remote it is.

    Two shares from 0 to 1, each of a straight line between two bounds, and the unit value.
    """
    size = (
        start("Pupils", Own(PUPILS, MILLION, Unit.pupils)),
        Step(Op.per, "Year groups", Own(YEARS)),
    )
    whole_year = () if is_open else (result("Earned in a whole year"), IS_OPEN)
    steps = [*size, *_falling(rule, f"{place}.sparsity")]
    shares = [Step(Op.times, "Share for its size", Earlier("small", Unit.share))]
    if rule.miles is not None:
        distance = start("Miles to the next school, on average", Own(DISTANCE, MILLION))
        steps += [distance, *_rising(rule, f"{place}.sparsity")]
        shares.append(Step(Op.times, "Share for its distance", Earlier("far", Unit.share)))
    rate = rate_steps("Most that is paid", value, area)
    return (*steps, *rate, *shares, *whole_year, result(EARNED))


def _falling(rule: Sparsity, place: str) -> Iterator[Step]:
    """Yield the share by size: the whole up to a size, and nothing from another on."""
    low, high = rule.full_below, rule.pupils_per_year
    end = Plain(high, Unit.pupils, f"{place}.pupils_per_year")
    yield result("Pupils a year group", None, "size", Unit.pupils)
    if decimal_of(low) == decimal_of(high):
        yield Step(Op.one_to, "The whole up to", end)
    else:
        yield start("Nothing is earned from", end)
        yield Step(Op.minus, "Pupils a year group", Earlier("size", Unit.pupils))
        span = Plain(_between(low, high), Unit.pupils, f"{place}.full_below")
        yield Step(Op.per, "From nothing to the whole", span)
        yield from _bounded()
    yield result("Share for its size", None, "small", Unit.share)


def _rising(rule: Sparsity, place: str) -> Iterator[Step]:
    """Yield the share by distance: nothing up to a distance, and the whole from another on."""
    high = rule.miles or "0"
    low = rule.tapers_from_miles or high
    if decimal_of(low) == decimal_of(high):
        yield Step(Op.one_from, "The whole from", Plain(high, Unit.text, f"{place}.miles"))
    else:
        near = Plain(low, Unit.text, f"{place}.tapers_from_miles")
        yield Step(Op.minus, "Nothing is earned up to", near)
        span = Plain(_between(low, high), Unit.text, f"{place}.miles")
        yield Step(Op.per, "From nothing to the whole", span)
        yield from _bounded()
    yield result("Share for its distance", None, "far", Unit.share)


def _bounded() -> Iterator[Step]:
    yield Step(Op.at_most, "No more than the whole", WHOLE)
    yield Step(Op.at_least, "No less than nothing", NOTHING)


def _between(low: str, high: str) -> str:
    return str(decimal_of(high) - decimal_of(low))


def months_steps(
    amounts: Sequence[Steps], percents: Sequence[DocumentValue | None], months: Sequence[int]
) -> tuple[Steps, Steps]:
    """Return the steps of a line that changes within the year, to its amount and on to its notional part.

    Each segment's amount of a year, to the penny, counts for its months: added exactly, and rounded once.
    """
    if len(months) == 1:
        return _one_part(amounts[0], percents[0], months[0])
    names = [f"amount {at}" for at in range(len(months))]
    steps: list[Step] = []
    for name, amount, number in zip(names, amounts, months, strict=True):
        steps += [*amount, result(f"A year, for {month_words(number)}", None, name)]
    notional: list[Step] = []
    for name, percent, number in zip(names, percents, months, strict=True):
        if percent is not None:
            label = f"A year, for {month_words(number)}"
            notional += [
                start(label, Earlier(name)),
                Step(Op.percent_of, "Notional SEN percentage", percent),
            ]
            notional += [result(label, None, f"notional {name}")]
    parts = [
        (f"notional {name}", number)
        for name, percent, number in zip(names, percents, months, strict=True)
        if percent is not None
    ]
    return (
        (*steps, *_by_months(list(zip(names, months, strict=True))), result("Amount")),
        (*notional, *_by_months(parts), result("Notional SEN")) if parts else (),
    )


def _one_part(amount: Steps, percent: DocumentValue | None, months: int) -> tuple[Steps, Steps]:
    """Return the steps of a line that does not change, in rules for part of a year."""
    label = f"A year, for {month_words(months)}"
    part = months_part(months)
    steps = (*amount, result(label, None, "year"), *part, result("Amount"))
    if percent is None:
        return steps, ()
    share = Step(Op.percent_of, "Notional SEN percentage", percent)
    year = result(label, None, "notional year")
    return steps, (start(label, Earlier("year")), share, year, *part, result("Notional SEN"))


def _by_months(parts: Sequence[tuple[str, int]]) -> Iterator[Step]:
    """Yield the steps of some amounts of a year, each for its months, divided by the months of a year."""
    for at, (name, number) in enumerate(parts):
        yield start(f"A year, for {month_words(number)}", Earlier(name))
        yield Step(Op.times, "Months", Plain(str(number)))
        yield result(month_words(number), None, f"part {at}")
    for at, (_, number) in enumerate(parts):
        yield Step(Op.plus if at else Op.start, month_words(number), Earlier(f"part {at}"))
    yield Step(Op.per, "Months of the year", MONTHS_OF_YEAR)
