"""Checked tables of pupils, sorted so that related rows are adjacent and the order of a file changes nothing.

Of a large table, what most rule sets read is laid out when it is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import PUPIL_COLUMNS, Int, LaidOut, pupil_column
from engine.notices import Notice
from engine.row_chunks import ONE_THREAD, Blocks
from engine.tables.chosen_pupils import ChosenColumns, ChosenPupils, Pupils, choose
from engine.tables.combinations import (
    PHASE,
    Array,
    Combinations,
    NarrowCombinations,
    combinations_of,
    frozen,
)
from engine.tables.order import NO_SCHOOL, moved, order_by_key, order_by_placement
from engine.tables.rows_apart import RowCounts, RowsApart
from engine.vocabulary import SenProvision


def laid_out(kind: LaidOut) -> tuple[str, ...]:
    """Return the columns that are laid out together, in the order of the register."""
    return tuple(column.name for column in PUPIL_COLUMNS.values() if column.laid_out is kind)


COMMON_COLUMNS = (laid_out(LaidOut.factors), (*laid_out(LaidOut.bands), PHASE))
"""What most rule sets read: a large table's combinations of these are laid out when it is made."""

PROVISION_COLUMNS = (*laid_out(LaidOut.bands), *laid_out(LaidOut.scales))
"""Columns that are laid out for those with special educational provision alone."""

MANY = 50_000
"""Pupils from which a table is worth laying out before anybody asks."""

SEVERAL = 2
"""Rows of which two can be of the same pupil."""


class WithProvision(NamedTuple):
    """The pupils with special educational provision, or of whom that is not known.

    names   the columns of the combinations that they are chosen by
    chosen  (combinations) whether its pupils are among them
    """

    names: tuple[str, ...]
    chosen: NDArray[np.bool_]
    pupils: ChosenPupils


class BySchool(NamedTuple):
    """Placements in the order of their schools, as positions, and the schools, ascending.

    ``starts`` is one longer: where each school's placements start, and where the last's end.
    """

    placements: Int
    urn: NDArray[np.int32]
    starts: Int

    @classmethod
    def of(cls, urn: NDArray[np.int32]) -> "BySchool":
        """Return the order of placements at the schools ``urn``."""
        order = np.argsort(urn, kind="stable")
        schools, starts = np.unique(urn[order], return_index=True)
        ends = np.r_[starts, len(urn)].astype(np.int64)
        return cls(frozen(order.astype(np.int64)), frozen(schools), frozen(ends))


class LaterRows(NamedTuple):
    """The rows of pupils that another row of theirs comes before, ascending, and that first row of each; places."""

    later: Int
    first: Int


