"""Winners and losers by how much they gain or lose, and tenths of the changes of those who are funded or have a change."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from engine.columns import Int
from engine.compare.change import by_member, deciles
from engine.data import FIXTURES
from engine.modules.top_ups.outcome import TopUpOutcome
from engine.money import pence

VERSION = 1
FUNDED, CHANGED = "funded", "changed"


class BandOfChange(NamedTuple):
    """Pupils whose change is between two amounts, pence, the one nearer to 0 left out; None where nothing bounds it.

    Both are 0 of those who have no change.
    """

    least: int | None
    most: int | None
    number: int
    change: int


class Spread(NamedTuple):
    """The changes of one candidate: by band, from the largest loss to the largest gain; tenths among some; and who is not known."""

    bands: tuple[BandOfChange, ...]
    deciles: dict[str, tuple[int, ...]]
    unknown: int


@cache
def usual_edges() -> tuple[int, ...]:
    """Return the edges of bands that ship, pence."""
    path = FIXTURES / "changes" / f"bands-of-change-{VERSION}.yaml"
    return tuple(pence(one) for one in yaml.safe_load(path.read_bytes())["pounds"])


def spread_of(
    baseline: TopUpOutcome, candidate: TopUpOutcome, edges: Sequence[int] | None = None
) -> Spread:
    """Return how the changes of pupils spread; ``edges`` are rising pence above 0, or those that ship.

    A pupil with several spells counts once, with what all of them gain or lose, and is known where all are. Among
    those who are funded is who is paid anything under either; a change of one who is not is 0.
    """
    known = baseline.known & candidate.known
    change, paid = candidate.amount - baseline.amount, baseline.amount | candidate.amount
    members = candidate.pupils.members
    if members is not None:
        everyone = np.zeros(len(change), np.int32)
        _, paid, _ = by_member(everyone, members, (paid != 0).astype(np.int64), known)
        _, change, known = by_member(everyone, members, change, known)
    sure, funded = change[known], paid[known] != 0
    tenths = {FUNDED: deciles(sure[funded]), CHANGED: deciles(sure[sure != 0])}
    bands = tuple(_bands(sure, usual_edges() if edges is None else edges))
    return Spread(bands, tenths, int(np.count_nonzero(~known)))


def _bands(change: Int, edges: Sequence[int]) -> list[BandOfChange]:
    """Return the bands from the largest loss to the largest gain, with those who have no change in the middle."""
    gains = [
        _band(change, (change > low) & _up_to(change, high), low, high)
        for low, high in zip([0, *edges], [*edges, None], strict=True)
    ]
    losses = [
        _band(
            change, (-change > low) & _up_to(-change, high), None if high is None else -high, -low
        )
        for low, high in zip([0, *edges], [*edges, None], strict=True)
    ]
    return [*losses[::-1], _band(change, change == 0, 0, 0), *gains]


def _up_to(change: Int, high: int | None) -> NDArray[np.bool_]:
    return np.ones(len(change), np.bool_) if high is None else change <= high


def _band(change: Int, among: NDArray[np.bool_], low: int | None, high: int | None) -> BandOfChange:
    return BandOfChange(low, high, int(np.count_nonzero(among)), int(change[among].sum()))
