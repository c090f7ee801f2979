"""The parts of a rule set that an authority's tables need; refused where absent on the day."""

from datetime import date

from engine.block.columns import LARGEST
from engine.errors import PairRefused, Problem
from engine.rules.block import HighNeedsBlock, Places
from engine.rules.compiled import CompiledRules
from engine.rules.dated import standing_value
from engine.rules.targeted import TargetedFunding
from engine.rules.values import Series

WITHOUT = {
    "places": "has no place funding",
    "high_needs_block": "has no high needs block",
    "targeted_funding": "has no targeted funding",
}


def places_of(rules: CompiledRules) -> Places:
    """Return the rules for places, or refuse rules without them."""
    found = rules.document.places
    if found is None:
        raise _without("places")
    series = {f"types.{name}.annual": kind.annual for name, kind in found.types.items()}
    _refuse_not_in_force("places", series, rules.day)
    return found


def block_of(rules: CompiledRules) -> HighNeedsBlock:
    """Return the high needs block of the rules, or refuse rules without one."""
    found = rules.document.high_needs_block
    if found is None:
        raise _without("high_needs_block")
    series = {"additional_rate": found.additional_rate}
    _refuse_not_in_force("high_needs_block", series, rules.day)
    return found


def targeted_of(rules: CompiledRules) -> TargetedFunding:
    """Return the targeted funding of the rules, or refuse rules without it."""
    found = rules.document.targeted_funding
    if found is None:
        raise _without("targeted_funding")
    series = {
        "threshold": found.threshold,
        "means_percent": found.means_percent,
        "plans_per_hundred": found.plans_per_hundred,
        "pot": found.pot,
    }
    _refuse_not_in_force("targeted_funding", series, rules.day)
    return found


def _without(part: str) -> PairRefused:
    sentence = f"this rule set {WITHOUT[part]}; choose another"
    return PairRefused([Problem(sentence, f"no-{part.replace('_', '-')}", place=part)])


def _refuse_not_in_force(part: str, series: dict[str, Series | None], day: date) -> None:
    # A price that has not begun would be taken for none, and places for sums of money.
    for name, held in series.items():
        standing_value(held, day, f"{part}.{name}")


def too_large(pence: int) -> list[Problem]:
    """Return the problem of an amount that is too large to add exactly, or None."""
    if abs(pence) <= LARGEST:
        return []
    return [Problem("is more money than can be added exactly; check the figures", "too-large")]