@dataclass(frozen=True, repr=False)
class PupilTable(Pupils):
    """Pupils with their opaque ``keys``, sorted by commissioning authority and school.

    Within a school they are in the order of their keys, unless they are many: then in that of the file,
    and ``key_order`` says how to write them. No sum depends on it.
    """

    file_keys: pl.Series | Callable[[], pl.Series]
    """The keys, or what finds them when they are asked for."""
    columns: Mapping[str, Array]
    rows: NDArray[np.int32]
    labels: tuple[str, ...]
    offsets: Int
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    common: tuple[Combinations, ...] = ()
    narrow: tuple[NarrowCombinations, ...] = ()
    """``common`` once more by half as wide numbers, where they fit."""
    known_dated: Int | None = None
    """``dated``, where it was looked for when the table was made."""
    school_order: BySchool | None = None
    """``by_school``, where it was worked out when the table was made."""
    apart: tuple[RowsApart, ...] = ()
    """Rows of the file that are not among the pupils, by reason."""
    rows_read: int = 0
    """Rows of the file, where some are set apart."""
    with_provision: WithProvision | None = None
    """Whom most rules pay at all, of a large table where they are few."""
    notices: tuple[Notice, ...] = ()
    """Notes on the table that they were read from."""
    by_key: bool = True
    """Whether the pupils of a school are in the order of their keys."""
    key_places: NDArray[np.int32] | None = None
    """Where among ``file_keys`` each pupil's is; None where those are in the order of the table."""
    known_later_rows: LaterRows | None = None
    """``later_rows``, where the table was made without its keys."""
    cache: Cache = field(default_factory=Cache, init=False, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        keys: pl.Series,
        columns: Mapping[str, Array],
        rows: Array,
        labels: tuple[str, ...] = (),
        notices: tuple[Notice, ...] = (),
        *,
        by_key: bool = True,
    ) -> "PupilTable":
        """Sort checked columns into a table. ``columns`` must hold ``la``; ``urn`` may be left out.

        Without ``by_key`` the pupils of a school stay in the order of ``rows``.
        """
        la = columns["la"]
        urn = columns.get("urn", np.full(len(la), NO_SCHOOL, np.int32))
        start = columns.get("start", np.zeros(len(la), np.int32))
        order = order_by_key(la, urn, keys, start) if by_key else order_by_placement(la, urn)
        la, urn = moved(la, order), moved(urn, order)
        starts = _starts(la, urn)
        sorted_columns = {
            name: frozen(moved(array, order).astype(_dtype(name), copy=False))
            for name, array in columns.items()
        }
        table = cls(
            file_keys=keys,
            columns=sorted_columns,
            rows=frozen(moved(np.asarray(rows, np.int32), order)),
            labels=labels,
            offsets=frozen(np.r_[starts, len(la)].astype(np.int64)),
            placement_la=frozen(la[starts].astype(np.int16)),
            placement_urn=frozen(urn[starts].astype(np.int32)),
            notices=notices,
            by_key=by_key,
            key_places=None if order is None else frozen(order.astype(np.int32)),
        )
        return table.laid_out()

    @property
    def row_counts(self) -> RowCounts:
        """Return how many rows were read, are valued and are set apart."""
        return RowCounts(self.rows_read or len(self), len(self), self.apart)

    @cached_property
    def source_keys(self) -> pl.Series:
        """Return the keys in the order in which they were read."""
        return self.file_keys if isinstance(self.file_keys, pl.Series) else self.file_keys()

    @cached_property
    def keys(self) -> pl.Series:
        """Return the key of each pupil; of a table whose order is not the file's, once it is asked for."""
        keys = self.source_keys
        return keys if self.key_places is None else keys.gather(self.key_places)

    def keys_of(self, places: Int) -> pl.Series:
        """Return the keys of some pupils."""
        return self.source_keys.gather(
            places if self.key_places is None else self.key_places.take(places)
        )

    @cached_property
    def dated(self) -> Int:  # type: ignore[override]
        """Return the pupils whose first or last day is given, ascending."""
        return self.known_dated if self.known_dated is not None else _dated(self.columns, len(self))

    @cached_property
    def later_rows(self) -> LaterRows:
        """Return the rows of pupils who have several, but for the first of each: nearly always none."""
        if self.known_later_rows is not None:
            return self.known_later_rows
        # Every row of a pupil who has several is dated: no other keys need be looked at.
        dated = self.dated
        if len(dated) < SEVERAL or all_differ(keys := self.keys_of(dated)):
            return LaterRows(dated[:0], dated[:0])
        spells = pl.DataFrame({"key": keys, "row": dated})
        first = spells.select(pl.col("row").first().over("key"))["row"].to_numpy()
        again = first != dated
        return LaterRows(frozen(dated[again]), frozen(first[again].astype(np.int64)))

    @cached_property
    def members(self) -> Int | None:
        """Return a number for the pupil of each row, the same for all spells of one; None where each row is another pupil."""
        later, first = self.later_rows
        if not len(later):
            return None
        number = np.arange(len(self), dtype=np.int64)
        number[later] = first
        return frozen(number)

    @cached_property
    def key_order(self) -> Int | None:
        """Return the pupils in ascending order of authority, school, key and first day; None where they are in it."""
        if self.by_key:
            return None
        placement = np.repeat(np.arange(len(self.placement_la)), np.diff(self.offsets))
        start = self.columns.get("start", np.zeros(len(self), np.int32))
        return order_by_key(placement, np.zeros(len(self), np.int8), self.keys, start)

    def pupils_among(self, rows: NDArray[np.bool_]) -> int:
        """Return how many pupils some rows are about; a pupil may have several spells."""
        if self.members is None:
            return int(np.count_nonzero(rows))
        return len(np.unique(self.members[rows]))

    @cached_property
    def urns(self) -> NDArray[np.int32]:
        """Return the schools that pupils attend, by unique reference number, ascending."""
        known = np.unique(self.placement_urn)
        return frozen(known[known != NO_SCHOOL])

    def elsewhere(self, urns: NDArray[np.int32]) -> int:
        """Return how many pupils are at none of some schools, or name no school."""
        apart = ~np.isin(self.placement_urn, urns)
        if self.members is None:
            return int(np.diff(self.offsets)[apart].sum())
        return self.pupils_among(np.repeat(apart, np.diff(self.offsets)))

    def elsewhere_note(self, urns: NDArray[np.int32]) -> str | None:
        """Return the sentence that says how many pupils those are; None where there are none."""
        number = self.elsewhere(urns)
        are = "pupils are" if number > 1 else "pupil is"
        sentence = (
            f"{number:,} {are} at no school of the school table, and not counted at any school."
        )
        return sentence if number else None

    @cached_property
    def by_school(self) -> BySchool:
        """Return the placements in the order of their schools."""
        return self.school_order or BySchool.of(self.placement_urn)

    def laid_out(self, least: int = MANY) -> "PupilTable":
        """Return the table with its common combinations, where it has pupils enough to be worth it."""
        if len(self) < least or self.common:
            return self
        groups = [tuple(name for name in group if self.has(name)) for group in COMMON_COLUMNS]
        common = tuple(
            combinations_of(one, self.column, len(self)) for one in groups if len(one) > 1
        )
        table = replace(
            self,
            common=common,
            narrow=tuple(narrow for one in common if (narrow := one.narrow()) is not None),
            known_dated=_dated(self.columns, len(self)),
            school_order=self.by_school,
        )
        return replace(table, with_provision=_with_provision(table))

    def chosen(self, by: NarrowCombinations, wanted: NDArray[np.bool_], blocks: Blocks) -> Pupils:
        """Return the pupils with one of some combinations, maybe with others; cached for each table.

        All pupils where nearly all are wanted, or where none is.
        """
        choice = ("chosen", by.names, wanted.tobytes())
        found = self.cache.get(choice, self._choose, by, wanted, blocks)
        return self if found is None else found

    def _choose(
        self, by: NarrowCombinations, wanted: NDArray[np.bool_], blocks: Blocks
    ) -> ChosenPupils | None:
        held = self.with_provision
        if held is None or held.names != by.names or (wanted & ~held.chosen).any():
            return choose(self, by, wanted, blocks)
        if np.array_equal(wanted, held.chosen):
            return held.pupils
        return choose(held.pupils, held.pupils.narrow_by(by.names), wanted, blocks) or held.pupils


