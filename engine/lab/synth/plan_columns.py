"""What goes with a plan: severity, what is provided, its cost and the part of the year paid; invented.

A pupil without identified need scores 0 and has no hours of support: that is known.
"""

import numpy as np

from engine.columns import PUPIL_COLUMNS, Int, level_column
from engine.days import day_number, day_of
from engine.lab.synth.draws import Stream
from engine.lab.synth.margins import by_code, percents, scale, thousandths
from engine.lab.synth.pupil_columns import Described, need
from engine.money import HUNDREDTHS, MILLION, PENCE
from engine.tables import Array
from engine.vocabulary import LOWEST_YEAR_GROUP, Need, SenProvision, Setting

HIGHEST_SCORE, HIGHEST_SUPPORT_SCORE = 100, 45


def severity(of: Described) -> Array:
    """Return the score by row, 0 where no need is identified."""
    return of.once("score", _drawn)


def _drawn(of: Described) -> Array:
    held = np.zeros(len(of.people), np.int8)
    of_need = by_code("needs", Need, "severity")
    of_setting = by_code("settings", Setting, "severity_more")
    plan, support = with_provision(of, SenProvision.E), with_provision(of, SenProvision.K)
    first, second = (
        of.draws.between(Stream.score, -14, 14, len(plan), part) for part in ("first", "second")
    )
    typical = of_need[need(of)[plan]] + of_setting[of.people.setting[plan]]
    held[plan] = np.clip(typical + first + second, 0, HIGHEST_SCORE)
    noise = of.draws.between(Stream.score, -12, 12, len(support), "support")
    held[support] = np.clip(of_need[need(of)[support]] // 2 + noise, 0, HIGHEST_SUPPORT_SCORE)
    return held


def with_provision(of: Described, provision: SenProvision) -> Int:
    """Return the rows of one provision."""
    return np.flatnonzero(of.people.provision == provision)


def identified(of: Described) -> Int:
    """Return the rows with a plan or on SEN support."""
    return np.flatnonzero(of.people.provision != SenProvision.N)


def among(name: str, of: Described, these: Int, values: Int, *, others: int | None = None) -> Array:
    """Return a column with values in the rows ``these``; missing in the others, or all one."""
    register = PUPIL_COLUMNS.get(name) or level_column(name)
    held = np.full(len(of.people), register.missing if others is None else others, register.dtype)
    held[these] = values
    return held


BANDS = ("A", "B", "C", "D", "E", "F", "G", "H")
"""The labels of the column ``band``, lowest first, where it is asked for."""

HIGHEST_POINTS, HIGHEST_LEVEL = 109, 5
_QUARTER, _QUARTERS, _QUARTERS_OF_SUPPORT = 25, 130, 60


def score(of: Described) -> Array:
    """Return the score on the scale of 0 to 100."""
    return severity(of).astype(np.int16)


def points(of: Described) -> Array:
    """Return points that go with the score."""
    these = identified(of)
    noise = of.draws.between(Stream.points, -4, 4, len(these))
    held = severity(of)[these].astype(np.int64) * HIGHEST_POINTS // HIGHEST_SCORE + noise
    return among("points", of, these, np.clip(held, 0, HIGHEST_POINTS), others=0)


def level(of: Described) -> Array:
    """Return steps of a half on a ladder of ten, in millionths."""
    return severity(of).astype(np.int32) // 5 * (MILLION // 2)


def band(of: Described) -> Array:
    """Return the band held today by those with a plan."""
    these = with_provision(of, SenProvision.E)
    return among(
        "band", of, these, severity(of)[these].astype(np.int64) * len(BANDS) // (HIGHEST_SCORE + 1)
    )


def dimension(of: Described, name: str) -> Array:
    """Return the level on one dimension of a matrix."""
    these = identified(of)
    noise = of.draws.between(Stream.level, -2, 2, len(these), name)
    held = severity(of)[these].astype(np.int64) * (HIGHEST_LEVEL + 1) // (HIGHEST_SCORE + 1) + noise
    return among(name, of, these, np.clip(held, 0, HIGHEST_LEVEL), others=0)


def support_hours(of: Described) -> Array:
    """Return hours of support a week, in quarters of an hour."""
    these = identified(of)
    whole = np.where(of.people.provision[these] == SenProvision.E, _QUARTERS, _QUARTERS_OF_SUPPORT)
    noise = of.draws.between(Stream.support_hours, -10, 10, len(these))
    held = severity(of)[these].astype(np.int64) * whole // HIGHEST_SCORE + noise
    return among("support_hours", of, these, np.clip(held, 0, _QUARTERS) * _QUARTER, others=0)


def hours(of: Described) -> Array:
    """Return the hours a week that each attends, less than the week for a few with a plan."""
    whole = (percents("year_groups", "hours") * HUNDREDTHS // 1000).astype(np.int16)
    held = whole[of.people.year_group - LOWEST_YEAR_GROUP]
    these = with_provision(of, SenProvision.E)
    some = of.draws.between(Stream.hours, 0, 99_999, len(these)) < thousandths(
        scale()["part_time_percent"]
    )
    these = these[some]
    held[these] = np.minimum(
        held[these], of.draws.between(Stream.hours, 20, 50, len(these), "part") * HUNDREDTHS // 2
    )
    return held


def _cost(of: Described, these: Int) -> Int:
    """Return the assessed cost of plan holders, in pence."""
    reached = severity(of)[these].astype(np.int64)
    lowest, highest = (_of_setting(of, these, name) for name in ("lowest_cost", "highest_cost"))
    uneven = of.draws.between(Stream.assessed_cost, 880, 1120, len(these))
    return (lowest + (highest - lowest) * reached // HIGHEST_SCORE) * uneven // 1000


def _of_setting(of: Described, these: Int, name: str) -> Int:
    """Return a sum of ``settings.csv`` for each place, in pence."""
    return by_code("settings", Setting, name)[of.people.setting[these]] * PENCE


def assessed_cost(of: Described) -> Array:
    """Return the assessed cost of provision for those with a plan."""
    these = with_provision(of, SenProvision.E)
    return among("assessed_cost", of, these, _cost(of, these))


def top_up(of: Described) -> Array:
    """Return what is paid today: the cost above the place's own funding, to ten pounds; else nothing."""
    these = with_provision(of, SenProvision.E)
    above = np.maximum(_cost(of, these) - _of_setting(of, these, "core"), 0)
    uneven = of.draws.between(Stream.top_up, 900, 1000, len(these))
    return among("top_up", of, these, above * uneven // 1_000_000 * 1000, others=0)


_STARTERS, _LEAVERS = 55, 35
"""Percent of those paid for part of the year who start in it, and who leave; the others do both."""


def _dates(of: Described) -> tuple[Int, Int, Int]:
    """Return those paid for part of the year, and their first and last days, -1 where open."""
    these = with_provision(of, SenProvision.E)
    part = of.draws.between(Stream.part_year, 0, 99_999, len(these)) < thousandths(
        scale()["part_year_percent"]
    )
    these = these[part]
    opening, closing = (day_number(day_of(scale()[name])) for name in ("first_day", "last_day"))
    one, other = (
        of.draws.between(Stream.part_year, opening + 1, closing - 1, len(these), name)
        for name in ("one", "other")
    )
    sort = of.draws.between(Stream.part_year, 0, 99, len(these), "sort")
    both = sort >= _STARTERS + _LEAVERS
    start = np.where(both, np.minimum(one, other), np.where(sort < _STARTERS, one, -1))
    end = np.where(both, np.maximum(one, other), np.where(sort < _STARTERS, -1, one))
    return these, start, end


def start(of: Described) -> Array:
    """Return the first day paid of those who start within the year."""
    these, first, _ = _dates(of)
    return among("start", of, these[first >= 0], first[first >= 0])


def end(of: Described) -> Array:
    """Return the last day paid of those who leave within the year."""
    these, _, last = _dates(of)
    return among("end", of, these[last >= 0], last[last >= 0])
