"""First and last days of those who are paid for part of the year."""

from datetime import date

import numpy as np

from engine.columns import Int
from engine.days import day_of
from engine.synth.described import Described
from engine.synth.draws import Stream
from engine.synth.margins import scale, thousandths
from engine.synth.severity import among, with_provision
from engine.tables import Column
from engine.vocabulary import SenProvision

_EPOCH = date(1970, 1, 1)
_STARTERS, _LEAVERS = 55, 35
"""Percent of those paid for part of the year who start in it, and who leave; the others do both."""


def _dates(of: Described) -> tuple[Int, Int, Int]:
    """Return those paid for part of the year, and their first and last days, -1 where open."""
    these = with_provision(of, SenProvision.E)
    part = of.draws.between(Stream.part_year, 0, 99_999, len(these)) < thousandths(
        scale()["part_year_percent"]
    )
    these = these[part]
    opening, closing = ((day_of(scale()[name]) - _EPOCH).days for name in ("first_day", "last_day"))
    one, other = (
        of.draws.between(Stream.part_year, opening + 1, closing - 1, len(these), name)
        for name in ("one", "other")
    )
    sort = of.draws.between(Stream.part_year, 0, 99, len(these), "sort")
    both = sort >= _STARTERS + _LEAVERS
    start = np.where(both, np.minimum(one, other), np.where(sort < _STARTERS, one, -1))
    end = np.where(both, np.maximum(one, other), np.where(sort < _STARTERS, -1, one))
    return these, start, end


def start(of: Described) -> Column:
    """Return the first day paid of those who start within the year."""
    these, first, _ = _dates(of)
    return among("start", of, these[first >= 0], first[first >= 0])


def end(of: Described) -> Column:
    """Return the last day paid of those who leave within the year."""
    these, _, last = _dates(of)
    return among("end", of, these[last >= 0], last[last >= 0])
