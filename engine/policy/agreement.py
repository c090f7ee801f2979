"""How far raters agree on bands: coefficients of agreement with standard errors, on counts and in pounds.

Every coefficient is a function of how much each case counts, so that one derivative gives its standard error and one
matrix of weights its bootstrap. Sources: K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011); K. L. Gwet,
*Handbook of Inter-Rater Reliability* (4th edition, 2014), for the coefficients with weights and their linearised variance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Array = NDArray[Any]

NO_RATING = -1
STEP = 1e-30
"""Length of the imaginary step by which a coefficient is differentiated; it cancels nothing, so it may be tiny."""

REPETITIONS = 2_000
AT_ONCE = 250


class Weighting(StrEnum):
    """How much two bands agree, from 0 to 1, by how far apart they are in the order of their profile."""

    identity = "identity"
    linear = "linear"
    quadratic = "quadratic"
    ordinal = "ordinal"
    """Gwet's weights, by how many pairs of bands lie between two; not Krippendorff's ordinal distance"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient: its value, its standard error, and the interval of its bootstrap where one was made.

    ``value`` is None where it is not defined: every rating is the same band, or no case has two.
    """

    value: float | None
    standard_error: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Ratings:
    """Bands that raters gave to cases: ``bands`` (cases, raters) has positions in the profile's order, -1 where none was given."""

    bands: Codes
    categories: int
    of_table: bool = False
    """Whether it is a table of how often two raters gave which bands, whose variance is printed over n² instead of n (n - 1)"""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where a band is no position of the profile."""
        if self.bands.size and not (
            self.bands.min() >= NO_RATING and self.bands.max() < self.categories
        ):
            message = "a band is no position of the profile"
            raise ValueError(message)

    @cached_property
    def counts(self) -> Floats:
        """Return how many raters gave each band, (cases, bands)."""
        each = [(self.bands == band).sum(axis=1) for band in range(self.categories)]
        return np.stack(each, axis=1).astype(float)

    @cached_property
    def number(self) -> Floats:
        """Return how many ratings each case has."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    def compared(self) -> NDArray[np.bool_]:
        """Return which cases have two ratings or more; the others say nothing of agreement."""
        return np.asarray(self.number >= 2)  # noqa: PLR2004 - a pair

    @cached_property
    def rated(self) -> "Ratings":
        """Return the cases that have a rating at all."""
        return Ratings(self.bands[self.number > 0], self.categories, self.of_table)

    @property
    def pairs(self) -> int:
        """Return how many pairs of ratings there are within cases."""
        return int((self.number * (self.number - 1) / 2).sum())


def agreement_weights(weighting: Weighting, categories: int) -> Floats:
    """Return how much each pair of bands agrees, (bands, bands)."""
    apart = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories))).astype(float)
    farthest = max(categories - 1, 1)
    match weighting:
        case Weighting.identity:
            return np.eye(categories)
        case Weighting.linear:
            return np.asarray(1 - apart / farthest)
        case Weighting.quadratic:
            return np.asarray(1 - (apart / farthest) ** 2)
        case Weighting.ordinal:
            between = np.where(apart > 0, (apart + 1) * apart / 2, 0)
            return np.asarray(1 - between / max(between.max(), 1))


Value = Callable[[Ratings, Array], Array]
"""Returns a coefficient for each row of weights of the cases, (rows, cases)."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement; ``moves`` returns what each case moves it, where that is no derivative of ``value``."""

    value: Value
    moves: Callable[[Ratings], Floats] | None = None


def _observed(ratings: Ratings, weights: Floats) -> Floats:
    """Return the share of a case's pairs that agree, 0 for a case without a pair."""
    counts, number = ratings.counts, ratings.number
    agreeing = (counts * (counts @ weights.T - 1)).sum(axis=1)
    pairs = np.where(ratings.compared, number * (number - 1), 1)
    return np.asarray(np.where(ratings.compared, agreeing / pairs, 0.0))


def percent_agreement(weights: Floats) -> Coefficient:
    """Return the share of pairs that agree, averaged over cases."""
    return _beyond_chance(weights, lambda _, cases: np.zeros(len(cases)))


