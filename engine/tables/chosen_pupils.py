"""Pupils as they are valued: a whole table's, or some of them where rules leave all others out.

In a national file, four pupils in five have no special educational needs, and most rules
pay only the others. Those whom rules may pay are found once; the rest are not looked at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.cache import Cache
from engine.columns import Int
from engine.kernels.codes import fill_chosen
from engine.row_chunks import Blocks
from engine.tables.combinations import (
    PHASE,
    Array,
    Combinations,
    NarrowCombinations,
    combinations_of,
    frozen,
    phases_of,
)

WORTH = 4
"""At least one in so many pupils must be left out, or all are valued."""


class Pupils:
    """What is read of pupils to value them: of a whole table's, or of some of them.

    ``columns`` hold one narrow array a column; ``labels`` the bands that the column
    ``band`` counts; ``rows`` the row of the file that each came from. ``offsets`` bound the
    placements: the pupils of one authority at one school. ``dated`` are the pupils whose
    first or last day is given, ascending: the others stay all year.
    """

    columns: Mapping[str, Array]
    rows: NDArray[np.int32]
    labels: tuple[str, ...]
    offsets: Int
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    common: tuple[Combinations, ...]
    narrow: tuple[NarrowCombinations, ...]
    dated: Int
    cache: Cache
    """What was counted, chosen or combined before: new values need no look at every pupil."""

    def __len__(self) -> int:
        """Return the number of pupils."""
        return int(self.offsets[-1])

    def column(self, name: str) -> Array:
        """Return a column's values, with ``phase`` worked out from the year group."""
        if name != PHASE:
            return self.columns[name]
        return self.cache.get(PHASE, lambda: phases_of(self.columns["year_group"]))

    def has(self, name: str) -> bool:
        """Return whether the table holds, or can work out, a column."""
        return name in self.columns or (name == PHASE and "year_group" in self.columns)

    def combinations(self, names: tuple[str, ...]) -> Combinations:
        """Return combinations of the columns ``names``; worked out once a table.

        A large table's may tell apart more than ``names`` do.
        """
        return self.cache.get(("combinations", names), self._combinations, names)

    def narrow_parts(self, names: tuple[str, ...]) -> list[NarrowCombinations]:
        """Return combinations of the columns ``names`` by half as wide numbers, in parts where they are many."""
        for common in self.common:
            if set(names) <= set(common.names):
                codes = [one.combination for one in self.narrow if one.names == common.names]
                if codes:
                    return [
                        NarrowCombinations(names, codes[0], self.combinations(names).attributes)
                    ]
                break
        return self.combinations(names).parts()

    def narrow_of(self, names: Collection[str]) -> list[NarrowCombinations]:
        """Return the narrow combinations that tell more than one of ``names`` together."""
        return [one for one in self.narrow if len(set(names) & set(one.names)) > 1]

    def _combinations(self, names: tuple[str, ...]) -> Combinations:
        for common in self.common:
            if set(names) <= set(common.names):
                return common.of(names)
        return combinations_of(names, self.column, len(self))

    def __repr__(self) -> str:
        """Return the number of pupils, and nothing about any single one."""
        return f"<{type(self).__name__}: {len(self)} pupils>"


