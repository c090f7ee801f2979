"""Stays of plan holders within a year: plans that begin and end, and moves of school or authority; invented.

On the day of the census each plan holder has one row, so that the published margins hold on that day. A
move adds an earlier row under the same key, at the school or in the authority before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Int
from engine.days import day_number, day_of
from engine.lab.synth.draws import Stream
from engine.lab.synth.margins import rows, scale, thousandths
from engine.lab.synth.people import NOWHERE, YEARS, Places
from engine.lab.synth.plan_columns import among
from engine.lab.synth.pupil_columns import Described
from engine.lab.synth.school_columns import reference_numbers
from engine.money import MILLION
from engine.tables import NO_SCHOOL, Array
from engine.vocabulary import LOWEST_YEAR_GROUP, SenProvision, Setting

OPEN = -1
"""A stay that began before the year, or goes on after it."""

_FIRST_SCHOOL_YEAR = 1
_RATES = 100_000


@dataclass(frozen=True)
class Stays:
    """When plan holders are where within the year.

    start, end   (rows) first and last day of the row held on the day of the census, ``OPEN`` where open
    row          (earlier rows) the row of the same pupil that is held on that day; the earlier stay
                 began before the year and ends the day before
    authority, school, year_group  (earlier rows)
    """

    start: Int
    end: Int
    row: Int
    authority: Int
    school: Int
    year_group: Int


@cache
def _figures() -> dict[str, str]:
    return {row["name"]: row["value"] for row in rows("stays")}


def _day(name: str) -> int:
    return int(day_number(day_of((_figures() if name in _figures() else scale())[name])))


def stays(of: Described) -> Stays:
    """Return the stays of all rows, and the earlier rows of those who moved.

    A plan holder in the lowest year that the school teaches came from another at the first day of the
    school year. Others moved to the authority or between its schools on any day, or their plan began.
    """
    size, plans = len(of.people), np.flatnonzero(of.people.provision == SenProvision.E)
    start, end = np.full(size, OPEN, np.int64), np.full(size, OPEN, np.int64)
    opening, census, closing = (_day(name) for name in ("first_day", "census_day", "last_day"))
    places = Places.of(of.schools, len(of.la), np.full(len(of.schools), 100))

    phase = plans[_enters(of, plans)]
    moving = np.setdiff1d(plans, phase, assume_unique=True)
    chance = of.draws.words(Stream.moves, len(moving)) % np.uint64(MILLION)
    by_kind = np.searchsorted(np.cumsum(list(_shares().values())), chance, side="right")
    kinds = dict(zip(_shares(), (moving[by_kind == at] for at in range(3)), strict=True))
    found = [
        _before(of, places, phase, _own(of, phase), "phase"),
        _before(of, places, kinds["authority"], _elsewhere(of, kinds["authority"]), "authority"),
        _before(of, places, kinds["school"], _own(of, kinds["school"]), "school"),
    ]
    row, school, authority = (np.concatenate(parts) for parts in zip(*found, strict=True))
    start[row] = of.draws.between(Stream.moves, opening + 1, census, len(row), "day")
    start[found[0][0]] = _day("new_school_year")
    new = kinds["new"]
    start[new] = of.draws.between(Stream.moves, opening + 1, census, len(new), "new")
    leavers = plans[
        of.draws.words(Stream.moves, len(plans), "end") % np.uint64(MILLION) < _ceased()
    ]
    end[leavers] = of.draws.between(Stream.moves, census, closing - 1, len(leavers), "last")
    return Stays(
        start=start, end=end, row=row, authority=authority, school=school,
        year_group=_year_before(of, row, start[row]),
    )  # fmt: skip


@cache
def _shares() -> Mapping[str, int]:
    """Return the millionths of plan holders on the day of the census who came within the funding year, by how they came."""
    held, days = int(_figures()["plans_held"]), _day("census_day") - _day("first_day")
    school = thousandths(_figures()["moved_school_percent"]) * MILLION // _RATES
    of_year = {
        "new": int(_figures()["new_plans"]) * MILLION // held,
        "authority": int(_figures()["moved_authority"]) * MILLION // held,
        "school": school,
    }
    return {name: share * days // 365 for name, share in of_year.items()}


@cache
def _ceased() -> np.uint64:
    """Return the millionths of plan holders whose plan ends between the census and the end of the funding year."""
    ended = int(_figures()["ceased_plans"]) - int(_figures()["moved_authority"])
    days = _day("last_day") - _day("census_day")
    return np.uint64(ended * MILLION // int(_figures()["plans_held"]) * days // 365)


def _enters(of: Described, plans: Int) -> NDArray[np.bool_]:
    """Return which plan holders are in the lowest year of their school, having been at another before."""
    school, year = of.people.school[plans], of.people.year_group[plans]
    lowest = of.schools.first[np.maximum(school, 0)] == year
    taught = (of.people.setting[plans] == Setting.mainstream) | np.isin(
        of.people.setting[plans], list(of.schools.extra)
    )
    enters: NDArray[np.bool_] = lowest & taught & (school != NOWHERE) & (year >= _FIRST_SCHOOL_YEAR)
    return enters


def _own(of: Described, these: Int) -> Int:
    """Return the authority of each row."""
    return of.people.authority[these].astype(np.int64)


def _elsewhere(of: Described, these: Int) -> Int:
    """Return another authority for each row; the same where a file has one authority."""
    size = len(of.la)
    steps = of.draws.between(Stream.moves, min(1, size - 1), max(size - 1, 0), len(these), "steps")
    return (_own(of, these) + steps) % size


def _before(
    of: Described, places: Places, these: Int, authority: Int, name: str
) -> tuple[Int, Int, Int]:
    """Return the rows for which another school of an authority teaches the year, or the year before; that school; the authority."""
    year = of.people.year_group[these].astype(np.int64) - LOWEST_YEAR_GROUP
    year = np.maximum(year - (name == "phase"), 0)
    setting = of.people.setting[these].astype(np.int64)
    cell = (setting * YEARS + year) * len(of.la) + authority
    first, number = places.bounds[cell], places.bounds[cell + 1] - places.bounds[cell]
    at = of.draws.between(Stream.moves, 0, np.maximum(number - 1, 0), len(these), name, "at")
    school = np.r_[places.school, NOWHERE][np.minimum(first + at, len(places.school))]
    same_authority = authority == _own(of, these)
    here = of.people.school[these]
    if name == "authority":
        # A college or a place that no school of the file has stays no school.
        school = np.where((number > 0) & (here != NOWHERE), school, NOWHERE)
        fits = ~same_authority
    else:
        fits = (number > 0) & (here != NOWHERE) & (school != here)
    return these[fits], school[fits], authority[fits]


def _year_before(of: Described, row: Int, start: Int) -> Int:
    """Return the year group of the earlier rows: a year less for those who moved with the school year or before it."""
    year = of.people.year_group[row].astype(np.int64)
    return np.where(start <= _day("new_school_year"), np.maximum(year - 1, LOWEST_YEAR_GROUP), year)


def with_earlier_rows(
    keys: pl.Series, columns: Mapping[str, Array], of: Described
) -> tuple[pl.Series, dict[str, Array]]:
    """Return keys and columns with the stays of a year, the earlier rows of those who moved last."""
    held = stays(of)
    now = dict(columns)
    for name, days in (("start", held.start), ("end", held.end)):
        if name in now:
            these = np.flatnonzero(days != OPEN)
            now[name] = among(name, of, these, days[these])
    before: dict[str, Array] = {
        "la": of.la[held.authority],
        "urn": np.r_[reference_numbers(of.schools), np.int32(NO_SCHOOL)][held.school],
        "year_group": held.year_group,
        "end": held.start[held.row] - 1,
    }
    if "start" in now:
        before["start"] = among("start", of, held.row[:0], held.row[:0])[held.row]
    every = {
        name: np.r_[array, before.get(name, array[held.row]).astype(array.dtype)]
        for name, array in now.items()
    }
    return pl.concat([keys, keys.gather(held.row)]), every
