"""Rounding and dated values, the slow way: exact fractions and one value at a time."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import prod

HALF = Fraction(1, 2)
NOT_PRINTED = "not_printed"
"""What is not known because the document has no figure for it; None is not supplied."""
NO_VALUE = "no_value"
"""What is not known because a table of the document has no row for the pupil."""
WHY = {"not printed": NOT_PRINTED, "no value": NO_VALUE}


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
    if found is None:
        return None
    return WHY[found.value] if found.value in WHY else Fraction(Decimal(found.value))


Known = Fraction | int | str | None
"""A number, or why there is none: ``NOT_PRINTED``, another reason, or None where it is not supplied."""


def is_known(one: Known) -> bool:
    """Return whether there is a number."""
    return isinstance(one, int | Fraction)


def product(*factors: Known) -> Known:
    """Return a product: 0 where a factor is 0, else the first that is not known, if there is one."""
    if 0 in factors:
        return Fraction(0)
    lacking = [one for one in factors if not is_known(one)]
    return lacking[0] if lacking else Fraction(prod(factors))


def total(*terms: Known) -> Known:
    """Return a sum, or the first term that is not known."""
    lacking = [one for one in terms if not is_known(one)]
    return lacking[0] if lacking else sum(terms)


def raised(percent: Known) -> Known:
    """Return what a percentage on top multiplies by."""
    return 1 + Fraction(percent) / 100 if is_known(percent) else percent


def to_the(unit: Fraction | int, number: Known) -> Known:
    """Return a number to the nearest multiple of a unit, where it is known."""
    return nearest(number / unit) * unit if is_known(number) else number
