"""The value of one path at which all top-ups come to a total: exact, with every value that ties.

With everything else as it is, a total never falls while a price, percentage, adjustment, floor or cap rises, and
never rises while a first part does: all steps between them and the penny keep the order. So halving the values
between the lowest and the highest finds where the total passes the target. A path of another kind has no such
proof: every one of its values is worked out. Nor have rules that begin within their year: what each pupil is paid
is the difference of two rounded amounts that rise, and may fall by a penny.
"""

from collections.abc import Callable, Sequence

import numpy as np

from engine.candidates.halving import Found, Plateau, among, halve
from engine.candidates.run import Run
from engine.candidates.structure import is_amount, refusal_of
from engine.candidates.values import Candidates, PathValues
from engine.errors import NotReconciled, OverrideRefused, PairRefused, Problem
from engine.money import number
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.rules.override import numbers_at
from engine.rules.yaml_source import Path
from engine.run import evaluate
from engine.tables import PupilTable, frozen

THRESHOLD: Path = ("top_up_rule", "threshold", "pounds")
ANY_VALUE = "1"
"""A value that most paths may have, with which it is found what a path leads to."""

MOST_VALUES = 10_000
"""Values of a path without a proof that are worked out, one after another."""

SCALES = ((6, "0", "10"), (4, "-100", "100"), (2, "0", "100000000"))
"""Decimals of the kinds of dated values, with their lowest and highest: multipliers, percentages, pounds."""


def seek(
    baseline: CompiledRules,
    pupils: PupilTable,
    place: str,
    target: int,
    bounds: tuple[str, str] | None = None,
) -> Found:
    """Return the values of a path at which all top-ups come to ``target`` pence, or those nearest to it.

    ``bounds`` are the lowest and the highest value that are looked at, which a path without a proof needs.
    Raises ``OverrideRefused`` for a path or bounds that cannot be, and for too many values.
    """
    start = bounds[0] if bounds else ANY_VALUE
    found = numbers_at(baseline.document, [(place, start)], baseline.day)[place]
    if not is_amount(found.path, found.kind):
        span = every_value(place, bounds)
        return _every(
            baseline, pupils, target, PathValues(place, frozen(np.asarray(span, np.int64)))
        )
    if baseline.top_ups is not None and baseline.top_ups.continues is not None:
        return _every(baseline, pupils, target, _each_penny(baseline, place, bounds))
    decimals, (first, last) = span_of(baseline, place, bounds)
    total = _totals(baseline, pupils, place, decimals, (first, last))
    falls = found.path[: len(THRESHOLD)] == THRESHOLD
    answer = halve(total, (target, target), (first, last), 10**decimals, falls=falls)
    for one in answer.plateaus:
        _hold(baseline, pupils, place, one)
    return answer


def span_of(
    baseline: CompiledRules, place: str, bounds: tuple[str, str] | None
) -> tuple[int, tuple[int, int]]:
    """Return the decimals of a path, and the whole numbers of them between which its values are looked at.

    Raises ``OverrideRefused`` for bounds that cannot be.
    """
    decimals, low, high = scale_of(baseline, place)
    ends = PathValues.of_texts(place, bounds or (low, high))
    if ends.decimals > decimals:
        sentence = f"has at most {decimals} decimals"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    first, last = (int(one) * 10 ** (decimals - ends.decimals) for one in ends.held)
    if first > last:
        raise OverrideRefused(
            [Problem("the lowest value is above the highest", "bounds", place=place)]
        )
    return decimals, (first, last)


def every_value(place: str, bounds: tuple[str, str] | None) -> range:
    """Return the whole numbers between two, of a path whose totals may go up and down; raises ``OverrideRefused`` without them."""
    if bounds is None:
        sentence = (
            "is no price, percentage or clause, so that its totals may go up and down: give the lowest and the"
            " highest value that are to be worked out (--from, --to)"
        )
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    ends = PathValues.of_texts(place, bounds)
    first, last = (int(one) for one in ends.held)
    if ends.words or ends.decimals or not 0 <= last - first < MOST_VALUES:
        sentence = f"needs two whole numbers, the lowest first, with fewer than {MOST_VALUES:,} values between"
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    return range(first, last + 1)


def _each_penny(baseline: CompiledRules, place: str, bounds: tuple[str, str] | None) -> PathValues:
    """Return every value between two, with all decimals that a path has; raises ``OverrideRefused`` without them."""
    decimals, (first, last) = span_of(baseline, place, bounds)
    if bounds is None or last - first >= MOST_VALUES:
        sentence = (
            "is of rules that begin within their year, whose totals may go up and down by pennies: give the lowest and the"
            f" highest value that are to be worked out (--from, --to), with fewer than {MOST_VALUES:,} of {decimals}"
            " decimals between"
        )
        raise OverrideRefused([Problem(sentence, "bounds", place=place)])
    return PathValues(place, frozen(np.arange(first, last + 1, dtype=np.int64)), decimals)


def _totals(
    baseline: CompiledRules, pupils: PupilTable, place: str, decimals: int, ends: Sequence[int]
) -> Callable[[int], int]:
    """Return what all top-ups come to for a whole number of a path; each is worked out once."""
    values = PathValues(place, frozen(np.asarray(ends, np.int64)), decimals)
    run = Run.of(baseline, pupils, Candidates.of([values]), ("total",))
    if run.left_out:
        raise OverrideRefused([Problem(run.left_out[0].reason, "bounds", place=place)])
    known: dict[int, int] = {}

    def total(value: int) -> int:
        if value not in known:
            one = PathValues(place, frozen(np.asarray([value], np.int64)), decimals)
            known[value] = int(run.total_of(one))
        return known[value]

    return total


def scale_of(baseline: CompiledRules, place: str) -> tuple[int, str, str]:
    """Return the decimals that a path's values may have, their lowest and their highest.

    Raises ``OverrideRefused`` for a path of which no value can be tried.
    """
    for decimals, low, high in SCALES:
        if refusal_of(baseline, [(place, number(10**decimals + 1, 10**decimals))]) is None:
            least = low if refusal_of(baseline, [(place, low)]) is None else "0"
            return decimals, least, high
    raise OverrideRefused([Problem("has no value that can be tried", "place", place=place)])


def _every(baseline: CompiledRules, pupils: PupilTable, target: int, values: PathValues) -> Found:
    """Return what is found among some neighbouring values, of a path whose totals may go up and down."""
    run = Run.of(baseline, pupils, Candidates.of([values]), ("total",))
    totals = {
        int(values.held[row]): int(total)
        for answer in run.answers()
        for row, total, valued in zip(
            answer.rows.tolist(), answer.total.tolist(), answer.valued, strict=True
        )
        if valued
    }
    if not totals:
        raise PairRefused(
            [Problem("no value between the two can be tried", "bounds", place=values.place)]
        )
    return among(totals, (target, target), values.scale)


def _hold(baseline: CompiledRules, pupils: PupilTable, place: str, one: Plateau) -> None:
    """Raise ``NotReconciled`` unless both ends of a plateau come to its total by the engine's own evaluation."""
    for value in {one.first, one.last}:
        rules = compile_what_if(baseline.document, [(place, value)], baseline.day, baseline)
        outcome = evaluate(rules, pupils=pupils).top_ups
        if outcome is None or outcome.total != one.total:
            message = "a value does not come to what the engine's own evaluation pays"
            raise NotReconciled(message)
