"""A school's minimum per-pupil level, and the pupils it is counted on."""

from datetime import date
from fractions import Fraction

from tests.reference.numbers import given, is_known, pence
from tests.reference.units import years_of


def levels(minimum, day: date) -> list[Fraction | None]:
    """Return the minimum per-pupil levels of primary, key stage 3 and key stage 4, pence; None is not known."""
    secondary = given(minimum.secondary, day)
    found = [given(minimum.primary, day)]
    for series in (minimum.ks3, minimum.ks4):
        own = given(series, day)
        found.append(secondary if own is None else own)
    return [Fraction(pence(one)) if is_known(one) else None for one in found]


def minimum_level(formula, school: dict, day: date) -> Fraction | None:
    """Return a school's level a pupil, pence: its key stages' levels weighted by their years.

    None where a level or the years are not known.
    """
    years = years_of(school)
    found = levels(formula.minimum_per_pupil, day)
    if any(one is None and groups for one, groups in zip(found, years, strict=True)):
        return None
    if not sum(years):
        return None
    return sum((one or 0) * groups for one, groups in zip(found, years, strict=True)) / Fraction(
        sum(years)
    )


def lacks(value, *parts: str) -> bool:
    """Return whether a line that is part of something, by its factor's words, is not known."""
    lines = value.lines.values()
    among = [line for line in lines if any(getattr(line.factor, part) for part in parts)]
    return value.fringe_unknown or any(line.absent for line in among)


def pupils_of(formula, value) -> Fraction | None:
    """Return a school's pupils, or None where some are not known to count, or a line is given in pounds."""
    whole = formula.pupils_counted_by
    lines = [
        one
        for key, _, _ in formula.lines()
        if key.factor == whole
        for one in [value.lines[key.name]]
    ]
    value.pupils = sum((line.units for line in lines if line.units is not None), Fraction(0))
    absent = any(line.absent and not line.unpriced for line in lines)
    if absent or any(line.units is None and line.known for line in lines):
        return None
    return value.pupils if any(line.units is not None for line in lines) else None
