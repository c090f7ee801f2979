"""Place funding, the high needs block and targeted funding of a document: the values in force on a day.

A part may begin later than the rule set does. It is compiled all the same, and ``later`` holds
the problems for which it is refused: a rate that has not begun is not a rate of nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Problem, RuleRefused
from engine.rules.block import HighNeedsBlock, Places, PlaceType
from engine.rules.in_force import InForce
from engine.rules.targeted import TargetedFunding
from engine.rules.values import DatedValue, Series

Later = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class CompiledPlaceType:
    """A kind of place with its rate a year in force; None where sums of money are given."""

    rule: PlaceType
    annual: DatedValue | None
    later: Later


@dataclass(frozen=True, slots=True)
class CompiledPlaces:
    """The kinds of places by name."""

    rule: Places
    types: Mapping[str, CompiledPlaceType]

    @property
    def later(self) -> Later:
        """Return the problems of all rates of which none is in force yet."""
        return tuple(one for kind in self.types.values() for one in kind.later)


@dataclass(frozen=True, slots=True)
class CompiledBlock:
    """The high needs block with the rate of its additional allocation in force."""

    rule: HighNeedsBlock
    additional_rate: DatedValue | None
    later: Later


@dataclass(frozen=True, slots=True)
class CompiledTargeted:
    """Targeted funding with its values in force; None where the rule names none."""

    rule: TargetedFunding
    threshold: DatedValue | None
    means_percent: DatedValue | None
    plans_per_hundred: DatedValue | None
    pot: DatedValue | None
    later: Later


def compile_places(places: Places | None, now: InForce) -> CompiledPlaces | None:
    """Return the rates of places in force, or None where a document has none."""
    if places is None:
        return None
    types = {
        name: CompiledPlaceType(
            kind, now.latest(kind.annual), _later({f"places.types.{name}.annual": kind.annual}, now)
        )
        for name, kind in places.types.items()
    }
    return CompiledPlaces(places, types)


def compile_block(block: HighNeedsBlock | None, now: InForce) -> CompiledBlock | None:
    """Return the high needs block with its rate in force, or None where a document has none."""
    if block is None:
        return None
    rate = block.additional_rate
    later = _later({"high_needs_block.additional_rate": rate}, now)
    return CompiledBlock(block, now.latest(rate), later)


def compile_targeted(rule: TargetedFunding | None, now: InForce) -> CompiledTargeted | None:
    """Return targeted funding with its values in force, or None where a document has none."""
    if rule is None:
        return None
    series = {
        "threshold": rule.threshold,
        "means_percent": rule.means_percent,
        "plans_per_hundred": rule.plans_per_hundred,
        "pot": rule.pot,
    }
    later = _later({f"targeted_funding.{name}": one for name, one in series.items()}, now)
    return CompiledTargeted(
        rule, **{name: now.latest(one) for name, one in series.items()}, later=later
    )


def _later(series: Mapping[str, Series | None], now: InForce) -> Later:
    return tuple(one for path, held in series.items() for one in now.not_begun(held, path))


def refuse_later(later: Later) -> None:
    """Raise ``RuleRefused`` where values are needed of which none is in force yet."""
    if later:
        raise RuleRefused(list(later))
