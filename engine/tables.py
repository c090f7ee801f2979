"""Checked tables of pupils and schools, laid out for kernels.

Columns are narrow whole numbers, contiguous and read-only. Pupils are sorted by
commissioning authority, school and key, so that what belongs together lies together and
the order of a file changes nothing.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import Int, pupil_column
from engine.combinations import (
    MISSING,
    PHASE,
    Column,
    Narrow,
    Tuples,
    frozen,
    phases_of,
    tuples_of,
)
from engine.vocabulary import Presence

__all__ = [
    "MISSING",
    "NO_SCHOOL",
    "PHASE",
    "Column",
    "PupilTable",
    "SchoolTable",
    "Tuples",
    "frozen",
]

NO_SCHOOL = int(np.iinfo(np.int32).min)

STANDING = (
    (
        "year_group",
        "fsm",
        "fsm6",
        "eal3",
        "mobility",
        "looked_after",
        "low_prior_attainment",
        "idaci",
    ),
    ("sen_provision", "primary_need", "setting", PHASE),
)
"""What most rule sets read: a large table's combinations of these are laid out when it is made."""

MANY = 50_000
"""Pupils from which a table is worth laying out before anybody asks."""


class Pupils:
    """What is read of pupils to value them: of a whole table's, or of some of them.

    ``columns`` hold one narrow array a column; ``labels`` the bands that the column
    ``band`` counts; ``rows`` the row of the file that each came from. ``offsets`` bound the
    placements: the pupils of one authority at one school. ``dated`` are the pupils whose
    first or last day is given, ascending: the others stay all year.
    """

    columns: Mapping[str, Column]
    rows: NDArray[np.int64]
    labels: tuple[str, ...]
    offsets: Int
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    standing: tuple[Tuples, ...]
    narrow: tuple[Narrow, ...]
    dated: Int

    def __len__(self) -> int:
        """Return the number of pupils."""
        return int(self.offsets[-1])

    def column(self, name: str) -> Column:
        """Return a column's values, with ``phase`` worked out from the year group."""
        if name != PHASE:
            return self.columns[name]
        if PHASE not in self._phases:
            self._phases[PHASE] = phases_of(self.columns["year_group"])
        return self._phases[PHASE]

    @cached_property
    def _phases(self) -> dict[str, Column]:
        return {}

    def has(self, name: str) -> bool:
        """Return whether the table holds, or can work out, a column."""
        return name in self.columns or (name == PHASE and "year_group" in self.columns)

    @cached_property
    def _dictionaries(self) -> dict[tuple[str, ...], Tuples]:
        return {}

    def tuples(self, names: tuple[str, ...]) -> Tuples:
        """Return combinations of the columns ``names``; worked out once a table.

        A large table's may tell apart more than ``names`` do.
        """
        if names not in self._dictionaries:
            self._dictionaries[names] = self._found(names)
        return self._dictionaries[names]

    def narrow_of(self, names: Collection[str]) -> list[Narrow]:
        """Return the narrow combinations that tell more than one of ``names`` together."""
        return [one for one in self.narrow if len(set(names) & set(one.names)) > 1]

    def _found(self, names: tuple[str, ...]) -> Tuples:
        for standing in self.standing:
            if set(names) <= set(standing.names):
                return standing.of(names)
        return tuples_of(names, self.column, len(self))


