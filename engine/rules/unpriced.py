"""Bands that a tariff leaves without a price: allowed, but often a slip of the author's."""

import numpy as np

from engine.rules.bands import BandProfile
from engine.rules.compile_prices import tariff_grid
from engine.rules.grid import NONE, describe
from engine.rules.inputs import Input


def unpriced(profile: BandProfile) -> list[str]:
    """Return a sentence for each band that some pupils may have without a price, with an example.

    Such a pupil is paid nothing, and the reason given is that there is no price.
    """
    grid = tariff_grid(profile)
    names = grid.inputs
    answers = grid.answers.reshape(grid.shape)
    others = [at for at, name in enumerate(names) if name != Input.band]
    sentences = []
    for place, band in enumerate(profile.bands):
        own = answers
        if Input.band in names:
            own = np.take(
                answers,
                _cell(grid.edges_of(names.index(Input.band)), place),
                names.index(Input.band),
            )
        # Cell 0 of an input is "not supplied", which is not known and no gap.
        known = own[(slice(1, None),) * len(others)]
        gaps = np.argwhere(known == NONE)
        if len(gaps):
            cells = [int(cell) + 1 for cell in gaps[0]]
            where = describe(
                [names[at] for at in others], [grid.edges_of(at) for at in others], cells
            )
            example = f" where {where}" if where else ""
            sentences.append(f"band {band} has no price{example}; a pupil in it is paid nothing")
    return sentences


def _cell(edges: list[int], band: int) -> int:
    return int(np.searchsorted(edges, band, side="right"))
