"""What candidates of a variant pay to the pupils who are counted: by the closed form where it is exact, else share by share."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.candidates.block_amounts import EXACT, EXACT_QUOTIENTS, BlockAmounts
from engine.candidates.cells import Cells
from engine.candidates.form_layout import Entries, closed_form_of, entries_of
from engine.candidates.groups import Groups
from engine.candidates.values import Some
from engine.columns import Int
from engine.kernels.candidates import Shares, fill_shares
from engine.kernels.closed_form import LOST_FROM, WON, ClosedForm, fill_closed_form
from engine.money import half_away
from engine.row_chunks import ONE_THREAD
from engine.tables import frozen

LONG = 2**31
"""Whole numbers below it fit in 32 bits."""

MOST_WHOLE = 4_096
"""Shares of a whole year for which what is rounded is laid out."""

MOST_RESIDUES = 64 * 2**20
"""Bytes of what is rounded, by class and group and by remainder."""

WORTH = 64
"""Candidates of a variant for which laying it out is worth it."""

ABREAST = 256
"""Candidates that are worked out side by side: what is rounded of an entry is read once for all of them."""


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
    kinds: Groups

    @cached_property
    def has_closed_form(self) -> bool:
        """Return whether the closed form is worth laying out."""
        one_run = self.cells.shares.parts.shape[1] == 1
        if not one_run or self.whole > MOST_WHOLE or self.candidates < WORTH:
            return False
        size = len(self.entries.keys) * self.whole * np.dtype(np.int32).itemsize
        return size <= MOST_RESIDUES

    @cached_property
    def entries(self) -> Entries:
        """Return the pupils of each class and share of the year by group, but for groups that others add up to."""
        return entries_of(self.cells.shares, self.kinds)

    @cached_property
    def form(self) -> ClosedForm:
        """Return what the closed form adds up; of one run of days."""
        return closed_form_of(
            self.cells, self.entries, self.classes, self.paid_before_by_cell, self.whole
        )

    def sums(self, amounts: Int, some: Some) -> Sums:  # noqa: ARG002 - all candidates are alike
        """Return what some candidates pay, and who gains and loses; ``amounts`` (candidates, runs, classes) is pence a year."""
        found = None
        if self.has_closed_form:
            found = self.by_form(BlockAmounts.of(amounts[:, 0]))
        return self.by_shares(amounts, self.cells.shares) if found is None else found

    def by_form(self, amounts: BlockAmounts | None) -> Sums | None:
        """Return the same by the closed form, of amounts in stages; None where it is not exact."""
        if amounts is None or not self._is_bounded(amounts.highest):
            return None
        shape = (amounts.length, self.groups)
        found = Sums(*(np.empty(shape, np.int64) for _ in range(3)))
        for start in range(0, amounts.length, ABREAST):
            stop = min(start + ABREAST, amounts.length)
            one = (1, stop - start)
            pence, moved = (
                np.empty((1, self.groups, stop - start), of) for of in (np.float64, np.uint64)
            )
            rate, quotient, rest, rounded, sign = (
                np.empty(one, of)
                for of in (np.float64, np.float64, np.int32, np.float64, np.uint64)
            )
            ONE_THREAD.run(
                fill_closed_form, 1, amounts.part(start, stop), self.form, self.cells.shares,
                self.whole, pence, moved, rate, quotient, rest, rounded, sign,
            )  # fmt: skip
            found.after[start:stop] = pence[0].T
            found.winners[start:stop] = (moved[0] & WON).T
            found.losers[start:stop] = (moved[0] >> np.uint64(LOST_FROM)).T
        if (both := self.kinds.everyone) is not None:
            for out in found:
                out[:, both[0]] = out[:, both[1]].sum(axis=1, keepdims=True)
        return found

    def _is_bounded(self, highest: float) -> bool:
        """Return whether every product, quotient and sum of the closed form is a whole number that doubles hold, and none of what is rounded passes 31 bits."""
        form = self.form
        pupils = np.bincount(form.group, form.staying + form.parts, self.groups).max(initial=0)
        dearest = max(highest, float(form.before.max(initial=0)))
        return bool(
            (dearest + 1) * self.whole + self.whole < EXACT_QUOTIENTS
            and 2 * (highest + 1) * (pupils + 1) < EXACT
            and form.parts.max(initial=0) < LONG
            and form.before.min(initial=0) >= 0
        )
