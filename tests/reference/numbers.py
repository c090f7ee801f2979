"""Rounding and dated values, the slow way: exact fractions and one value at a time."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import prod

HALF = Fraction(1, 2)


def nearest(value: Fraction | Decimal) -> int:
    """Return the nearest whole number, halves away from zero."""
    exact = Fraction(value)
    size = int(abs(exact) + HALF)
    return -size if exact < 0 else size


def pence(pounds: Fraction | Decimal) -> int:
    """Return the nearest whole pence of an amount in pounds."""
    return nearest(Fraction(pounds) * 100)


def millionths(value: Fraction | Decimal) -> Fraction:
    """Return a number to the nearest millionth, which is how units and shares are held."""
    return Fraction(nearest(Fraction(value) * 1_000_000), 1_000_000)


def standing(series, day: date):
    """Return the entry of a dated series in force on a day, or None before the first."""
    found = None
    for one in series or ():
        if one.from_ <= day:
            found = one
    return found


def given(series, day: date) -> Fraction | None:
    """Return the value of a dated series in force on a day, or None before the first."""
    found = standing(series, day)
    return None if found is None else Fraction(Decimal(found.value))


def product(*factors: Fraction | int | None) -> Fraction | None:
    """Return a product: 0 where a factor is 0, whatever another is that is not known."""
    if 0 in factors:
        return Fraction(0)
    return None if None in factors else Fraction(prod(factors))
