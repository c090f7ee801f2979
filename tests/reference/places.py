"""What is taken from a block for places of one kind, in pounds, one authority at a time."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tests.reference.numbers import NOT_PRINTED, Known, given, is_known, product, total

PENNY = Decimal("0.01")


class Deduction(NamedTuple):
    """The rate of a place in each period, and the money before and after it goes up to a pound."""

    rates: tuple[Decimal | str, ...]
    exact: Known
    pounds: Known


def period_rate(annual: Decimal, months: int) -> Decimal:
    """Return the part of a year's rate that some of its months earn, to the penny."""
    return (annual * months / 12).quantize(PENNY, ROUND_HALF_UP)


def months_of(kind, at: int, first: date) -> list[date]:
    """Return the first day of each month of a period."""
    before = sum(period.months for period in kind.periods[:at])
    starts = range(first.month - 1 + before, first.month - 1 + before + kind.periods[at].months)
    return [date(first.year + start // 12, start % 12 + 1, 1) for start in starts]


def rate_by_months(kind, at: int, first: date) -> Decimal | None:
    """Return the rate of a period in which the year's rate may change: each for its months, to the penny."""
    held = [given(kind.annual, day) for day in months_of(kind, at, first)]
    if None in held:
        return None
    each = [Decimal(one.numerator) / one.denominator for one in held]
    return sum(period_rate(one, each.count(one)) for one in dict.fromkeys(each))


def deduction(kind, counts: list[Decimal | None], day: date) -> Deduction | None:
    """Return the money for the places of each period, or None where it cannot be known.

    A kind without a yearly rate is given as a sum of money for each period. No places cost nothing, whatever a rate
    that is not printed is.
    """
    if None in counts:
        return None
    if kind.annual is None:
        exact = sum((Fraction(count) for count in counts), Fraction(0))
        return Deduction((), exact, ceil(exact))
    annual = given(kind.annual, day)
    if annual is None:
        return None
    if annual == NOT_PRINTED:
        money = total(*(product(Fraction(count), NOT_PRINTED) for count in counts))
        rates = (NOT_PRINTED,) * len(kind.periods)
        return Deduction(rates, money, ceil(money) if is_known(money) else money)
    yearly = Decimal(annual.numerator) / annual.denominator
    rates = tuple(period_rate(yearly, period.months) for period in kind.periods)
    exact = Fraction(0)
    for count, rate in zip(counts, rates, strict=True):
        exact += Fraction(count) * Fraction(rate)
    return Deduction(rates, exact, ceil(exact))
