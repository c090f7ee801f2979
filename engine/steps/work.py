"""Steps worked exactly, as a person would: only a result rounds, and only where it says so.

What is held is pence where it is money. A number of the row or an earlier result in pounds that is
multiplied by counts pounds; one that starts, is added or bounds counts pence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import assert_never, cast, overload

import numpy as np

from engine.cache import cached
from engine.columns import Int
from engine.money import PENCE, half_away
from engine.steps.ratios import Ratios
from engine.steps.step import DocumentValue, Earlier, Of, Op, Own, Plain, Step, Unit, Value
from engine.vocabulary import NOT_PRINTED

Exact = Fraction | Ratios
"""A number of one row, or of many rows at once."""

OwnNumbers = Mapping[str, Fraction | Of]
"""The row's own numbers by name: pounds, hours, pupils, shares."""

PartlyKnown = Mapping[str, Fraction | Of | None]
"""A row's own numbers; None where one is not known, which changes nothing that it is multiplied by 0."""


def known(value: DocumentValue | Plain) -> Fraction:
    """Return a number that is known before any row is: pence where it is pounds, else as written."""
    text = _text_of(value)
    return _exact(text, PENCE if value.unit is Unit.pounds else 1)


def printed(value: DocumentValue | Plain) -> Fraction | None:
    """Return a number that is known before any row is, None where its source does not print it."""
    return None if _text_of(value) == NOT_PRINTED else known(value)


def _text_of(value: DocumentValue | Plain) -> str:
    return value.dated.value if isinstance(value, DocumentValue) else value.text


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
        return exact.to_nearest(nearest)
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


@overload
def join(op: Op, held: Fraction | None, value: Fraction | None) -> Fraction | None: ...
@overload
def join(op: Op, held: Exact | None, value: Exact | None) -> Exact | None: ...
def join(op: Op, held: Exact | None, value: Exact | None) -> Exact | None:
    """Return what is held after a step of which either number may not be known: None is not known.

    None of anything is none, whatever it is multiplied by, divided by, raised by or capped at.
    """
    if held is not None and value is not None:
        return combine(op, held, value)
    if op is Op.start:
        return value
    if op in (Op.note, Op.result, Op.whole_part):
        return held
    none = Fraction(0)
    if held == none and op in (Op.times, Op.per, Op.percent_of, Op.add_percent, Op.at_most):
        return none
    if value == none and op in (Op.times, Op.percent_of):
        return none
    return None


def _number(
    step: Step,
    value: Value,
    own: Mapping[str, Exact | Of | None],
    named: Mapping[str, Exact | None],
) -> Exact | None:
    multiplies = step.op is Op.times
    match value:
        case Own(name, _, unit, _):
            found = own[name]
            if found is None:
                return None
            exact = found.exact if isinstance(found, Of) else found
            return exact * PENCE if unit is Unit.pounds and not multiplies else exact
        case Earlier(name, unit):
            earlier = named[name]
            if earlier is None or unit is not Unit.pounds or not multiplies:
                return earlier
            return earlier / PENCE
        case DocumentValue() | Plain():
            return printed(value)
        case _:
            assert_never(value)


def _run(
    steps: Iterable[Step], own: Mapping[str, Exact | Of | None]
) -> Iterator[tuple[Step, Exact | None, Exact | None]]:
    held: Exact | None = Fraction(0)
    named = dict[str, Exact | None]()
    for step in steps:
        value: Exact | None = Fraction(0)
        if step.op in (Op.result, Op.whole_part):
            held = None if held is None else _rounded_by(step, held)
        elif step.op is not Op.note and step.value is not None:
            value = _number(step, step.value, own, named)
            held = join(step.op, held, value)
        if step.name:
            named[step.name] = held
        yield step, value, held


def _rounded_by(step: Step, held: Exact) -> Exact:
    """Return what is held after a step that rounds it, or leaves its whole part."""
    if step.op is Op.result:
        return _upward(held, step.nearest) if step.up else rounded(held, step.nearest)
    return Ratios(held.top // held.bottom) if isinstance(held, Ratios) else Fraction(held // 1)


StepResult = tuple[Step, Fraction | None, Fraction | None]
"""A step, its value, and what is held after it; None is not known."""


def run(steps: Iterable[Step], own: PartlyKnown) -> Iterator[StepResult]:
    """Yield each step with its value and with what is held after it; None where that is not known."""
    return cast("Iterator[StepResult]", _run(steps, own))


def end_of(steps: Iterable[Step], own: Mapping[str, Ratios]) -> Exact | None:
    """Return what steps come to, for many rows where they take a number of theirs; None where it is not known."""
    return next((held for _, _, held in reversed([*_run(steps, own)])), Fraction(0))


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
    """Return every named result that is known."""
    held = {step.name: held for step, _, held in run(steps, own) if step.name}
    return {name: one for name, one in held.items() if one is not None}


def work_known(steps: Iterable[Step], own: PartlyKnown) -> Fraction | None:
    """Return what steps come to, pence where it is money; None where that is not known."""
    return end_of_results([*run(steps, own)])


def end_of_results(worked: Sequence[StepResult]) -> Fraction | None:
    """Return what steps that were worked came to, 0 where there are none; None where that is not known."""
    return worked[-1][2] if worked else Fraction(0)


def whole_pence(exact: Fraction | None) -> int | None:
    """Return what a step rounded to whole pence, None where it is not known."""
    return None if exact is None else int(exact)


def work(steps: Iterable[Step], own: PartlyKnown) -> Fraction:
    """Return what steps of which all that counts is known come to: pence where it is money."""
    last = work_known(steps, own)
    if last is None:
        message = "steps of which something is not known were asked for an amount"
        raise TypeError(message)
    return last
