"""What candidates of a variant pay to the pupils who are counted: by the closed form where it is exact, else share by share."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.cells import Cells
from engine.columns import Int
from engine.kernels.candidates import add_residues, fill_shares
from engine.money import half_away
from engine.row_chunks import ONE_THREAD
from engine.tables import frozen

EXACT = 2**53
"""Whole numbers below it are exact in double precision, and so are their sums that stay below it."""

EXACT_COUNTS = 2**24
"""The same in single precision, in which pupils are counted."""

MOST_WHOLE = 4_096
"""Shares of a whole year for which what is rounded is laid out."""

MOST_RESIDUES = 64 * 2**20
"""Bytes of what is rounded, by class, remainder and group."""

WORTH = 64
"""Candidates of a variant for which laying it out is worth it."""


class Sums(NamedTuple):
    """What some candidates pay, and who gains and loses (candidates, groups)."""

    after: Int
    winners: Int
    losers: Int


class _Products(NamedTuple):
    """What the closed form multiplies by.

    whole, parts   (classes, groups) pupils of the whole year, and the shares of the others added up
    residues       (classes, whole, groups) what is rounded of the others' parts
    staying, others  (cells, groups) pupils of the whole year, and those of a part of it
    """

    whole: NDArray[np.float64]
    parts: NDArray[np.float64]
    residues: Int
    staying: NDArray[np.float32]
    others: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """The cells of a variant, with what the baseline pays them.

    before  (runs of days, classes) pence that the baseline pays a year
    whole   the share that is a whole year
    """

    cells: Cells
    groups: int
    classes: int
    before: Int
    whole: int
    candidates: int

    @cached_property
    def paid_before(self) -> Int:
        """Return what the baseline pays the pupils of each share a year (shares, runs of days)."""
        pays = self.cells.shares.before
        of: Int = np.where(pays[:, None] >= 0, self.before.T[np.maximum(pays, 0)], 0)
        return frozen(of)

    @cached_property
    def all_before(self) -> Int:
        """Return what the baseline pays each group (groups), pence."""
        shares = self.cells.shares
        each = half_away((self.paid_before * shares.parts).sum(axis=1), self.whole)
        out = np.zeros(self.groups, np.int64)
        np.add.at(out, shares.group, np.repeat(each, np.diff(shares.offsets)) * shares.number)
        return frozen(out)

    @property
    def has_closed_form(self) -> bool:
        """Return whether the closed form is worth laying out."""
        one_run = self.cells.shares.parts.shape[1] == 1
        size = self.classes * self.whole * self.groups * 8
        return (
            one_run
            and self.whole <= MOST_WHOLE
            and size <= MOST_RESIDUES
            and self.candidates >= WORTH
        )

    @cached_property
    def products(self) -> _Products:
        """Return what the closed form multiplies by; of one run of days."""
        shares, cells = self.cells.shares, self.cells
        part = shares.parts[:, 0]
        of = np.repeat(np.arange(len(part)), np.diff(shares.offsets))
        staying = part[of] == self.whole
        whole = np.zeros((self.classes + 1, self.groups))
        parts, by_cell = np.zeros_like(whole), np.zeros((2, len(cells.after), self.groups))
        pays = shares.after[of]
        np.add.at(whole, (pays[staying], shares.group[staying]), shares.number[staying])
        shared = ~staying
        counted = part[of][shared] * shares.number[shared]
        np.add.at(parts, (pays[shared], shares.group[shared]), counted)
        cell = cells.cell[of]
        np.add.at(by_cell[0], (cell[staying], shares.group[staying]), shares.number[staying])
        np.add.at(by_cell[1], (cell[shared], shares.group[shared]), shares.number[shared])
        residues = self._residues(pays[shared], part[of][shared], shared)
        counts = by_cell.astype(np.float32)
        return _Products(whole[:-1], parts[:-1], residues, counts[0], counts[1])

    def _residues(self, pays: Int, part: Int, shared: NDArray[np.bool_]) -> Int:
        """Return what each remainder of a year's amount is rounded to, added up by group."""
        shares = self.cells.shares
        group, number = shares.group[shared], shares.number[shared]
        table = np.zeros((self.classes, self.whole, self.groups), np.int64)
        rest = np.arange(self.whole, dtype=np.int64)
        for at in range(self.classes):
            those = np.flatnonzero(pays == at)
            if not len(those):
                continue
            each, place = np.unique(part[those], return_inverse=True)
            held = np.zeros((len(each), self.groups))
            np.add.at(held, (place, group[those]), number[those])
            rounded = half_away(rest[:, None] * each[None, :], self.whole)
            # Whole numbers far below 2**53: a year's share is at most 4,096.
            table[at] = (rounded.astype(np.float64) @ held).astype(np.int64)
        return frozen(table)

    def sums(self, amounts: Int) -> Sums:
        """Return what candidates pay and who gains and loses; ``amounts`` (candidates, runs, classes) is pence a year."""
        if self.has_closed_form and self._is_bounded(amounts):
            return self._by_products(amounts[:, 0])
        return self._by_shares(amounts)

    def _is_bounded(self, amounts: Int) -> bool:
        """Return whether every sum of the closed form is a whole number below 2**53, and every count below 2**24."""
        products = self.products
        most = int(amounts.max(initial=0))
        pupils = int((products.whole + products.parts).sum(axis=0).max(initial=0))
        counts = float((products.staying + products.others).sum(axis=0).max(initial=0))
        return 2 * (most + 1) * (pupils + 1) < EXACT and counts < EXACT_COUNTS

    def _by_shares(self, amounts: Int) -> Sums:
        after, winners, losers = self._empty(len(amounts))
        self._fill(amounts, 0, after, winners, losers)
        return Sums(after, winners, losers)

    def _fill(self, amounts: Int, near: int, after: Int, winners: Int, losers: Int) -> None:
        ONE_THREAD.run(
            fill_shares, len(amounts), frozen(amounts), self.cells.shares, self.paid_before, self.whole,
            near, after, winners, losers,
        )  # fmt: skip

    def _empty(self, length: int) -> tuple[Int, Int, Int]:
        first, second, third = (np.zeros((length, self.groups), np.int64) for _ in range(3))
        return first, second, third

    def _by_products(self, amounts: Int) -> Sums:
        """Return the same by the closed form: half up of v × p ÷ W is q × p and half up of r × p ÷ W, for v = q × W + r."""
        products, cells = self.products, self.cells
        quotient, rest = np.divmod(amounts, self.whole)
        both = (
            amounts.astype(np.float64) @ products.whole
            + quotient.astype(np.float64) @ products.parts
        )
        after = both.astype(np.int64)
        ONE_THREAD.run(add_residues, len(amounts), frozen(rest), products.residues, after)
        pays = np.where(cells.after >= 0, amounts[:, np.maximum(cells.after, 0)], 0)
        was = np.where(cells.before >= 0, self.before[0][np.maximum(cells.before, 0)], 0)
        change = pays - was
        winners, losers = self._gains(change), self._gains(-change)
        near = (change != 0) & (np.abs(change) < self.whole)
        those = np.flatnonzero(near.any(axis=1))
        if len(those):
            some = self._empty(len(those))
            self._fill(frozen(amounts[those][:, None]), self.whole, *some)
            winners[those] += some[1]
            losers[those] += some[2]
        return Sums(after, winners, losers)

    def _gains(self, change: Int) -> Int:
        """Return who gains, but for those of a part of the year whose rates are near."""
        products = self.products
        all_year = (change > 0).astype(np.float32) @ products.staying
        all_year += (change >= self.whole).astype(np.float32) @ products.others
        return all_year.astype(np.int64)
