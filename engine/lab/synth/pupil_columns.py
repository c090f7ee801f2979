"""What the formula counts, and types of need: deprivation, language, mobility, care, attainment.

Columns depend on each other, and each is drawn once. Needs are published for plans, assumed for SEN support and for second needs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.columns import Column, Int
from engine.lab.synth.children import WHOLE
from engine.lab.synth.draws import PERSON, Codes, Draws, Stream, largest_remainder, raked
from engine.lab.synth.margins import by_code, column, percents, scale, thousandths
from engine.lab.synth.people import NOWHERE, UNKNOWN, People
from engine.lab.synth.schools import LEVELS, Schools
from engine.vocabulary import LOWEST_YEAR_GROUP, Idaci, Need, SecondaryNeed, SenProvision

MISSING = np.int8(np.iinfo(np.int8).min)
"""Value of a code or a flag that is not supplied."""


@dataclass
class Described:
    """People with what is drawn for them so far.

    la  (authorities) code of each authority of the file
    """

    people: People
    schools: Schools
    la: Int
    draws: Draws
    drawn: dict[str, Codes] = field(default_factory=dict)

    def once(self, name: str, draw: Callable[["Described"], Codes]) -> Codes:
        """Return a column that others depend on, drawn at its first use."""
        if name not in self.drawn:
            self.drawn[name] = draw(self)
        return self.drawn[name]


def deprivation(of: Described) -> Codes:
    """Return the level of deprivation of each row's school, drawn where there is none."""
    return of.once("deprivation", _deprivation)


def _deprivation(of: Described) -> Codes:
    held: Codes = np.r_[of.schools.level, 0].astype(np.int8)[of.people.school]
    nowhere = np.flatnonzero(of.people.school == NOWHERE)
    held[nowhere] = of.draws.between(Stream.deprivation, 0, LEVELS - 1, len(nowhere), "nowhere")
    return held


def undescribed(of: Described, column: Column) -> Codes:
    """Return a flag or a code for which no margin is published: one flag in ten set, codes evenly."""
    size = len(of.people)
    if column.codes is None:
        chance = of.draws.between(Stream.undescribed, 1, _FLAGS_EACH, size, column.name)
        return np.asarray(chance == 1, np.int8)
    drawn = of.draws.between(Stream.undescribed, column.lowest, column.highest, size, column.name)
    return np.asarray(drawn, np.int8)


def yes(percent: Int | int) -> Int:
    """Return shares of no and yes, one row for each percentage (thousandths of a percent)."""
    shares = np.atleast_1d(np.asarray(percent, np.int64))
    return np.stack([WHOLE - shares, shares], axis=1)


_LEVEL_TILT = np.asarray([30, 48, 64, 78, 92, 106, 120, 136, 154, 172])
"""Free school meals at a level of deprivation, in percent of the average before calibration."""

_LANGUAGE_TILT = np.asarray([12, 20, 30, 45, 60, 80, 110, 150, 210, 283])
"""The same for English as an additional language, by rank of authority."""

_FLAGS_EACH = 10
"""Pupils for each who has a flag of which nothing is published."""
_HIGHEST_SHARE = 95_000
_SAME_BAND = 7
"""Bases of steepness by band: the middle of the 13 levels met together with free meals."""


def fsm(of: Described) -> Codes:
    """Return who is eligible for free school meals, by provision and the school's level.

    Calibrated to the rows of the file, so that each provision has its published share.
    """
    return of.once("fsm", _fsm)


def _fsm(of: Described) -> Codes:
    row = of.people.provision * np.int8(LEVELS) + deprivation(of)
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
    row = deprivation(of) * np.int8(2) + fsm(of)
    counts = np.bincount(row, minlength=LEVELS * 2)
    bands = largest_remainder(percents("idaci", "pupils_percent"), len(row))
    steepness = column("idaci", "steepness")
    deprived = (np.arange(LEVELS)[:, None] + np.asarray([1, 4])).ravel()[:, None]
    steep = deprived**steepness * _SAME_BAND ** (steepness.max() - steepness)
    seed = counts[:, None] * bands // max(len(row), 1) * steep + 1
    shares = raked(seed * PERSON, [((1,), bands * PERSON), ((0,), counts * PERSON)], 12)
    return of.draws.chosen(Stream.idaci, shares + (counts == 0)[:, None], row) + np.int8(Idaci.A)


def need(of: Described) -> Codes:
    """Return the primary need by code, ``UNKNOWN`` where there is none or it is not recorded."""
    return of.once("need", _need)


def _need(of: Described) -> Codes:
    held = of.people.need.copy()
    support = np.flatnonzero(of.people.provision == SenProvision.K)
    weights = by_code("needs", Need, "support_weight")
    held[support] = of.draws.chosen(
        Stream.primary_need, weights[None], np.zeros(len(support), np.int8)
    )
    return held


def primary_need(of: Described) -> Codes:
    """Return the primary need, missing where none is recorded."""
    return np.where(need(of) == UNKNOWN, MISSING, need(of))


def secondary_need(of: Described) -> Codes:
    """Return another need than the primary, for some of those with a plan or on support; none for all others."""
    weights = by_code("needs", Need, "secondary_weight")
    shares = np.tile(weights, (len(weights), 1))
    np.fill_diagonal(shares, 0)
    shares[:, UNKNOWN] = shares[:, Need.NSA] = 0
    having = np.full(len(of.people), SecondaryNeed.none, np.int8)
    for provision, name in ((SenProvision.E, "plan"), (SenProvision.K, "support")):
        percent = thousandths(scale()[f"secondary_need_{name}_percent"])
        these = np.flatnonzero(of.people.provision == provision)
        some = of.draws.chosen(
            Stream.secondary_need, yes(percent), np.zeros(len(these), np.int8), name
        )
        these = these[some == 1]
        having[these] = of.draws.chosen(
            Stream.secondary_need, shares, need(of)[these], name, "which"
        )
    return having
