"""A pot shared among authorities by need, by history, or by both: who gains, and what one more unit brings.

An authority's share of the money that follows need is its units times its weight, of those of all. Units are what the
rules price: pounds of a band profile, plans, or a proxy. The part of history is shared as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.errors import PairRefused, Problem
from engine.policy.shares import largest_remainder

POUND = 100
MOST_ROUNDS = 100
SETTLING = 1e-9
"""Share of its units by which no authority changes any more once a response has settled."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an authority brings: its units of need, their weight (such as for costs of the area), and its pence before."""

    units: Fraction
    before: int = 0
    weight: Fraction = Fraction(1)

    @property
    def need(self) -> Fraction:
        """Return its units times their weight."""
        return self.units * self.weight


@dataclass(frozen=True, slots=True)
class Allocation:
    """A pot as it is shared: pence of each authority, in the order of the claims, which add to the pot."""

    claims: tuple[Claim, ...]
    pot: int
    history: Fraction
    """The part of the pot that is shared as it was before, from 0 to 1."""

    pence: tuple[int, ...]

    @property
    def changes(self) -> tuple[int, ...]:
        """Return how many pence more each authority has than before."""
        return tuple(now - claim.before for now, claim in zip(self.pence, self.claims, strict=True))

    @property
    def displaced(self) -> int:
        """Return the pence that those who gain have more than before."""
        return sum(one for one in self.changes if one > 0)

    @property
    def gainers(self) -> int:
        """Return how many authorities have more than before."""
        return sum(one > 0 for one in self.changes)


@dataclass(frozen=True, slots=True)
class GamingResponse:
    """Where authorities find more need as it pays more: the allocation in the end, and each one's units then.

    ``settled`` is false where the units still changed after ``rounds`` rounds.
    """

    allocation: Allocation
    units: tuple[float, ...]
    rounds: int
    settled: bool


def allocate(
    pot: int, claims: Sequence[Claim], history: Fraction = Fraction(0), step: int = POUND
) -> Allocation:
    """Share pence among authorities, each a whole number of steps, by default pounds.

    Raises ``PairRefused`` where the pot is no whole number of steps, or nothing says how it is to be shared.
    """
    if pot % step:
        sentence = f"the pot must be a whole number of {'pounds' if step == POUND else 'steps'}"
        raise PairRefused([Problem(sentence, "not-whole", place="pot")])
    exact = _exact(pot, claims, history)
    steps = largest_remainder(pot // step, [one / step for one in exact])
    return Allocation(tuple(claims), pot, history, tuple(one * step for one in steps))


def _exact(pot: int, claims: Sequence[Claim], history: Fraction) -> list[Fraction]:
    need, before = sum(one.need for one in claims), sum(one.before for one in claims)
    if (history < 1 and not need) or (history > 0 and not before):
        sentence = (
            "nothing says how the pot is to be shared: no authority has units, or any money before"
        )
        raise PairRefused([Problem(sentence, "no-claims", place="units")])
    return [
        (history * Fraction(one.before, before) * pot if history else Fraction(0))
        + ((1 - history) * pot * one.need / need if history < 1 else Fraction(0))
        for one in claims
    ]


def one_more_unit(
    pot: int,
    claims: Sequence[Claim],
    at: int,
    history: Fraction = Fraction(0),
    units: Fraction = Fraction(1),
) -> Fraction:
    """Return the pence that further units bring one authority, of a pot that stays as it is.

    It is the exact difference of two allocations before they are rounded to whole pounds: with ``w`` for the units'
    weight, ``s`` for the authority's need and ``S`` for that of all, ``(1 - history) × pot × w × (S - s) ÷ (S × (S + w))``.
    """
    claim = claims[at]
    more = [*claims[:at], replace(claim, units=claim.units + units), *claims[at + 1 :]]
    return _exact(pot, more, history)[at] - _exact(pot, claims, history)[at]


def with_gaming(
    pot: int,
    claims: Sequence[Claim],
    elasticity: float,
    history: Fraction = Fraction(0),
    step: int = POUND,
) -> GamingResponse:
    """Return the allocation to which a response leads: units grow by ``elasticity`` times the share of money gained.

    An authority that gains 10 % finds ``10 × elasticity`` % more units, and one that loses as many fewer; what that moves
    is answered again, until nothing changes by more than a billionth. The published elasticity of 0.14 is of Texas in
    the 1990s (10 % more revenue, 1.4 % more pupils classified), so what comes out is no forecast.
    Raises ``PairRefused`` as ``allocate`` does, and where an authority that has units had no money before.
    """
    if any(one.units and not one.before for one in claims):
        sentence = "an authority that has units had no money before, so the share that it gains is not known"
        raise PairRefused([Problem(sentence, "no-history", place="before")])
    first = [float(one.units) for one in claims]
    units, rounds, settled = first, 0, False
    while rounds < MOST_ROUNDS and not settled:
        shares = _exact(pot, _with_units(claims, units), history)
        moved = [
            own * max(0.0, 1 + elasticity * (float(money) / one.before - 1)) if own else 0.0
            for own, money, one in zip(first, shares, claims, strict=True)
        ]
        settled = all(
            abs(new - old) <= SETTLING * max(old, 1.0)
            for new, old in zip(moved, units, strict=True)
        )
        units, rounds = moved, rounds + 1
    found = allocate(pot, _with_units(claims, units), history, step)
    return GamingResponse(found, tuple(units), rounds, settled)


def _with_units(claims: Sequence[Claim], units: Sequence[float]) -> list[Claim]:
    return [replace(one, units=Fraction(own)) for one, own in zip(claims, units, strict=True)]
