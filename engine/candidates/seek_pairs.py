"""Two values that reach a target together: for each value of the second, those of the first.

Many pairs come to the same total, and a budget alone says nothing of which is meant. So the second value goes along a line that
a person draws (from, to, step), as a table of options for a decision has it, and the first is found exactly at each point of it.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np

from engine.candidates.designs import Levels
from engine.errors import OverrideRefused, Problem
from engine.money import decimal_of, is_number
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules

MOST_POINTS = 1_000
"""Values of the second path."""

T = TypeVar("T")


class Line(NamedTuple):
    """The values of a second path, as text."""

    place: str
    values: tuple[str, ...]


def line_of(place: str, first: str, last: str, step: str) -> Line:
    """Return a line from one value to another, a step apart.

    Raises ``OverrideRefused`` for what are no numbers, and for no values or too many.
    """
    if not all(is_number(one) for one in (first, last, step)):
        sentence = "needs three plain numbers: the first value, the last and the step"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    if decimal_of(step) <= 0 or decimal_of(last) < decimal_of(first):
        sentence = "needs a step above 0, and a last value that is not below the first"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    levels = Levels.of_range(place, first, last, step)
    if levels.many > MOST_POINTS:
        sentence = f"has {levels.many:,} values; at most {MOST_POINTS:,} are worked out: take a larger step"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    values = levels.values(np.arange(levels.many, dtype=np.int64))
    return Line(place, tuple(values.text(at) for at in range(levels.many)))


def found_along(
    line: Line | None, baseline: CompiledRules, place: str, find: Callable[[CompiledRules], T]
) -> Iterator[tuple[str | None, T]]:
    """Yield each value of a line with what is found of the path at ``place`` under it; without a line what is found alone.

    Raises ``OverrideRefused`` for values that cannot be tried, before anything is worked out.
    """
    if line is None:
        yield None, find(baseline)
        return
    if line.place == place:
        sentence = "is the path whose value is sought; the second is another"
        raise OverrideRefused([Problem(sentence, "place", place=place)])
    document, day = baseline.document, baseline.day
    for value in (line.values[0], line.values[-1]):
        compile_what_if(document, [(line.place, value)], day, baseline)
    for value in line.values:
        yield value, find(compile_what_if(document, [(line.place, value)], day, baseline))
