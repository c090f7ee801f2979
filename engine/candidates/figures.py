"""What each candidate of a block comes to in a few numbers, and whether it keeps to what it must."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.answers import BlockAnswer
from engine.candidates.block_run import BlockRun
from engine.candidates.document import CandidateDocument
from engine.candidates.groups import Groups
from engine.columns import Int
from engine.money import HUNDREDTHS, decimal_of, half_away, pence, scaled

KINDS = ("total", "la")
"""The kinds of groups that the numbers are worked out from: a run of no others is fastest."""

PARTS = 100 * HUNDREDTHS
"""Hundredths of a percent of a whole."""

HALF, MARGIN, LARGEST = 0.5, 0.001, 2.0**40
"""What is nearer to a half than the margin, or larger, is not rounded in doubles."""

MOST = 2**62
"""More than any share of a whole."""


class Limits(NamedTuple):
    """What candidates must keep to: pence in all, and the share that no authority may lose more of, in hundredths of a percent.

    budgets      pence that each authority may spend, by its code
    school_loss  pence a pupil that no school may lose more of
    """

    total: int | None = None
    loss: int | None = None
    budgets: Mapping[int, int] | None = None
    school_loss: int | None = None

    @classmethod
    def of(cls, document: CandidateDocument, budgets: Mapping[int, int] | None = None) -> "Limits":
        """Return what a document says."""
        own = document.constraints
        loss = own.authority_loss_percent
        return cls(
            None if own.total is None else pence(own.total),
            None if loss is None else scaled(decimal_of(loss), HUNDREDTHS),
            budgets,
            None if own.school_loss_per_pupil is None else pence(own.school_loss_per_pupil),
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
    formula                pence that the schools formula pays those known on both sides; 0 of pupils
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
    formula: Int


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


def every_figure(
    run: BlockRun, limits: Limits, numbers: Sequence[int] | None = None
) -> Iterator[BlockFigures]:
    """Yield the numbers of the candidates of each block of a run, or of some, in order, worked out on its threads."""
    chosen = range(len(run.blocks)) if numbers is None else numbers
    return run.each(lambda answer: figures_of(answer, run.groups, limits), chosen)


def figures_of(answer: BlockAnswer, groups: Groups, limits: Limits) -> BlockFigures:
    """Return the numbers of the candidates of a block."""
    figures = _numbers(answer, groups, limits)
    return BlockFigures(answer.number, answer.rows, figures, answer.valued, answer.refused)


def _numbers(answer: BlockAnswer, groups: Groups, limits: Limits) -> Figures:
    la = groups.kind("la")
    columns = slice(0, 0) if la is None else la.slice
    before, after = answer.before[:, columns], answer.after[:, columns]
    change = after - before
    low, high = least_and_most(change, before)
    keeps = np.ones(len(answer.rows), np.bool_)
    if limits.total is not None:
        keeps &= answer.total <= limits.total
    if limits.loss is not None:
        keeps &= (-change * PARTS <= limits.loss * before).all(axis=1)
    over, excess = _over_budgets(after, () if la is None else la.groups, limits.budgets or {})
    keeps &= over == 0
    winners, losers, unknown = (
        one[:, 0] for one in (answer.winners, answer.losers, answer.unknown)
    )
    unchanged = answer.people[:, 0] - winners - losers - unknown
    return Figures(
        answer.total, answer.before[:, 0], answer.after[:, 0], winners, losers, unchanged, unknown,
        np.maximum(-low, 0), high - low, over, excess, keeps,
        np.zeros_like(winners) if answer.formula is None else answer.formula[:, 0],
    )  # fmt: skip


def _over_budgets(after: Int, codes: Sequence[str], budgets: Mapping[int, int]) -> tuple[Int, Int]:
    """Return how many authorities spend more than their budget under each candidate, and by how many pence."""
    over, excess = (np.zeros(len(after), np.int64) for _ in range(2))
    for at, code in enumerate(codes):
        budget = budgets.get(int(code))
        if budget is not None:
            more = np.maximum(after[:, at] - budget, 0)
            over += more > 0
            excess += more
    return over, excess


def least_and_most(change: Int, before: Int) -> tuple[Int, Int]:
    """Return the least and the greatest change of any group, in hundredths of a percent of what was paid before.

    Both are of (candidates, groups) pence. Groups that were paid nothing are left out; without any both are 0.
    """
    if not change.shape[1]:
        return np.zeros(len(change), np.int64), np.zeros(len(change), np.int64)
    # What is the same for all candidates is looked at once.
    paid = before[:1] if before.strides[0] == 0 else before
    shares = change * np.where(paid > 0, PARTS / np.maximum(paid, 1), np.nan)
    least, most = np.fmin.reduce(shares, axis=1), np.fmax.reduce(shares, axis=1)
    unsure = np.flatnonzero(_is_near_half(least) | _is_near_half(most))
    least[unsure] = most[unsure] = 0
    low, high = (np.rint(np.nan_to_num(one)).astype(np.int64) for one in (least, most))
    # Doubles err far less than MARGIN, and where that could change what is rounded, whole numbers decide.
    if len(unsure):
        some, paid = change[unsure], before[unsure]
        exact = half_away(some * PARTS, np.maximum(paid, 1))
        low[unsure] = np.where(paid > 0, exact, MOST).min(axis=1)
        high[unsure] = np.where(paid > 0, exact, -MOST).max(axis=1)
    return low, high


def _is_near_half(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    near = np.abs(np.abs(shares - np.trunc(shares)) - HALF) < MARGIN
    return near | (np.abs(shares) > LARGEST)
