"""What candidates of a variant pay to the pupils who are counted: by the closed form where it is exact, else share by share."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.cells import Cells
from engine.columns import Int
from engine.kernels.candidates import ClosedForm, Shares, fill_closed_form, fill_shares
from engine.money import half_away
from engine.row_chunks import ONE_THREAD
from engine.tables import frozen

EXACT = 2**53
"""Whole numbers below it are exact in double precision, and so are their sums that stay below it."""

LONG = 2**31
"""Whole numbers below it fit in 32 bits."""

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


@dataclass(frozen=True, eq=False)
class CellCounts:
    """Pupils counted by cell, with what the baseline pays them.

    before  (runs of days, classes) pence that the baseline pays a year
    whole   the share that is a whole year
    """

    cells: Cells
    groups: int
    before: Int
    whole: int

    @cached_property
    def paid_before(self) -> Int:
        """Return what the baseline pays the pupils of each share a year (shares, runs of days)."""
        pays = self.cells.shares.before
        of: Int = np.where(pays[:, None] >= 0, self.before.T[np.maximum(pays, 0)], 0)
        return frozen(of)

    @cached_property
    def paid_before_by_cell(self) -> Int:
        """Return what the baseline pays the pupils of each cell a year (cells); of one run of days."""
        pays = self.cells.before
        of: Int = np.where(pays >= 0, self.before[0][np.maximum(pays, 0)], 0)
        return frozen(of)

    @cached_property
    def all_before(self) -> Int:
        """Return what the baseline pays each group (groups), pence."""
        shares = self.cells.shares
        each = half_away((self.paid_before * shares.parts).sum(axis=1), self.whole)
        out = np.zeros(self.groups, np.int64)
        np.add.at(out, shares.group, np.repeat(each, np.diff(shares.offsets)) * shares.number)
        return frozen(out)

    def by_shares(self, amounts: Int, shares: Shares) -> Sums:
        """Return what candidates pay and who gains and loses, share by share in whole numbers."""
        found = Sums(*(np.zeros((len(amounts), self.groups), np.int64) for _ in range(3)))
        ONE_THREAD.run(
            fill_shares, len(amounts), frozen(amounts), shares, self.paid_before, self.whole,
            found.after, found.winners, found.losers,
        )  # fmt: skip
        return found


@dataclass(frozen=True, eq=False)
class ClassCounts(CellCounts):
    """The cells of a variant, whose classes are the same under all its candidates."""

    classes: int
    candidates: int

    @property
    def has_closed_form(self) -> bool:
        """Return whether the closed form is worth laying out."""
        one_run = self.cells.shares.parts.shape[1] == 1
        size = self.classes * self.whole * self.groups * np.dtype(np.int32).itemsize
        return (
            one_run
            and self.whole <= MOST_WHOLE
            and size <= MOST_RESIDUES
            and self.candidates >= WORTH
        )

    @cached_property
    def form(self) -> ClosedForm:
        """Return what the closed form adds up; of one run of days."""
        shares, cells = self.cells.shares, self.cells
        part = shares.parts[:, 0]
        of = np.repeat(np.arange(len(part)), np.diff(shares.offsets))
        staying = part[of] == self.whole
        whole = np.zeros((self.classes + 1, self.groups))
        parts, people = np.zeros_like(whole), np.zeros((len(cells.after), self.groups), np.int64)
        pays = shares.after[of]
        np.add.at(whole, (pays[staying], shares.group[staying]), shares.number[staying])
        shared = ~staying
        counted = part[of][shared] * shares.number[shared]
        np.add.at(parts, (pays[shared], shares.group[shared]), counted)
        np.add.at(people, (cells.cell[of], shares.group), shares.number)
        residues = self._residues(pays[shared], part[of][shared], shared)
        offsets = np.searchsorted(cells.cell, np.arange(len(cells.after) + 1)).astype(np.int64)
        return ClosedForm(
            frozen(whole[:-1]), frozen(parts[:-1]), residues, frozen(cells.after.astype(np.int64)),
            frozen(cells.before.astype(np.int64)), frozen(people), frozen(offsets),
        )  # fmt: skip

    def _residues(self, pays: Int, part: Int, shared: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return what each remainder of a year's amount is rounded to, added up by group."""
        shares = self.cells.shares
        group, number = shares.group[shared], shares.number[shared]
        table = np.zeros((self.classes, self.whole, self.groups), np.int32)
        rest = np.arange(self.whole, dtype=np.int64)
        for at in range(self.classes):
            those = np.flatnonzero(pays == at)
            if not len(those):
                continue
            each, place = np.unique(part[those], return_inverse=True)
            held = np.zeros((len(each), self.groups))
            np.add.at(held, (place, group[those]), number[those])
            rounded = half_away(rest[:, None] * each[None, :], self.whole)
            # Whole numbers below the shares of the year of all pupils, which are fewer than 2**31.
            table[at] = (rounded.astype(np.float64) @ held).astype(np.int32)
        return frozen(table)

    def sums(self, amounts: Int, start: int) -> Sums:  # noqa: ARG002 - all candidates are alike
        """Return what the candidates from ``start`` on pay, and who gains and loses; ``amounts`` (candidates, runs, classes) is pence a year."""
        if self.has_closed_form and self._is_bounded(amounts):
            return self._by_form(frozen(amounts[:, 0]))
        return self.by_shares(amounts, self.cells.shares)

    def _is_bounded(self, amounts: Int) -> bool:
        """Return whether every sum of the closed form is a whole number below 2**53, and none of what is rounded passes 31 bits."""
        most, least = int(amounts.max(initial=0)), int(amounts.min(initial=0))
        whole, parts = self.form.whole, self.form.parts
        pupils = int((whole + parts).sum(axis=0).max(initial=0))
        return (
            least >= 0
            and 2 * (most + 1) * (pupils + 1) < EXACT
            and int(parts.max(initial=0)) < LONG
        )

    def _by_form(self, amounts: Int) -> Sums:
        shape = (len(amounts), self.groups)
        after = np.empty(shape)
        winners, losers = np.empty(shape, np.int64), np.empty(shape, np.int64)
        ONE_THREAD.run(
            fill_closed_form, len(amounts), amounts, self.form, self.cells.shares,
            self.paid_before_by_cell, after, winners, losers,
        )  # fmt: skip
        return Sums(after.astype(np.int64), winners, losers)
