"""What a candidate changes: amounts, which many candidates of one variant share a place for, or the structure of the rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.values import Candidates, PathValues
from engine.columns import Int
from engine.errors import OverrideRefused, Problem, Refusal, RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.compiled import CompiledRules
from engine.rules.number_kinds import Kind
from engine.rules.override import Numbers, WhatIf, numbers_at, what_if
from engine.rules.paths import Found
from engine.rules.yaml_source import Path
from engine.tables import frozen

TARIFF: Path = ("band_profile", "tariff")
OF_PUPILS = "some pupils of the table cannot be valued under it"
"""What is published of a reason that tells of rows of pupils."""
CLAUSES: frozenset[Path] = frozenset(
    {
        ("top_up_rule", "threshold", "pounds"),
        ("top_up_rule", "floor"),
        ("top_up_rule", "cap"),
    }
)
MOST_LOOKED_AT = 2_000
"""Values of one path that are tried singly, once some of them cannot be."""


MOST_COMBINATIONS = 2**62
"""Combinations of numbers that one whole number tells apart."""


class LeftOut(NamedTuple):
    """A candidate that cannot be valued, and why; ``of_pupils`` where the reason tells of rows of pupils."""

    name: str
    reason: str
    of_pupils: bool = False

    @property
    def public_reason(self) -> str:
        """Return why, without a number or a row of pupils."""
        return OF_PUPILS if self.of_pupils else self.reason


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """Candidates of one structure: they differ in amounts alone.

    rules   the rules with the first candidate's numbers
    places  the path as it is written, by that of each dated value which it replaces and the value's first day
    rows    (its candidates) their places among all, ascending
    amounts the values that are amounts, one of its candidates a row
    """

    rules: CompiledRules
    places: Mapping[str, str]
    rows: Int
    amounts: tuple[PathValues, ...]

    def __len__(self) -> int:
        """Return how many candidates it has."""
        return len(self.rows)


def is_amount(path: Path, kind: Kind) -> bool:
    """Return whether a number changes what prices come to, and no pupil's place in the rules."""
    clause = any(path[: len(one)] == one for one in CLAUSES)
    return kind is Kind.dated and (path[: len(TARIFF)] == TARIFF or clause)


class Structure(NamedTuple):
    """Which paths are amounts, which candidates have the same numbers at all others, and which cannot be.

    found   where each path leads
    rows    the places of the candidates that can be, ascending
    number  (rows) the variant of each, in the order of their first candidates
    """

    amounts: tuple[str, ...]
    found: Mapping[str, Found]
    rows: Int
    number: Int
    left_out: tuple[LeftOut, ...]

    @property
    def size(self) -> Int:
        """Return how many candidates have the same variant as each (rows)."""
        return np.bincount(self.number)[self.number]

    def variants(self, but: NDArray[np.bool_] | None = None) -> Iterator[Int]:
        """Yield the places of the candidates of each variant, ``but`` (rows) those that are none of them."""
        rows, number = (
            (self.rows, self.number) if but is None else (self.rows[~but], self.number[~but])
        )
        order = np.argsort(number, kind="stable")
        bounds = np.flatnonzero(np.diff(number[order])) + 1
        yield from (frozen(one) for one in np.split(rows[order], bounds) if len(one))


def structure_of(
    baseline: CompiledRules,
    candidates: Candidates,
    counts_as_amount: Callable[[Path, Kind], bool] = is_amount,
) -> Structure:
    """Return which candidates share a structure: they differ in what ``counts_as_amount`` alone.

    Raises ``OverrideRefused`` for a path that leads to no number, to several, or to one that
    another path leads to. Candidates with an amount that a rule set cannot have are left out.
    """
    if candidates.documents:
        each = frozen(np.arange(len(candidates), dtype=np.int64))
        return Structure((), {}, each, each, ())
    first = candidates.overrides(0) if len(candidates) else ()
    found = numbers_at(baseline.document, first, baseline.day)
    is_of = {place: counts_as_amount(one.path, one.kind) for place, one in found.items()}
    amounts = tuple(one for one in candidates.values if is_of[one.place] and not one.words)
    valid, left_out = _possible(baseline, amounts, candidates)
    names = {one.place for one in amounts}
    others = [one.held[valid] for one in candidates.values if one.place not in names]
    return Structure(
        tuple(one.place for one in amounts), found, valid, _alike(others, len(valid)),
        tuple(left_out),
    )  # fmt: skip


