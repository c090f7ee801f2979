"""Pupils without a plan, by authority and year group: none identified, or on SEN support."""

from dataclasses import dataclass

import numpy as np

from engine.columns import Int
from engine.money import half_away
from engine.synth.draws import Draws, Stream
from engine.synth.margins import Margins, column, percents, rows, scale
from engine.synth.plans import plan_counts
from engine.synth.rounding import largest_remainder
from engine.vocabulary import SenProvision

WHOLE = 100_000
"""All pupils, in thousandths of a percent."""


@dataclass(frozen=True)
class Children:
    """The numbers of children and young people of each kind in a file.

    authorities  (authorities) positions in the published margins, ascending by code
    plans        (authorities, settings, needs, ages)
    support      (authorities, years) pupils on SEN support
    others       (authorities, years) pupils without identified need
    """

    authorities: Int
    plans: Int
    support: Int
    others: Int


def children(margins: Margins, pupils: int, draws: Draws) -> Children:
    """Return the counts of a file of ``pupils`` records."""
    authorities = _authorities(margins, pupils, draws)
    plans = half_away(pupils * int(margins.plans.sum()), int(scale()["national_pupils"]))
    held = plan_counts(margins, authorities, plans, draws)
    size = len(authorities)
    weights = margins.plans[authorities] * draws.between(Stream.authority_pupils, 80, 125, size)
    without = largest_remainder(weights, pupils - plans)
    years = column("year_groups", "pupils_weight")
    by_year = np.stack([largest_remainder(years, int(count)) for count in without])
    wanted = half_away(pupils * _percent(SenProvision.K), WHOLE)
    tilt = draws.between(Stream.authority_pupils, 80, 120, size, "support")
    support = _capped(
        by_year * column("year_groups", "support_weight") * tilt[:, None], by_year, wanted
    )
    return Children(authorities, held, support, by_year - support)


def _authorities(margins: Margins, pupils: int, draws: Draws) -> Int:
    """Return the authorities of a file: all of them in a large one, drawn ones in a small one."""
    wanted = pupils // int(scale()["pupils_an_authority"])
    size = min(max(wanted, 1), len(margins.la))
    return np.sort(draws.order(Stream.authorities, len(margins.la))[:size])


def _percent(provision: SenProvision) -> int:
    at = [row["provision"] for row in rows("census")].index(provision.name)
    return int(percents("census", "pupils_percent")[at])


def _capped(weights: Int, highest: Int, total: int) -> Int:
    """Return whole numbers in proportion to ``weights``, none above ``highest``, that add to ``total``."""
    counts = np.minimum(largest_remainder(weights.ravel(), total).reshape(weights.shape), highest)
    while short := total - int(counts.sum()):
        room = (highest - counts).ravel()
        counts += np.minimum(largest_remainder(room, short), room).reshape(counts.shape)
    return counts
