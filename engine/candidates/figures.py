"""What each candidate of a block comes to in a few numbers, and whether it keeps to what it must."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.answers import BlockAnswer
from engine.candidates.document import CandidateDocument
from engine.candidates.groups import Groups
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


class Figures(NamedTuple):
    """Numbers of some candidates (candidates).

    total                  pence of pupils known under a candidate
    before, after          pence of those known on both sides
    winners, losers, unchanged, unknown  pupils
    loss                   the largest share of its total that an authority loses, in hundredths of a percent
    spread                 between the highest and the lowest change of an authority, likewise
    over, excess           the authorities over their budget, and the pence by which
    keeps                  whether a candidate keeps to what it must
    """

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


class BlockFigures(NamedTuple):
    """The numbers of a block's candidates, which are few enough to travel and to be kept.

    rows     (candidates) their places among all
    valued   (candidates) which of them were valued
    refused  why one could not be valued after all, by its place among all
    """

    number: int
    rows: Int
    figures: Figures
    valued: NDArray[np.bool_]
    refused: Mapping[int, str]


def figures_of(answer: BlockAnswer, groups: Groups, limits: Limits) -> BlockFigures:
    """Return the numbers of the candidates of a block."""
    figures = _numbers(answer, groups, limits)
    return BlockFigures(answer.number, answer.rows, figures, answer.valued, answer.refused)


def _numbers(answer: BlockAnswer, groups: Groups, limits: Limits) -> Figures:
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
    return Figures(
        answer.total, answer.before[:, 0], answer.after[:, 0], answer.winners[:, 0],
        answer.losers[:, 0], answer.unchanged[:, 0], answer.unknown[:, 0],
        np.maximum(-low, 0), high - low, (excess > 0).sum(axis=1), excess.sum(axis=1), keeps,
    )  # fmt: skip
