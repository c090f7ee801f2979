"""The kinds of groups of pupils: by school, authority, need and setting, with their names."""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from engine.modules.sums import NOT_SUPPLIED
from engine.tables import NO_SCHOOL, Pupils, PupilTable, frozen
from engine.vocabulary import Need, Setting

TOTAL, SCHOOL, AUTHORITY, NEED, SETTING, REASON = (
    "total",
    "school",
    "la",
    "need",
    "setting",
    "reason",
)
COLUMNS: Mapping[str, tuple[str, type[IntEnum]]] = {
    NEED: ("primary_need", Need),
    SETTING: ("setting", Setting),
}
"""The column and the codes of each kind of group that is by code."""


def row_groups(table: PupilTable, kind: str) -> tuple[list[str], NDArray[np.int32]]:
    """Return the names of the groups of one kind and the group of each row: school, authority, need or setting."""
    if kind in COLUMNS:
        name, codes = COLUMNS[kind]
        held = np.maximum(codes_of(table, name), 0)
        return [NOT_SUPPLIED, *(code.name for code in sorted(codes))], held.astype(np.int32)
    values, missing = (
        (table.placement_urn, NO_SCHOOL) if kind == SCHOOL else (table.placement_la, None)
    )
    names, group = coded(values, missing)
    return names, np.repeat(group, np.diff(table.offsets))


def coded(
    values: NDArray[np.signedinteger], missing: int | None
) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct values by name, ascending, with a name for missing ones, and the name of each."""
    distinct, position = np.unique(values, return_inverse=True)
    names = [NOT_SUPPLIED if value == missing else str(value) for value in distinct.tolist()]
    return names, position.astype(np.int32)


def codes_of(pupils: Pupils, name: str) -> NDArray[np.int8]:
    """Return a column of codes; of a table that lacks it, a column in which nothing is supplied."""
    if pupils.has(name):
        return pupils.column(name)
    return frozen(np.zeros(len(pupils), np.int8))
