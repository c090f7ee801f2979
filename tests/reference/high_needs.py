"""An authority's high needs block, in pounds: its terms added, the total up to a whole pound."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tests.reference.numbers import Known, is_known, product
from tests.reference.numbers import given as in_force
from tests.reference.numbers import total as sum_of

Given = Mapping[str, Fraction | None]


class Block(NamedTuple):
    """The exact terms of a block, the additional allocation if it can be worked out, and the total."""

    terms: dict[str, Known]
    additional: Known
    total: Known


def up_to_a_pound(one: Known) -> Known:
    """Return the next whole pound, where a sum is known."""
    return ceil(one) if is_known(one) else one


def additional_allocation(rules, given: Given, day: date) -> Known:
    """Return the national rate times the authority's base, up to a whole pound; None without either."""
    rate = in_force(rules.additional_rate, day)
    base = given.get(rules.additional_base)
    return None if rate is None or base is None else up_to_a_pound(product(rate, base))


def with_additional(rules, given: Given, day: date) -> dict[str, Known]:
    """Return what is given, with the additional allocation where it is not given and can be worked out."""
    worked_out = additional_allocation(rules, given, day)
    # A given allocation is kept, even where the rate times its base differs.
    if worked_out is None or given.get(rules.additional) is not None:
        return dict(given)
    return {**given, rules.additional: worked_out}


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
        name: product(held.get(name), held.get(term.times) if term.times else 1)
        for name, term in rules.terms.items()
    }
    whole = up_to_a_pound(sum_of(*terms.values()))
    return Block(terms, additional_allocation(rules, given, day), whole)
