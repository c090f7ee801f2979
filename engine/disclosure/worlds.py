"""What totals of many candidates tell: for each small number of a kind, whether another world would show the same.

A reader knows what every candidate pays each kind of pupil, and so has an equation in the numbers of pupils for each amount
that is shown. A small number is safe where it could as well be less, and could be 6: where pupils of some kinds can be put in the place of others,
of the same group or of another whose sum is shown, and every number and every rounded amount stays as it is.
Such worlds are looked for by least squares, and each that is found is tried on all that is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.money import half_away

Numbers = NDArray[np.float64]
LEANINGS = (1.0, 1e3, 1e6)
"""How much dearer a change of amounts is than one of numbers, in the worlds that are tried one after another."""

ROOM = 0.05
"""How much a kind is thought to have room for that has no pupil on one side: it can move in one direction alone."""

ROUNDS = 8
"""How often what would fall below none is left as it is, and the others are worked out again."""

NEAR_NOTHING = 1e-6
"""A change of a number of pupils that is a rounding of the computer's own."""


@dataclass(frozen=True, eq=False)
class View:
    """What is shown of a group.

    counts  (rows, kinds) of which kinds each number of pupils is that is shown
    rates   (rows, kinds) pence that one more pupil of a kind adds to each amount that is shown
    amounts (rows) those amounts before they are rounded, pence
    step    pence to which they are rounded
    """

    counts: Numbers
    rates: Numbers
    amounts: Int
    step: int

    @cached_property
    def weight(self) -> Numbers:
        """Return the products of what two kinds add to all amounts, in steps (kinds, kinds)."""
        scaled = self.rates / self.step
        found: Numbers = scaled.T @ scaled / max(len(scaled), 1)
        return found

    @cached_property
    def rounded(self) -> Int:
        """Return the amounts in steps, as they are shown."""
        return half_away(self.amounts, self.step)

    def stays(self, change: Numbers) -> bool:
        """Return whether all that is shown stays as it is where the pupils of each kind change (kinds)."""
        if np.abs(self.counts @ change).max(initial=0) > NEAR_NOTHING:
            return False
        moved = self.amounts + np.rint(self.rates @ change).astype(np.int64)
        return bool(np.array_equal(half_away(moved, self.step), self.rounded))


def nothing(kinds: int) -> View:
    """Return the view of a group of which nothing is shown."""
    return View(np.zeros((0, kinds)), np.zeros((0, kinds)), np.zeros(0, np.int64), 1)


class Place(NamedTuple):
    """Where pupils can come from or go to: a group and what is shown of it; ``sign`` 1 where it gains what changes, -1 where it loses it."""

    number: Int
    view: View
    sign: int


@dataclass(frozen=True, eq=False)
class Way:
    """The places in which a change of a number shows; what follows from them alone is worked out once for every kind."""

    places: tuple[Place, ...]

    @cached_property
    def counts(self) -> Numbers:
        """Return of which kinds each number of pupils is that is shown in any of the places (different rows, kinds)."""
        found: Numbers = np.unique(np.vstack([one.view.counts for one in self.places]), axis=0)
        return found

    @cached_property
    def weight(self) -> Numbers:
        """Return the sum of the places' weights (kinds, kinds)."""
        found: Numbers = np.sum([one.view.weight for one in self.places], axis=0)
        return found

    @cached_property
    def dearness(self) -> Numbers:
        """Return how dear a change of each kind is, which has room in no more than the least of its places (kinds, kinds)."""
        room = np.min([one.number for one in self.places], axis=0).astype(np.float64)
        found: Numbers = np.diag(1 / np.maximum(room, ROOM) ** 2)
        return found

    @cached_property
    def there(self) -> NDArray[np.bool_]:
        """Return which kinds any of the places has (kinds)."""
        found: NDArray[np.bool_] = np.any([one.number > 0 for one in self.places], axis=0)
        return found

    def has_room(self, kind: int, step: int) -> bool:
        """Return whether no place falls below none where a kind has so many more: without that there is no such world."""
        return all(int(one.number[kind]) + one.sign * step >= 0 for one in self.places)

    def below(self, change: Numbers) -> NDArray[np.bool_]:
        """Return which kinds fall below none in any of the places (kinds)."""
        found: NDArray[np.bool_] = np.logical_or.reduce(
            [one.number + one.sign * change < -NEAR_NOTHING for one in self.places]
        )
        return found

    def stays(self, change: Numbers) -> bool:
        """Return whether all that is shown stays as it is in every place."""
        return all(one.view.stays(one.sign * change) for one in self.places)


def is_open(kind: int, number: Int, most: int, ways: Sequence[Way]) -> bool:
    """Return whether a number of 1 to ``most`` of a kind could be more than that, and could be less than it is, for all that is shown.

    ``number`` (kinds) is the group's own; each way is the places in which a change of it shows.
    """
    here = int(number[kind])
    steps = [most + 1 - here, *([-1] if here > 1 else [])]
    return all(any(_found(kind, step, way) for way in ways) for step in steps)


def _found(kind: int, step: int, way: Way) -> bool:
    """Return whether a world is found in which a number of a kind is so many more, or fewer."""
    if not way.has_room(kind, step):
        return False
    for leaning in LEANINGS:
        free, cost = way.there.copy(), leaning * way.weight + way.dearness
        for _ in range(ROUNDS):
            change = _change(kind, step, way.counts, cost, free)
            if change is None:
                break
            below = way.below(change)
            if not below.any():
                if way.stays(change):
                    return True
                break
            if below[kind]:
                break
            # What a group has too few of stays as it is.
            free &= ~below
    return False


def _change(
    kind: int, step: int, counts: Numbers, cost: Numbers, free: NDArray[np.bool_]
) -> Numbers | None:
    """Return the least change that makes so many more of a kind and leaves counts as they are; None where none does."""
    where = np.flatnonzero(free)
    own = np.zeros((1, len(where)))
    own[0, np.searchsorted(where, kind)] = 1
    fixed = np.vstack([counts[:, where], own])
    goal = np.zeros(len(fixed))
    goal[-1] = step
    across = np.linalg.solve(cost[np.ix_(where, where)], fixed.T)
    weights, *_ = np.linalg.lstsq(fixed @ across, goal, rcond=1e-12)
    found = across @ weights
    if np.abs(fixed @ found - goal).max() > NEAR_NOTHING:
        return None
    change = np.zeros(len(free))
    change[where] = found
    return change
