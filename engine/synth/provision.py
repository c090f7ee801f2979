"""What is provided, measured as rules measure it: scores, points, levels, hours and bands.

A pupil without identified need scores 0 and has no hours of support: that is known.
"""

import numpy as np

from engine.money import HUNDREDTHS, MILLION
from engine.synth.described import Described
from engine.synth.draws import Stream
from engine.synth.margins import percents, scale, thousandths
from engine.synth.severity import HIGHEST_SCORE, among, identified, severity, with_provision
from engine.tables import Column
from engine.vocabulary import LOWEST_YEAR_GROUP, SenProvision

BANDS = ("A", "B", "C", "D", "E", "F", "G", "H")
"""The labels of the column ``band``, lowest first, where it is asked for."""

HIGHEST_POINTS, HIGHEST_LEVEL = 109, 5
_QUARTER, _QUARTERS, _QUARTERS_OF_SUPPORT = 25, 130, 60


def score(of: Described) -> Column:
    """Return the score on the scale of 0 to 100."""
    return severity(of).astype(np.int16)


def points(of: Described) -> Column:
    """Return points that go with the score."""
    these = identified(of)
    noise = of.draws.between(Stream.points, -4, 4, len(these))
    held = severity(of)[these].astype(np.int64) * HIGHEST_POINTS // HIGHEST_SCORE + noise
    return among("points", of, these, np.clip(held, 0, HIGHEST_POINTS), others=0)


def level(of: Described) -> Column:
    """Return steps of a half on a ladder of ten, in millionths."""
    return severity(of).astype(np.int32) // 5 * (MILLION // 2)


def band(of: Described) -> Column:
    """Return the band held today by those with a plan."""
    these = with_provision(of, SenProvision.E)
    return among(
        "band", of, these, severity(of)[these].astype(np.int64) * len(BANDS) // (HIGHEST_SCORE + 1)
    )


def dimension(of: Described, name: str) -> Column:
    """Return the level on one dimension of a matrix."""
    these = identified(of)
    noise = of.draws.between(Stream.level, -2, 2, len(these), name)
    held = severity(of)[these].astype(np.int64) * (HIGHEST_LEVEL + 1) // (HIGHEST_SCORE + 1) + noise
    return among(name, of, these, np.clip(held, 0, HIGHEST_LEVEL), others=0)


def support_hours(of: Described) -> Column:
    """Return hours of support a week, in quarters of an hour."""
    these = identified(of)
    whole = np.where(of.people.provision[these] == SenProvision.E, _QUARTERS, _QUARTERS_OF_SUPPORT)
    noise = of.draws.between(Stream.support_hours, -10, 10, len(these))
    held = severity(of)[these].astype(np.int64) * whole // HIGHEST_SCORE + noise
    return among("support_hours", of, these, np.clip(held, 0, _QUARTERS) * _QUARTER, others=0)


def hours(of: Described) -> Column:
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
