"""Which candidates a report shows: a few by area, some of the front, and as many as a page has room for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.candidates import Candidates
from engine.candidates.few import few_of, spaced
from engine.candidates.summary import Summary
from engine.errors import PairRefused, Problem

LETTERS = "ABC"
"""The letters of the few candidates that are shown by area."""

MOST_OF_FRONT = 15
"""Candidates of a front that have a row."""

MOST_ROWS = 300
"""Candidates that a table of all has."""

MOST_PATHS = 4
"""Paths that have a column each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The places of the candidates that are shown.

    few     by area, the cheapest first, each with a letter
    listed  in the table of all, in their order
    """

    few: tuple[int, ...]
    listed: tuple[int, ...]

    def letter(self, at: int) -> str:
        """Return the letter of a candidate of the few, or nothing."""
        return LETTERS[self.few.index(at)] if at in self.few else ""

    def title(self, at: int, candidates: Candidates) -> str:
        """Return how a candidate is named: its letter, where it has one, and its name."""
        return (
            f"{self.letter(at)} ({candidates.name(at)})" if at in self.few else candidates.name(at)
        )


def choice_of(summary: Summary, few: Sequence[int] | None = None) -> Choice:
    """Return which candidates a report shows; ``few`` are those that were named for it.

    Raises ``PairRefused`` where none could be valued.
    """
    if not summary.valued.any():
        raise PairRefused([Problem("no candidate could be valued", "nothing-to-show")])
    chosen = few_of(summary) if few is None else tuple(few)
    order = sorted(chosen, key=lambda at: (int(summary.figures.total[at]), at))
    listed = np.flatnonzero(summary.valued)
    if len(listed) > MOST_ROWS:
        listed = np.sort(spaced(np.flatnonzero(summary.among_the_best(MOST_ROWS // 2)), MOST_ROWS))
    return Choice(tuple(order), tuple(listed.tolist()))