def _beyond_chance(weights: Floats, chance: Value) -> Coefficient:
    """Return agreement beyond what chance brings, of that which is possible."""

    def value(ratings: Ratings, cases: Array) -> Array:
        by_chance = chance(ratings, cases)
        compared = cases * ratings.compared
        agreeing = compared @ _observed(ratings, weights) - by_chance * compared.sum(axis=1)
        # The share of cases that are compared is taken as given, as the published variance does: a derivative does not move it.
        share = np.real(compared).sum(axis=1) / np.real(cases).sum(axis=1)
        return np.asarray(agreeing / (cases.sum(axis=1) * share * (1 - by_chance)))

    return Coefficient(value)


def _prevalence(ratings: Ratings, cases: Array) -> Array:
    """Return the share of ratings of each band, every case counting alike: (rows, bands)."""
    return np.asarray(
        (cases @ (ratings.counts / ratings.number[:, None])) / cases.sum(axis=1)[:, None]
    )


def gwet(weights: Floats) -> Coefficient:
    """Return Gwet's AC1, with weights his AC2: chance is that a rater who does not know guesses."""
    categories = len(weights)
    total = weights.sum() / (categories * (categories - 1)) if categories > 1 else 0.0

    def chance(ratings: Ratings, cases: Array) -> Array:
        share = _prevalence(ratings, cases)
        return np.asarray(total * (share * (1 - share)).sum(axis=1))

    return _beyond_chance(weights, chance)


def fleiss(weights: Floats) -> Coefficient:
    """Return Fleiss' generalised kappa; of two raters it is Scott's pi."""

    def chance(ratings: Ratings, cases: Array) -> Array:
        share = _prevalence(ratings, cases)
        return np.asarray(np.einsum("rk,kl,rl->r", share, weights, share))

    return _beyond_chance(weights, chance)


def brennan_prediger(weights: Floats) -> Coefficient:
    """Return Brennan and Prediger's coefficient: by chance each band is as likely."""

    def chance(_: Ratings, cases: Array) -> Array:
        return np.full(len(cases), weights.mean())

    return _beyond_chance(weights, chance)


def conger(weights: Floats) -> Coefficient:
    """Return Conger's kappa, in which each rater has a habit; of two raters it is Cohen's kappa."""

    def chance(ratings: Ratings, cases: Array) -> Array:
        bands = ratings.bands
        rated = cases @ (bands != NO_RATING)
        # A rater of whom a sample has no case has no habit there.
        there = np.real(rated) > 0
        raters, divisor = there.sum(axis=1), np.where(there, rated, 1)
        habit = np.stack(
            [(cases @ (bands == band)) / divisor for band in range(ratings.categories)], axis=-1
        )
        summed = habit.sum(axis=1)
        together = np.einsum("rk,kl,rl->r", summed, weights, summed)
        alone = np.einsum("rgk,kl,rgl->r", habit, weights, habit)
        return np.asarray((together - alone) / (raters * (raters - 1)))

    return _beyond_chance(weights, chance)


def alpha(distances: Callable[[Array], Array] | Floats) -> Coefficient:
    """Return Krippendorff's alpha of squared distances between bands, (bands, bands); or of what they are by the bands' frequencies."""

    def value(ratings: Ratings, cases: Array) -> Array:
        compared, counts = ratings.compared, ratings.counts
        each = cases[:, compared]
        counts = counts[compared]
        weight = counts / (ratings.number[compared] - 1)[:, None]
        frequency = each @ counts
        total = frequency.sum(axis=1)
        apart = distances if isinstance(distances, np.ndarray) else distances(frequency)
        if apart.ndim == 2:  # noqa: PLR2004 - the same for every row
            observed = (each @ ((weight @ apart) * counts).sum(axis=1)) / total
            expected = np.einsum("rk,kl,rl->r", frequency, apart, frequency)
        else:
            together = np.einsum("rc,ck,cl->rkl", each, weight, counts)
            observed = (together * apart).sum(axis=(1, 2)) / total
            expected = np.einsum("rk,rkl,rl->r", frequency, apart, frequency)
        return np.asarray(1 - observed * total * (total - 1) / expected)

    return Coefficient(value, lambda ratings: _moves_of_alpha(ratings, distances))


