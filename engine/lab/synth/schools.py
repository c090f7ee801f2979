"""Invented schools: how many of each kind in each authority, their years and their size."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.lab.synth.children import Children
from engine.lab.synth.draws import Draws, Stream, largest_remainder
from engine.lab.synth.margins import Margins, column, rows
from engine.vocabulary import LOWEST_YEAR_GROUP, Setting

LEVELS = 10
"""Levels of deprivation of a school's pupils, each with as many schools as another."""


@dataclass(frozen=True)
class Schools:
    """Schools in ascending order of authority; all arrays are by school.

    kind              position in ``school_kinds.csv``
    authority         position in the file's authorities
    first, last       lowest and highest year group taught
    intake            places for each year group, in hundredths
    extra             (settings) whether the school has such places besides its own
    level             deprivation, 0 least
    """

    kind: Int
    authority: Int
    first: Int
    last: Int
    intake: Int
    extra: dict[int, NDArray[np.bool_]]
    level: Int

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.kind)

    def with_setting(self, setting: int) -> NDArray[np.bool_]:
        """Return which schools have places of a setting."""
        if setting in self.extra:
            return self.extra[setting]
        taught: NDArray[np.bool_] = kind_settings()[self.kind] == setting
        return taught


def kind_settings() -> Int:
    """Return the setting of each kind of school."""
    return np.asarray([Setting[row["setting"]] for row in rows("school_kinds")], np.int64)


def kind_position(name: str) -> int:
    """Return the place of a kind in ``school_kinds.csv``."""
    return [row["kind"] for row in rows("school_kinds")].index(name)


def invented_schools(margins: Margins, count: Children, total: int, draws: Draws) -> Schools:
    """Return ``total`` schools spread over the authorities by the pupils they would teach."""
    kinds = _kinds(total)
    demand = _demand(margins, count)
    spread = np.stack(
        [largest_remainder(*pair) for pair in zip(demand, kinds, strict=True)], axis=1
    )
    authority, kind = (
        np.repeat(at.ravel(), spread.ravel()) for at in np.indices(spread.shape, dtype=np.int64)
    )
    more = _every(kind, column("school_kinds", "more_years_percent"), draws, "years")
    first, last = (
        np.where(
            more,
            column("school_kinds", f"more_years_{end}")[kind],
            column("school_kinds", f"{end}_year")[kind],
        )
        for end in ("first", "last")
    )
    smallest, largest = (
        column("school_kinds", f"{end}_intake")[kind] * 100 for end in ("smallest", "largest")
    )
    intake = draws.between(Stream.school_sizes, smallest, largest, total)
    extra = {
        int(Setting[row["setting"]]): _every(
            kind, _with_extra(int(row["schools_percent"])), draws, row["setting"]
        )
        for row in rows("extra_places")
    }
    return Schools(kind, authority, first, last, intake, extra, _levels(authority, draws))


def _kinds(total: int) -> Int:
    """Return how many schools of each kind; a single school teaches every year."""
    counts = np.zeros(len(rows("school_kinds")), np.int64)
    if total == 1:
        counts[kind_position("all_through")] = 1
        return counts
    counts = largest_remainder(column("school_kinds", "schools"), total)
    needed = (
        ("primary", "secondary", "special")
        if total > len(("primary", "secondary", "special"))
        else ("primary", "secondary")
    )
    for name in needed:
        if not counts[kind_position(name)]:
            counts[counts.argmax()] -= 1
            counts[kind_position(name)] += 1
    return counts


def _demand(margins: Margins, count: Children) -> Int:
    """Return for each kind the pupils of each authority that it would teach."""
    without = count.support + count.others
    by_setting = count.plans.sum(axis=(2, 3))
    demand = []
    for row in rows("school_kinds"):
        if row["setting"] == Setting.mainstream.name:
            first, last = int(row["first_year"]), int(row["last_year"])
            demand.append(
                without[:, first - LOWEST_YEAR_GROUP : last - LOWEST_YEAR_GROUP + 1].sum(axis=1)
            )
        else:
            demand.append(by_setting[:, margins.settings.index(row["setting"])])
    return np.stack(demand)


def _with_extra(percent: int) -> Int:
    """Return the percentage of schools of each kind that have a sort of extra places."""
    taught = np.asarray([row["primary_years"] != "" for row in rows("school_kinds")])
    return np.where(taught, percent, 0)


def _every(kind: Int, percent: Int, draws: Draws, name: str) -> NDArray[np.bool_]:
    """Choose a percentage of each kind's schools, in a drawn order, the first always (if any)."""
    chosen = np.zeros(len(kind), bool)
    for at, share in enumerate(percent):
        these = np.flatnonzero(kind == at)
        these = these[draws.order(Stream.schools, len(these), name, str(at))]
        chosen[these] = np.arange(len(these)) * int(share) % 100 < share
    return chosen


def _levels(authority: Int, draws: Draws) -> Int:
    """Return each school's level of deprivation; schools of an authority are more alike."""
    size = len(authority)
    local = draws.shorts(Stream.deprivation, int(authority.max()) + 1, "authority").astype(np.int64)
    value = local[authority] + draws.shorts(Stream.deprivation, size).astype(np.int64)
    rank = np.empty(size, np.int64)
    rank[np.argsort(value, kind="stable")] = np.arange(size)
    return rank * LEVELS // size


def school_names(schools: Schools, draws: Draws) -> list[str]:
    """Return invented names, no two the same."""
    words: dict[str, list[str]] = {}
    for row in rows("place_names"):
        words.setdefault(row["part"], []).append(row["word"])
    places = [
        first + last
        for first, last in product(words["first"], words["last"])
        if first.lower() != last
    ]
    order = draws.order(Stream.school_names, len(places))
    kinds = [row["kind"] for row in rows("school_kinds")]
    seen = [0] * len(kinds)
    names = []
    for kind in schools.kind.tolist():
        # Kinds start at places of their own, so that one village does not get every first school.
        turn, at = divmod(seen[kind] + kind * len(places) // len(kinds), len(places))
        ends = words[kinds[kind]]
        names.append(f"{places[order[at]]} {ends[(turn + at) % len(ends)]}")
        seen[kind] += 1
    return names
