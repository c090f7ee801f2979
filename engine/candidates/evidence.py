"""What a publication shows of each group under some candidates, as equations in the pupils of each kind."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.candidates.kinds import Kinds
from engine.columns import Int
from engine.disclosure.worlds import Numbers, View, nothing

COUNTS = ("number", "winners", "losers", "unchanged", "not_known")
"""The numbers of pupils that a table has."""

AMOUNTS = ("before", "after", "change")

MOST_EQUATIONS = 4_000_000
"""Amounts times kinds that are looked at; of more, every kind is thought to be known."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Some candidates, of whom the same is shown in several groups.

    kinds    the kinds that all candidates of the run tell apart
    where    (candidates) their places among those of the kinds
    figures  by column, (candidates, groups): what is shown where it is not hidden
    """

    kinds: Kinds
    where: Int
    figures: dict[str, Int]

    @property
    def is_large(self) -> bool:
        """Return whether there are too many equations to look at."""
        return 3 * len(self.where) * len(self.kinds.number) > MOST_EQUATIONS

    @cached_property
    def rates(self) -> Numbers:
        """Return what one more pupil of each kind adds to each amount: before, after and change of each candidate."""
        before, after = self.kinds.before[self.where], self.kinds.after[self.where]
        return np.vstack([before, after, after - before])

    @cached_property
    def classes(self) -> dict[str, Numbers]:
        """Return of which kinds each number is, by column (different rows, kinds)."""
        known = self.kinds.known[self.where]
        change = (self.kinds.after - self.kinds.before)[self.where]
        found = {
            "number": np.ones((1, len(self.kinds.number)), np.bool_),
            "winners": known & (change > 0),
            "losers": known & (change < 0),
            "unchanged": known & (change == 0),
            "not_known": ~known,
        }
        return {name: np.unique(one, axis=0).astype(np.float64) for name, one in found.items()}

    @cached_property
    def alone(self) -> Numbers:
        """Return the kinds whose numbers are thought to be known by themselves."""
        kinds = len(self.kinds.number)
        return np.eye(kinds) if self.is_large else np.eye(kinds)[self.kinds.one_by_one]

    def view(self, group: int, columns: NDArray[np.bool_], step: int, *, money: bool) -> View:
        """Return what is shown of a group: the counts of some ``columns``, and amounts to ``step`` pence, or none."""
        kinds = len(self.kinds.number)
        if not money and not columns.any():
            return nothing(kinds)
        counts = [self.classes[name] for name, shows in zip(COUNTS, columns, strict=True) if shows]
        equations = np.vstack([np.zeros((0, kinds)), *counts, self.alone])
        if not money or self.is_large:
            return View(equations, np.zeros((0, kinds)), np.zeros(0, np.int64), step)
        amounts = np.concatenate([self.figures[name][:, group] for name in AMOUNTS])
        return View(equations, self.rates, amounts, step)