def _moves_of_alpha(ratings: Ratings, distances: Callable[[Array], Array] | Floats) -> Floats:
    """Return what each compared case moves alpha, as its published variance has it: without the correction for few ratings."""
    counts = ratings.counts[ratings.compared]
    number = counts.sum(axis=1)
    frequency = counts.sum(axis=0)
    apart = distances if isinstance(distances, np.ndarray) else distances(frequency[None])[0]
    weights = 1 - apart / apart.max()
    mean, share = number.mean(), frequency / number.sum()
    excess = (number - mean) / mean
    own = (counts * (counts @ weights.T - 1)).sum(axis=1) / (mean * (number - 1))
    correction = 1 / number.sum()
    observed, expected = own.mean(), share @ weights @ share
    uncorrected = (observed - expected) / (1 - expected)
    own -= ((1 - correction) * observed + correction) * excess
    by_chance = counts @ (weights @ share) / mean - expected * excess
    return np.asarray(
        (own - expected - 2 * (1 - uncorrected) * (by_chance - expected)) / (1 - expected)
    )


def nominal(categories: int) -> Floats:
    """Return squared distances of bands that are equal or not."""
    return np.asarray(1 - np.eye(categories))


def interval(values: Sequence[float]) -> Floats:
    """Return squared distances of bands by their values, such as prices: with prices it is agreement in pounds."""
    held = np.asarray(values, float)
    return np.asarray(np.subtract.outer(held, held) ** 2)


def ratio(values: Sequence[float]) -> Floats:
    """Return squared distances of bands by their values, as a share of the two together."""
    held = np.asarray(values, float)
    together = np.add.outer(held, held)
    return np.asarray((np.subtract.outer(held, held) / np.where(together == 0, 1, together)) ** 2)


def ordinal(frequency: Array) -> Array:
    """Return Krippendorff's squared ordinal distances: by how many ratings lie between two bands; (rows, bands, bands)."""
    upto = np.cumsum(frequency, axis=1) - frequency / 2
    apart = upto[:, :, None] - upto[:, None, :]
    return apart**2


def estimate(coefficient: Coefficient, ratings: Ratings, seed: int | None = None) -> Estimate:
    """Return a coefficient with its linearised standard error and, with a seed, the 95 % interval of a bootstrap of cases.

    The standard error treats cases as drawn from many, and raters as the ones there are.
    """
    rated = ratings.rated
    cases = len(rated.bands)
    if not rated.compared.any():
        return Estimate(None)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(coefficient.value(rated, np.ones((1, cases)))[0])
        if not np.isfinite(value):
            return Estimate(None)
        error = _standard_error(coefficient, rated)
        between = None if seed is None else _bootstrap(coefficient, rated, seed)
    return Estimate(value, error, between)


def _standard_error(coefficient: Coefficient, ratings: Ratings) -> float | None:
    """Return the standard error from what each case moves; None of a single case."""
    moves = coefficient.moves(ratings) if coefficient.moves else _derivative(coefficient, ratings)
    cases = len(moves)
    divisor = cases if ratings.of_table else cases - 1
    if not divisor or cases == 1:
        return None
    return float(np.sqrt(((moves - moves.mean()) ** 2).sum() / (cases * divisor)))


def _derivative(coefficient: Coefficient, ratings: Ratings) -> Floats:
    """Return what each case moves a coefficient, by a derivative along the imaginary axis."""
    cases = len(ratings.bands)
    moves = np.empty(cases)
    for start in range(0, cases, AT_ONCE):
        rows = np.ones((min(AT_ONCE, cases - start), cases), complex)
        at = np.arange(len(rows))
        rows[at, start + at] += 1j * STEP
        moves[start : start + len(rows)] = np.imag(coefficient.value(ratings, rows)) / STEP
    return moves * cases


def _bootstrap(coefficient: Coefficient, ratings: Ratings, seed: int) -> tuple[float, float] | None:
    """Return the middle 95 % of the coefficient over samples of cases, None where it is defined in too few of them."""
    cases, random = len(ratings.bands), np.random.default_rng(seed)
    values = []
    for start in range(0, REPETITIONS, AT_ONCE):
        size = min(AT_ONCE, REPETITIONS - start)
        drawn = random.multinomial(cases, np.full(cases, 1 / cases), size)
        values.append(coefficient.value(ratings, drawn.astype(float)))
    every = np.concatenate(values)
    every = every[np.isfinite(every)]
    if len(every) < REPETITIONS / 2:
        return None
    low, high = np.quantile(every, [0.025, 0.975])
    return float(low), float(high)
