"""The parts of a rule set that an authority's tables need; refused where absent on the day."""

from engine.block.columns import LARGEST
from engine.errors import PairRefused, Problem
from engine.rules.compile_block import (
    CompiledBlock,
    CompiledPlaces,
    CompiledTargeted,
    refuse_later,
)
from engine.rules.compiled import CompiledRules

WITHOUT = {
    "places": "has no place funding",
    "high_needs_block": "has no high needs block",
    "targeted_funding": "has no targeted funding",
}


def places_of(rules: CompiledRules) -> CompiledPlaces:
    """Return the rules for places; raise ``PairRefused`` for rules without them."""
    if rules.places is None:
        raise _without("places")
    refuse_later(rules.places.later)
    return rules.places


def block_of(rules: CompiledRules) -> CompiledBlock:
    """Return the high needs block of the rules; raise ``PairRefused`` for rules without one."""
    if rules.block is None:
        raise _without("high_needs_block")
    refuse_later(rules.block.later)
    return rules.block


def targeted_of(rules: CompiledRules) -> CompiledTargeted:
    """Return the targeted funding of the rules; raise ``PairRefused`` for rules without it."""
    if rules.targeted is None:
        raise _without("targeted_funding")
    refuse_later(rules.targeted.later)
    return rules.targeted


def _without(part: str) -> PairRefused:
    sentence = f"this rule set {WITHOUT[part]}; choose another"
    return PairRefused([Problem(sentence, f"no-{part.replace('_', '-')}", place=part)])


def too_large(pence: int) -> list[Problem]:
    """Return the problem of an amount that is too large to add exactly, or None."""
    if abs(pence) <= LARGEST:
        return []
    return [Problem("is more money than can be added exactly; check the figures", "too-large")]
