"""What candidates whose cut-offs move pay to the pupils who are counted: 64 side by side where doubles are exact, else share by share."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.block_amounts import EXACT, EXACT_QUOTIENTS
from engine.candidates.class_counts import CellCounts, Sums
from engine.candidates.groups import Groups
from engine.candidates.lane_cells import LaneSide
from engine.candidates.lanes import ABOVE_ALL, Lanes
from engine.candidates.sides import NOTHING
from engine.candidates.values import Some, how_many
from engine.columns import Int
from engine.kernels.candidates import LANES, LaneCells, fill_lanes
from engine.row_chunks import ONE_THREAD
from engine.tables import frozen

MOST_TOGETHER = 30_000
"""Pupils of one entry, and of all before it in its column: together they stay below 65,536."""

MOST_COLUMNS = 2**16
"""Columns that two bytes tell apart."""


class _Columns(NamedTuple):
    """Parts of groups, each of fewer than 65,536 pupils.

    cells     what the kernel reads
    group     (columns) the group that each is a part of, ascending
    people    (columns) their pupils
    """

    cells: LaneCells
    group: Int
    people: Int


@dataclass(frozen=True, eq=False)
class LaneCounts(CellCounts):
    """The cells of candidates whose cut-offs move: those of a cell are among the same cut-offs, with the same classes between them."""

    kinds: Groups
    side: LaneSide
    lanes: Lanes

    @cached_property
    def _cuts(self) -> Int:
        """Return the cut-offs of each ladder (ladders, steps); of one more, which has none, for who is paid nothing."""
        cuts = self.side.cuts
        return np.concatenate([cuts, np.full((1, cuts.shape[1]), -1)])

    @cached_property
    def _scales(self) -> Int:
        """Return the classes of each scale (scales, steps + 1); of one more, which pays nothing, the class after all."""
        scales, nothing = self.side.scales, len(self.side.side.classes)
        return np.concatenate([scales, np.full((1, scales.shape[1]), nothing)])

    @cached_property
    def _places(self) -> tuple[Int, Int, Int]:
        """Return ladder, rank and scale of each cell."""
        ladder, rank, scale = self.side.places
        last = len(self._cuts) - 1, 0, len(self._scales) - 1
        held = [np.r_[of, one] for of, one in zip((ladder, rank, scale), last, strict=True)]
        # A cell that candidates pay nothing has no place: -1 is the last.
        first, second, third = (frozen(of[self.cells.after]) for of in held)
        return first, second, third

    @cached_property
    def columns(self) -> _Columns:
        """Return the cells as the kernel reads them, by group: everyone is the sum of authorities."""
        shares, cells = self.cells.shares, self.cells
        chosen = np.ones(len(shares.group), np.bool_)
        if (both := self.kinds.everyone) is not None:
            chosen = (shares.group < both[0].start) | (shares.group >= both[0].stop)
        share = np.repeat(np.arange(len(shares.after)), np.diff(shares.offsets))[chosen]
        group, number = shares.group[chosen], shares.number[chosen]
        pieces = -(-number // MOST_TOGETHER)
        at = np.repeat(np.arange(len(number)), pieces)
        nth = np.arange(len(at)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        share, group = share[at], group[at]
        number = np.minimum(number[at] - nth * MOST_TOGETHER, MOST_TOGETHER)
        column, of = _columns(group, number)
        part, cell = shares.parts[share, 0], cells.cell[share]
        length = len(cells.after)
        offsets = np.searchsorted(cell, np.arange(length + 1)).astype(np.int64)
        staying = offsets[1:] - np.bincount(cell[part == self.whole], minlength=length)
        ladder, rank, scale = self._places
        held = LaneCells(
            ladder, rank, scale, frozen(self.paid_before_by_cell.astype(np.float64)),
            frozen(offsets), frozen(staying.astype(np.int64)), frozen(column.astype(np.uint16)),
            frozen(part.astype(np.uint16)), frozen(number.astype(np.uint16)),
        )  # fmt: skip
        people = np.bincount(column, weights=number, minlength=len(of)).astype(np.int64)
        return _Columns(held, of, people)

    def sums(self, amounts: Int, some: Some, *, changes: bool = True) -> Sums:
        """Return what some candidates pay, and who gains and loses; ``amounts`` (candidates, 1, classes) is pence a year.

        Without ``changes`` winners and losers are not counted, and are 0.
        """
        paid = np.concatenate([amounts[:, 0], np.zeros((len(amounts), 1), np.int64)], axis=1)
        if self._is_bounded(paid):
            return self._side_by_side(paid, some, changes=changes)
        return self._each(paid, some)

    def _is_bounded(self, paid: Int) -> bool:
        """Return whether every product, quotient and sum of the lanes is exact in doubles."""
        most = max(int(paid.max(initial=0)), int(self.paid_before_by_cell.max(initial=0)))
        people = int(self.columns.people.max(initial=0))
        return (
            int(paid.min(initial=0)) >= 0
            and (most + 1) * self.whole + self.whole < EXACT_QUOTIENTS
            and 2 * (most + 1) * (people + 1) < EXACT
            and len(self.columns.group) < MOST_COLUMNS
        )

    def _side_by_side(self, paid: Int, some: Some, *, changes: bool) -> Sums:
        blocks, length = -(-len(paid) // LANES), len(paid)
        cuts = _in_lanes(self._ranks(some), blocks)
        rates = _in_lanes(paid.T[self._scales].astype(np.float64), blocks)
        of = self.columns.group
        pence = np.empty((blocks, len(of), LANES))
        moved = np.empty(pence.shape, np.uint32)
        rate, step, sign = (
            np.empty((blocks, LANES), one) for one in (np.float64, np.int16, np.uint32)
        )
        ONE_THREAD.run(
            fill_lanes, blocks, self.columns.cells, cuts, rates, self.whole, int(changes),
            pence, moved, rate, step, sign,
        )  # fmt: skip
        winners, losers = moved & np.uint32(2**16 - 1), moved >> np.uint32(16)
        return Sums(*(self._by_group(one, of, length) for one in (pence, winners, losers)))

    def _ranks(self, some: Some) -> NDArray[np.int16]:
        """Return from which rank pupils are above each cut-off of each ladder (ladders, steps, candidates)."""
        cuts = self.lanes.cuts[:, some]
        none = np.full((1, cuts.shape[1]), ABOVE_ALL, np.int16)
        return np.concatenate([cuts, none])[self._cuts]

    def _by_group(self, held: NDArray[np.generic], of: Int, length: int) -> Int:
        """Return columns of lanes (blocks, columns, lanes) by group (candidates, groups), everyone as the sum of authorities."""
        blocks = len(held)
        by_candidate = held.transpose(0, 2, 1).reshape(blocks * LANES, len(of))[:length]
        out = np.zeros((length, self.groups), np.int64)
        first = np.flatnonzero(np.r_[True, of[1:] != of[:-1]]) if len(of) else of
        if len(first) == len(of):
            out[:, of] = by_candidate
        elif len(of):
            out[:, of[first]] = np.add.reduceat(by_candidate.astype(np.int64), first, axis=1)
        if (both := self.kinds.everyone) is not None:
            everyone, authorities = both
            out[:, everyone] = out[:, authorities].sum(axis=1, keepdims=True)
        return out

    def _each(self, paid: Int, some: Some) -> Sums:
        """Return the same in whole numbers, candidate by candidate."""
        ladder, rank, scale = self._places
        cuts = self._ranks(some)
        shares = self.cells.shares
        found = []
        for at in range(len(paid)):
            step = (rank[:, None] >= cuts[ladder, :, at]).sum(axis=1)
            after = self._scales[scale, step][self.cells.cell]
            own = shares._replace(after=frozen(after.astype(np.int64)))
            found.append(self.by_shares(frozen(paid[at : at + 1, None]), own))
        return Sums(*(np.concatenate(one) for one in zip(*found, strict=True)))

    def classes_of(self, at: int) -> Int:
        """Return the class of each place under one candidate, ``NOTHING`` where nothing is paid."""
        ladder, rank, scale = self.side.places
        step = (rank[:, None] >= self._ranks(slice(at, at + 1))[ladder, :, 0]).sum(axis=1)
        found = self.side.scales[scale, step]
        return np.where(found < len(self.side.side.classes), found, NOTHING)

    def bands(self, some: Some, length: int) -> Int:
        """Return the rows of pupils in each of so many bands (candidates, bands)."""
        number = how_many(some)
        out = np.zeros((number, length), np.int64)
        cuts, (ladders, bands, below) = self._ranks(some), self.side.bands
        for ladder, band, held in zip(ladders, bands, below, strict=True):
            up_to = held[np.minimum(cuts[ladder], len(held) - 1)]
            last = np.full((1, number), held[-1])
            rows = np.diff(np.concatenate([np.zeros_like(last), up_to, last]), axis=0)
            for at in np.flatnonzero(band >= 0):
                out[:, band[at]] += rows[at]
        return out


def _columns(group: Int, number: Int) -> tuple[Int, Int]:
    """Return the column of each entry, and the group of each column: a column has fewer than 65,536 pupils."""
    order = np.argsort(group, kind="stable")
    held, many = group[order], number[order]
    before = np.cumsum(many) - many
    starts = np.flatnonzero(np.r_[True, held[1:] != held[:-1]]) if len(held) else held
    lengths = np.diff(np.r_[starts, len(held)])
    nth = (before - np.repeat(before[starts], lengths)) // MOST_TOGETHER
    is_new = np.r_[True, (held[1:] != held[:-1]) | (nth[1:] != nth[:-1])] if len(held) else nth > 0
    column = np.empty(len(group), np.int64)
    column[order] = np.cumsum(is_new) - 1
    return column, held[is_new]


def _in_lanes(held: NDArray[np.generic], blocks: int) -> NDArray[np.generic]:
    """Return numbers of candidates (…, candidates) by block, with ``LANES`` of them side by side (blocks, …, lanes)."""
    *shape, length = held.shape
    padded = np.zeros((*shape, blocks * LANES), held.dtype)
    padded[..., :length] = held
    parts = padded.reshape(*shape, blocks, LANES)
    return frozen(np.ascontiguousarray(np.moveaxis(parts, -2, 0)))
