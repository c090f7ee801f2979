"""A transition to a formula: each year every amount moves towards its target, within a floor and a cap.

A year's amounts are the target's shares times one number, each held between what the floor guarantees and what the cap
allows, so that together they are the pot. That number is found exactly, as the sum is a chain of straight lines in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from engine.policy.shares import largest_remainder

TOLERANCE = Fraction(5, 1000)
"""Share of its target from which an amount may differ where it counts as arrived."""

ROUNDING = 1e-12
"""Share of a pot that sums of unrounded amounts may be off."""

NEVER = 0
"""The value of a pair that never arrives, in an array of years."""

Floats = NDArray[np.float64]
Years = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """By what share an amount may change in a year: ``floor`` at the least, ``cap`` at the most, None without one."""

    floor: Fraction
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A year that cannot be: its number, and by how many pence the pot is below all floors, or above all caps."""

    year: int
    below_floors: int = 0
    above_caps: int = 0


@dataclass(frozen=True, slots=True)
class YearOfPath:
    """A year: its number from 1, the pot, and the pence of each, which add to it, beside those of the target."""

    year: int
    pot: int
    pence: tuple[int, ...]
    target: tuple[Fraction, ...]

    @property
    def gaps(self) -> tuple[Fraction, ...]:
        """Return the share of its target by which each amount is above it, or below it."""
        return tuple(
            now / target - 1 if target else Fraction(0)
            for now, target in zip(self.pence, self.target, strict=True)
        )

    @property
    def largest_gap(self) -> Fraction:
        """Return the largest of the gaps, whichever way it goes."""
        return max(map(abs, self.gaps))

    @property
    def displaced(self) -> Fraction:
        """Return the pence that some have above their target, which is what others have below theirs."""
        pairs = zip(self.pence, self.target, strict=True)
        return sum((abs(now - target) for now, target in pairs), Fraction(0)) / 2

    def arrived(self, tolerance: Fraction = TOLERANCE) -> int:
        """Return how many amounts are within a share of their target."""
        return sum(abs(one) <= tolerance for one in self.gaps)


@dataclass(frozen=True, slots=True)
class Path:
    """The years of a transition, up to one that cannot be, where there is one."""

    years: tuple[YearOfPath, ...]
    shortfall: Shortfall | None = None

    def years_to(self, tolerance: Fraction = TOLERANCE) -> int | None:
        """Return the first year in which every amount is within a share of its target, None where no year is."""
        return next((one.year for one in self.years if one.largest_gap <= tolerance), None)

    @property
    def half_life(self) -> int | None:
        """Return the first year in which no more than half as much is displaced as in the first, None where no year is."""
        if not self.years:
            return None
        half = self.years[0].displaced / 2
        return next((one.year for one in self.years if one.displaced <= half), None)


def path(
    before: Sequence[int], weights: Sequence[Fraction], pots: Sequence[int], limits: Limits
) -> Path:
    """Return the years of a transition: ``before`` are pence in the year before, ``pots`` pence of each year.

    Targets are shares of the pot by ``weights``. It ends before a year whose pot is below what all floors come to, or
    above what all caps allow.
    """
    years: list[YearOfPath] = []
    now = list(before)
    for number, pot in enumerate(pots, 1):
        found = _year(now, weights, pot, limits)
        if not isinstance(found, list):
            return Path(tuple(years), Shortfall(number, *found))
        now = found
        total = sum(weights)
        target = tuple(pot * Fraction(one) / total for one in weights)
        years.append(YearOfPath(number, pot, tuple(now), target))
    return Path(tuple(years))


