"""The high needs block as published: its terms added, up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the identities give every authority's published total exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import PairRefused, Problem
from engine.modules.places.valuation import whole_pounds_up
from engine.money import PENCE, half_away
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


def value_block(compiled: CompiledBlock, given: Mapping[str, Fraction]) -> BlockAmount:
    """Return an authority's block from its terms, pounds or numbers; ``PairRefused`` names each that is missing.

    What is left out is not nothing, though published tables print nothing there; the rules may
    work out one.
    """
    rules, terms = compiled.rule, dict(given)
    rate, base = compiled.additional_rate, terms.get(rules.additional_base or "")
    additional = None
    if rate is not None and base is not None and rules.additional is not None:
        additional = whole_pounds_up(base * Fraction(rate.decimal) * PENCE)
        terms.setdefault(rules.additional, Fraction(additional, PENCE))
    needed = [*rules.terms, *(term.times for term in rules.terms.values() if term.times)]
    missing = [name for name in needed if name not in terms]
    if missing:
        sentence = "is missing; this term of the block is needed (0 if there is none)"
        raise PairRefused([Problem(sentence, "missing-term", column=name) for name in missing])
    amounts = {
        name: terms[name] * (terms[term.times] if term.times else 1) * PENCE
        for name, term in rules.terms.items()
    }
    return BlockAmount(amounts, additional, whole_pounds_up(sum(amounts.values(), Fraction(0))))
