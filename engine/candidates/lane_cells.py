"""Pupils by what decides under candidates whose cut-offs move: which cut-offs, between which of them, and what is paid there."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.candidates.cut_order import CutOrder, Ladder
from engine.candidates.lanes import ABOVE_ALL, Lanes
from engine.candidates.sides import (
    NOTHING,
    SINGLY,
    UNKNOWN,
    UNPRICED,
    Side,
    class_codes,
    of_rows,
    of_table,
)
from engine.candidates.structure import Variant
from engine.columns import Int
from engine.modules.top_ups.band_and_price import price_of_rows
from engine.modules.top_ups.bands import band_attributes, funded_pupils
from engine.modules.top_ups.pupil_combinations import Attributes
from engine.row_chunks import Blocks
from engine.rules.grid import Grid
from engine.rules.in_force import InForce
from engine.tables import PupilTable, frozen
from engine.vocabulary import Reason

Codes = NDArray[np.int32]


class Places(NamedTuple):
    """Where pupils are among cut-offs: everyone of a place is paid alike under any candidate.

    ladder  (places) which cut-offs, and ``rank`` how many of all candidates' different ones the pupils are above or at
    scale   (places) which classes lie between them
    """

    ladder: Int
    rank: Int
    scale: Int


class BandCounts(NamedTuple):
    """Rows of pupils by cut-offs and bands between them.

    ladder  (kinds) which cut-offs; ``bands`` (kinds, steps) the band of each step, -1 for none
    below   (kinds, ranks + 1) rows that are above or at fewer of all different cut-offs
    """

    ladder: Int
    bands: Codes
    below: Int


class LaneSide(NamedTuple):
    """What the rows of a table are paid by under candidates whose cut-offs move.

    side    of each row its place, as a class is; ``steps`` are those of the classes
    cuts    (ladders, steps) cut-offs by number, ascending; -1 where a ladder has fewer
    scales  (scales, steps + 1) the class between two cut-offs; the one after all classes for nothing
    """

    side: Side
    places: Places
    cuts: Int
    scales: Int
    bands: BandCounts


def lane_side_of(
    variant: Variant,
    lanes: Lanes,
    pupils: PupilTable,
    nows: Sequence[InForce],
    blocks: Blocks,
) -> LaneSide:
    """Return what rows are paid by under candidates that share all but cut-offs and amounts with a variant."""
    top_ups = variant.rules.top_ups
    if top_ups is None:
        message = "rules without top-ups pay no pupil"
        raise ValueError(message)
    funded = funded_pupils(top_ups, pupils, blocks)
    combinations = funded.combinations(top_ups.columns)
    attributes = band_attributes(top_ups, funded, combinations)
    ladders, ladder = _ladders(lanes.order, lanes.grid, attributes, len(combinations.attributes))
    rows = np.asarray([one.rows for one in _padded(ladders)], np.int32)
    steps = rows.shape[1]
    each: Attributes = {name: np.repeat(held, steps) for name, held in attributes.items()}
    found = price_of_rows(top_ups, each, rows[ladder].reshape(-1))
    side = class_codes(variant.rules, top_ups, found, each, variant.places, nows)
    code = side.code.reshape(-1, steps)
    status: NDArray[np.int8] = found.rates.status[0].reshape(-1, steps)
    is_funded: NDArray[np.bool_] = np.not_equal(status, int(Reason.not_funded))
    held = attributes[lanes.order.name]
    rank = np.searchsorted(lanes.values, held, side="right").astype(np.int64)
    cuts, cut_of = _distinct([one.cuts for one in ladders], steps - 1)
    state = _states(code, is_funded, _is_reached(lanes, cuts[cut_of][ladder], rank))
    nothing = len(side.classes)
    scales, scale = np.unique(np.where(code >= 0, code, nothing), axis=0, return_inverse=True)
    places, place = _places(cut_of[ladder], rank, scale.reshape(-1))
    by_combination = np.where(state >= 0, place, state).astype(np.int32)
    by_row = of_rows(top_ups, funded, by_combination[combinations.combination])
    is_once: NDArray[np.bool_] = np.logical_or.reduce(side.once.reshape(-1, steps), axis=1)
    once = is_once[combinations.combination]
    by_row, once = of_table(pupils, funded, by_row, once)
    band = np.where(is_funded, found.band.reshape(-1, steps), -1)
    number = np.bincount(combinations.combination, minlength=len(ladder))
    bands = _band_counts(cut_of[ladder], band, rank, number, len(lanes.values))
    return LaneSide(
        Side(frozen(by_row), frozen(once), side.classes, side.steps),
        places, cuts, frozen(scales.astype(np.int64)), bands,
    )  # fmt: skip


def _ladders(
    order: CutOrder, grid: Grid, attributes: Attributes, length: int
) -> tuple[list[Ladder], Int]:
    """Return the different ladders, and which of them each combination has."""
    others, along = np.zeros(length, np.int64), np.zeros(length, np.int64)
    for at, name in enumerate(grid.inputs):
        slot = np.searchsorted(grid.edges_of(at), attributes[name], side="right")
        if name == order.name:
            along = slot
        else:
            others = others * grid.shape[at] + slot
    distinct, place = np.unique(2 * others + (along == 0), return_inverse=True)
    # What is not supplied is in no range: one row decides, or none, wherever cut-offs are.
    found = [
        order.not_supplied(grid, one // 2) if one % 2 else order.ladder(grid, one // 2)
        for one in distinct.tolist()
    ]
    ladders = {one: at for at, one in enumerate(dict.fromkeys(found))}
    return [*ladders], np.asarray([ladders[one] for one in found], np.int64)[place.reshape(-1)]


def _padded(ladders: Sequence[Ladder]) -> list[Ladder]:
    """Return ladders of the same length: above its last cut-off the same row decides."""
    most = max((len(one.rows) for one in ladders), default=1)
    return [
        one._replace(rows=(*one.rows, *one.rows[-1:] * (most - len(one.rows)))) for one in ladders
    ]


def _is_reached(lanes: Lanes, cuts: Int, rank: Int) -> NDArray[np.bool_]:
    """Return between which cut-offs combinations are under any candidate (combinations, steps); ``cuts`` are theirs by number."""
    least, most = (
        np.r_[one, ABOVE_ALL] for one in (lanes.cuts.min(axis=1), lanes.cuts.max(axis=1))
    )
    above, below = rank[:, None] >= least[cuts], rank[:, None] < most[cuts]
    always = np.ones((len(rank), 1), np.bool_)
    reached: NDArray[np.bool_] = np.hstack([always, above]) & np.hstack([below, always])
    return reached


def _states(code: Codes, is_funded: NDArray[np.bool_], is_reached: NDArray[np.bool_]) -> Codes:
    """Return 0 for combinations that are paid an amount wherever cut-offs are, else what they are instead.

    One that is known under some candidates alone is worked out one by one, and so is one without a band.
    """
    paid = (code >= 0) | ((code == NOTHING) & ~is_funded) | ~is_reached
    state = np.where(paid.all(axis=1), 0, SINGLY).astype(np.int32)
    for one in (UNKNOWN, UNPRICED):
        state[((code == one) | ~is_reached).all(axis=1)] = one
    state[(~is_funded | ~is_reached).all(axis=1)] = NOTHING
    return state


def _distinct(cuts: Sequence[tuple[int, ...]], most: int) -> tuple[Int, Int]:
    """Return the different lists of cut-offs, filled up with -1, and which of them each is."""
    held = np.full((len(cuts), most), -1, np.int64)
    for out, one in zip(held, cuts, strict=True):
        out[: len(one)] = one
    distinct, place = np.unique(held, axis=0, return_inverse=True)
    return distinct, place.reshape(-1)


def _places(ladder: Int, rank: Int, scale: Int) -> tuple[Places, Int]:
    """Return the different places, in the order in which lanes meet them, and which of them each combination has."""
    keys = np.stack([ladder, rank, scale], axis=1)
    distinct, place = np.unique(keys, axis=0, return_inverse=True)
    return Places(*(frozen(np.ascontiguousarray(one)) for one in distinct.T)), place.reshape(-1)


def _band_counts(ladder: Int, band: Codes, rank: Int, number: Int, most: int) -> BandCounts:
    keys = np.concatenate([ladder[:, None], band], axis=1)
    distinct, kind = np.unique(keys, axis=0, return_inverse=True)
    held = np.zeros((len(distinct), most + 2), np.int64)
    np.add.at(held, (kind.reshape(-1), rank + 1), number)
    return BandCounts(distinct[:, 0], distinct[:, 1:].astype(np.int32), held.cumsum(axis=1))