def _year(
    before: Sequence[int], weights: Sequence[Fraction], pot: int, limits: Limits
) -> list[int] | tuple[int, int]:
    """Return the pence of each, or by how much the pot is below the floors and above the caps."""
    lows = [ceil((1 + limits.floor) * one) for one in before]
    cap = limits.cap
    highs = [pot if cap is None else floor((1 + cap) * one) for one in before]
    if sum(lows) > pot:
        return sum(lows) - pot, 0
    if sum(highs) < pot:
        return 0, pot - sum(highs)
    bounds = list(zip(weights, lows, highs, strict=True))

    def amounts_at(level: Fraction) -> list[Fraction]:
        return [
            min(max(level * weight, Fraction(low)), Fraction(high)) for weight, low, high in bounds
        ]

    ends = sorted(_ends(bounds))
    first, last = 0, len(ends) - 1
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if sum(amounts_at(ends[middle])) <= pot else (first, middle)
    parts, rise = (
        amounts_at(ends[first]),
        sum(amounts_at(ends[last])) - sum(amounts_at(ends[first])),
    )
    if rise:
        level = ends[first] + (pot - sum(parts)) * (ends[last] - ends[first]) / rise
        parts = amounts_at(level)
    return largest_remainder(pot, parts)


def _ends(bounds: Sequence[tuple[Fraction, int, int]]) -> set[Fraction]:
    """Return the levels at which an amount leaves its floor or reaches its cap."""
    return {Fraction(0)} | {
        Fraction(end) / weight for weight, *both in bounds if weight for end in both
    }


def cost_without_losses(before: Sequence[int], weights: Sequence[Fraction], pot: int) -> int:
    """Return the pence beyond a pot that it takes to give each its target at once, and none less than before."""
    total = sum(weights)
    targets = (ceil(pot * Fraction(one) / total) for one in weights)
    return max(0, sum(max(pair) for pair in zip(before, targets, strict=True)) - pot)


def years_to_target(
    before: Floats,
    weights: Floats,
    pots: Floats,
    floors: Floats,
    caps: Floats,
    tolerance: float = float(TOLERANCE),
) -> Years:
    """Return the first year in which all are within ``tolerance`` of their targets, for each pair of floor and cap.

    ``before`` and ``weights`` are (amounts,), ``pots`` (years,), ``floors`` and ``caps`` (pairs,) shares such as -0.015 and
    0.05; a cap may be infinite. A pair whose pot is outside its floors or caps in a year, and one that does not arrive,
    has ``NEVER``. Amounts are not rounded: a path of whole pence differs by a penny.
    """
    found = np.zeros(len(floors), np.int64)
    now = np.tile(before, (len(floors), 1))
    alive = np.arange(len(floors))
    shares = weights / weights.sum()
    for number, pot in enumerate(pots, 1):
        lows = now[alive] * (1 + floors[alive, None])
        highs = np.minimum(now[alive] * (1 + caps[alive, None]), pot)
        highs = np.maximum(highs, lows)
        fits = (lows.sum(axis=1) <= pot * (1 + ROUNDING)) & (
            highs.sum(axis=1) >= pot * (1 - ROUNDING)
        )
        alive, lows, highs = alive[fits], lows[fits], highs[fits]
        now[alive] = _amounts(lows, highs, shares, pot)
        gaps = np.abs(now[alive] / (pot * shares) - 1).max(axis=1)
        arrived = gaps <= tolerance
        found[alive[arrived]] = number
        alive = alive[~arrived]
        if not len(alive):
            break
    return found


def _amounts(lows: Floats, highs: Floats, shares: Floats, pot: float) -> Floats:
    """Return amounts between bounds whose sum is the pot, for each row.

    The sum is a chain of straight lines in the level: each amount begins to rise where it leaves its low bound, and ends
    where it reaches its high one.
    """
    ends = np.concatenate([lows / shares, highs / shares], axis=1)
    rises = np.concatenate([shares, -shares])
    order = np.argsort(ends, axis=1)
    levels = np.take_along_axis(ends, order, axis=1)
    slopes = np.cumsum(rises[order], axis=1)
    sums = lows.sum(axis=1)[:, None] + np.cumsum(slopes[:, :-1] * np.diff(levels, axis=1), axis=1)
    # The first line whose end is at the pot or beyond it; what is off by rounding alone is on the last.
    at = np.minimum((sums < pot).sum(axis=1), sums.shape[1] - 1)
    rows = np.arange(len(lows))
    starts = np.where(at > 0, sums[rows, at - 1], lows.sum(axis=1))
    slope = slopes[rows, at]
    level = levels[rows, at] + np.where(
        slope > 0, (pot - starts) / np.where(slope > 0, slope, 1), 0
    )
    clipped: Floats = np.clip(level[:, None] * shares, lows, highs)
    return clipped
