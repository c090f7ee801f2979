"""A year's money spread over its days: how much of it a pupil's presence earns.

A calendar compiles to the cumulative share of its days with one whole-number
denominator, so that every pupil's part is the share until the end less the share before the start.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int

SATURDAY = 5
EPOCH_WEEKDAY = 3
LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Span:
    """A period of days (since 1970-01-01, both included), its weight and its counted days."""

    weight: int
    counted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The share of each day of a year.

    ``cumulative[d]`` is the share of its first ``d`` days, in parts of ``denominator``, which is the
    share of a whole year: more than that of all its days where it has a part of the year alone.
    ``parts`` is the number of its equal parts where presence may be given as a count, ``each`` of
    them so many of the denominator, else 0. A calendar without dates has ``cumulative`` of one
    element, the whole year's.
    """

    first: int
    cumulative: Int
    denominator: int
    parts: int
    part: str
    each: int = 1

    @property
    def share(self) -> int:
        """Return the share of the year of all its days, in parts of ``denominator``."""
        return int(self.cumulative[-1])

    def common(self, shares: Iterable[int]) -> int:
        """Return by what shares of the year and the year itself are divided to be said in parts that people count.

        Equal days or parts are said as they are, uneven ones in lowest terms.
        """
        return 1 if self.parts else gcd(self.denominator, *shares)

    @property
    def dated(self) -> bool:
        """Return whether days of the year are known."""
        return len(self.cumulative) > 1

    def year_share(self, start: NDArray[np.signedinteger], end: NDArray[np.signedinteger]) -> Int:
        """Return the share of the year earned from day ``start`` to day ``end``, both included, for each pupil.

        ``start`` before the year and ``end`` after it count as its first and last day.
        """
        days = len(self.cumulative) - 1
        before = np.clip(start.astype(np.int64) - self.first, 0, days)
        until = np.clip(end.astype(np.int64) - self.first + 1, 0, days)
        share: Int = np.maximum(self.cumulative[until] - self.cumulative[before], 0)
        return share


def school_days(
    first: int, last: int, terms: list[tuple[int, int]], closures: set[int]
) -> tuple[int, ...]:
    """Return the weekdays from ``first`` to ``last`` that lie in a term and are not closures."""
    return tuple(
        day
        for day in range(first, last + 1)
        if (day + EPOCH_WEEKDAY) % 7 < SATURDAY
        and day not in closures
        and any(opens <= day <= closes for opens, closes in terms)
    )


class PartOfYear(NamedTuple):
    """Which part of a year a calendar pays.

    share        of a year's money that its spans share out
    first, last  the days on which it pays, both included; those outside earn nothing
    """

    share: Fraction
    first: int
    last: int


def spread(
    first: int, last: int, spans: list[Span], part: str = "", of: PartOfYear | None = None
) -> Calendar:
    """Return the calendar whose spans' money is spread evenly over their counted days: a year's, or a part ``of`` it.

    Raises ``ValueError`` where a span has no day on which presence counts, or where the
    days' shares of the year have no common part that can be counted.
    """
    pays = of or PartOfYear(Fraction(1), first, last)
    if any(not span.counted for span in spans):
        message = "has no day that counts; check the terms, closures and presence"
        raise ValueError(message)
    total = sum(span.weight for span in spans) * pays.share.denominator
    each = lcm(*(len(span.counted) for span in spans))
    if total * each >= LARGEST:
        message = "the periods have too many days in total to share the year exactly; use fewer or equal periods"
        raise ValueError(message)
    daily = np.zeros(last - first + 1, np.int64)
    for span in spans:
        for day in span.counted:
            earned = span.weight * (each // len(span.counted)) * pays.share.numerator
            daily[day - first] += earned if pays.first <= day <= pays.last else 0
    common = gcd(total * each, *(int(share) for share in daily[daily > 0]))
    daily //= common
    cumulative = np.concatenate([[0], np.cumsum(daily)]).astype(np.int64)
    shares = set(daily[daily > 0].tolist())
    equal = int(np.count_nonzero(daily)) if len(shares) == 1 else 0
    cumulative.flags.writeable = False
    size = shares.pop() if equal else 1
    return Calendar(first, cumulative, total * each // common, equal, part, size)


def backdated(
    start: NDArray[np.int32], requested: NDArray[np.int32], days: int
) -> NDArray[np.int32]:
    """Return the first day paid: for a plan that came late, the day by which it was due.

    ``days`` are allowed from a plan's request. A day that is not supplied is negative, and
    leaves the start as it is.
    """
    due = np.where(requested < 0, start, requested + np.int32(days))
    moved: NDArray[np.int32] = np.where(start < 0, start, np.minimum(start, due))
    return moved


def counted(parts: int, part: str) -> Calendar:
    """Return the calendar of a year of equal parts whose dates are not known."""
    cumulative = np.full(1, parts, np.int64)
    cumulative.flags.writeable = False
    return Calendar(0, cumulative, parts, parts, part)