def _alike(others: Sequence[Int], length: int) -> Int:
    """Return which rows have the same numbers, numbered in the order of the first of each."""
    number, several = np.zeros(length, np.int64), 1
    for held in others:
        distinct, place = np.unique(held, return_inverse=True)
        if several * len(distinct) >= MOST_COMBINATIONS:
            number = np.unique(number, return_inverse=True)[1]
            several = length
        number, several = number * len(distinct) + place, several * len(distinct)
    _, first, number = np.unique(number, return_index=True, return_inverse=True)
    by_first = np.empty(len(first), np.int64)
    by_first[np.argsort(first)] = np.arange(len(first))
    return frozen(by_first[number])


def _possible(
    baseline: CompiledRules, amounts: Sequence[PathValues], candidates: Candidates
) -> tuple[Int, list[LeftOut]]:
    """Return the candidates whose amounts a rule set can have, and why the others cannot be.

    A dated value has a lowest and a highest number and so many decimals. Where the lowest, the
    highest and the longest can be, all can.
    """
    wrong = np.zeros(len(candidates), np.bool_)
    reasons: dict[int, str] = {}
    extremes = [_extremes(one) for one in amounts]
    rounds = max(map(len, extremes), default=0)
    suspects: set[str] = set()
    for at in range(rounds):
        pairs = [
            (one.place, one.text_of(of[min(at, len(of) - 1)]))
            for one, of in zip(amounts, extremes, strict=True)
        ]
        refusal = refusal_of(baseline, pairs)
        if refusal is not None:
            named = {place for place, _ in pairs} & _places(refusal)
            suspects |= named or {place for place, _ in pairs}
    for one in amounts:
        if one.place in suspects:
            for held, reason in _impossible(baseline, one):
                those = np.flatnonzero((one.held == held) & ~wrong)
                wrong[those] = True
                reasons |= dict.fromkeys(those.tolist(), reason)
    left_out = [LeftOut(candidates.name(at), reasons[at]) for at in sorted(reasons)]
    return frozen(np.flatnonzero(~wrong).astype(np.int64)), left_out


def _extremes(one: PathValues) -> list[int]:
    """Return the lowest and the highest number of a path, and one with all its decimals."""
    held = one.held
    long = np.flatnonzero(held % 10 != 0) if one.decimals else held[:0]
    longest = [int(held[long[0]])] if len(long) else []
    return list(dict.fromkeys([int(held.min()), int(held.max()), *longest]))


def _places(refusal: Refusal) -> set[str]:
    return {one.place or "" for one in refusal.problems}


def _impossible(baseline: CompiledRules, one: PathValues) -> Iterator[tuple[int, str]]:
    """Yield the numbers of a path that a rule set cannot have, each with the reason."""
    distinct = np.unique(one.held)
    for held in distinct[:MOST_LOOKED_AT].tolist():
        refusal = refusal_of(baseline, [(one.place, one.text_of(held))])
        if refusal is not None:
            yield held, reason_of(refusal)
    if len(distinct) > MOST_LOOKED_AT:
        sentence = f"has more than {MOST_LOOKED_AT:,} values, of which some cannot be tried; narrow its range"
        raise OverrideRefused([Problem(sentence, "range", place=one.place)])


def refusal_of(baseline: CompiledRules, pairs: Sequence[tuple[str, str]]) -> RuleRefused | None:
    """Return why values cannot be tried in a document, None where they can."""
    try:
        _what_if(baseline, pairs)
    except RuleRefused as refusal:
        return refusal
    return None


def _what_if(baseline: CompiledRules, pairs: Sequence[tuple[str, str]]) -> WhatIf:
    numbers = baseline.cache.get(Numbers, Numbers, baseline.document)
    return what_if(baseline.document, pairs, baseline.day, numbers)


def reason_of(refusal: Refusal) -> str:
    """Return why a candidate is left out, in one line."""
    first = str(refusal.problems[0])
    more = refusal.total - 1
    return f"{first} (and {more} more)" if more else first


def variant_of(
    baseline: CompiledRules, candidates: Candidates, rows: Int, amounts: Sequence[str]
) -> Variant:
    """Return the rules that some candidates share; raises ``RuleRefused`` where there can be none."""
    first, day = int(rows[0]), baseline.day
    if candidates.documents:
        return Variant(compile_rules(candidates.documents[first], day), {}, rows, ())
    tried = _what_if(baseline, candidates.overrides(first))
    rules = compile_rules(tried.document, day, baseline)
    theirs = tuple(one.of(rows) for one in candidates.values if one.place in amounts)
    return Variant(rules, tried.places, rows, theirs)
