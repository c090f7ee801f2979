"""The high needs block as published: its terms added, up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the identities give every authority's published total exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import PairRefused, Problem
from engine.modules.places.valuation import whole_pounds_up
from engine.money import PENCE, decimal_of, half_away
from engine.rules.high_needs_block import CompiledBlock


@dataclass(frozen=True, slots=True)
class BlockAmount:
    """An authority's block: the exact pence of each term, and the total in whole pounds as pence."""

    terms: dict[str, Fraction]
    additional: int | None
    total: int

    def term(self, name: str) -> int:
        """Return the amount of a term, pence, rounded once to show; the total adds exact terms."""
        return half_away(*self.terms[name].as_integer_ratio())


def value_block(compiled: CompiledBlock, given: Mapping[str, str]) -> BlockAmount:
    """Return an authority's block from its terms (decimal text, pounds or numbers).

    A term left out or empty is nothing in the published tables only where they print nothing;
    here ``PairRefused`` names it unless the rules work it out, and a term that is no plain number.
    """
    rules, values = compiled.rule, dict(given)
    additional = _additional(compiled, values)
    if additional is not None and rules.additional is not None and not values.get(rules.additional):
        values[rules.additional] = str(additional // PENCE)
    wanted = [*rules.terms, *(term.times for term in rules.terms.values() if term.times)]
    missing = [name for name in wanted if not values.get(name)]
    if missing:
        sentence = "is missing; this term of the block is needed (0 if there is none)"
        raise PairRefused([Problem(sentence, "missing-term", column=name) for name in missing])
    terms = {}
    for name, term in rules.terms.items():
        number = _number(values, term.times) if term.times else Fraction(1)
        terms[name] = _number(values, name) * number * PENCE
    return BlockAmount(terms, additional, whole_pounds_up(sum(terms.values(), Fraction(0))))


def _additional(compiled: CompiledBlock, values: Mapping[str, str]) -> int | None:
    """Return the additional allocation, pence: the national rate times its base, up to a whole pound."""
    rate, base = compiled.additional_rate, compiled.rule.additional_base
    if rate is None or base is None or not values.get(base):
        return None
    return whole_pounds_up(_number(values, base) * Fraction(rate.decimal) * PENCE)


def _number(values: Mapping[str, str], name: str) -> Fraction:
    try:
        return Fraction(decimal_of(values[name]))
    except ValueError:
        raise PairRefused([Problem("must be a plain number", "number", column=name)]) from None