class ChosenColumns(Mapping[str, Array]):
    """The columns of some of a table's pupils, each taken when it is first asked for."""

    def __init__(
        self, whole: Mapping[str, Array], where: Int, taken: Mapping[str, Array] | None = None
    ) -> None:
        """Keep the whole columns, the positions of the pupils, and the columns already taken."""
        self._whole, self._where, self._taken = whole, where, dict(taken or {})

    @property
    def names_so_far(self) -> tuple[str, ...]:
        """Return the names of the columns that are taken already."""
        return tuple(self._taken)

    def __getitem__(self, name: str) -> Array:
        """Return a column's values of the chosen pupils."""
        if name not in self._taken:
            self._taken[name] = frozen(self._whole[name].take(self._where))
        return self._taken[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names of the columns."""
        return iter(self._whole)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._whole)

    def some(self, which: Int) -> "ChosenColumns":
        """Return the columns of some of the chosen pupils."""
        return ChosenColumns(self._whole, self._where[which])


@dataclass(frozen=True, repr=False)
class ChosenPupils(Pupils):
    """Some pupils of a table, in its order; its placements are theirs, and may have none of them.

    where  positions of the pupils in the table, ascending

    ``whole_…`` are the table's own; what is theirs is taken when it is first asked for.
    """

    where: Int
    columns: ChosenColumns
    labels: tuple[str, ...]
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    whole_offsets: Int
    whole_rows: NDArray[np.int32]
    whole_dated: Int
    whole_common: tuple[Combinations, ...]
    whole_narrow: tuple[NarrowCombinations, ...]
    known_offsets: Int | None = None
    known_dated: Int | None = None
    chosen_narrow: Mapping[tuple[str, ...], NarrowCombinations] = field(default_factory=dict)
    """combinations whose numbers were found when the pupils were chosen"""
    cache: Cache = field(default_factory=Cache, init=False, compare=False, repr=False)

    def __len__(self) -> int:
        """Return the number of pupils."""
        return len(self.where)

    @cached_property
    def offsets(self) -> Int:  # type: ignore[override]
        """Return where each placement's pupils start."""
        if self.known_offsets is not None:
            return self.known_offsets
        return frozen(np.searchsorted(self.where, self.whole_offsets).astype(np.int64))

    @cached_property
    def rows(self) -> NDArray[np.int32]:  # type: ignore[override]
        """Return the row of the file that each came from."""
        return frozen(self.whole_rows.take(self.where))

    @cached_property
    def dated(self) -> Int:  # type: ignore[override]
        """Return which of them have a first or last day given, ascending."""
        if self.known_dated is not None:
            return self.known_dated
        if not len(self.where):
            return self.where
        place = np.searchsorted(self.where, self.whole_dated)
        inside = np.minimum(place, len(self.where) - 1)
        return frozen(place[self.where[inside] == self.whole_dated])

    @cached_property
    def common(self) -> tuple[Combinations, ...]:  # type: ignore[override]
        """Return the combinations that the table is laid out by."""
        return tuple(
            Combinations(one.names, frozen(one.combination.take(self.where)), one.attributes)
            for one in self.whole_common
        )

    @cached_property
    def narrow(self) -> tuple[NarrowCombinations, ...]:  # type: ignore[override]
        """Return them once more by half as wide numbers."""
        return tuple(self._narrow(one) for one in self.whole_narrow)

    def narrow_of(self, names: Collection[str]) -> list[NarrowCombinations]:
        """Return the narrow combinations that tell more than one of ``names`` together."""
        telling = [one for one in self.whole_narrow if len(set(names) & set(one.names)) > 1]
        return [self._narrow(one) for one in telling]

    def narrow_by(self, names: tuple[str, ...]) -> NarrowCombinations:
        """Return the narrow combinations of just these columns, which the table is laid out by."""
        return next(self._narrow(one) for one in self.whole_narrow if one.names == names)

    def _narrow(self, narrow: NarrowCombinations) -> NarrowCombinations:
        found = self.chosen_narrow.get(narrow.names)
        if found is not None:
            return found
        return self.cache.get(
            ("narrow", narrow.names),
            lambda: narrow._replace(combination=frozen(narrow.combination.take(self.where))),
        )


def some_pupils(pupils: Pupils, which: Int) -> ChosenPupils:
    """Return those pupils at ``which`` (ascending positions), of a table or of a choice."""
    if isinstance(pupils, ChosenPupils):
        where, columns = frozen(pupils.where[which]), pupils.columns.some(which)
        return replace(
            pupils,
            where=where,
            columns=columns,
            known_offsets=None,
            known_dated=None,
            chosen_narrow={},
        )
    return ChosenPupils(
        where=frozen(which),
        columns=ChosenColumns(pupils.columns, which),
        labels=pupils.labels,
        placement_la=pupils.placement_la,
        placement_urn=pupils.placement_urn,
        whole_offsets=pupils.offsets,
        whole_rows=pupils.rows,
        whole_dated=pupils.dated,
        whole_common=pupils.common,
        whole_narrow=pupils.narrow,
    )


def choose(
    pupils: Pupils, by: NarrowCombinations, chosen: NDArray[np.bool_], blocks: Blocks
) -> ChosenPupils | None:
    """Return the pupils with one of the chosen combinations; None for nearly all, or for none."""
    placements, number_of = len(pupils.placement_la), len(pupils)
    # One block a thread: what lies between blocks is written over and not kept.
    bounds = np.linspace(0, placements, blocks.threads + 1).astype(np.int64)
    where, code = np.empty(number_of, np.int64), np.empty(number_of, np.int16)
    number = np.empty(placements, np.int64)
    Blocks(blocks.threads, rows=1).run(
        fill_chosen, len(bounds) - 1, frozen(bounds), pupils.offsets, by.combination,
        frozen(chosen.astype(np.int8)), where, code, number,
    )  # fmt: skip
    offsets = np.r_[0, np.cumsum(number)]
    if not 0 < offsets[-1] <= number_of - number_of // WORTH:
        return None
    firsts, blocks_number = pupils.offsets[bounds[:-1]], np.diff(offsets[bounds])
    taken = [slice(first, first + some) for first, some in zip(firsts, blocks_number, strict=True)]
    narrow = by._replace(combination=frozen(np.concatenate([code[one] for one in taken])))
    return replace(
        some_pupils(pupils, np.concatenate([where[one] for one in taken])),
        known_offsets=frozen(offsets),
        chosen_narrow={by.names: narrow},
    )
