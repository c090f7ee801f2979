"""Checked tables of pupils and schools, laid out for kernels.

Columns are narrow whole numbers, contiguous and read-only. Pupils are sorted by
commissioning authority, school and key, so that what belongs together lies together and
the order of a file changes nothing.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import PUPIL_COLUMNS, Int, pupil_column
from engine.vocabulary import HIGHEST_YEAR_GROUP, LOWEST_YEAR_GROUP, Presence, phase_of_year

MISSING = int(np.iinfo(np.int32).min)
"""Stands for a value not supplied in the attributes of a tuple, whatever the column's own width."""

PHASE = "phase"
NO_SCHOOL = int(np.iinfo(np.int32).min)

Column = NDArray[Any]


def frozen(array: Column) -> Column:
    """Return ``array`` contiguous and read-only, so that kernels compile once."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True)
class Tuples:
    """The distinct combinations of some columns, and which of them each pupil has.

    identity    (pupils) position of the pupil's combination, int32
    attributes  (combinations, columns) values, ``MISSING`` where not supplied, int32
    """

    names: tuple[str, ...]
    identity: NDArray[np.int32]
    attributes: NDArray[np.int32]


@dataclass(frozen=True)
class PupilTable:
    """Pupils, sorted by commissioning authority, school and key.

    ``columns`` hold one narrow array a column; ``keys`` the opaque keys; ``labels`` the
    bands that the column ``band`` counts; ``rows`` the row of the file that each came
    from. ``offsets`` bound the placements: the pupils of one authority at one school.
    """

    keys: pl.Series
    columns: Mapping[str, Column]
    rows: NDArray[np.int64]
    labels: tuple[str, ...]
    offsets: Int
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    _dictionaries: dict[tuple[str, ...], Tuples] = field(
        default_factory=dict, compare=False, repr=False
    )
    counted: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """Counts by school, by what was counted: new values for the same counting need no pupil."""

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
        return cls(
            keys=keys.gather(order) if len(order) else keys,
            columns=sorted_columns,
            rows=frozen(np.asarray(rows, dtype=np.int64)[order]),
            labels=labels,
            offsets=frozen(np.r_[starts, len(la)].astype(np.int64)),
            placement_la=frozen(la[starts].astype(np.int16)),
            placement_urn=frozen(urn[starts].astype(np.int32)),
        )

    def __len__(self) -> int:
        """Return the number of pupils."""
        return len(self.rows)

    @cached_property
    def urns(self) -> NDArray[np.int32]:
        """Return the schools that pupils attend, by unique reference number, ascending."""
        known = np.unique(self.placement_urn)
        return frozen(known[known != NO_SCHOOL])

    def column(self, name: str) -> Column:
        """Return a column's values, with ``phase`` worked out from the year group."""
        if name != PHASE:
            return self.columns[name]
        if PHASE not in self._phases:
            self._phases[PHASE] = frozen(
                _PHASE_OF_YEAR[self.columns["year_group"].astype(np.int64) + 128]
            )
        return self._phases[PHASE]

    @cached_property
    def _phases(self) -> dict[str, Column]:
        return {}

    def has(self, name: str) -> bool:
        """Return whether the table holds, or can work out, a column."""
        return name in self.columns or (name == PHASE and "year_group" in self.columns)

    def tuples(self, names: tuple[str, ...]) -> Tuples:
        """Return the distinct combinations of the columns ``names``; worked out once a table."""
        if names not in self._dictionaries:
            self._dictionaries[names] = _tuples(self, names)
        return self._dictionaries[names]


def _starts(la: Column, urn: Column) -> NDArray[np.int64]:
    """Return where each placement's pupils start."""
    new = np.ones(len(la), bool)
    new[1:] = (la[1:] != la[:-1]) | (urn[1:] != urn[:-1])
    return np.flatnonzero(new).astype(np.int64)


def _dtype(name: str) -> np.dtype[np.signedinteger]:
    column = pupil_column(name)
    if column is None or column.dtype is None:
        raise KeyError(name)
    return column.dtype