def _with_provision(table: PupilTable) -> WithProvision | None:
    """Return the pupils with special educational provision with what rules read of them; None where many."""
    for narrow in table.narrow:
        if "sen_provision" in narrow.names:
            chosen = narrow.values()["sen_provision"] != SenProvision.N
            found = choose(table, narrow, chosen, ONE_THREAD)
            if found is not None:
                read = {
                    name: found.columns[name] for name in PROVISION_COLUMNS if name in table.columns
                }
                columns = ChosenColumns(table.columns, found.where, read)
                found = replace(found, columns=columns, known_dated=found.dated)
                return WithProvision(narrow.names, chosen, found)
    return None


def all_differ(keys: pl.Series) -> bool:
    """Return True only if no key repeats: keys whose hashes all differ all differ, and equal hashes prove nothing.

    Most tables have a row for each pupil, and numbers are sorted in a fraction of the time of texts.
    """
    hashes = np.sort(keys.hash().to_numpy())
    return not bool((hashes[1:] == hashes[:-1]).any())


def _starts(la: Array, urn: Array) -> NDArray[np.int64]:
    """Return where each placement's pupils start."""
    new = np.ones(len(la), bool)
    new[1:] = (la[1:] != la[:-1]) | (urn[1:] != urn[:-1])
    return np.flatnonzero(new).astype(np.int64)


def _dated(columns: Mapping[str, Array], length: int) -> Int:
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
