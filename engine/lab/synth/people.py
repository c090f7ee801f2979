"""The rows of a file: where each child is, at which school and at what level of need, before further columns."""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.lab.synth.children import Children
from engine.lab.synth.draws import Draws, Stream
from engine.lab.synth.margins import Margins, by_code
from engine.lab.synth.schools import LEVELS, Schools, kind_settings
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, SenProvision, Setting

YEARS = HIGHEST_YEAR_GROUP - LOWEST_YEAR_GROUP + 1
NOWHERE = -1
"""Value for a pupil whose school is not in the file: at a college, at home, abroad."""


class Runs(NamedTuple):
    """Pupils of one group at one school: positions of both, and how many."""

    group: Int
    school: Int
    number: Int


@dataclass(frozen=True)
class Places:
    """The years that schools teach, by setting, year group and authority.

    school  (places) ascending by setting, year group, authority
    reach   (places + 1) weights of the places before each, summed
    bounds  (settings × years × authorities + 1) where the places of each begin
    host    (settings, years, authorities) where pupils of an authority find a school
    """

    school: Int
    reach: Int
    bounds: Int
    host: Int

    @classmethod
    def of(cls, schools: Schools, authorities: int, weight: Int) -> "Places":
        """Set out the places of schools; ``weight`` (schools) makes some take more than others."""
        taught = schools.last - schools.first + 1
        school = np.repeat(np.arange(len(schools)), taught)
        begun = np.repeat(np.cumsum(taught) - taught, taught)
        year = np.repeat(schools.first, taught) + np.arange(len(school)) - begun - LOWEST_YEAR_GROUP
        cells, taken = [], []
        for setting in sorted({*kind_settings().tolist(), *schools.extra}):
            here = np.flatnonzero(schools.with_setting(setting)[school])
            cells.append(
                (setting * YEARS + year[here]) * authorities + schools.authority[school[here]]
            )
            taken.append(school[here])
        cell, school = np.concatenate(cells), np.concatenate(taken)
        order = np.argsort(cell, kind="stable")
        size = (max(Setting) + 1) * YEARS * authorities
        bounds = np.searchsorted(cell[order], np.arange(size + 1))
        reach = np.r_[0, np.cumsum((schools.intake * weight)[school[order]])]
        held = np.diff(bounds).reshape(-1, YEARS, authorities) > 0
        return cls(school[order], reach, bounds, _hosts(held, list(schools.extra)))

    def share(
        self, setting: Int, year: Int, authority: Int, count: Int, draws: Draws, name: str
    ) -> Runs:
        """Share each group's pupils among the schools that have places for them.

        setting, year, authority, count  (groups)
        """
        host = self.host[setting, year - LOWEST_YEAR_GROUP, authority]
        setting, place = host // self.host.shape[2], host % self.host.shape[2]
        cell = (setting * YEARS + year - LOWEST_YEAR_GROUP) * self.host.shape[2] + place
        cell = np.where(host == NOWHERE, 0, cell)
        begin, end = (
            self.bounds[cell],
            np.where(host == NOWHERE, self.bounds[cell], self.bounds[cell + 1]),
        )
        lengths = end - begin
        group = np.repeat(np.arange(len(count)), lengths)
        first = np.cumsum(lengths) - lengths
        at = np.arange(len(group)) - first[group] + begin[group]
        weight = (self.reach[end] - self.reach[begin])[group]
        start = draws.shorts(Stream.places, len(count), name).astype(np.int64)[group]
        reached = (self.reach[at + 1] - self.reach[begin][group]) * count[group] + (
            (weight * start) >> 16
        )
        upto = reached // weight
        taken = upto - np.where(at == begin[group], 0, np.r_[0, upto[:-1]])
        away = np.flatnonzero((lengths == 0) & (count > 0))
        group, school, taken = (
            np.r_[group, away],
            np.r_[self.school[at], np.full(len(away), NOWHERE)],
            np.r_[taken, count[away]],
        )
        order = np.flatnonzero(taken)
        order = order[np.argsort(group[order], kind="stable")]
        return Runs(group[order], school[order], taken[order])


def _hosts(held: NDArray[np.bool_], extra: list[int]) -> Int:
    """Return setting × authorities + authority of the nearest school with a place, or ``NOWHERE``.

    Authorities are near that follow in the order of codes. Where an authority has no unit
    for a year, pupils of the unit are taught in the mainstream part.
    """
    settings, years, authorities = held.shape
    host = np.full(held.shape, NOWHERE, np.int64)
    for setting, year in product(range(settings), range(years)):
        there = np.flatnonzero(held[setting, year])
        if len(there):
            following = np.searchsorted(there, np.arange(authorities)) % len(there)
            host[setting, year] = setting * authorities + there[following]
    for setting in extra:
        host[setting] = np.where(held[setting], host[setting], host[Setting.mainstream])
    return host


