"""Which results of candidates may be published: of everyone and of regions for all candidates, of authorities for a few.

What is shown is made smaller until no small number of pupils can be worked out of it: amounts in larger steps, fewer columns, fewer groups.
The reasons are in ``docs/decisions/disclosure-control.md``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.candidates.evidence import AMOUNTS, COUNTS, Evidence
from engine.candidates.kinds import Kinds
from engine.columns import Int
from engine.disclosure import DisclosureProfile, Mask
from engine.disclosure.worlds import Place, View, Way, is_open
from engine.money import PENCE

Flags = NDArray[np.bool_]
Signed = list[tuple[int, int]]
"""Places, each with 1 where it gains what changes and -1 where it loses it."""

TELLING = ("number", "winners", "losers", "not_known")
"""The counts beside whose small numbers no amount is shown."""

PARTNERS = 4
"""Groups that are tried as the place where pupils come from or go to."""

FEWER_COLUMNS = (
    np.ones(len(COUNTS), np.bool_),
    np.asarray([True, True, True, False, False]),
    np.asarray([True, False, False, False, False]),
)
"""The columns of counts that are shown for everyone and regions, most first."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Everyone, regions and authorities, as places on one axis: first everyone, then regions, then authorities.

    region  (authorities) the place of each authority's region among regions
    number  (kinds, places)
    """

    region: Int
    regions: int
    number: Int

    @classmethod
    def of(cls, kinds: Kinds, region: Int, regions: int) -> "Areas":
        """Return the places of the authorities of some kinds."""
        by_region = np.zeros((len(kinds.number), regions), np.int64)
        np.add.at(by_region.T, region, kinds.number.T)
        everyone = kinds.number.sum(axis=1, keepdims=True)
        return cls(region, regions, np.hstack([everyone, by_region, kinds.number]))

    def __len__(self) -> int:
        """Return how many places there are."""
        return int(self.number.shape[1])

    @property
    def above(self) -> list[int]:
        """Return the place of all, or of the region, that each place is part of; -1 for everyone."""
        return [-1, *[0] * self.regions, *(1 + self.region).tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """What is shown.

    for_all  whether everyone and regions are shown for all candidates, or for the few alone
    step     pence to which amounts of everyone and regions are rounded
    counts   (places, columns) which counts, and ``money`` (places) whether amounts
    """

    for_all: bool
    step: int
    counts: Flags
    money: Flags

    @classmethod
    def nothing(cls, places: int, profile: DisclosureProfile) -> "Showing":
        """Return that nothing is shown."""
        step = profile.rounded_to_pounds * PENCE
        counts = np.zeros((places, len(COUNTS)), np.bool_)
        return cls(for_all=False, step=step, counts=counts, money=np.zeros(places, np.bool_))

    def without(self, place: int, *, counts: bool = True) -> "Showing":
        """Return the same without the amounts of a place, and without its counts."""
        money, columns = self.money.copy(), self.counts.copy()
        money[place] = False
        if counts:
            columns[place] = False
        return replace(self, counts=columns, money=money)


@dataclass(frozen=True, eq=False)
class Audit:
    """The evidence of a publication, of all candidates and of the few, and what becomes of what is shown."""

    areas: Areas
    every: Evidence | None
    few: Evidence
    profile: DisclosureProfile

    def showing(self, mask: Mask) -> Showing:
        """Return what may be shown; ``mask`` is what counts of authorities hide, by place."""
        first = self._authorities(self._with_mask(mask))
        return self._authorities(self._regions(self._of_everyone(first)))

    def _of_everyone(self, first: Showing) -> Showing:
        """Return the most that can be shown of everyone: for all candidates, else for the few, else nothing."""
        wide = 1 + self.areas.regions
        number = np.bincount(self.areas.region, minlength=self.areas.regions)
        small = 1 + np.flatnonzero(number < self.profile.authorities_from)
        is_large = len(self.areas) - wide >= self.profile.authorities_from
        for for_all in (True, False) if self.every is not None and is_large else (False,):
            for columns in FEWER_COLUMNS:
                for pounds in self.profile.candidates_rounded_to_pounds:
                    counts, money = first.counts.copy(), first.money.copy()
                    counts[:wide] &= columns
                    if for_all:
                        counts[small], money[small] = False, False
                    found = Showing(
                        for_all=for_all, step=pounds * PENCE, counts=counts, money=money
                    )
                    if self._is_open(_Views(self, found), 0):
                        return found
        counts, money = first.counts.copy(), first.money.copy()
        counts[:wide], money[:wide] = False, False
        return replace(first, counts=counts, money=money)

    def _with_mask(self, mask: Mask) -> Showing:
        """Return what is left beside what counts of authorities hide."""
        hides = np.vstack(
            [np.r_[mask.whole, mask.totals], np.column_stack([mask.number, mask.parts])]
        )
        # The amounts are of the group, of those who gain or lose, and of none who is not known.
        telling = hides[:, [COUNTS.index(name) for name in TELLING]].any(axis=1)
        money: Flags = np.logical_not(telling)
        step = self.profile.rounded_to_pounds * PENCE
        return Showing(for_all=False, step=step, counts=~hides, money=money)

    def _regions(self, showing: Showing) -> Showing:
        places = range(1, 1 + self.areas.regions)
        return self._hidden_until_open(showing, places)

    def _authorities(self, showing: Showing) -> Showing:
        first = 1 + self.areas.regions
        for region in range(self.areas.regions):
            places = (first + np.flatnonzero(self.areas.region == region)).tolist()
            showing = self._hidden_until_open(showing, places)
        return showing

    def _hidden_until_open(self, showing: Showing, places: Sequence[int]) -> Showing:
        """Return what is shown once every small number of some places is open: amounts go first, then counts, then others beside."""
        views = _Views(self, showing)
        for place in places:
            while not self._is_open(views, place):
                if showing.money[place]:
                    showing = showing.without(place, counts=place <= self.areas.regions)
                elif showing.counts[place].any():
                    showing = showing.without(place)
                else:
                    others = [
                        one for one in places if showing.money[one] or showing.counts[one].any()
                    ]
                    if not others:
                        break
                    least = min(others, key=lambda one: int(self.areas.number[:, one].sum()))
                    showing = showing.without(least)
                views = _Views(self, showing)
        return showing

    def _is_open(self, views: "_Views", place: int) -> bool:
        number = self.areas.number[:, place]
        small = np.flatnonzero((number > 0) & (number <= self.profile.most))
        return all(
            is_open(kind, number, self.profile.most, list(self._ways(views, place, kind)))
            for kind in small.tolist()
        )

    def _ways(self, views: "_Views", place: int, kind: int) -> Iterator[Way]:
        """Yield the places in which a change of a place can be seen: with another of the same sum, or in all that it is part of."""
        above, number = self.areas.above, self.areas.number

        def inside(one: int, sign: int, rank: int, *, has: bool = False) -> Signed:
            """Return a place with one in it, down to an authority: of those that show the least, one with many kinds, or that ``has`` this one."""
            found = [(one, sign)]
            while parts := [at for at, over in enumerate(above) if over == one]:
                parts.sort(
                    key=lambda at: (
                        has and number[kind, at] == 0,
                        views.amount(at),
                        -int((number[:, at] > 0).sum()),
                    )
                )
                one = parts[min(rank, len(parts) - 1)]
                found.append((one, sign))
            return found

        beside = [one for one, over in enumerate(above) if over == above[place] and one != place]
        beside.sort(key=lambda one: (views.amount(one), -int(number[kind, one])))
        for one in beside[:PARTNERS]:
            yield views.way([*inside(place, 1, 0), *inside(one, -1, 0, has=True)])
        for rank in range(PARTNERS if place <= self.areas.regions else 1):
            for has in (True, False):
                way, over = inside(place, 1, rank, has=has), above[place]
                while over >= 0:
                    way.append((over, 1))
                    over = above[over]
                yield views.way(way)


class _Views:
    """What is shown of each place, as equations; worked out when it is asked for."""

    def __init__(self, audit: Audit, showing: Showing) -> None:
        self.audit, self.showing = audit, showing
        self.known: dict[int, View] = {}
        self.ways: dict[tuple[tuple[int, int], ...], Way] = {}

    def amount(self, place: int) -> int:
        """Return how much is shown of a place, in columns."""
        return len(AMOUNTS) * int(self.showing.money[place]) + int(self.showing.counts[place].sum())

    def way(self, places: Signed) -> Way:
        """Return the way through some places, each with its sign; the same one for every kind."""
        key = tuple(places)
        if key not in self.ways:
            number = self.audit.areas.number
            self.ways[key] = Way(
                tuple(Place(number[:, one], self[one], sign) for one, sign in places)
            )
        return self.ways[key]

    def __getitem__(self, place: int) -> View:
        """Return the view of a place."""
        if place not in self.known:
            audit, showing = self.audit, self.showing
            is_authority = place > audit.areas.regions
            few = is_authority or not showing.for_all or audit.every is None
            evidence = audit.few if few else audit.every
            step = audit.profile.rounded_to_pounds * PENCE if is_authority else showing.step
            self.known[place] = (evidence or audit.few).view(
                place, showing.counts[place], step, money=bool(showing.money[place])
            )
        return self.known[place]
