"""What a school earns for being small and far from others."""

from decimal import Decimal
from fractions import Fraction

from tests.reference.numbers import NOT_PRINTED, Known, nearest, product
from tests.reference.units import APPLIES, years_of

OWN_PHASE = {"primary": ("primary",), "secondary": ("secondary",)}


def decimal(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(Decimal(text))


def small(rule, size: Fraction) -> Fraction:
    """Return the share for a number of pupils a year group: all, a straight taper, nothing."""
    start, end = decimal(rule.full_below), decimal(rule.pupils_per_year)
    if start and size <= start:
        return Fraction(1)
    return Fraction(0) if size >= end else (end - size) / (end - start)


def far(rule, miles: Fraction | None) -> Fraction | None:
    """Return the share for a distance, or None where it is wanted and not supplied."""
    end = decimal(rule.miles)
    if end is None:
        return Fraction(1)
    if miles is None or miles >= end:
        return None if miles is None else Fraction(1)
    start = decimal(rule.tapers_from_miles)
    return Fraction(0) if start is None or miles <= start else (miles - start) / (end - start)


def place_sparsity(
    value, phase: str, rule, rate: Known, school: dict, pupils: Fraction | None
) -> None:
    """Fill a line for sparsity that the school gives no amount for."""
    if value.known:
        return
    value.absent = 0
    if school["phase"] not in OWN_PHASE.get(phase, APPLIES[phase]):
        return
    remote, years = far(rule, school.get("sparsity_distance")), sum(years_of(school))
    if remote is None or pupils is None or not years:
        value.absent = 1
        return
    earned = small(rule, pupils / years) * remote
    if rate == NOT_PRINTED and earned:
        value.absent, value.unpriced = 1, True
        return
    value.known = value.for_a_year = True
    value.exact = Fraction(nearest(product(rate, earned)))
