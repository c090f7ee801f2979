"""Bands of combinations of pupils' attributes, the reasons that come before any price, and who can be paid."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int
from engine.kernels.answers import fill_answers
from engine.kernels.top_ups import PRICED
from engine.row_chunks import Blocks
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE, UNSURE, Grid
from engine.rules.inputs import Input
from engine.tables import MISSING, Combinations, Pupils, PupilTable, frozen
from engine.vocabulary import Reason

if TYPE_CHECKING:
    from engine.modules.top_ups.fitting_rows import FittingRows


def band_attributes(
    top_ups: CompiledTopUps, pupils: Pupils, combinations: Combinations
) -> dict[str, NDArray[np.int32]]:
    """Return each attribute of the combinations, with bands in the profile's order and points summed."""
    columns = {
        name: np.ascontiguousarray(combinations.attributes[:, at])
        for at, name in enumerate(combinations.names)
    }
    if "band" in columns:
        bands = [top_ups.bands.index(band) for band in top_ups.label_bands]
        known = dict(zip(top_ups.labels, bands, strict=True))
        codes = np.asarray(
            [*(known.get(label, NONE) for label in pupils.labels), MISSING], np.int32
        )
        held = columns["band"]
        columns["band"] = codes[np.where(held == MISSING, len(codes) - 1, held)]
    if top_ups.dimensions:
        levels = np.stack([columns[name] for name, _, _ in top_ups.dimensions], axis=1).astype(
            np.int64
        )
        weighted = levels * np.asarray([weight for _, weight, _ in top_ups.dimensions], np.int64)
        points = weighted.max(axis=1) if top_ups.highest_decides else weighted.sum(axis=1)
        columns["points"] = np.where((levels == MISSING).any(axis=1), MISSING, points).astype(
            np.int32
        )
    return columns


def answers_of(grid: Grid, attributes: dict[str, NDArray[np.int32]]) -> NDArray[np.int32]:
    """Return the deciding row of each combination under a grid, ``NONE`` or ``UNSURE``."""
    length = len(next(iter(attributes.values()))) if attributes else 1
    matrix = np.empty((length, len(grid.inputs)), np.int32)
    for at, name in enumerate(grid.inputs):
        matrix[:, at] = attributes[name]
    out = np.empty(length, np.int32)
    fill_answers(
        0, length, frozen(matrix), grid.edges, grid.offsets, grid.strides, grid.answers, out
    )
    return out


def status_of(
    top_ups: CompiledTopUps,
    attributes: dict[str, NDArray[np.int32]],
    row: NDArray[np.int32],
    price: NDArray[np.int32],
    fitting: "FittingRows",
    threshold: Int,
) -> NDArray[np.int8]:
    """Return ``PRICED``, or the first reason not to look for a price (segments, combinations; codes of ``Reason``).

    Where no price holds, the amount is not known unless it is for no hours or days: its rate says so.
    """
    status = np.full((len(top_ups.segments), len(row)), PRICED, np.int8)
    unsure_price = fitting.unsure_price(price)
    for at, modifier in enumerate(top_ups.modifiers):
        applies = answers_of(modifier.grid, attributes)
        for of, segment in zip(status, top_ups.segments, strict=True):
            held = segment.modifiers[at]
            if held is not None:
                place = fitting.place(held.table)
                rows = applies if place is None else fitting.rows[place]
                of[(applies == UNSURE) | ((applies > NONE) & (rows == UNSURE))] = (
                    Reason.not_supplied
                )
    status[:, unsure_price] = Reason.not_supplied
    status[:, price == NONE] = PRICED
    status[:, price == UNSURE] = Reason.not_supplied
    status[:, row == NONE] = Reason.no_band
    status[:, row == UNSURE] = Reason.not_supplied
    _mark_unsure_clauses(top_ups, attributes, status, price, fitting, threshold)
    funded = answers_of(top_ups.funded, attributes)
    status[:, funded == NONE] = Reason.not_funded
    status[:, funded == UNSURE] = Reason.not_supplied
    return status


def _mark_unsure_clauses(
    top_ups: CompiledTopUps,
    attributes: dict[str, NDArray[np.int32]],
    status: NDArray[np.int8],
    price: NDArray[np.int32],
    fitting: "FittingRows",
    threshold: Int,
) -> None:
    """Mark combinations for which a column is not supplied that decides a first part, floor or cap."""
    counts, unset = has_threshold(top_ups, attributes, len(price)), np.zeros(len(price), np.bool_)
    if top_ups.threshold_settings:
        unset = attributes[Input.setting] == MISSING
    unsure = fitting.unsure_clause(counts | unset) & (price != NONE)
    for of, first in zip(status, threshold, strict=True):
        of[(of == PRICED) & (unsure | (unset & (price != NONE) & (first != 0)))] = (
            Reason.not_supplied
        )


def has_threshold(
    top_ups: CompiledTopUps, attributes: Mapping[str, NDArray[np.int32]], length: int
) -> NDArray[np.bool_]:
    """Return the combinations in whose settings a first part is taken off."""
    if not top_ups.threshold_settings:
        return np.full(length, top_ups.segments[0].clauses.inside)
    return np.isin(attributes[Input.setting], top_ups.threshold_settings)


def funded_pupils(top_ups: CompiledTopUps, pupils: PupilTable, blocks: Blocks) -> Pupils:
    """Return the pupils whom the rules may pay; where a table has no suitable groups, all.

    All others are paid 0 without further work.
    """
    wanted = set(top_ups.funded.inputs)
    for narrow in pupils.narrow if wanted else ():
        if wanted <= set(narrow.names):
            funded = answers_of(top_ups.funded, narrow.values()) != NONE
            return pupils.chosen(narrow, funded, blocks)
    return pupils
