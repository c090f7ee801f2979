"""What a block of candidates comes to: amounts and pupils by group, for each candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.columns import Int


@dataclass(frozen=True, slots=True, eq=False)
class BlockAnswer:
    """What the candidates at ``rows`` come to, compared with the baseline: pupils, or schools where these are what candidates are valued over.

    Arrays are (candidates, groups) of whole numbers; what is the same for every candidate is one row
    seen many times. ``before`` and ``after`` are pence of pupils who are known on both sides.

    rows     (candidates) their places among all
    total    (candidates) pence that each pays, of pupils who are known under it
    bands    (candidates, bands) pupils' rows in each band, whose names are ``band_names``
    refused  why a candidate could not be valued after all, by its place among all; its numbers are 0
    formula  pence that the schools formula pays those who are known on both sides; None of pupils
    """

    number: int
    rows: Int
    people: Int
    before: Int
    after: Int
    winners: Int
    losers: Int
    unknown: Int
    total: Int
    bands: Int
    band_names: tuple[str, ...]
    refused: Mapping[int, str]
    formula: Int | None = None

    @property
    def change(self) -> Int:
        """Return after less before, pence."""
        return self.after - self.before

    @property
    def unchanged(self) -> Int:
        """Return the pupils who are known on both sides and get the same."""
        return self.people - self.winners - self.losers - self.unknown

    @property
    def valued(self) -> NDArray[np.bool_]:
        """Return which of the candidates were valued."""
        return ~np.isin(self.rows, np.asarray([*self.refused], np.int64))
