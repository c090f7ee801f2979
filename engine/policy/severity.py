"""How severe each rater is: the pounds of the bands that a rater gives, beyond those of the cases and of chance.

``price = mean + case + rater + rest``, cases and raters drawn from many (crossed random effects). Variances by restricted
maximum likelihood by expectation and maximisation over Henderson's mixed model equations; cases are eliminated first,
so that a step costs what the raters cost. Source: S. R. Searle, G. Casella, C. E. McCulloch, *Variance Components* (1992), chapter 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_STEPS = 1_000
CLOSE = 1e-9
"""Share of the whole variance by which no component changes any more in the last step."""


NOTHING = 1e-4
"""Share of the whole variance below which a component that shrinks is taken for none."""


@dataclass(frozen=True, slots=True)
class Severity:
    """Raters' effects with their standard errors, and what makes prices differ.

    ``raters`` and ``errors`` are (raters,), and ``cases`` (cases,), in the unit of the prices, above nothing for one who gives dearer bands than
    others would; the variances are in its square. ``agreement`` is the share of the variance that cases bring, the
    intraclass correlation of single ratings for absolute agreement, ICC(A,1); None where prices do not differ.
    ``groups`` has a number for each rater: only raters with one number share cases, directly or through others.
    """

    mean: float
    raters: Floats
    errors: Floats
    cases: Floats
    of_cases: float
    of_raters: float
    of_rest: float
    agreement: float | None
    groups: Codes
    steps: int
    is_settled: bool


@dataclass(frozen=True, slots=True)
class _Solution:
    """What the mixed model equations give at some variances."""

    mean: float
    raters: Floats
    cases: Floats
    spread_of_cases: float
    inverse: Floats
    rest: float


def severity(cases: Sequence[int], raters: Sequence[int], prices: Sequence[float]) -> Severity:
    """Return the severity of raters: ``cases`` and ``raters`` are numbers from 0 of each rating, ``prices`` what its band pays.

    Raises ``ValueError`` where there are fewer than two raters, or no case has two ratings.
    """
    case, rater = np.asarray(cases, np.int64), np.asarray(raters, np.int64)
    price = np.asarray(prices, float)
    if len(np.unique(rater)) < 2 or len(np.unique(case)) == len(case):  # noqa: PLR2004 - one rater is compared with none
        message = "severity needs two raters, and a case that both may have rated"
        raise ValueError(message)
    design = _Design(case, rater, price)
    total = float(price.var(ddof=1))
    groups = _groups(case, rater)
    if not total:
        nothing = np.zeros(design.raters)
        no_cases = np.zeros(design.cases)
        mean = float(price.mean())
        return Severity(mean, nothing, nothing, no_cases, 0, 0, 0, None, groups, 0, is_settled=True)
    parts, steps, is_settled = np.full(3, total / 3), 0, False
    while steps < MOST_STEPS and not is_settled:
        new = _farther(design, parts, CLOSE * total)
        # What shrinks below this would go on to shrink for ever.
        new[(new < NOTHING * total) & (new <= parts)] = CLOSE * total
        is_settled = bool(np.all(np.abs(new - parts) <= CLOSE * total))
        parts, steps = new, steps + 1
    found = design.solution(*map(float, parts))
    errors = np.sqrt(np.diag(found.inverse)[1:])
    share = float(parts[0] / parts.sum())
    of_cases, of_raters, of_rest = map(float, parts)
    return Severity(
        found.mean, found.raters, errors, found.cases, of_cases, of_raters, of_rest, share, groups, steps,
        is_settled,
    )  # fmt: skip


def _farther(design: "_Design", parts: Floats, least: float) -> Floats:
    """Return variances after two steps that are lengthened as far as the two let expect, and a third.

    A plain step comes ever less far where a variance is close to nothing. Source: R. Varadhan, C. Roland, *Simple and Globally
    Convergent Methods for Accelerating the Convergence of Any EM Algorithm* (2008).
    """
    one = design.step(parts, least)
    two = design.step(one, least)
    logs = [np.log(part) for part in (parts, one, two)]
    first, turn = logs[1] - logs[0], logs[2] - 2 * logs[1] + logs[0]
    curve = float(np.linalg.norm(turn))
    if not curve:
        return two
    length = max(1.0, float(np.linalg.norm(first)) / curve)
    jump = np.exp(np.clip(logs[0] + 2 * length * first + length**2 * turn, np.log(least), 700))
    return design.step(jump, least)


class _Design:
    """Which rating is of which case and rater, and what it is."""

    def __init__(self, case: Codes, rater: Codes, price: Floats) -> None:
        self.cases, self.raters = int(case.max()) + 1, int(rater.max()) + 1
        self.ratings, self.price = len(price), price
        self.case, self.rater = case, rater
        self.of_case = np.bincount(case, minlength=self.cases).astype(float)
        fixed = np.zeros((self.cases, 1 + self.raters))
        fixed[:, 0] = self.of_case
        np.add.at(fixed, (case, 1 + rater), 1)
        self.between = fixed
        of_rater = np.bincount(rater, minlength=self.raters).astype(float)
        self.own = np.diag([self.ratings, *of_rater])
        self.own[0, 1:] = self.own[1:, 0] = of_rater
        self.sums = np.concatenate([[price.sum()], np.bincount(rater, price, self.raters)])
        self.case_sums = np.bincount(case, price, self.cases)

    def step(self, parts: Floats, least: float) -> Floats:
        """Return the variances that expectation and maximisation lead to from some, none of them less than ``least``."""
        found = self.solution(*map(float, parts))
        of_cases = (found.cases @ found.cases + found.spread_of_cases) / self.cases
        of_raters = (found.raters @ found.raters + np.trace(found.inverse[1:, 1:])) / self.raters
        return np.asarray(np.maximum([of_cases, of_raters, found.rest], least))

    def solution(self, of_cases: float, of_raters: float, of_rest: float) -> _Solution:
        """Return what the equations give: cases are eliminated, the mean and the raters are left."""
        diagonal = self.of_case + of_rest / of_cases
        ridge = np.full(1 + self.raters, of_rest / of_raters)
        ridge[0] = 0
        scaled = self.between / diagonal[:, None]
        left = self.own + np.diag(ridge) - self.between.T @ scaled
        inverse = np.asarray(np.linalg.inv(left), np.float64)
        effects = inverse @ (self.sums - scaled.T @ self.case_sums)
        cases = (self.case_sums - self.between @ effects) / diagonal
        spread = (1 / diagonal).sum() + np.einsum("ck,kl,cl->", scaled, inverse, scaled)
        fitted = effects[0] + effects[1 + self.rater] + cases[self.case]
        rest = self.price @ (self.price - fitted) / (self.ratings - 1)
        return _Solution(
            float(effects[0]), effects[1:], cases, float(spread * of_rest), inverse * of_rest,
            float(rest),
        )  # fmt: skip


def _groups(case: Codes, rater: Codes) -> Codes:
    """Return a number for each rater that those share whom cases connect."""
    group = np.arange(int(rater.max()) + 1)
    of_case = np.full(int(case.max()) + 1, len(group))
    while True:
        np.minimum.at(of_case, case, group[rater])
        new = group.copy()
        np.minimum.at(new, rater, of_case[case])
        if np.array_equal(new, group):
            return np.unique(group, return_inverse=True)[1].astype(np.int64)
        group = new
