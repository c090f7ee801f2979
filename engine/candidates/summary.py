"""What each of all candidates comes to in a few numbers, what they keep to, and the front of those that nothing beats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.answers import BlockAnswer
from engine.candidates.document import CandidateDocument
from engine.candidates.groups import Groups
from engine.candidates.run import Run
from engine.candidates.structure import LeftOut
from engine.columns import Int
from engine.money import HUNDREDTHS, decimal_of, half_away, pence, scaled

PARTS = 100 * HUNDREDTHS
"""Hundredths of a percent of a whole."""

MOST = 2**62
"""More than any share of a whole."""


class Limits(NamedTuple):
    """What candidates must keep to: pence in all, and the share that no authority may lose more of, in hundredths of a percent.

    budgets  pence that each authority may spend, by its code
    """

    total: int | None = None
    loss: int | None = None
    budgets: Mapping[int, int] | None = None

    @classmethod
    def of(cls, document: CandidateDocument, budgets: Mapping[int, int] | None = None) -> "Limits":
        """Return what a document says."""
        own = document.constraints
        loss = own.authority_loss_percent
        return cls(
            None if own.total is None else pence(own.total),
            None if loss is None else scaled(decimal_of(loss), HUNDREDTHS),
            budgets,
        )


class _Figures(NamedTuple):
    """Numbers of some candidates (candidates), as ``Summary`` has them."""

    total: Int
    before: Int
    after: Int
    winners: Int
    losers: Int
    unchanged: Int
    unknown: Int
    loss: Int
    spread: Int
    over: Int
    excess: Int
    keeps: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Every candidate in a few numbers (candidates); those that were left out are 0 and not ``valued``.

    figures  pence: ``total`` of pupils known under a candidate, ``before`` and ``after`` of those known on both sides;
             pupils: ``winners``, ``losers``, ``unchanged``, ``unknown``;
             ``loss`` the largest share of its total that an authority loses, and ``spread`` between the
             highest and the lowest change of an authority, in hundredths of a percent;
             ``over`` the authorities over their budget, and ``excess`` the pence by which; ``keeps`` whether
             it keeps to what it must
    """

    figures: _Figures
    valued: NDArray[np.bool_]
    left_out: tuple[LeftOut, ...]

    @property
    def front_of_loss(self) -> Int:
        """Return the candidates that no other beats in total and largest loss, by total."""
        return front(self.figures.total, self.figures.loss, self.valued & self.figures.keeps)

    @property
    def front_of_spread(self) -> Int:
        """Return the candidates that no other beats in total and spread between authorities, by total."""
        return front(self.figures.total, self.figures.spread, self.valued & self.figures.keeps)

    def among_the_best(self, number: int) -> NDArray[np.bool_]:
        """Return which candidates are among so many of the cheapest, or of either front."""
        found = np.zeros(len(self.valued), np.bool_)
        found[self.cheapest(number)] = True
        found[self.front_of_loss] = True
        found[self.front_of_spread] = True
        return found

    def cheapest(self, number: int) -> Int:
        """Return so many candidates that keep to what they must, with the least total first."""
        those = np.flatnonzero(self.valued & self.figures.keeps)
        order = np.argsort(self.figures.total[those], kind="stable")
        return those[order[:number]]


def figures_of(answer: BlockAnswer, groups: Groups, limits: Limits) -> _Figures:
    """Return the numbers of the candidates of a block."""
    la = groups.kind("la")
    columns = slice(0, 0) if la is None else la.slice
    before, after = answer.before[:, columns], answer.after[:, columns]
    change = after - before
    shares, there = half_away(change * PARTS, np.maximum(before, 1)), before > 0
    none = ~there.any(axis=1)
    low = np.where(none, 0, np.where(there, shares, MOST).min(axis=1, initial=MOST))
    high = np.where(none, 0, np.where(there, shares, -MOST).max(axis=1, initial=-MOST))
    codes = () if la is None else la.groups
    excess = np.zeros_like(after)
    for at, code in enumerate(codes):
        budget = (limits.budgets or {}).get(int(code))
        if budget is not None:
            excess[:, at] = np.maximum(after[:, at] - budget, 0)
    keeps = np.ones(len(answer.rows), np.bool_)
    if limits.total is not None:
        keeps &= answer.total <= limits.total
    if limits.loss is not None:
        keeps &= (-change * PARTS <= limits.loss * before).all(axis=1)
    if limits.budgets:
        keeps &= ~(excess > 0).any(axis=1)
    return _Figures(
        answer.total, answer.before[:, 0], answer.after[:, 0], answer.winners[:, 0],
        answer.losers[:, 0], answer.unchanged[:, 0], answer.unknown[:, 0],
        np.maximum(-low, 0), high - low, (excess > 0).sum(axis=1), excess.sum(axis=1), keeps,
    )  # fmt: skip


def summary_of(run: Run, answers: Iterable[BlockAnswer], limits: Limits) -> Summary:
    """Return the numbers of all candidates of a run; each answer is looked at once."""
    length = len(run.candidates)
    figures = _Figures._make(
        np.zeros(length, np.bool_ if name == "keeps" else np.int64) for name in _Figures._fields
    )
    valued = np.zeros(length, np.bool_)
    left_out = list(run.left_out)
    for answer in answers:
        for whole, part in zip(figures, figures_of(answer, run.groups, limits), strict=True):
            whole[answer.rows] = part
        valued[answer.rows] = answer.valued
        left_out += [
            LeftOut(run.candidates.name(row), reason) for row, reason in answer.refused.items()
        ]
    for one in figures:
        one[~valued] = 0
    return Summary(figures, valued, tuple(left_out))


def front(cost: Int, other: Int, chosen: NDArray[np.bool_]) -> Int:
    """Return the places of the chosen that none of them beats: no other is as little in both, and less in one.

    >>> front(np.array([1, 2, 3, 3]), np.array([9, 5, 5, 4]), np.ones(4, bool)).tolist()
    [0, 1, 3]
    """
    those = np.flatnonzero(chosen)
    order = those[np.lexsort((other[those], cost[those]))]
    kept: list[int] = []
    least: tuple[int, int] | None = None
    for at in order.tolist():
        here = int(cost[at]), int(other[at])
        if least is None or here[1] < least[1] or here == least:
            kept.append(at)
            least = here
    found: Int = np.asarray(kept, np.int64)
    return found