@dataclass(frozen=True)
class PupilTable(Pupils):
    """Pupils with their opaque ``keys``, sorted by commissioning authority, school and key."""

    keys: pl.Series
    columns: Mapping[str, Column]
    rows: NDArray[np.int64]
    labels: tuple[str, ...]
    offsets: Int
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    standing: tuple[Tuples, ...] = ()
    narrow: tuple[Narrow, ...] = ()
    """``standing`` once more by half as wide numbers, where they fit."""
    days_given: Int | None = None
    """``dated``, where it was looked for when the table was made."""
    counted: dict[Hashable, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What was counted or chosen before, by what decides it: new values need no look at every pupil."""

    @classmethod
    def of(
        cls,
        keys: pl.Series,
        columns: Mapping[str, Column],
        rows: Column,
        labels: tuple[str, ...] = (),
    ) -> "PupilTable":
        """Sort checked columns into a table. ``columns`` must hold ``la``; ``urn`` may be left out."""
        la = columns["la"]
        urn = columns.get("urn", np.full(len(la), NO_SCHOOL, np.int32))
        start = columns.get("start", np.zeros(len(la), np.int32))
        frame = pl.DataFrame({"la": la, "urn": urn, "key": keys, "start": start})
        order = frame.with_row_index("row").sort("la", "urn", "key", "start")["row"].to_numpy()
        la, urn = la[order], urn[order]
        starts = _starts(la, urn)
        sorted_columns = {
            name: frozen(array[order].astype(_dtype(name), copy=False))
            for name, array in columns.items()
        }
        table = cls(
            keys=keys.gather(order) if len(order) else keys,
            columns=sorted_columns,
            rows=frozen(np.asarray(rows, dtype=np.int64)[order]),
            labels=labels,
            offsets=frozen(np.r_[starts, len(la)].astype(np.int64)),
            placement_la=frozen(la[starts].astype(np.int16)),
            placement_urn=frozen(urn[starts].astype(np.int32)),
        )
        return table.laid_out()

    @cached_property
    def dated(self) -> Int:  # type: ignore[override]
        """Return the pupils whose first or last day is given, ascending."""
        return self.days_given if self.days_given is not None else _dated(self.columns, len(self))

    @cached_property
    def urns(self) -> NDArray[np.int32]:
        """Return the schools that pupils attend, by unique reference number, ascending."""
        known = np.unique(self.placement_urn)
        return frozen(known[known != NO_SCHOOL])

    @cached_property
    def by_school(self) -> tuple[Int, NDArray[np.int32]]:
        """Return the placements in the order of their schools, and their schools, ascending."""
        order = np.argsort(self.placement_urn, kind="stable")
        return frozen(order.astype(np.int64)), frozen(self.placement_urn[order])

    def laid_out(self, least: int = MANY) -> "PupilTable":
        """Return the table with its standing combinations, where it has pupils enough to be worth it."""
        if len(self) < least or self.standing:
            return self
        groups = [tuple(name for name in group if self.has(name)) for group in STANDING]
        standing = tuple(tuples_of(one, self.column, len(self)) for one in groups if len(one) > 1)
        return replace(
            self,
            standing=standing,
            narrow=tuple(narrow for one in standing if (narrow := one.narrow()) is not None),
            days_given=_dated(self.columns, len(self)),
        )


def _starts(la: Column, urn: Column) -> NDArray[np.int64]:
    """Return where each placement's pupils start."""
    new = np.ones(len(la), bool)
    new[1:] = (la[1:] != la[:-1]) | (urn[1:] != urn[:-1])
    return np.flatnonzero(new).astype(np.int64)


def _dated(columns: Mapping[str, Column], length: int) -> Int:
    given = np.zeros(length, bool)
    for name in ("start", "end"):
        if name in columns:
            given |= columns[name] >= 0
    return frozen(np.flatnonzero(given).astype(np.int64))


def _dtype(name: str) -> np.dtype[np.signedinteger]:
    column = pupil_column(name)
    if column is None or column.dtype is None:
        raise KeyError(name)
    return column.dtype


@dataclass(frozen=True)
class SchoolTable:
    """Schools in ascending order of unique reference number.

    ``columns`` hold the register's columns; ``values`` the units (millionths) or amounts
    (pence) of formula lines by column name, and ``presence`` why each is there or not.
    """

    urn: NDArray[np.int32]
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    values: Mapping[str, Int]
    presence: Mapping[str, NDArray[np.int8]]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.urn)

    def given(self, name: str) -> Column:
        """Return which schools have a value in a line's column."""
        given: Column = self.presence[name] == Presence.given
        return given
