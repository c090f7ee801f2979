"""Children and young people by authority: plans that add to the published margins, and those without a plan."""

from dataclasses import dataclass

import numpy as np

from engine.columns import Int
from engine.lab.synth.draws import PERSON, Draws, Stream, largest_remainder, raked, whole_table
from engine.lab.synth.margins import Margins, column, percents, rows, scale, spread
from engine.money import half_away
from engine.vocabulary import SenProvision

_POINTS = np.asarray([0, 100, 250, 500, 750, 900, 1000])
_INDEPENDENT = "independent_and_non_maintained_special"
_AWAY = {"independent_special", "non_maintained_special"}
_ROUNDS, _RETURNS = 12, 6


def plan_counts(margins: Margins, authorities: Int, total: int, draws: Draws) -> Int:
    """Return ``total`` plans by (authorities, settings, needs, ages), whole numbers.

    Exact: plans of each authority, settings by needs, needs by ages, and so the total of
    each. Near: ages by placement, and the published spread of shares across authorities.
    """
    placed = largest_remainder(margins.by_placement.ravel(), total).reshape(
        margins.by_placement.shape
    )
    plans = largest_remainder(margins.plans[authorities], total)
    national = _national(margins, placed)
    settings = _settings_by_authority(margins, plans, placed.sum(axis=1), draws)
    expected = _expected(
        national, settings, _needs_by_authority(margins, plans, placed.sum(axis=0), draws)
    )
    counts = np.empty_like(expected)
    for at in range(len(margins.settings)):
        cells = expected[:, at].reshape(len(plans), -1)
        held = whole_table(cells, settings[:, at], national[at].ravel())
        counts[:, at] = held.reshape(counts[:, at].shape)
    return counts


def _national(margins: Margins, placed: Int) -> Int:
    """Return plans by (settings, needs, ages); settings by needs are ``placed`` exactly."""
    groups = np.zeros((len(margins.placements), placed.shape[1]), np.int64)
    np.add.at(groups, margins.placement, placed)
    by_age = np.stack(
        [
            largest_remainder(*pair)
            for pair in zip(margins.by_age.T, placed.sum(axis=0), strict=True)
        ],
        axis=1,
    )
    ages = np.stack(
        [
            largest_remainder(*pair)
            for pair in zip(margins.by_age_placement.T, groups.sum(axis=1), strict=True)
        ]
    )
    seed = (
        groups[:, :, None]
        * ages[:, None, :]
        * PERSON
        // np.maximum(groups.sum(axis=1), 1)[:, None, None]
    )
    cells = raked(
        seed,
        [((0, 2), ages * PERSON), ((0, 1), groups * PERSON), ((1, 2), by_age.T * PERSON)],
        _ROUNDS,
    )
    of_group = groups[margins.placement]
    expected = cells[margins.placement] // np.maximum(of_group, 1)[:, :, None] * placed[:, :, None]
    counts = np.empty_like(expected)
    for need in range(placed.shape[1]):
        counts[:, need] = whole_table(expected[:, need], placed[:, need], by_age[:, need])
    return counts


def _settings_by_authority(margins: Margins, plans: Int, totals: Int, draws: Draws) -> Int:
    """Return plans by (authorities, settings), exact both ways."""
    measures = [
        _INDEPENDENT if name in _AWAY else margins.placements[group]
        for name, group in zip(margins.settings, margins.placement, strict=True)
    ]
    names = list(dict.fromkeys(measures))
    of = np.asarray([names.index(measure) for measure in measures])
    together = np.zeros(len(names), np.int64)
    np.add.at(together, of, totals)
    shares = dict(spread("placement", margins.folder))
    shares["special"] = shares["special"] - shares[_INDEPENDENT][len(shares[_INDEPENDENT]) // 2]
    cells = _spread(
        plans, together, [shares.get(name) for name in names], Stream.placement_spread, draws
    )
    expected = cells[:, of] // np.maximum(together[of], 1) * totals
    return whole_table(expected, plans, totals)


def _needs_by_authority(margins: Margins, plans: Int, totals: Int, draws: Draws) -> Int:
    """Return plans by (authorities, needs) in 65 536ths, as far apart as the published spread."""
    shares = spread("need", margins.folder)
    return _spread(
        plans, totals, [shares[need] for need in margins.needs], Stream.need_spread, draws
    )


def _spread(plans: Int, totals: Int, shares: list[Int | None], stream: Stream, draws: Draws) -> Int:
    """Return plans by (authorities, columns) in 65 536ths that add both ways.

    Shares start at drawn ranks. As they must add to all plans, raking draws them together;
    each is then put back to what its new rank has in the published spread, and raked again.
    """
    ranks = [draws.order(stream, len(plans), str(at)) for at in range(len(totals))]
    margins = [((1,), totals * PERSON), ((0,), plans * PERSON)]
    for _ in range(_RETURNS):
        target = np.stack(
            [_share(points, rank) for points, rank in zip(shares, ranks, strict=True)], axis=1
        )
        cells = raked(plans[:, None] * target * PERSON // 100_000 + 1, margins, _ROUNDS)
        order = np.argsort(cells * 100 // np.maximum(plans, 1)[:, None], axis=0, kind="stable")
        ranks = list(np.argsort(order, axis=0, kind="stable").T)
    return cells


def _share(points: Int | None, rank: Int) -> Int:
    """Return each authority's share, in thousandths of a percent, by its rank in the spread."""
    if points is None:
        return np.full(len(rank), 1000)
    place = (2 * rank + 1) * 1000 // (2 * len(rank))
    ends = np.r_[max(2 * points[0] - points[1], 0), points, 2 * points[-1] - points[-2]]
    below = np.searchsorted(_POINTS, place, side="right") - 1
    part, span = place - _POINTS[below], np.diff(_POINTS)[below]
    return np.asarray(ends[below] + np.diff(ends)[below] * part // span, np.int64)


def _expected(national: Int, settings: Int, needs: Int) -> Int:
    """Return plans by (authorities, settings, needs, ages) in 65 536ths."""
    whole = np.maximum(national.sum(axis=(1, 2)), 1)
    seed = settings[:, :, None, None] * national[None] * PERSON // whole[None, :, None, None]
    return raked(
        seed,
        [((0, 2), needs), ((1, 2, 3), national * PERSON), ((0, 1), settings * PERSON)],
        _ROUNDS // 2,
    )


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
