"""Steps worked exactly, as a person would: only a result rounds, and only where it says so.

What is held is pence where it is money. A number of the row or an earlier result in pounds that is
multiplied by counts pounds; one that starts, is added or bounds counts pence.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from engine.money import PENCE, half_away
from engine.steps.step import Earlier, Of, Op, Own, Plain, Said, Step, Unit, Value

OwnNumbers = Mapping[str, Fraction | Of]
"""The row's own numbers by name: pounds, hours, pupils, shares."""


def known(value: Said | Plain) -> Fraction:
    """Return a number that is known before any row is: pence where it is pounds, else as written."""
    exact = Fraction(value.given.decimal) if isinstance(value, Said) else Fraction(value.text)
    return exact * PENCE if value.unit is Unit.pounds else exact


def rounded(exact: Fraction, nearest: Fraction | None) -> Fraction:
    """Return a number to the nearest multiple, halves away from zero; as it is for None."""
    if nearest is None:
        return exact
    return half_away(*(exact / nearest).as_integer_ratio()) * nearest


def combine(op: Op, held: Fraction, value: Fraction) -> Fraction:  # noqa: C901, PLR0912 - one branch an operation
    """Return what is held after a step with a value."""
    match op:
        case Op.start:
            return value
        case Op.plus:
            return held + value
        case Op.minus:
            return held - value
        case Op.times:
            return held * value
        case Op.per:
            return held / value
        case Op.add_percent:
            return held * (1 + value / 100)
        case Op.percent_of:
            return held * value / 100
        case Op.at_least:
            return max(held, value)
        case Op.at_most:
            return min(held, value)
        case Op.one_from:
            return Fraction(held >= value)
        case Op.one_to:
            return Fraction(held <= value)
        case Op.note | Op.result:
            return held
        case _:
            assert_never(op)


def _number(step: Step, value: Value, own: OwnNumbers, named: Mapping[str, Fraction]) -> Fraction:
    multiplies = step.op is Op.times
    match value:
        case Own(name, _, unit, _):
            found = own[name]
            exact = found.exact if isinstance(found, Of) else found
            return exact * PENCE if unit is Unit.pounds and not multiplies else exact
        case Earlier(name, unit):
            return named[name] / PENCE if unit is Unit.pounds and multiplies else named[name]
        case Said() | Plain():
            return known(value)
        case _:
            assert_never(value)


def run(steps: Iterable[Step], own: OwnNumbers) -> Iterator[tuple[Step, Fraction, Fraction]]:
    """Yield each step with its value and with what is held after it."""
    held, named = Fraction(0), dict[str, Fraction]()
    for step in steps:
        value = Fraction(0)
        if step.op is Op.result:
            held = rounded(held, step.nearest)
        elif step.op is not Op.note and step.value is not None:
            value = _number(step, step.value, own, named)
            held = combine(step.op, held, value)
        if step.name:
            named[step.name] = held
        yield step, value, held


def results(steps: Iterable[Step], own: OwnNumbers) -> dict[str, Fraction]:
    """Return every named result."""
    return {step.name: held for step, _, held in run(steps, own) if step.name}


def work(steps: Iterable[Step], own: OwnNumbers) -> Fraction:
    """Return what steps come to: pence where it is money."""
    return next((held for _, _, held in reversed([*run(steps, own)])), Fraction(0))
