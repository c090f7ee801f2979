"""An authority's high needs block, in pounds: its terms added, the total up to a whole pound."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tests.reference.numbers import given as in_force
from tests.reference.numbers import product

Given = Mapping[str, Fraction | None]


class Block(NamedTuple):
    """The exact terms of a block, the additional allocation if it can be worked out, and the total."""

    terms: dict[str, Fraction]
    additional: int | None
    total: int


def additional_allocation(rules, given: Given, day: date) -> int | None:
    """Return the national rate times the authority's base, up to a whole pound, or None."""
    rate = in_force(rules.additional_rate, day)
    base = given.get(rules.additional_base)
    return None if rate is None or base is None else ceil(rate * base)


def with_additional(rules, given: Given, day: date) -> dict[str, Fraction | None]:
    """Return what is given, with the additional allocation where it is not given and can be worked out."""
    worked_out = additional_allocation(rules, given, day)
    # A given allocation is kept, even where the rate times its base differs.
    if worked_out is None or given.get(rules.additional) is not None:
        return dict(given)
    return {**given, rules.additional: Fraction(worked_out)}


def missing_from(rules, given: Given, day: date) -> set[str]:
    """Return the terms and multipliers without which a term is not known: 0 times anything is 0."""
    held, missing = with_additional(rules, given, day), set()
    for name, term in rules.terms.items():
        factors = {one: held.get(one) for one in (name, term.times) if one}
        if 0 not in factors.values():
            missing |= {one for one, value in factors.items() if value is None}
    return missing


def block(rules, given: Given, day: date) -> Block | None:
    """Return an authority's block, or None where a part of it is not known."""
    if missing_from(rules, given, day):
        return None
    held = with_additional(rules, given, day)
    terms = {
        name: Fraction(product(held.get(name), held.get(term.times) if term.times else 1))
        for name, term in rules.terms.items()
    }
    return Block(terms, additional_allocation(rules, given, day), ceil(sum(terms.values())))
