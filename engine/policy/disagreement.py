"""What disagreement of raters costs: pounds a case between two of them, and against what they agreed on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.money import half_away
from engine.policy.agreement import AT_ONCE, NO_RATING, REPETITIONS, Ratings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PriceOfDisagreement:
    """What two raters of one case differ by, pence a case on average, and what is paid besides what was agreed.

    ``cases`` have two ratings or more; ``alone`` have one and say nothing. ``between`` and ``mispaid`` are exact fractions
    as floats; ``between_interval`` is the middle 95 % of a bootstrap of cases. ``by_low_median`` says that the consensus of
    some case was not given, and is its low median then.
    """

    cases: int
    pairs: int
    alone: int
    between: float | None
    mispaid: float | None
    by_low_median: bool
    between_interval: tuple[float, float] | None = None
    most_disputed: tuple[tuple[int, float], ...] = ()
    """Positions of the cases that differ most, with the pence that two of their ratings differ by on average, the dearest first."""

    def scaled(self, plans: int) -> int | None:
        """Return what two raters differ by over so many plans, whole pence either way."""
        if self.between is None:
            return None
        numerator, denominator = self.between.as_integer_ratio()
        return half_away(numerator * plans, denominator)


def price_of_disagreement(
    ratings: Ratings,
    prices: Sequence[int],
    consensus: NDArray[np.int64] | None = None,
    seed: int | None = None,
    most: int = 20,
) -> PriceOfDisagreement:
    """Return what disagreement costs, with the pence of each band in the profile's order.

    ``consensus`` (cases,) has the position of the band that was agreed on, -1 where none was: then it is the low median of the
    case's ratings. A band without a price makes nothing known of cases that have it: leave them out.
    """
    own = np.asarray(prices, np.int64)
    apart = np.abs(np.subtract.outer(own, own)).astype(float)
    compared, counts, number = ratings.compared, ratings.counts, ratings.number
    held, several = counts[compared], number[compared]
    alone = int((number == 1).sum())
    if not compared.any():
        return PriceOfDisagreement(0, 0, alone, None, None, by_low_median=False)
    each = ((held @ apart) * held).sum(axis=1) / (several * (several - 1))
    agreed, is_median = _agreed(held, None if consensus is None else consensus[compared])
    mispaid = (held * apart[agreed]).sum(axis=1) / several
    order = np.argsort(-each, kind="stable")[:most]
    positions = np.flatnonzero(compared)
    return PriceOfDisagreement(
        cases=int(compared.sum()),
        pairs=ratings.pairs,
        alone=alone,
        between=float(each.mean()),
        mispaid=float(mispaid.mean()),
        by_low_median=bool(is_median.any()),
        between_interval=None if seed is None else _interval(each, seed),
        most_disputed=tuple(
            (int(positions[at]), float(each[at])) for at in order.tolist() if each[at] > 0
        ),
    )


def _agreed(
    counts: Floats, consensus: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the band agreed on in each case, and whether it is the low median of its ratings."""
    upto = np.cumsum(counts, axis=1)
    median = (2 * upto >= upto[:, -1:]).argmax(axis=1)
    if consensus is None:
        return median, np.ones(len(counts), bool)
    missing = consensus == NO_RATING
    return np.where(missing, median, consensus), missing


def _interval(each: Floats, seed: int) -> tuple[float, float]:
    """Return the middle 95 % of the mean over samples of cases."""
    random, cases, means = np.random.default_rng(seed), len(each), []
    for start in range(0, REPETITIONS, AT_ONCE):
        size = min(AT_ONCE, REPETITIONS - start)
        drawn = random.multinomial(cases, np.full(cases, 1 / cases), size)
        means.append(drawn @ each / cases)
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return float(low), float(high)
