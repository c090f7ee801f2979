"""Money for places: each period's rate to the penny, each total up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the rule gives every published place deduction of every authority.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.money import MILLION, PENCE
from engine.rules.in_force import refuse_later
from engine.rules.months import month_words
from engine.rules.places import CompiledPlaceType
from engine.steps import (
    DocumentValue,
    Earlier,
    Op,
    Own,
    OwnNumbers,
    Plain,
    Step,
    Steps,
    Unit,
    Value,
    result,
    run,
    start,
    up_to_a_pound,
    whole_pence,
    work_known,
)

EXACT, AMOUNT = "exact", "amount"
MONTHS = Plain("12", Unit.units)


@dataclass(frozen=True, slots=True)
class PlaceAmount:
    """The amount of one kind of place: pence a place for each period, exact sum, whole pounds in pence.

    None is not known. ``steps`` lead to it, and ``own`` are the places, or pounds, of each period that they take.
    """

    rates: tuple[int | None, ...]
    exact: Fraction | None
    amount: int | None
    steps: Steps
    own: OwnNumbers


def place_steps(place: CompiledPlaceType) -> Steps:
    """Return the steps from the places of each period, or its pounds where sums are given, to the amount."""
    names = [one.name for one in place.rule.periods] or [place.rule.label]
    periods = range(len(names))
    steps: list[Step] = []
    values: list[Value] = [Own(f"places_{at + 1}", PENCE, Unit.pounds) for at in periods]
    if place.annual is not None:
        steps = [step for at in periods for step in _period(place, at)]
        values = [Earlier(f"period {at}") for at in periods]
    steps.append(start(names[0], values[0]))
    steps += [Step(Op.plus, name, value) for name, value in zip(names[1:], values[1:], strict=True)]
    return (
        *steps,
        result("All periods", None, EXACT),
        up_to_a_pound("Up to a whole pound", AMOUNT),
    )


def _period(place: CompiledPlaceType, at: int) -> Iterator[Step]:
    """Yield the steps to what the places of a period come to, not rounded."""
    yield from _rate(place, at)
    period = place.rule.periods[at].name
    yield Step(Op.times, f"Places, {period}", Own(f"places_{at + 1}", MILLION, Unit.units))
    yield result(period, None, f"period {at}")


def _rate(place: CompiledPlaceType, at: int) -> Iterator[Step]:
    """Yield the steps to the rate of a period: the year's times its months over twelve, to the penny.

    A period in which the year's rate changes has a part for each, to the penny.
    """
    rates = place.rates(at)
    period, path = place.rule.periods[at].name, f"places.types.{place.name}.annual"
    label = f"A place, {period}, to the penny"
    for number, (dated, months) in enumerate(rates):
        name = f"rate {at}" if len(rates) == 1 else f"part {at} {number}"
        yield start("A place, for a year", DocumentValue(dated, path, Unit.pounds))
        yield Step(Op.times, f"Months of {period}", Plain(str(months), Unit.units))
        yield Step(Op.per, "Months of a year", MONTHS)
        yield result(label if len(rates) == 1 else f"{label}, for {month_words(months)}", name=name)
    if len(rates) > 1:
        for number, (_, months) in enumerate(rates):
            op = Op.plus if number else Op.start
            yield Step(op, f"{label}, for {month_words(months)}", Earlier(f"part {at} {number}"))
        yield result(label, name=f"rate {at}")


def place_rates(place: CompiledPlaceType) -> tuple[int | None, ...]:
    """Return the rate of each period, pence, None where it is not printed; none where sums are given."""
    periods = range(len(place.rule.periods)) if place.annual is not None else ()
    return tuple(whole_pence(work_known(_rate(place, at), {})) for at in periods)


def value_places(place: CompiledPlaceType, counts: Sequence[Fraction]) -> PlaceAmount:
    """Return the money for places counted in each period, or for the pounds of each where sums are given.

    Raises ``RuleRefused`` for a kind whose rate is not in force yet.
    """
    # Places whose rate has not begun would be taken for sums of money.
    refuse_later(place.later)
    return amount_of(place_steps(place), counts)


def amount_of(steps: Steps, counts: Sequence[Fraction]) -> PlaceAmount:
    """Return what the steps of a kind of place come to for the places, or pounds, of each period."""
    own = {f"places_{at}": count for at, count in enumerate(counts, start=1)}
    found = {step.name: held for step, _, held in run(steps, own) if step.name}
    rates = tuple(whole_pence(held) for name, held in found.items() if name.startswith("rate "))
    return PlaceAmount(rates, found[EXACT], whole_pence(found[AMOUNT]), steps, own)
