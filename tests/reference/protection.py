"""The guarantee, the cap and the scaling of one school, on unrounded amounts in pence."""

from datetime import date
from fractions import Fraction

from tests.reference.minimum import lacks, minimum_level, pupils_of
from tests.reference.numbers import given, pence


def protection(formula, school: dict, value, day: date) -> Fraction | None:
    """Return what is added to a school's budget or taken from it, or None where not known."""
    prior = school.get("prior_budget")
    prior_pupils = school.get("prior_pupils")
    if pupils_of(formula, value) == 0:
        return Fraction(0)
    if lacks(value, "in_guarantee", "removed_from_prior", "in_minimum_base"):
        return None
    levelled = formula.minimum_per_pupil is None or minimum_level(formula, school, day) is not None
    if prior is None or not prior_pupils or pupils_of(formula, value) is None or not levelled:
        return None
    lines = value.lines.values()
    this_year = sum((line.exact for line in lines if line.factor.in_guarantee), value.exact_fringe)
    this_year += value.exact_uplift
    removed = sum((line.exact for line in lines if line.factor.removed_from_prior), Fraction(0))
    prior_unit = (pence(prior) - removed) / Fraction(prior_pupils)
    if prior_unit <= 0:
        return None
    unit = this_year / value.pupils
    change = (unit / prior_unit - 1) * 100
    rule = formula.protection
    floor, cap = given(rule.guarantee_percent, day), given(rule.cap_percent, day)
    if floor is not None and change < floor:
        return (prior_unit * (1 + floor / 100) - unit) * value.pupils
    if cap is None or change <= cap:
        return Fraction(0)
    scaling = given(rule.scaling_percent, day)
    taken = (
        (change - cap) / 100 * (1 if scaling is None else scaling / 100) * prior_unit * value.pupils
    )
    return -min(taken, above_minimum(formula, school, value, day))


def above_minimum(formula, school: dict, value, day: date) -> Fraction:
    """Return the amount by which a school is above its minimum per-pupil level, pence."""
    level = minimum_level(formula, school, day) if formula.minimum_per_pupil is not None else None
    return max(Fraction(0), value.minimum_base + value.exact_uplift - (level or 0) * value.pupils)
