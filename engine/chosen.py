"""Some of a table's pupils, valued alone where rules leave all others out.

Of a national file, four pupils in five have no special educational needs, and most rules
pay nobody else: those whom the rules may pay are found once, and the others are not looked at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.blocks import Blocks
from engine.columns import Int
from engine.combinations import Narrow, Tuples, frozen
from engine.kernels.codes import fill_chosen
from engine.tables import Column, Pupils, PupilTable

WORTH = 4
"""At least one in so many pupils must be left out, or all are valued."""


class Taken(Mapping[str, Column]):
    """The columns of some of a table's pupils, each taken when it is first asked for."""

    def __init__(self, whole: Mapping[str, Column], where: Int) -> None:
        """Keep the whole columns, and where the pupils stand in them."""
        self._whole, self._where = whole, where
        self._taken: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
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

    def some(self, which: Int) -> "Taken":
        """Return the columns of some of the chosen pupils."""
        return Taken(self._whole, self._where[which])


@dataclass(frozen=True)
class ChosenPupils(Pupils):
    """Some pupils of a table, in its order; its placements are theirs, and may have none of them.

    where  positions of the pupils in the table, ascending

    ``whole_…`` are the table's own; what is theirs is taken when it is first asked for.
    """

    where: Int
    columns: Taken
    labels: tuple[str, ...]
    placement_la: NDArray[np.int16]
    placement_urn: NDArray[np.int32]
    whole_offsets: Int
    whole_rows: Int
    whole_dated: Int
    whole_standing: tuple[Tuples, ...]
    whole_narrow: tuple[Narrow, ...]

    def __len__(self) -> int:
        """Return the number of pupils."""
        return len(self.where)

    @cached_property
    def offsets(self) -> Int:  # type: ignore[override]
        """Return where each placement's pupils start."""
        return frozen(np.searchsorted(self.where, self.whole_offsets).astype(np.int64))

    @cached_property
    def rows(self) -> Int:  # type: ignore[override]
        """Return the row of the file that each came from."""
        return frozen(self.whole_rows.take(self.where))

    @cached_property
    def dated(self) -> Int:  # type: ignore[override]
        """Return which of them have a first or last day given, ascending."""
        if not len(self.where):
            return self.where
        place = np.searchsorted(self.where, self.whole_dated)
        inside = np.minimum(place, len(self.where) - 1)
        return frozen(place[self.where[inside] == self.whole_dated])

    @cached_property
    def standing(self) -> tuple[Tuples, ...]:  # type: ignore[override]
        """Return the combinations that the table is laid out by."""
        return tuple(
            Tuples(one.names, frozen(one.identity.take(self.where)), one.attributes)
            for one in self.whole_standing
        )

    @cached_property
    def narrow(self) -> tuple[Narrow, ...]:  # type: ignore[override]
        """Return them once more by half as wide numbers."""
        return tuple(self._taken(one) for one in self.whole_narrow)

    def narrow_of(self, names: Collection[str]) -> list[Narrow]:
        """Return the narrow combinations that tell more than one of ``names`` together."""
        telling = [one for one in self.whole_narrow if len(set(names) & set(one.names)) > 1]
        return [self._taken(one) for one in telling]

    def _taken(self, narrow: Narrow) -> Narrow:
        if narrow.names not in self._narrow:
            code = frozen(narrow.code.take(self.where))
            self._narrow[narrow.names] = narrow._replace(code=code)
        return self._narrow[narrow.names]

    @cached_property
    def _narrow(self) -> dict[tuple[str, ...], Narrow]:
        return {}


def some_pupils(pupils: Pupils, which: Int) -> ChosenPupils:
    """Return those pupils who stand at ``which`` (ascending positions), of a table or of a choice."""
    if isinstance(pupils, ChosenPupils):
        return replace(
            pupils, where=frozen(pupils.where[which]), columns=pupils.columns.some(which)
        )
    return ChosenPupils(
        where=frozen(which),
        columns=Taken(pupils.columns, which),
        labels=pupils.labels,
        placement_la=pupils.placement_la,
        placement_urn=pupils.placement_urn,
        whole_offsets=pupils.offsets,
        whole_rows=pupils.rows,
        whole_dated=pupils.dated,
        whole_standing=pupils.standing,
        whole_narrow=pupils.narrow,
    )


def chosen_pupils(
    whole: PupilTable, by: Narrow, chosen: NDArray[np.bool_], blocks: Blocks
) -> Pupils:
    """Return the pupils who have one of the chosen combinations; found once a table and choice.

    The whole table where nearly all are chosen, or nobody is.
    """
    choice = ("chosen", by.names, chosen.tobytes())
    if choice not in whole.counted:
        where = _where(by.code, chosen.astype(np.int8), blocks)
        worth = 0 < len(where) <= len(whole) - len(whole) // WORTH
        whole.counted[choice] = some_pupils(whole, where) if worth else None
    found: ChosenPupils | None = whole.counted[choice]
    return whole if found is None else found


def _where(code: NDArray[np.int16], chosen: NDArray[np.int8], blocks: Blocks) -> Int:
    bounds = np.r_[np.arange(0, len(code), blocks.rows), len(code)].astype(np.int64)
    where, number = np.empty(len(code), np.int64), np.empty(len(bounds) - 1, np.int64)
    Blocks(blocks.threads, rows=1).run(
        fill_chosen, len(number), frozen(bounds), code, frozen(chosen), where, number
    )
    return np.concatenate([where[at : at + some] for at, some in zip(bounds, number, strict=False)])
