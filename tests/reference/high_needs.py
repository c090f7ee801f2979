"""An authority's high needs block, in pounds: its terms added, the total up to a whole pound."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tests.reference.numbers import given as in_force

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


def missing_from(rules, given: Given, day: date) -> set[str]:
    """Return the terms and multipliers that are not given and cannot be worked out."""
    wanted = set(rules.terms) | {term.times for term in rules.terms.values() if term.times}
    missing = {name for name in wanted if given.get(name) is None}
    worked_out = additional_allocation(rules, given, day) is not None
    return missing - {rules.additional} if worked_out else missing


def block(rules, given: Given, day: date) -> Block | None:
    """Return an authority's block, or None where a part of it is not known."""
    if missing_from(rules, given, day):
        return None
    additional = additional_allocation(rules, given, day)

    def known(name: str) -> Fraction:
        held = given.get(name)
        # A given allocation is kept, even where the rate times its base differs.
        return Fraction(additional) if held is None else held

    terms = {
        name: known(name) * (known(term.times) if term.times else 1)
        for name, term in rules.terms.items()
    }
    return Block(terms, additional, ceil(sum(terms.values())))
