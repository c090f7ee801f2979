"""Cut-offs that candidates move: which rows decide one after another for whom, and which candidates keep that order.

Where all cut-offs that can meet for a pupil keep their order, and those that meet go on meeting, the same rows decide in
the same order, each for someone: a candidate is then as valid as what it varies, with the same overlaps and gaps.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.values import PathValues
from engine.columns import Int
from engine.rules.assignment import covers_of
from engine.rules.compiled import CompiledRules, CompiledTopUps
from engine.rules.cut_offs import TO, End, Ranges, cut_of, ends_of
from engine.rules.cut_trials import CutTrials
from engine.rules.grid import Grid, domain, intervals, slots_of
from engine.rules.inputs import SCALES
from engine.rules.number_kinds import STEPS
from engine.rules.paths import Paths
from engine.rules.yaml_source import Path
from engine.tables import frozen

TABLE_ROWS: Path = ("band_profile", "assignment", "table", "rows")

MOST = 2**40
"""Numbers from which no cut-off is looked at: every input's are far below."""

Pair = tuple[int, int, bool]
"""Two cut-offs that follow one another for some pupil, and whether they meet."""


class Ladder(NamedTuple):
    """The rows that decide one after another as an input rises, and the cut-offs between them."""

    cuts: tuple[int, ...]
    rows: tuple[int, ...]


class CutOrder(NamedTuple):
    """The cut-offs of an assignment on one input.

    name     the input
    sides    of each cut-off that moves, the side of the range that it is the end of
    fixed    where the others are; they are numbered after those that move
    pairs    what must stay in order
    at_cut   of each pattern of rows that may hold together, the cut-off at each place
    pattern  (other inputs' slots) the pattern of rows that may hold
    """

    name: str
    sides: tuple[str, ...]
    fixed: tuple[int, ...]
    pairs: tuple[Pair, ...]
    at_cut: tuple[Mapping[int, int], ...]
    pattern: Int

    def values(self, cuts: Sequence[PathValues]) -> tuple[Int, NDArray[np.bool_]]:
        """Return where each candidate's cut-offs are (cut-offs, candidates), as the first number above, and which can be."""
        scale = SCALES.get(self.name, 1)
        length = len(cuts[0].held)
        found, can = np.zeros((len(cuts), length), np.int64), np.ones(length, np.bool_)
        for at, (one, side) in enumerate(zip(cuts, self.sides, strict=True)):
            if one.words or np.abs(one.held).max(initial=0) >= MOST:
                return found, np.zeros(length, np.bool_)
            parts = one.held * scale
            can &= parts % one.scale == 0
            found[at] = parts // one.scale + (side == TO)
        return found, can

    def keeps(self, values: Int) -> NDArray[np.bool_]:
        """Return the candidates of which all cut-offs stay in order."""
        kept = np.ones(values.shape[1], np.bool_)
        moved = len(self.sides)
        for one, other, meet in self.pairs:
            first, second = (
                values[at] if at < moved else self.fixed[at - moved] for at in (one, other)
            )
            kept &= np.equal(first, second) if meet else np.less(first, second)
        return kept

    def ladder(self, grid: Grid, others: int) -> Ladder:
        """Return what decides where the other inputs are in a slot; ``grid`` is the assignment's."""
        axis, along = grid.inputs.index(self.name), self._along(grid)[others, 1:]
        edges, changes = grid.edges_of(axis), np.flatnonzero(along[1:] != along[:-1]) + 1
        at_cut = self.at_cut[self.pattern[others]]
        rows = along[[0, *changes.tolist()]]
        return Ladder(tuple(at_cut[edges[at]] for at in changes.tolist()), tuple(rows.tolist()))

    def not_supplied(self, grid: Grid, others: int) -> Ladder:
        """Return what decides there for pupils of whom the input is not supplied: one row, or none."""
        return Ladder((), (int(self._along(grid)[others, 0]),))

    def _along(self, grid: Grid) -> NDArray[np.int32]:
        """Return the deciding rows (other inputs' slots, the input's slots)."""
        axis = grid.inputs.index(self.name)
        answers = np.moveaxis(grid.answers.reshape(grid.shape), axis, -1)
        return answers.reshape(-1, answers.shape[-1])


