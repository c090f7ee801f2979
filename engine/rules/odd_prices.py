"""Prices of a rule document that are far from its other prices of the same kind, as pence typed for pounds are."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from statistics import median_low

from engine.limits import limits
from engine.rules.document import RuleSet
from engine.rules.place_names import PlaceNames
from engine.rules.values import DatedValue
from engine.rules.yaml_source import Path

FEWEST = 3
"""Prices of a kind from which the middle one says what is usual."""

FIELDS = ("pounds", "pounds_each")
PRICES = ("band_profile", "tariff", "prices")


def far_from_the_middle(
    document: RuleSet, values: Sequence[tuple[Path, DatedValue]], names: PlaceNames
) -> Iterator[str]:
    """Yield a sentence for each price many times the middle one of its kind, or a small part of it."""
    limit = limits()["times_the_middle_price"]
    for of_kind in _kinds(document, values).values():
        if len(of_kind) < FEWEST:
            continue
        middle = median_low(given.decimal for _, given in of_kind)
        for path, given in of_kind:
            if limit.lower * middle <= given.decimal <= limit.upper * middle:
                continue
            side = "above" if given.decimal > middle else "below"
            yield (
                f"{names.of(path)}: £{given.value} is far {side} the middle one of the rule set's prices of this kind, "
                f"£{middle}: pounds or pence?"
            )


def _kinds(
    document: RuleSet, values: Sequence[tuple[Path, DatedValue]]
) -> dict[Hashable, list[tuple[Path, DatedValue]]]:
    """Return the prices above nothing by what they are paid for and how often a year."""
    found: dict[Hashable, list[tuple[Path, DatedValue]]] = defaultdict(list)
    profile = document.band_profile
    prices = () if profile is None else profile.tariff.prices
    for path, given in values:
        at = path[len(PRICES)] if path[: len(PRICES)] == PRICES else None
        field = next((one for one in FIELDS if one in path), None)
        if isinstance(at, int) and field is not None and given.decimal > 0:
            price = prices[at]
            found[field, price.each, str(price.times_a_year)].append((path, given))
    return found
