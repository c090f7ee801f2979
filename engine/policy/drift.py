"""Whether a rater's bands drift: month by month against the rater's own earlier months, beyond what the cases explain.

Each month's mean residual is compared with that of all months before it, and what exceeds half a standard error is added
up (a self-starting CUSUM). An alarm is due where that sum passes the limit. Source: D. M. Hawkins, D. H. Olwell,
*Cumulative Sum Charts and Charting for Quality Improvement* (1998), chapters 1 and 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.policy.severity import Severity

Floats = NDArray[np.float64]

SLACK, LIMIT = 0.5, 4.0
"""Standard errors that are no drift, and those beyond them, added up, from which an alarm is due."""

FEW = 30
"""Ratings in a month below which its mean says little."""


@dataclass(frozen=True, slots=True)
class MonthOfRater:
    """A month of a rater: its number, the ratings, their mean residual, and the two sums after it, upwards and downwards.

    ``compared`` is how many standard errors it lies above the months before; None in the first.
    """

    month: int
    ratings: int
    mean: float
    compared: float | None
    upwards: float
    downwards: float

    @property
    def is_small(self) -> bool:
        """Return whether there are too few ratings for the month to say much."""
        return self.ratings < FEW


@dataclass(frozen=True, slots=True)
class Drift:
    """What becomes of a rater's bands: a run chart, the slope a month with its standard error, and the first alarm.

    ``slope`` and ``slope_error`` are in the unit of the prices, None of fewer than three months. ``alarm`` is the month
    after which a sum passed the limit, None where none did.
    """

    rater: int
    months: tuple[MonthOfRater, ...]
    slope: float | None
    slope_error: float | None
    alarm: int | None


def drifts(
    found: Severity,
    cases: Sequence[int],
    raters: Sequence[int],
    prices: Sequence[float],
    months: Sequence[int],
) -> list[Drift]:
    """Return the drift of each rater: ``months`` are whole numbers that grow with time, the others are as ``severity`` took them."""
    case, rater = np.asarray(cases, np.int64), np.asarray(raters, np.int64)
    month, price = np.asarray(months, np.int64), np.asarray(prices, float)
    rest = price - found.mean - found.cases[case] - found.raters[rater]
    spread = float(np.sqrt(max(rest.var(ddof=1) if len(rest) > 1 else 0.0, 0.0)))
    return [
        _drift(one, month[rater == one], rest[rater == one], spread)
        for one in range(len(found.raters))
    ]


def _drift(rater: int, month: NDArray[np.int64], rest: Floats, spread: float) -> Drift:
    """Return the drift of one rater from the residuals, whose standard deviation is ``spread``."""
    numbers = np.unique(month)
    at = np.searchsorted(numbers, month)
    ratings = np.bincount(at, minlength=len(numbers))
    means = np.bincount(at, rest, len(numbers)) / np.maximum(ratings, 1)
    chart: list[MonthOfRater] = []
    upwards = downwards = 0.0
    alarm = None
    for place, number in enumerate(numbers.tolist()):
        compared = _compared(means[: place + 1], ratings[: place + 1], spread)
        if compared is not None:
            upwards = max(0.0, upwards + compared - SLACK)
            downwards = max(0.0, downwards - compared - SLACK)
        if alarm is None and max(upwards, downwards) > LIMIT:
            alarm = number
        mean, many = float(means[place]), int(ratings[place])
        chart.append(MonthOfRater(number, many, mean, compared, upwards, downwards))
    slope, error = _slope(month.astype(float), rest, spread) if len(numbers) > 2 else (None, None)  # noqa: PLR2004 - two months are always on a line
    return Drift(rater, tuple(chart), slope, error, alarm)


def _compared(means: Floats, ratings: NDArray[np.int64], spread: float) -> float | None:
    """Return by how many standard errors the last month lies above all before it together; None of the first month."""
    if len(means) == 1 or not spread:
        return None
    before = ratings[:-1].sum()
    earlier = float(means[:-1] @ ratings[:-1]) / before
    return float((means[-1] - earlier) / (spread * np.sqrt(1 / ratings[-1] + 1 / before)))


def _slope(month: Floats, rest: Floats, spread: float) -> tuple[float, float]:
    """Return the slope of residuals a month, and its standard error."""
    apart = month - month.mean()
    square = float(apart @ apart)
    return float(apart @ rest) / square, spread / float(np.sqrt(square))
