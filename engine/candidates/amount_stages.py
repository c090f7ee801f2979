"""The steps of a year's amount as stages: one multiplication each, rounded to the penny, and then what is added and limits.

Classes that differ by authority alone share the steps before the first value of a table. Those are worked out once,
and the stages after them by the kernel. They are the same steps in the same order: what does not fit into stages has none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.candidates.block_amounts import EXACT, BlockAmounts, Numbers, Reals, highest_of
from engine.columns import Int
from engine.steps import DocumentValue, Earlier, Op, Own, Plain, Ratios, Step, Steps, start
from engine.steps.step import PENNY
from engine.steps.work import end_of
from engine.tables import frozen

ONE = start("One", Plain("1"))
MULTIPLY = frozenset({Op.times, Op.per, Op.add_percent, Op.percent_of})
LIMIT = frozenset({Op.plus, Op.minus, Op.at_least, Op.at_most})


class Stage(NamedTuple):
    """Steps that multiply what is held, which is then rounded to the penny, and steps that add to it and limit it."""

    factor: Steps
    limits: Steps


class Staged(NamedTuple):
    """The steps that a class begins with, worked as they are, and the stages after them."""

    first: Steps
    stages: tuple[Stage, ...] = ()


def staged(steps: Steps) -> Staged:
    """Return steps parted before their first value of a table; without stages where the others do not fit into them."""
    for at, step in enumerate(steps):
        value = step.value
        if isinstance(value, DocumentValue) and value.of and step.op is not Op.start:
            stages = _stages(steps[at:])
            return Staged(steps) if stages is None else Staged(steps[:at], stages)
    return Staged(steps)


def _stages(steps: Iterable[Step]) -> tuple[Stage, ...] | None:
    """Return steps as stages, None for an operation, a rounding or an order for which they have no place."""
    found = [Stage((), ())]
    is_open = False
    for step in steps:
        factor, limits = found[-1]
        takes = step.value is not None and not isinstance(step.value, Earlier)
        if step.op in MULTIPLY and takes:
            if limits or (factor and not is_open):
                found.append(Stage((step,), ()))
            else:
                found[-1] = Stage((*factor, step), ())
            is_open = True
        elif step.op in LIMIT and takes and not is_open:
            found[-1] = Stage(factor, (*limits, step))
        elif step.op is Op.result and not step.up and step.nearest in (PENNY, None):
            is_open = is_open and step.nearest is None
        elif step.op is not Op.note:
            return None
    return None if is_open else tuple(found)


class _Limits(NamedTuple):
    """What steps that add and limit come to: so much more, and then within bounds."""

    added: Reals | float = 0.0
    least: Reals | float = -np.inf
    most: Reals | float = np.inf

    def after(self, op: Op, value: Int | Reals | float) -> "_Limits":
        """Return what they come to with one more step."""
        match op:
            case Op.plus:
                return _Limits(self.added + value, self.least + value, self.most + value)
            case Op.minus:
                return _Limits(self.added - value, self.least - value, self.most - value)
            case Op.at_least:
                return _Limits(
                    self.added, np.maximum(self.least, value), np.maximum(self.most, value)
                )
            case _:
                return _Limits(
                    self.added, np.minimum(self.least, value), np.minimum(self.most, value)
                )


class _Ratio(NamedTuple):
    """Whole numbers of candidates, or one for all, and how many of them make one."""

    top: Int | int
    bottom: int


@dataclass(frozen=True, eq=False)
class StagedSteps:
    """The steps of a variant's classes as sums and stages, each different one once."""

    classes: tuple[Staged, ...]

    @cached_property
    def _firsts(self) -> dict[Steps, int]:
        return _numbered(one.first for one in self.classes)

    @cached_property
    def _stages(self) -> tuple[Stage, ...]:
        return tuple(stage for one in self.classes for stage in one.stages)

    @cached_property
    def _factors(self) -> dict[Steps, int]:
        return _numbered(stage.factor for stage in self._stages)

    @cached_property
    def _limits(self) -> dict[Steps, int]:
        return _numbered(stage.limits for stage in self._stages)

    @cached_property
    def _places(self) -> tuple[Int, Int, Int, Int]:
        """Return the sum of each class, where its stages start, and the factor and the limits of each stage; of no pay last."""
        first = [*(self._firsts[one.first] for one in self.classes), len(self._firsts)]
        counts = [0, *(len(one.stages) for one in self.classes), 0]
        factor = [self._factors[one.factor] for one in self._stages]
        limit = [self._limits[one.limits] for one in self._stages]
        held = (first, np.cumsum(counts), factor, limit)
        one, two, three, four = (frozen(np.asarray(of, np.int64)) for of in held)
        return one, two, three, four

    @cached_property
    def _fixed(self) -> dict[Steps, _Ratio | None]:
        """Return what steps come to that take no number of a candidate."""
        every = [*self._firsts, *((ONE, *one) for one in self._factors)]
        every += [
            (start(step.label, step.value),) for one in self._limits for step in one if step.value
        ]
        return {
            one: _ratio(one, {})
            for one in every
            if not any(isinstance(step.value, Own) for step in one)
        }

    def _ratio(self, steps: Steps, own: Mapping[str, Ratios]) -> _Ratio | None:
        return self._fixed[steps] if steps in self._fixed else _ratio(steps, own)

    def amounts(self, own: Mapping[str, Ratios], length: int) -> BlockAmounts | None:
        """Return what so many candidates pay each class; None where doubles do not work it out exactly.

        ``own`` are the candidates' numbers, by the names of what takes them.
        """
        sums = [self._ratio(one, own) for one in self._firsts]
        factors = [self._ratio((ONE, *one), own) for one in self._factors]
        limits = [self._limit(one, own) for one in self._limits]
        if None in sums or None in factors or None in limits:
            return None
        first, offsets, factor, limit = self._places
        divides = np.asarray([one.bottom for one in factors if one], np.float64)
        parts = divides[factor] if len(factor) else np.zeros(0)
        begins = np.asarray([*(one.bottom for one in sums if one), 1], np.float64)[first]
        several = begins != 1
        if (several & (np.diff(offsets) == 0)).any():
            return None
        parts[offsets[:-1][several]] *= begins[several]
        if (parts[factor == self._factors.get((), -1)] != 1).any():
            return None
        held = [one for one in limits if one]
        added, least, most = (Numbers.among([one[at] for one in held], length) for at in range(3))
        found = BlockAmounts(
            first, offsets, factor, parts, limit,
            Numbers.among([*(one.top for one in sums if one), 0], length),
            Numbers.among([one.top for one in factors if one], length),
            added, least, most, length, 0.0,
        )  # fmt: skip
        highest = highest_of(found)
        return None if highest is None else found._replace(highest=highest)

    def _limit(self, steps: Steps, own: Mapping[str, Ratios]) -> _Limits | None:
        found = _Limits()
        for step in steps:
            if step.value is None:
                return None
            value = self._ratio((start(step.label, step.value),), own)
            if value is None or value.bottom != 1:
                return None
            found = found.after(step.op, value.top)
        return found


def _numbered(steps: Iterable[Steps]) -> dict[Steps, int]:
    return {one: at for at, one in enumerate(dict.fromkeys(steps))}


def _ratio(steps: Steps, own: Mapping[str, Ratios]) -> _Ratio | None:
    """Return what steps come to, 0 where it is not known; None where its whole numbers are too long."""
    held = end_of(steps, own)
    if held is None:
        return _Ratio(0, 1)
    if isinstance(held, Fraction):
        top, bottom = held.as_integer_ratio()
        return _Ratio(top, bottom) if max(abs(top), bottom) < EXACT else None
    if held.most is None or held.most >= EXACT or not isinstance(held.bottom, int):
        return None
    return _Ratio(held.top, held.bottom) if held.bottom < EXACT else None
