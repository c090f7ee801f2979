"""Money for places: each period's rate to the penny, each total up to a whole pound.

Source: Department for Education, dedicated schools grant allocations 2020-21 to
2023-24: the rule gives every published place deduction of every authority.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.errors import PairRefused, Problem
from engine.money import PENCE, decimal_of, half_away, scaled
from engine.rules.in_force import refuse_later
from engine.rules.places import CompiledPlaces, CompiledPlaceType

MONTHS = 12


@dataclass(frozen=True, slots=True)
class PlaceAmount:
    """The amount of one kind of place: pence a place for each period, exact sum, whole pounds in pence."""

    place_type: str
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


def value_places(rules: CompiledPlaces, place_type: str, places: Sequence[str]) -> PlaceAmount:
    """Return the money for places counted in each period (decimal text; pounds where sums are given).

    Raises ``PairRefused`` for a kind that the rules do not name, or another number of periods, and
    ``RuleRefused`` for a kind whose rate is not in force yet.
    """
    place = rules.types.get(place_type)
    if place is None:
        known = ", ".join(sorted(rules.types))
        raise PairRefused(
            [
                Problem(
                    f"must be one of {known}",
                    "place-type",
                    column="place_type",
                )
            ]
        )
    periods = len(place.rule.periods)
    if len(places) != max(periods, 1):
        sentence = f"needs places for {periods} periods"
        raise PairRefused([Problem(sentence, "place-periods", column="places")])
    # Places whose rate has not begun would be taken for sums of money.
    refuse_later(place.later)
    counts = [_count(text) for text in places]
    rates = place_rates(place)
    each = rates or (PENCE,) * len(counts)
    exact = sum((count * rate for count, rate in zip(counts, each, strict=True)), Fraction(0))
    return PlaceAmount(place_type, rates, exact, whole_pounds_up(exact))


def _count(text: str) -> Fraction:
    try:
        count = Fraction(decimal_of(text))
    except ValueError:
        count = Fraction(-1)
    if count < 0:
        raise PairRefused(
            [Problem("must be a number such as 12 or 142.8", "number", column="places")]
        ) from None
    return count
