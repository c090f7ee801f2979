"""Cases judged two at a time: which needs more, how sure that is, and which judges see it otherwise.

The chance that one is preferred over another follows from how far apart they are (Bradley and Terry); a tie counts as
half a preference of each. Source: R. A. Bradley, M. E. Terry, *Rank Analysis of Incomplete Block Designs* (1952).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_STEPS = 100
CLOSE = 1e-10


class NotComparable(ValueError):
    """Abilities do not exist: some items were never preferred over any of the others, or never compared with them."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """How much each item needs, on the scale on which one more means odds of e to 1; the reference has 0.

    ``errors`` are standard errors beside the reference. ``deviance`` is that of the pairs' counts, with its degrees of
    freedom. ``reliability`` is the share of the spread of abilities that is not error, None of fewer than three items.
    """

    values: Floats
    errors: Floats
    deviance: float
    freedom: int
    reliability: float | None


def abilities(
    first: Sequence[int], second: Sequence[int], preferred: Sequence[float], reference: int = 0
) -> Abilities:
    """Return the abilities that pairs show: ``first`` and ``second`` are numbers of items from 0, ``preferred`` 1 for the first, 0 for the second, 0.5 for a tie.

    Raises ``NotComparable`` where they do not exist.
    """
    pairs = np.stack([np.asarray(first, np.int64), np.asarray(second, np.int64)])
    won = np.asarray(preferred, float)
    items = int(pairs.max()) + 1
    wins, games = np.zeros((items, items)), np.zeros((items, items))
    for (one, other), share in ((pairs, won), (pairs[::-1], 1 - won)):
        np.add.at(wins, (one, other), share)
        np.add.at(games, (one, other), 1)
    if not _is_connected(wins > 0):
        message = (
            "some items were never preferred over any of the others, or never compared with them"
        )
        raise NotComparable(message)
    values = np.zeros(items)
    free = np.arange(items) != reference
    for _ in range(MOST_STEPS):
        chance = _chance(values)
        information = _information(games, chance)
        step = np.linalg.solve(
            information[np.ix_(free, free)], (wins - games * chance).sum(axis=1)[free]
        )
        values[free] += np.clip(step, -1, 1)
        if np.abs(step).max() < CLOSE:
            break
    inverse = np.linalg.inv(_information(games, _chance(values))[np.ix_(free, free)])
    errors = np.zeros(items)
    errors[free] = np.sqrt(np.diag(inverse))
    upper = np.triu(games > 0, 1)
    return Abilities(
        values, errors, _deviance(wins, games, _chance(values)), int(upper.sum()) - (items - 1),
        _reliability(values, games),
    )  # fmt: skip


def _chance(values: Floats) -> Floats:
    """Return the chance that each item is preferred over each other, (items, items)."""
    return np.asarray(1 / (1 + np.exp(values[None, :] - values[:, None])))


def _information(games: Floats, chance: Floats) -> Floats:
    each = games * chance * (1 - chance)
    return np.asarray(np.diag(each.sum(axis=1)) - each)


def _deviance(wins: Floats, games: Floats, chance: Floats) -> float:
    """Return twice how much likelier the counts of each pair make what was preferred than the abilities do."""
    expected = games * chance
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(wins > 0, wins * np.log(wins / expected), 0)
    return float(2 * terms.sum())


def _reliability(values: Floats, games: Floats) -> float | None:
    """Return the share of the spread that is not error, with errors beside the mean of all."""
    items = len(values)
    if items < 3:  # noqa: PLR2004 - two items have one difference and no spread
        return None
    information = _information(games, _chance(values))
    mean_square = float(np.diag(np.linalg.pinv(information)).mean())
    spread = float(values.var(ddof=1))
    return max(0.0, (spread - mean_square) / spread) if spread else 0.0


def _is_connected(wins: NDArray[np.bool_]) -> bool:
    """Return whether each item was preferred over each other, directly or through others."""
    reach = wins | np.eye(len(wins), dtype=bool)
    for _ in range(len(wins).bit_length()):
        reach = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    return bool(reach.all())


def judge_misfit(
    found: Abilities,
    first: Sequence[int],
    second: Sequence[int],
    preferred: Sequence[float],
    judges: Sequence[int],
) -> tuple[Floats, Codes]:
    """Return each judge's mean square misfit, about 1 where the judge sees what the others see, and how many pairs each judged.

    It is the squared difference of each preference from its chance, summed and divided by what chance alone would bring
    (infit).
    """
    judge = np.asarray(judges, np.int64)
    chance = _chance(found.values)[np.asarray(first), np.asarray(second)]
    missed = (np.asarray(preferred, float) - chance) ** 2
    number = np.bincount(judge)
    by_chance = np.bincount(judge, chance * (1 - chance))
    return np.bincount(judge, missed) / np.where(by_chance > 0, by_chance, 1), number


def cut_points(values: Floats, bands: Sequence[int | None], categories: int) -> list[float | None]:
    """Return the ability from which each band after the first begins, by cases whose band is known.

    Of each two neighbours the cut lies where it puts fewest anchors on the wrong side, halfway between the anchors beside
    it; None where no anchor has one of the bands below, or none of those above.
    """
    anchors = sorted(
        (float(value), band) for value, band in zip(values, bands, strict=True) if band is not None
    )
    cuts: list[float | None] = []
    for band in range(1, categories):
        below = [one < band for _, one in anchors]
        if all(below) or not any(below):
            cuts.append(None)
            continue
        wrong = [below[at:].count(True) + below[:at].count(False) for at in range(len(anchors) + 1)]
        inner = range(1, len(anchors))
        at = min(inner, key=lambda place: wrong[place])
        cuts.append((anchors[at - 1][0] + anchors[at][0]) / 2)
    return cuts
