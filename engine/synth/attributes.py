"""What the formula counts: deprivation, language, mobility, care and attainment."""

import numpy as np
from numpy.typing import NDArray

from engine.synth.children import WHOLE
from engine.synth.described import MISSING, Described, level, yes
from engine.synth.draws import Codes, Stream
from engine.synth.margins import column, percents
from engine.synth.rounding import PERSON, largest_remainder, raked
from engine.synth.schools import LEVELS
from engine.vocabulary import LOWEST_YEAR_GROUP, Idaci, SenProvision

_LEVEL_TILT = np.asarray([30, 48, 64, 78, 92, 106, 120, 136, 154, 172])
"""Free school meals at a level of deprivation, in percent of the average before calibration."""

_LANGUAGE_TILT = np.asarray([12, 20, 30, 45, 60, 80, 110, 150, 210, 283])
"""The same for English as an additional language, by rank of authority."""

_HIGHEST_SHARE = 95_000
_SAME_BAND = 7
"""Bases of steepness by band: the middle of the 13 levels met together with free meals."""


def fsm(of: Described) -> Codes:
    """Return who is eligible for free school meals, by provision and the school's level.

    Calibrated to the rows of the file, so that each provision has its published share.
    """
    return of.once("fsm", _fsm)


def _fsm(of: Described) -> Codes:
    row = of.people.provision * np.int8(LEVELS) + level(of)
    counts = np.bincount(row, minlength=len(SenProvision) * LEVELS).reshape(-1, LEVELS)
    average = np.maximum(counts @ _LEVEL_TILT, 1) * WHOLE // np.maximum(counts.sum(axis=1), 1)
    share = (
        percents("census", "fsm_percent")[:, None]
        * _LEVEL_TILT
        * WHOLE
        // np.maximum(average, 1)[:, None]
    )
    return of.draws.chosen(Stream.fsm, yes(np.minimum(share, _HIGHEST_SHARE).ravel()), row)


def fsm6(of: Described) -> Codes:
    """Return who is or was eligible for free school meals in six years."""
    share = percents("census", "fsm6_more_percent")
    return fsm(of) | of.draws.chosen(Stream.fsm6, yes(share), of.people.provision)


def looked_after(of: Described) -> Codes:
    """Return who is looked after by an authority."""
    return of.draws.chosen(
        Stream.looked_after, yes(percents("census", "looked_after_percent")), of.people.provision
    )


def low_prior_attainment(of: Described) -> Codes:
    """Return who was below the expected standard, not supplied below school age."""
    share = percents("census", "low_prior_attainment_percent")
    drawn = of.draws.chosen(Stream.low_prior_attainment, yes(share), of.people.provision)
    return np.where(of.people.year_group < 0, MISSING, drawn)


def mobility(of: Described) -> Codes:
    """Return who joined at an unusual time, by year group."""
    return of.draws.chosen(
        Stream.mobility, yes(percents("year_groups", "mobility_percent")), _year(of)
    )


def eal3(of: Described) -> Codes:
    """Return who is new to English, by year group and authority."""
    size = int(of.people.authority.max(initial=0)) + 1
    rank = (
        np.argsort(of.draws.order(Stream.eal3, size, "authority"), kind="stable") * LEVELS // size
    )
    share = percents("year_groups", "eal3_percent")[:, None] * _LANGUAGE_TILT // 100
    row = _year(of).astype(np.int16) * np.int16(LEVELS) + rank.astype(np.int16)[of.people.authority]
    return of.draws.chosen(Stream.eal3, yes(np.minimum(share, _HIGHEST_SHARE).ravel()), row)


def _year(of: Described) -> NDArray[np.int8]:
    return of.people.year_group - np.int8(LOWEST_YEAR_GROUP)


def idaci(of: Described) -> Codes:
    """Return the deprivation band of the home, raked to the bands' shares of all pupils."""
    row = level(of) * np.int8(2) + fsm(of)
    counts = np.bincount(row, minlength=LEVELS * 2)
    bands = largest_remainder(percents("idaci", "pupils_percent"), len(row))
    steepness = column("idaci", "steepness")
    deprived = (np.arange(LEVELS)[:, None] + np.asarray([1, 4])).ravel()[:, None]
    steep = deprived**steepness * _SAME_BAND ** (steepness.max() - steepness)
    seed = counts[:, None] * bands // max(len(row), 1) * steep + 1
    shares = raked(seed * PERSON, [((1,), bands * PERSON), ((0,), counts * PERSON)], 12)
    return of.draws.chosen(Stream.idaci, shares + (counts == 0)[:, None], row) + np.int8(Idaci.A)