def order_of(rules: CompiledRules, paths: Sequence[Path]) -> CutOrder | None:
    """Return the order of the cut-offs that some paths lead to; None unless all are of one input that bands alone depend on."""
    top_ups, document = rules.top_ups, rules.document
    profile = document.band_profile
    if top_ups is None or profile is None or not paths:
        return None
    trials = CutTrials(Paths(document), top_ups.bands)
    moved: dict[tuple[int, int, str], int] = {}
    names, sides = set(), []
    rows: list[Ranges] = []
    for number, path in enumerate(paths):
        found = trials.ends(path)
        if found.path not in {STEPS, TABLE_ROWS}:
            return None
        names.add(found.ends[0].input)
        sides.append(found.ends[0].side)
        rows = found.rows
        moved |= {(one.row, one.choice, one.side): number for one in found.ends}
    name = names.pop()
    if names or any(name in one.inputs for one in _other_grids(top_ups)):
        return None
    lowest, highest = domain(name, len(top_ups.bands))
    bounds = [lowest, highest + 1]
    for first, last in covers_of(profile.assignment, top_ups.bands).get(name, ()):
        bounds += [first, last + 1]
    return _order(top_ups, name, rows, moved, tuple(sides), bounds)


def _other_grids(top_ups: CompiledTopUps) -> Iterator[Grid]:
    """Yield every grid but that of bands."""
    yield from (top_ups.funded, top_ups.tariff)
    yield from (one.grid for one in top_ups.tables)
    yield from (one.grid for one in top_ups.modifiers)


def _order(
    top_ups: CompiledTopUps,
    name: str,
    rows: Sequence[Ranges],
    moved: Mapping[tuple[int, int, str], int],
    sides: tuple[str, ...],
    bounds: Sequence[int],
) -> CutOrder:
    fixed: dict[int, int] = {}

    def fix(value: int) -> int:
        return fixed.setdefault(value, len(sides) + len(fixed))

    ends: list[list[tuple[int, int]]] = []
    for at, row in enumerate(rows):
        ends.append([])
        for choice, text in enumerate(row.get(name, ())):
            for side in ends_of(name, text):
                cut = cut_of(row, End(at, name, choice, side), top_ups.bands)
                number = moved.get((at, choice, side))
                ends[-1].append((cut, fix(cut) if number is None else number))
    always = [(value, fix(value)) for value in bounds]
    patterns, pattern = np.unique(_mask(top_ups, name, rows), axis=1, return_inverse=True)
    pairs: set[Pair] = set()
    at_cut = []
    for held in patterns.T:
        here = sorted([*always, *(one for at in np.flatnonzero(held) for one in ends[at])])
        # Of those that meet, the number of one that moves is the number of all.
        at_cut.append(dict(sorted(here, key=lambda one: -one[1])))
        pairs |= {
            (one, other, first == second)
            for (first, one), (second, other) in pairwise(here)
            if one != other and min(one, other) < len(sides)
        }
    return CutOrder(
        name, sides, tuple(fixed), tuple(sorted(pairs)), tuple(at_cut),
        frozen(pattern.reshape(-1).astype(np.int64)),
    )  # fmt: skip


def _mask(top_ups: CompiledTopUps, name: str, rows: Sequence[Ranges]) -> NDArray[np.bool_]:
    """Return which rows may hold in each slot of the other inputs (rows, slots), whatever the input's own value is."""
    grid = top_ups.assignment
    others = [at for at, one in enumerate(grid.inputs) if one != name]
    shape = tuple(grid.shape[at] for at in others)
    held = np.zeros((len(rows), *shape), np.bool_)
    for at_row, row in enumerate(rows):
        slots = []
        for at in others:
            choices = row.get(grid.inputs[at])
            named = None if choices is None else intervals(grid.inputs[at], choices, top_ups.bands)
            found = slots_of(grid.edges_of(at), named)
            slots.append(found if found[0] == 0 else np.r_[0, found])
        held[at_row, ...][np.ix_(*slots) if slots else ...] = True
    return held.reshape(len(rows), -1)
