"""What is due before some rows of pupils, which they are rounded after: earlier spells, or the year before the rules."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int


class Again(IntEnum):
    """With what a price that is paid once was paid before."""

    no = 0
    spell = 1
    """an earlier spell of the pupil"""
    part = 2
    """the part of the year before the rules"""


class RowDue(NamedTuple):
    """One row of ``EarlierDue``."""

    before: int
    exact: int
    part: int
    again: Again


class EarlierDue(NamedTuple):
    """The rows that something is due before: earlier spells of the pupil, or the year before the rules; before rounding.

    where   (rows) places in the table, ascending
    before  (rows) what came before, and ``exact`` what this row comes to, in parts of a penny; 0 where its
            price is paid once and was paid before
    part    (rows) the part of ``before`` that is of the year before the rules
    again   (rows) codes of ``Again``
    """

    where: Int
    before: Int
    exact: Int
    part: Int
    again: NDArray[np.int8]

    def of(self, pupil: int) -> RowDue | None:
        """Return what came before the row at a place and what it comes to; None where nothing did."""
        at = int(np.searchsorted(self.where, pupil))
        if at == len(self.where) or self.where[at] != pupil:
            return None
        before, exact, part = (int(one[at]) for one in (self.before, self.exact, self.part))
        return RowDue(before, exact, part, Again(int(self.again[at])))