UNKNOWN = 0
"""Value of a need or a setting that is not recorded; codes begin at 1."""


@dataclass(frozen=True)
class People:
    """Children and young people by commissioning authority and school; all arrays are by row.

    authority  position in the file's authorities
    school     position in the file's schools, -1 for those at none of them
    need       primary need of those with a plan, by code
    """

    authority: NDArray[np.int16]
    school: NDArray[np.int32]
    year_group: NDArray[np.int8]
    provision: NDArray[np.int8]
    setting: NDArray[np.int8]
    need: NDArray[np.int8]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.authority)


def people(margins: Margins, count: Children, schools: Schools, draws: Draws) -> People:
    """Return every row, in ascending order of authority and school."""
    size = len(count.authorities)
    uneven = draws.between(Stream.places, 60, 140, len(schools), "uneven") * (
        70 + 60 * schools.level // (LEVELS - 1)
    )
    ordinary = Places.of(schools, size, np.full(len(schools), 100))
    weighted = Places.of(schools, size, uneven)
    parts = [
        _without_plan(count.others, SenProvision.N, ordinary, draws),
        _without_plan(count.support, SenProvision.K, weighted, draws),
        _with_plan(margins, count, weighted, draws),
    ]
    joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    authority, school, *rest, number = joined
    order = np.argsort(authority * (len(schools) + 1) + school, kind="stable")
    number = number[order]
    narrow = (np.int16, np.int32, np.int8, np.int8, np.int8, np.int8)
    return People(
        *(
            np.repeat(array[order].astype(dtype), number)
            for array, dtype in zip((authority, school, *rest), narrow, strict=True)
        )
    )


def _without_plan(
    counts: Int, provision: SenProvision, places: Places, draws: Draws
) -> tuple[Int, ...]:
    """Return authority, school, year, provision, setting, need and number of each run."""
    authority, year = (at.ravel() for at in np.indices(counts.shape, dtype=np.int64))
    year += LOWEST_YEAR_GROUP
    setting = np.full(counts.size, Setting.mainstream, np.int64)
    runs = places.share(setting, year, authority, counts.ravel(), draws, provision.name)
    return (
        authority[runs.group],
        runs.school,
        year[runs.group],
        np.full(len(runs.number), provision, np.int64),
        setting[runs.group],
        np.full(len(runs.number), UNKNOWN, np.int64),
        runs.number,
    )


def _with_plan(margins: Margins, count: Children, places: Places, draws: Draws) -> tuple[Int, ...]:
    """Return the same for each plan holder, some at schools across the authority's border."""
    where = np.nonzero(count.plans)
    authority, setting, need, age = (np.repeat(at, count.plans[where]) for at in where)
    # Drawn order, so that a school's places do not all go to the first need in the list.
    order = draws.order(Stream.places, len(authority), "plans")
    authority, setting, need, age = (array[order] for array in (authority, setting, need, age))
    setting, need = (
        np.maximum(margins.setting_codes, UNKNOWN)[setting],
        np.maximum(margins.need_codes, UNKNOWN)[need],
    )
    year = margins.year_group[age]
    near = _near(authority, setting, len(count.authorities), draws)
    runs, order = _grouped(setting, year, near, len(count.authorities), places, draws)
    school = np.repeat(runs.school, runs.number)
    return (
        authority[order],
        school,
        year[order],
        np.full(len(order), SenProvision.E, np.int64),
        setting[order],
        need[order],
        np.ones(len(order), np.int64),
    )


def _near(authority: Int, setting: Int, size: int, draws: Draws) -> Int:
    """Return the authority in which each plan holder's place is sought."""
    percent = by_code("settings", Setting, "cross_border_percent")
    away = draws.between(Stream.border, 0, 99, len(authority)) < percent[setting]
    steps = draws.between(Stream.border, 1, 3, len(authority), "steps")
    return np.where(away, authority + steps, authority) % size


def _grouped(
    setting: Int, year: Int, near: Int, size: int, places: Places, draws: Draws
) -> tuple[Runs, Int]:
    """Return where each group of plan holders goes, and the plan holders in order of groups."""
    cell = ((setting * 32 + year - LOWEST_YEAR_GROUP) * size) + near
    order = np.argsort(cell, kind="stable")
    _, first, number = np.unique(cell[order], return_index=True, return_counts=True)
    groups = order[first]
    runs = places.share(setting[groups], year[groups], near[groups], number, draws, "plans")
    return runs, order
