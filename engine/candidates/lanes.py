"""Which candidates are worked out side by side, in lanes: those that differ in cut-offs and amounts alone, and keep the order of answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.candidates.class_counts import MOST_WHOLE
from engine.candidates.cut_order import CutOrder, order_of
from engine.candidates.sides import runs_of_days, same_year
from engine.candidates.structure import Structure, variant_of
from engine.candidates.values import Candidates
from engine.columns import Int
from engine.errors import RuleRefused
from engine.rules.compiled import CompiledRules
from engine.rules.grid import Grid
from engine.rules.number_kinds import Kind
from engine.tables import frozen

SWEEP = 4_096
"""Candidates with the same cut-offs for which counting pupils once more is worth it: it takes as long as some thousands of them in lanes."""

SEVERAL = 2
"""Different sets of cut-offs; one alone is counted once."""

WORTH = 16
"""Candidates from which laying lanes out is worth it."""

MOST_RANKS = 2**15 - 2
"""Different cut-offs of all candidates together."""

ABOVE_ALL = 2**15 - 1
"""A rank that no pupil has."""


@dataclass(frozen=True, eq=False)
class Lanes:
    """Candidates with cut-offs of their own that keep the order of answers.

    grid      the assignment whose cut-offs ``order`` numbers
    cuts      (cut-offs, candidates) of each how many of ``values`` it is above, which are all different ones, ascending
    variants  the places of these candidates, and then those of each variant of the others
    """

    order: CutOrder
    grid: Grid
    cuts: NDArray[np.int16]
    values: Int
    variants: tuple[Int, ...]


def lanes_of(
    baseline: CompiledRules, varied: CompiledRules, candidates: Candidates, structure: Structure
) -> Lanes | None:
    """Return the lanes of candidates; None where few keep the order of answers, or something else than cut-offs differs."""
    few = structure.size < SWEEP
    rows = structure.rows[few]
    if len(np.unique(structure.number[few])) < SEVERAL:
        return None
    others = [one for one in candidates.values if one.place not in structure.amounts]
    if candidates.documents or not others or len(rows) < WORTH or varied.top_ups is None:
        return None
    numbers = [structure.found[one.place] for one in others]
    if any(one.kind is not Kind.cut_off for one in numbers):
        return None
    order = order_of(varied, [one.path for one in numbers])
    if order is None:
        return None
    values, can = order.values([one.of(rows) for one in others])
    kept = can & order.keeps(values)
    rows, values = frozen(rows[kept]), values[:, kept]
    if len(rows) < WORTH or not _is_even(baseline, varied, candidates, rows, structure):
        return None
    distinct = np.unique(np.concatenate([np.unique(values), np.asarray(order.fixed, np.int64)]))
    if len(distinct) > MOST_RANKS:
        return None
    # Cut-off by cut-off, as ranks are a quarter as long as values.
    cuts = np.empty((len(values) + len(order.fixed), len(rows)), np.int16)
    for at, one in enumerate([*values, *order.fixed]):
        cuts[at] = np.searchsorted(distinct, one) + 1
    but = np.zeros(len(few), np.bool_)
    but[np.flatnonzero(few)[kept]] = True
    return Lanes(
        order, varied.top_ups.assignment, frozen(cuts), frozen(distinct),
        (rows, *structure.variants(but)),
    )  # fmt: skip


def _is_even(
    baseline: CompiledRules,
    varied: CompiledRules,
    candidates: Candidates,
    rows: Int,
    structure: Structure,
) -> bool:
    """Return whether nothing changes within the year, and its shares are few enough for lanes."""
    try:
        rules = variant_of(varied, candidates, rows, structure.amounts).rules
    except RuleRefused:
        return False
    if rules.top_ups is None or not same_year(baseline, rules):
        return False
    whole = rules.top_ups.calendar.denominator
    return whole <= MOST_WHOLE and len(runs_of_days(baseline, rules)) == 1
