"""Combinations of pupils' attributes to bands, and the refusal of what no band covers."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import SHOWN, PairRefused, Problem
from engine.kernels.answers import fill_answers
from engine.kernels.top_ups import PRICED
from engine.rules.compiled import CompiledTopUps
from engine.rules.grid import NONE, UNSURE, Grid
from engine.rules.inputs import Input
from engine.tables import MISSING, PupilTable, Tuples, frozen
from engine.vocabulary import Reason


def band_attributes(
    top_ups: CompiledTopUps, pupils: PupilTable, tuples: Tuples
) -> dict[str, NDArray[np.int32]]:
    """Return each attribute of the combinations, with bands in the profile's order and points summed."""
    columns = {
        name: np.ascontiguousarray(tuples.attributes[:, at]) for at, name in enumerate(tuples.names)
    }
    if "band" in columns:
        bands = [top_ups.bands.index(band) for band in top_ups.label_bands]
        known = dict(zip(top_ups.labels, bands, strict=True))
        codes = np.asarray(
            [*(known.get(label, NONE) for label in pupils.labels), MISSING], np.int32
        )
        held = columns["band"]
        columns["band"] = codes[np.where(held == MISSING, len(codes) - 1, held)]
        refuse_labels(top_ups, rows_of(pupils, tuples, columns["band"] == NONE))
    if top_ups.dimensions:
        levels = np.stack([columns[name] for name, _, _ in top_ups.dimensions], axis=1).astype(
            np.int64
        )
        for at, (name, _, highest) in enumerate(top_ups.dimensions):
            refuse_levels(name, highest, rows_of(pupils, tuples, levels[:, at] > highest))
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


def verdict_of(
    top_ups: CompiledTopUps,
    attributes: dict[str, NDArray[np.int32]],
    row: NDArray[np.int32],
    price: NDArray[np.int32],
) -> NDArray[np.int8]:
    """Return ``PRICED`` or the reason that stands before any price, the earliest clause first."""
    verdict = np.full(len(row), PRICED, np.int8)
    for modifier in top_ups.modifiers:
        verdict[answers_of(modifier.grid, attributes) == UNSURE] = Reason.not_supplied
    verdict[price == NONE] = Reason.no_price
    verdict[price == UNSURE] = Reason.not_supplied
    verdict[row == NONE] = Reason.no_band
    verdict[row == UNSURE] = Reason.not_supplied
    if top_ups.threshold and top_ups.threshold_settings:
        verdict[(verdict == PRICED) & (attributes[Input.setting] == MISSING)] = Reason.not_supplied
    funded = answers_of(top_ups.funded, attributes)
    verdict[funded == NONE] = Reason.not_funded
    verdict[funded == UNSURE] = Reason.not_supplied
    return verdict


def rows_of(
    pupils: PupilTable, tuples: Tuples, combinations: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the file's rows of the pupils who have one of some combinations, ascending."""
    if not combinations.any():
        return np.empty(0, np.int64)
    return np.sort(pupils.rows[combinations[tuples.identity]])


def refuse(rows: NDArray[np.int64], rule: str, column: str, sentence: str) -> None:
    """Refuse the rows of a file, if there are any, for one reason."""
    if len(rows):
        problems = [Problem(sentence, rule, column=column, row=int(row)) for row in rows[:SHOWN]]
        raise PairRefused(problems, total=len(rows))


def refuse_labels(top_ups: CompiledTopUps, rows: NDArray[np.int64]) -> None:
    """Refuse the rows of a file whose band is none of the profile's."""
    sentence = f"is not a band of the profile; its bands are {', '.join(top_ups.labels)}"
    refuse(rows, "unknown-band", "band", sentence)


def refuse_levels(name: str, highest: int, rows: NDArray[np.int64]) -> None:
    """Refuse the rows of a file whose level on a dimension is above its highest."""
    sentence = f"is above the highest level of the dimension, {highest}"
    refuse(rows, "level-too-high", name, sentence)


def refuse_gaps(top_ups: CompiledTopUps, pupils: PupilTable, reason: NDArray[np.int8]) -> None:
    """Refuse pupils who are to be paid and whose values no row covers: a gap is an error, not nothing."""
    gap = reason == Reason.no_band
    names = " with ".join(top_ups.assignment.inputs) or "band"
    sentence = f"no band covers these values of {names}; the rule set leaves a gap here"
    refuse(np.sort(pupils.rows[gap]), "no-band", names, sentence)
