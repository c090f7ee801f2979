"""Steps worked exactly, as a person would: only a result rounds, and only where it says so.

What is held is pence where it is money. A number of the row or an earlier result in pounds that is
multiplied by counts pounds; one that starts, is added or bounds counts pence.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import assert_never, cast, overload

import numpy as np

from engine.cache import cached
from engine.columns import Int
from engine.money import PENCE, half_away
from engine.steps.ratios import Ratios
from engine.steps.step import DocumentValue, Earlier, Of, Op, Own, Plain, Step, Unit, Value

Exact = Fraction | Ratios
"""A number of one row, or of many rows at once."""

OwnNumbers = Mapping[str, Fraction | Of]
"""The row's own numbers by name: pounds, hours, pupils, shares."""

PartlyKnown = Mapping[str, Fraction | Of | None]
"""A row's own numbers of which some are not known, but change nothing: they are multiplied by 0."""


def known(value: DocumentValue | Plain) -> Fraction:
    """Return a number that is known before any row is: pence where it is pounds, else as written."""
    text = value.dated.value if isinstance(value, DocumentValue) else value.text
    return _exact(text, PENCE if value.unit is Unit.pounds else 1)


@cached(4096)
def _exact(text: str, scale: int) -> Fraction:
    return Fraction(text) * scale


@overload
def rounded(exact: Fraction, nearest: Fraction | None) -> Fraction: ...
@overload
def rounded(exact: Exact, nearest: Fraction | None) -> Exact: ...
def rounded(exact: Exact, nearest: Fraction | None) -> Exact:
    """Return a number to the nearest multiple, halves away from zero; as it is for None."""
    if nearest is None:
        return exact
    if isinstance(exact, Ratios):
        return Ratios(half_away(*(exact / nearest).as_integer_ratio())) * nearest
    return half_away(*(exact / nearest).as_integer_ratio()) * nearest


def _upward(exact: Exact, nearest: Fraction | None) -> Exact:
    """Return the least multiple that is no less than a number."""
    if nearest is None:
        return exact
    parts = exact / nearest
    if isinstance(parts, Ratios):
        return -Ratios(-parts.top // parts.bottom) * nearest
    return -(-parts // 1) * nearest


def _larger(one: Exact, other: Exact) -> Exact:
    if isinstance(one, Ratios):
        return one.where(one.at_least(other), other)
    return max(one, other) if isinstance(other, Fraction) else _larger(other, one)


def _from(one: Exact, other: Exact) -> Exact:
    """Return 1 where a number is as much as another or more, else 0."""
    if isinstance(one, Ratios):
        return Ratios(one.at_least(other))
    if isinstance(other, Ratios):
        return Ratios((-other).at_least(-one))
    return Fraction(one >= other)


@overload
def combine(op: Op, held: Fraction, value: Fraction) -> Fraction: ...
@overload
def combine(op: Op, held: Exact, value: Exact) -> Exact: ...
def combine(op: Op, held: Exact, value: Exact) -> Exact:  # noqa: C901, PLR0912 - one branch an operation
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
            return _larger(held, value)
        case Op.at_most:
            return -_larger(-held, -value)
        case Op.one_from:
            return _from(held, value)
        case Op.one_to:
            return _from(value, held)
        case Op.note | Op.result | Op.whole_part:
            return held
        case _:
            assert_never(op)


def _number(
    step: Step, value: Value, own: Mapping[str, Exact | Of | None], named: Mapping[str, Exact]
) -> Exact:
    multiplies = step.op is Op.times
    match value:
        case Own(name, _, unit, _):
            found = own[name]
            if found is None:
                return Fraction(step.op is Op.per)
            exact = found.exact if isinstance(found, Of) else found
            return exact * PENCE if unit is Unit.pounds and not multiplies else exact
        case Earlier(name, unit):
            return named[name] / PENCE if unit is Unit.pounds and multiplies else named[name]
        case DocumentValue() | Plain():
            return known(value)
        case _:
            assert_never(value)


def _run(
    steps: Iterable[Step], own: Mapping[str, Exact | Of | None]
) -> Iterator[tuple[Step, Exact, Exact]]:
    held: Exact = Fraction(0)
    named = dict[str, Exact]()
    for step in steps:
        value: Exact = Fraction(0)
        if step.op is Op.result:
            held = _upward(held, step.nearest) if step.up else rounded(held, step.nearest)
        elif step.op is Op.whole_part:
            held = (
                Ratios(held.top // held.bottom) if isinstance(held, Ratios) else Fraction(held // 1)
            )
        elif step.op is not Op.note and step.value is not None:
            value = _number(step, step.value, own, named)
            held = combine(step.op, held, value)
        if step.name:
            named[step.name] = held
        yield step, value, held


def run(steps: Iterable[Step], own: PartlyKnown) -> Iterator[tuple[Step, Fraction, Fraction]]:
    """Yield each step with its value and with what is held after it."""
    return cast("Iterator[tuple[Step, Fraction, Fraction]]", _run(steps, own))


def exact_rows(steps: Iterable[Step], own: Mapping[str, Ratios]) -> Ratios:
    """Return what steps come to for each of many rows, exactly: pence where it is money."""
    last = [held for _, _, held in _run(steps, own)][-1]
    if not isinstance(last, Ratios):
        message = "steps that take no number of a row come to one amount"
        raise TypeError(message)
    return last


def work_rows(steps: Iterable[Step], own: Mapping[str, Ratios]) -> Int:
    """Return what steps that end with a result come to for each of many rows, whole pence."""
    last = exact_rows(steps, own)
    pence: Int = (last.top // last.bottom).astype(np.int64)
    return pence


def results(steps: Iterable[Step], own: PartlyKnown) -> dict[str, Fraction]:
    """Return every named result."""
    return {step.name: held for step, _, held in run(steps, own) if step.name}


def work(steps: Iterable[Step], own: PartlyKnown) -> Fraction:
    """Return what steps come to: pence where it is money."""
    return next((held for _, _, held in reversed([*run(steps, own)])), Fraction(0))
