"""Checked tables of schools, with the values that rules read, looked up once for each table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import Int
from engine.notices import Notice
from engine.tables.combinations import Array, frozen
from engine.tables.rows_apart import RowCounts, RowsApart
from engine.vocabulary import YEARS_OF_PHASE, Presence, SchoolPhase

STAGE_COLUMNS = ("primary_years", "ks3_years", "ks4_years")
STAGES_OF_MIDDLE = STAGE_COLUMNS[:2]


def _usual_years() -> Int:
    """Return the year groups of each key stage by phase of school (3, phases)."""
    table = np.zeros((len(STAGE_COLUMNS), max(SchoolPhase) + 1), np.int64)
    for phase, years in YEARS_OF_PHASE.items():
        table[:, phase] = years
    return table


_USUAL_YEARS = _usual_years()


@dataclass(frozen=True)
class SchoolTable:
    """Schools in ascending order of unique reference number.

    ``columns`` hold the register's columns; ``values`` the units (millionths) or amounts
    (pence) of formula lines by column name, and ``presence`` why each is there or not.
    ``notices`` are notes on the table that they were read from.
    """

    urn: NDArray[np.int32]
    names: tuple[str, ...]
    columns: Mapping[str, Array]
    values: Mapping[str, Int]
    presence: Mapping[str, NDArray[np.int8]]
    rows: NDArray[np.int64]
    notices: tuple[Notice, ...] = ()
    apart: tuple[RowsApart, ...] = ()
    """Rows of the file that are not among the schools, by reason."""
    rows_read: int = 0
    """Rows of the file, where some are set apart."""
    cache: Cache = field(default_factory=Cache, init=False, compare=False, repr=False)

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.urn)

    @property
    def row_counts(self) -> RowCounts:
        """Return how many rows were read, are valued and are set apart."""
        return RowCounts(self.rows_read or len(self), len(self), self.apart)

    def among(self, at: NDArray[np.intp]) -> "SchoolTable":
        """Return some of the schools by their positions, in the same order."""
        return SchoolTable(
            frozen(self.urn[at]),
            tuple(self.names[one] for one in at.tolist()),
            {name: frozen(held[at]) for name, held in self.columns.items()},
            {name: frozen(held[at]) for name, held in self.values.items()},
            {name: frozen(held[at]) for name, held in self.presence.items()},
            frozen(self.rows[at]),
        )

    def has_value(self, name: str) -> Array:
        """Return which schools have a value in a line's column; not to be written."""
        return self.cache.get(("has value", name), self._has_value, name)

    def _has_value(self, name: str) -> Array:
        return frozen(self.presence[name] == Presence.given)

    def of(self, phases: tuple[SchoolPhase, ...]) -> NDArray[np.bool_]:
        """Return which schools are of one of some phases; not to be written."""
        return self.cache.get(("of", phases), self._of, phases)

    def _of(self, phases: tuple[SchoolPhase, ...]) -> NDArray[np.bool_]:
        table = np.zeros(max(SchoolPhase) + 1, bool)
        table[list(phases)] = True
        return frozen(table.take(self.columns["phase"]))

    def cell(self, name: str, school: int) -> int | None:
        """Return a cell of the register, or None where it is not given."""
        held = int(self.columns[name][school]) if name in self.columns else -1
        return None if held < 0 else held

    @cached_property
    def years(self) -> Int:
        """Return the year groups of each key stage (3, schools), as given or as its phase has them.

        None where they are not known.
        """
        years = _USUAL_YEARS.take(self.columns["phase"], axis=1)
        for usual, name in zip(years, STAGE_COLUMNS, strict=True):
            if name in self.columns:
                given = self.columns[name]
                np.copyto(usual, given, where=given >= 0)
        # A middle school has no usual years: of the stages it spans, one alone would be all of it.
        spans = [self._has_years(name) for name in STAGES_OF_MIDDLE]
        years[:, self.of((SchoolPhase.middle,)) & ~np.logical_and(*spans)] = 0
        return frozen(years)

    def _has_years(self, name: str) -> NDArray[np.bool_]:
        if name not in self.columns:
            return np.zeros(len(self), bool)
        given: NDArray[np.bool_] = self.columns[name] >= 0
        return given

    def __repr__(self) -> str:
        """Return how many schools there are."""
        return f"<SchoolTable: {len(self)} schools>"
