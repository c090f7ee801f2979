"""Money for places: each period's rate to the penny, each total up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the rule gives every published place deduction of every authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.money import PENCE, half_away, scaled
from engine.rules.in_force import refuse_later
from engine.rules.places import CompiledPlaceType

MONTHS = 12


@dataclass(frozen=True, slots=True)
class PlaceAmount:
    """The amount of one kind of place: pence a place for each period, exact sum, whole pounds in pence."""

    rates: tuple[int, ...]
    exact: Fraction
    amount: int


def whole_pounds_up(exact: Fraction) -> int:
    """Return pence, up to a whole pound.

    >>> whole_pounds_up(Fraction(2416667)), whole_pounds_up(Fraction(2416600))
    (2416700, 2416600)
    """
    return -(-exact.numerator // (exact.denominator * PENCE)) * PENCE


def place_rates(place: CompiledPlaceType) -> tuple[int, ...]:
    """Return the rate of each period, pence: the year's rate times its months over twelve, rounded."""
    if place.annual is None:
        return ()
    pence = scaled(place.annual.decimal, PENCE)
    return tuple(half_away(pence * period.months, MONTHS) for period in place.rule.periods)


def value_places(place: CompiledPlaceType, counts: Sequence[Fraction]) -> PlaceAmount:
    """Return the money for places counted in each period, or for the pounds of each where sums are given.

    Raises ``RuleRefused`` for a kind whose rate is not in force yet.
    """
    # Places whose rate has not begun would be taken for sums of money.
    refuse_later(place.later)
    rates = place_rates(place)
    each = rates or (PENCE,) * len(counts)
    exact = sum((count * rate for count, rate in zip(counts, each, strict=True)), Fraction(0))
    return PlaceAmount(rates, exact, whole_pounds_up(exact))
