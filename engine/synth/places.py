"""Which school each pupil attends: those of an authority are shared out by places."""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.synth.draws import Draws, Stream
from engine.synth.schools import Schools, kind_settings
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, Setting

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