def _missing(name: str) -> int | None:
    column = PUPIL_COLUMNS["year_group"] if name == PHASE else pupil_column(name)
    return None if column is None else column.missing


def _phase_table() -> NDArray[np.int8]:
    table = np.full(256, np.iinfo(np.int8).min, np.int8)
    for year in range(LOWEST_YEAR_GROUP, HIGHEST_YEAR_GROUP + 1):
        table[year + 128] = phase_of_year(year)
    return table


_PHASE_OF_YEAR = _phase_table()
_DENSE = 1 << 22
FEW, DENSE_FOR_EACH = 1_024, 16
NARROW = 2
"""Bytes of a column whose values are looked up rather than searched."""
OUTSIDE = -(1 << 26)


def _tuples(table: PupilTable, names: tuple[str, ...]) -> Tuples:
    """Return the combinations in ascending order of the columns' values, missing first."""
    columns = [table.column(name) for name in names]
    domains = [_domain(name, column) for name, column in zip(names, columns, strict=True)]
    # A few pupils have few values: looking through a whole domain would be most of the time.
    dense = min(_DENSE, FEW + DENSE_FOR_EACH * len(table))
    if _size(domains) > dense:
        domains = [np.unique(column).astype(np.int64) for column in columns]
    if _size(domains) <= dense:
        identity, distinct = _dense(columns, domains, len(table))
    else:
        packed = np.zeros(len(table), np.int64)
        for column, domain in zip(columns, domains, strict=True):
            packed = packed * len(domain) + np.searchsorted(domain, column)
        distinct, inverse = np.unique(packed, return_inverse=True)
        identity = inverse.astype(np.int32)
    return Tuples(names, frozen(identity), frozen(_attributes(names, domains, distinct)))


def _size(domains: list[NDArray[np.int64]]) -> int:
    return int(np.prod([len(domain) for domain in domains], dtype=object)) if domains else 1


def _domain(name: str, column: Column) -> NDArray[np.int64]:
    """Return the values that a narrow column may hold, ascending; those that a wide one holds."""
    known = PUPIL_COLUMNS["year_group"] if name == PHASE else pupil_column(name)
    if known is None or known.dtype is None or column.dtype.itemsize > NARROW:
        return np.unique(column).astype(np.int64)
    values = np.arange(known.lowest, known.highest + 1)
    return values if known.missing is None else np.r_[known.missing, values]


def _dense(
    columns: list[Column], domains: list[NDArray[np.int64]], length: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return each pupil's combination and the packed numbers of those that occur.

    Every combination has a number of its own, so that one look-up a column and pupil adds
    it up, and one pass over the numbers finds those that occur.
    """
    packed = np.zeros(length, np.int32)
    part = np.empty(length, np.int32)
    stride = _size(domains)
    for column, domain in zip(columns, domains, strict=True):
        stride //= len(domain)
        if column.dtype.itemsize <= NARROW:
            table = np.full(1 << (8 * column.dtype.itemsize), OUTSIDE, np.int32)
            table[domain.astype(column.dtype).view(f"u{column.dtype.itemsize}")] = (
                np.arange(len(domain)) * stride
            )
            np.take(table, column.view(f"u{column.dtype.itemsize}"), out=part)
        else:
            part[:] = np.searchsorted(domain, column) * stride
        packed += part
    if packed.min(initial=0) < 0:
        message = "a column holds a value outside its range; tables are checked at the door"
        raise ValueError(message)
    used = np.zeros(max(_size(domains), 1), bool)
    used[packed] = True
    position = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return position[packed], np.flatnonzero(used)


def _attributes(
    names: tuple[str, ...], domains: list[NDArray[np.int64]], distinct: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the values of each combination from its packed number."""
    attributes = np.empty((len(distinct), len(names)), np.int32)
    rest = distinct.copy()
    for place in range(len(names) - 1, -1, -1):
        rest, code = np.divmod(rest, len(domains[place]))
        values = domains[place][code]
        missing = _missing(names[place])
        attributes[:, place] = (
            np.where(values == missing, MISSING, values) if missing is not None else values
        )
    return attributes


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
