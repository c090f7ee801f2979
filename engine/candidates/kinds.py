"""Pupils whom no candidate tells apart: what totals of many candidates can say at most is how many there are of each kind.

A total is a sum of what pupils are paid. Pupils whom every candidate and the baseline pay alike come into all totals in the
same way; so from any number of totals a reader finds no more than the number of each such kind.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.preparation import Counting, Prepared
from engine.candidates.run import Run
from engine.candidates.sides import (
    NOTHING,
    SINGLY,
    UNKNOWN,
    UNPRICED,
    Side,
    parts_of_year,
    runs_of_days,
    side_of,
)
from engine.columns import Int
from engine.errors import Refusal
from engine.tables import frozen

MOST_KINDS = 600
"""Kinds beyond which totals are not looked at: among so many some have few pupils."""

LOWEST = -SINGLY
"""What makes the lowest code 0."""

Amounts = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Kinds(NamedTuple):
    """The kinds that some candidates tell apart.

    rows           (candidates) their places among all
    number         (kinds, authorities) pupils, authorities in the order of the run's groups
    before, after  (candidates, kinds) pence a year of a pupil on roll all year; 0 where not known
    known          (candidates, kinds) whether both are
    one_by_one     (kinds) pupils who are evaluated one by one: each of them may be paid otherwise
    near           (candidates) whether any change is so small that it rounds to nothing in a part of the year
    """

    rows: Int
    number: Int
    before: Amounts
    after: Amounts
    known: Flags
    one_by_one: Flags
    near: Flags


class _Tried(NamedTuple):
    """Some candidates of one variant, by its number and their places among its own.

    paid     (1, runs of days, classes) what the baseline pays, pence a year
    weights  (runs of days) the share of the year in each
    """

    variant: int
    of: Int
    paid: Int
    weights: Amounts


class _Step(NamedTuple):
    """How kinds were told apart by one variant: the kind before, and the codes under candidates and baseline."""

    above: Int
    after: Int
    before: Int


def kinds_of(run: Run, rows: Int) -> Kinds | None:
    """Return the kinds that the candidates at ``rows`` tell apart; None where there are more than ``MOST_KINDS``."""
    pupils = run.payable.pupils
    # One more row is for all others, where there are any: nothing pays them.
    others = np.full(min(run.payable.other_rows, 1), NOTHING)
    kind, steps, variants = np.zeros(len(pupils) + len(others), np.int64), [], []
    for prepared, before, one in _variants(run, rows):
        amounts = _of_classes(prepared, one.of)
        after = _merged(prepared.side_at(int(one.of[0])), amounts, len(pupils))
        was = _merged(before, one.paid, len(pupils))
        after, was = np.r_[after, others], np.r_[was, others]
        divided = _divide(kind, after, was)
        if divided is None:
            return None
        kind, step = divided
        steps.append(step)
        variants.append(one)
    la = run.groups.kind("la")
    if la is None or not steps:
        return None
    place = run.groups.of[run.groups.kinds.index(la)].astype(np.int64) - la.start
    size = len(la.groups)
    total = int(kind.max(initial=0)) + 1
    code = kind[: len(pupils)] * size + place
    number = np.bincount(code, minlength=total * size).astype(np.int64).reshape(total, size)
    number[kind[len(pupils) :]] += run.payable.others.rows[la.slice]
    return _priced(run, rows, variants, _traced(steps), frozen(number))


def _divide(kind: Int, after: Int, before: Int) -> tuple[Int, _Step] | None:
    """Return the kinds of rows with two codes more, and how they were told apart; None where there are more than ``MOST_KINDS``."""
    (afters, after), (befores, before) = _numbered(after), _numbered(before)
    # There are at least as many kinds as codes; few of each leave room for all three in one number.
    if max(len(afters), len(befores)) > MOST_KINDS:
        return None
    codes = (kind * len(afters) + after) * len(befores) + before
    distinct, kind = np.unique(codes, return_inverse=True)
    if len(distinct) > MOST_KINDS:
        return None
    above, was = np.divmod(distinct, len(befores))
    above, pays = np.divmod(above, len(afters))
    return kind, _Step(above, afters[pays], befores[was])


def _numbered(code: Int) -> tuple[Int, Int]:
    """Return the codes that rows have, lowest first, and for each row the place of its own among them."""
    there = np.zeros(int(code.max(initial=-LOWEST)) + LOWEST + 1, np.bool_)
    there[code + LOWEST] = True
    place = np.cumsum(there) - 1
    return np.flatnonzero(there) - LOWEST, place[code + LOWEST]


def _variants(run: Run, rows: Int) -> Iterator[tuple[Prepared, Side | None, _Tried]]:
    """Yield the variants of some candidates that can be, each with what the baseline pays rows by, and the candidates."""
    for number, held in enumerate(run.variants):
        those = np.flatnonzero(np.isin(held, rows))
        if not len(those):
            continue
        try:
            prepared = run.prepared(number)
        except Refusal:
            continue
        # In lanes each candidate pays its own classes.
        in_lanes = prepared.kind is Counting.lanes
        before = _baseline(run, prepared)
        paid, weights = _of_baseline(before), _weights(run, prepared, before)
        for of in those[:, None] if in_lanes else [those]:
            yield prepared, before, _Tried(number, of, paid, weights)


def _baseline(run: Run, prepared: Prepared) -> Side | None:
    """Return what the baseline pays rows by, in the runs of days of a variant; None where all are evaluated one by one."""
    if prepared.side is None:
        return None
    nows = runs_of_days(run.baseline, prepared.variant.rules)
    return side_of(run.baseline, {}, run.payable.pupils, nows, run.chunks)


def _merged(side: Side | None, amounts: Int, length: int) -> Int:
    """Return the code of each row, those of classes with the same amounts in all candidates being one (rows)."""
    if side is None:
        return np.full(length, SINGLY, np.int64)
    alike = _alike(amounts.reshape(-1, amounts.shape[2]))
    code = side.code.astype(np.int64)
    return np.where(code >= 0, alike[np.maximum(code, 0)] if len(alike) else 0, code)


def _of_baseline(before: Side | None) -> Int:
    return (
        np.zeros((1, 1, 0), np.int64) if before is None else before.steps.amounts((), slice(0, 1))
    )


def _of_classes(prepared: Prepared, of: Int) -> Int:
    """Return what some candidates of a variant pay each class (candidates, runs of days, classes), pence a year."""
    side, variant = prepared.side, prepared.variant
    if side is None:
        return np.zeros((len(of), 1, 0), np.int64)
    return side.steps.amounts(variant.amounts, of)


def _alike(amounts: Int) -> Int:
    """Return for each class (columns) the first with the same amounts in every row."""
    if not amounts.shape[1]:
        return np.zeros(0, np.int64)
    _, first, place = np.unique(amounts, axis=1, return_index=True, return_inverse=True)
    return first[place.reshape(-1)].astype(np.int64)


def _traced(steps: list[_Step]) -> list[tuple[Int, Int]]:
    """Return the codes of the last kinds under each variant, and of its baseline, from those of each step."""
    found: list[tuple[Int, Int]] = []
    at = np.arange(len(steps[-1].above))
    for step in reversed(steps):
        found.append((step.after[at], step.before[at]))
        at = step.above[at]
    return found[::-1]


def _priced(
    run: Run, rows: Int, variants: list[_Tried], codes: list[tuple[Int, Int]], number: Int
) -> Kinds:
    """Return kinds with what each candidate pays them."""
    shape = (len(rows), len(number))
    before, after = np.zeros(shape), np.zeros(shape)
    known, near = np.ones(shape, np.bool_), np.zeros(len(rows), np.bool_)
    position = {int(row): at for at, row in enumerate(rows.tolist())}
    one_by_one = np.zeros(len(number), np.bool_)
    for one, (pays, was) in zip(variants, codes, strict=True):
        places = [position[int(row)] for row in run.variants[one.variant][one.of].tolist()]
        new = _rates(_of_classes(run.prepared(one.variant), one.of), one.weights, pays)
        old = _rates(one.paid, one.weights, was)
        sure = ~np.isin(pays, (UNKNOWN, UNPRICED)) & ~np.isin(was, (UNKNOWN, UNPRICED))
        after[places], before[places] = new * sure, old * sure
        known[places] = sure
        one_by_one |= (pays == SINGLY) | (was == SINGLY)
        change = np.abs(new - old) * sure
        whole = _whole(run)
        near[places] = ((change > 0) & (change < whole)).any(axis=1)
    return Kinds(rows, number, before, after, known, one_by_one, near)


def _rates(amounts: Int, weights: Amounts, codes: Int) -> Amounts:
    """Return what each kind is paid (candidates, kinds), for a year of the usual stays."""
    if not amounts.shape[2]:
        return np.zeros((len(amounts), len(codes)))
    each = np.einsum("krc,r->kc", amounts.astype(np.float64), weights)
    return np.where(codes >= 0, each[:, np.maximum(codes, 0)], 0.0)


def _weights(run: Run, prepared: Prepared, baseline: Side | None) -> Amounts:
    """Return the share of the year in each run of days, of all who are paid."""
    top_ups = run.baseline.top_ups
    if top_ups is None or prepared.side is None or baseline is None:
        return np.ones(1)
    nows = runs_of_days(run.baseline, prepared.variant.rules)
    if len(nows) == 1:
        return np.ones(1)
    paid = np.flatnonzero((prepared.side.code >= 0) | (baseline.code >= 0)).astype(np.int64)
    parts = parts_of_year(top_ups, run.payable.pupils, frozen(paid), nows).of.sum(axis=0)
    found: Amounts = parts / max(int(parts.sum()), 1)
    return found


def _whole(run: Run) -> int:
    return 1 if run.baseline.top_ups is None else run.baseline.top_ups.calendar.denominator
