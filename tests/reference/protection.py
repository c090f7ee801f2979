"""The guarantee, the cap and the scaling of one school, on unrounded amounts in pence."""

from datetime import date
from fractions import Fraction

from tests.reference.minimum import lacks, minimum_level, pupils_of
from tests.reference.numbers import NOT_PRINTED, given, pence


def protection(formula, school: dict, value, day: date) -> Fraction | None:
    """Return what is added to a school's budget or taken from it, or None where not known."""
    prior = school.get("prior_budget")
    prior_pupils = school.get("prior_pupils")
    if pupils_of(formula, value) == 0 or had_no_last_year(prior, prior_pupils):
        return Fraction(0)
    removed = taken_off(formula, school, value)
    if removed is None or lacks(value, "in_guarantee", "in_minimum_base"):
        return None
    levelled = formula.minimum_per_pupil is None or minimum_level(formula, school, day) is not None
    prior, prior_pupils = (0 if one == "none" else one for one in (prior, prior_pupils))
    if prior is None or not prior_pupils or pupils_of(formula, value) is None or not levelled:
        return None
    lines = value.lines.values()
    this_year = sum((line.exact for line in lines if line.factor.in_guarantee), value.exact_fringe)
    this_year += value.exact_uplift
    prior_unit = (pence(prior) - removed) / Fraction(prior_pupils)
    if prior_unit <= 0:
        return None
    unit = this_year / value.pupils
    change = (unit / prior_unit - 1) * 100
    rule = formula.protection
    floor, cap = given(rule.guarantee_percent, day), given(rule.cap_percent, day)
    if floor == NOT_PRINTED:
        return None
    if floor is not None and change < floor:
        return (prior_unit * (1 + floor / 100) - unit) * value.pupils
    above = above_minimum(formula, school, value, day)
    if cap is None or above == 0:
        return Fraction(0)
    if cap == NOT_PRINTED:
        return None
    if change <= cap:
        return Fraction(0)
    scaling = given(rule.scaling_percent, day)
    if scaling == NOT_PRINTED:
        return None
    taken = (
        (change - cap) / 100 * (1 if scaling is None else scaling / 100) * prior_unit * value.pupils
    )
    return -min(taken, above)


def had_no_last_year(prior, prior_pupils) -> bool:
    """Return whether a school says that it had no last year: none of its budget or of its pupils, and no number of the other."""
    said = {one for one in (prior, prior_pupils) if one is not None}
    return bool(said) and said <= {"none", 0}


def taken_off(formula, school: dict, value) -> Fraction | None:
    """Return what is taken off last year's budget, or None where a part of it is not known.

    Last year's amount where the school gives it; elsewhere this year's, unless the rules want last year's.
    """
    columns = {}
    for key, factor, _ in formula.lines():
        if factor.removed_from_prior or not factor.in_guarantee:
            columns[key.name] = [f"prior_amount_{name}" for name in {key.name, key.factor}]
    total = sum(
        pence(school[column])
        for column in {one for names in columns.values() for one in names}
        if isinstance(school.get(column), int | Fraction)
    )
    for name, names in columns.items():
        line = value.lines[name]
        if not line.factor.removed_from_prior:
            continue
        if any(school.get(column) is not None for column in names):
            continue
        if (line.known or line.absent) and (line.factor.prior_amount == "last_year" or line.absent):
            return None
        total += line.exact
    return Fraction(total)


def above_minimum(formula, school: dict, value, day: date) -> Fraction:
    """Return the amount by which a school is above its minimum per-pupil level, pence."""
    level = minimum_level(formula, school, day) if formula.minimum_per_pupil is not None else None
    return max(Fraction(0), value.minimum_base + value.exact_uplift - (level or 0) * value.pupils)
