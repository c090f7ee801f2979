"""A table of pupils to arrays without their keys, and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import polars as pl

from engine.code_cache.arrays import CachedArrays, Damaged
from engine.notices import Notice
from engine.tables import Array, Combinations, PupilTable, RowsApart
from engine.tables.chosen_pupils import ChosenColumns, ChosenPupils, some_pupils
from engine.tables.combinations import NarrowCombinations
from engine.tables.pupils import BySchool, LaterRows, WithProvision
from engine.tables.rows_apart import Why

_COLUMN, _TAKEN = "column ", "of those with provision, column "
_PLACEMENTS = ("rows", "offsets", "placement_la", "placement_urn")


def arrays_of(table: PupilTable) -> CachedArrays:
    """Return the arrays of a table, and what else there is to it; no key of a pupil is among them."""
    arrays: dict[str, Array] = {name: getattr(table, name) for name in _PLACEMENTS}
    arrays |= {f"{_COLUMN}{name}": one for name, one in table.columns.items()}
    arrays |= {"later": table.later_rows.later, "first": table.later_rows.first}
    for at, common in enumerate(table.common):
        arrays |= {f"combination {at}": common.combination, f"attributes {at}": common.attributes}
    for at, narrow in enumerate(table.narrow):
        arrays[f"narrow {at}"] = narrow.combination
    if table.known_dated is not None:
        arrays["dated"] = table.known_dated
    if table.school_order is not None:
        arrays |= {f"school {name}": one for name, one in table.school_order._asdict().items()}
    names = [list(one.names) for one in table.common]
    record: dict[str, object] = {
        "labels": list(table.labels),
        "by_key": table.by_key,
        "rows_read": table.rows_read,
        "apart": [one._asdict() for one in table.apart],
        "notices": [asdict(one) for one in table.notices],
        "common": names,
        "narrow": [names.index(list(one.names)) for one in table.narrow],
    }
    if table.with_provision is not None:
        arrays |= _provision(table.with_provision)
        record["provision"] = names.index(list(table.with_provision.names))
    return CachedArrays(record, arrays)


def _provision(held: WithProvision) -> dict[str, Array]:
    """Return the arrays of those with special educational provision."""
    pupils = held.pupils
    taken = {name: pupils.columns[name] for name in pupils.columns.names_so_far}
    return {
        "provision": held.chosen.astype(np.int8),
        "provision where": pupils.where,
        "provision offsets": pupils.offsets,
        "provision dated": pupils.dated,
        "provision narrow": pupils.narrow_by(held.names).combination,
        **{f"{_TAKEN}{name}": one for name, one in taken.items()},
    }


def table_of(held: CachedArrays, keys: Callable[[], pl.Series]) -> PupilTable:
    """Return the table of such arrays; ``keys`` finds the keys of its pupils, in its order, when they are asked for.

    Raises ``Damaged`` where something is not there.
    """
    record, arrays = held
    try:
        return _table(record, arrays, keys)
    except (KeyError, TypeError, IndexError, ValueError):
        raise Damaged from None


def _table(
    record: Mapping[str, Any], arrays: Mapping[str, Array], keys: Callable[[], pl.Series]
) -> PupilTable:
    common = tuple(
        Combinations(tuple(names), arrays[f"combination {at}"], arrays[f"attributes {at}"])
        for at, names in enumerate(record["common"])
    )
    narrow = tuple(
        NarrowCombinations(common[of].names, arrays[f"narrow {at}"], common[of].attributes)
        for at, of in enumerate(record["narrow"])
    )
    school = [arrays.get(f"school {name}") for name in BySchool._fields]
    table = PupilTable(
        file_keys=keys,
        columns=_named(arrays, _COLUMN),
        rows=arrays["rows"],
        offsets=arrays["offsets"],
        placement_la=arrays["placement_la"],
        placement_urn=arrays["placement_urn"],
        labels=tuple(record["labels"]),
        common=common,
        narrow=narrow,
        known_dated=arrays.get("dated"),
        school_order=None if school[0] is None else BySchool(*school),  # type: ignore[arg-type]
        apart=tuple(RowsApart(**{**one, "why": Why(one["why"])}) for one in record["apart"]),
        rows_read=record["rows_read"],
        notices=tuple(Notice(**{**one, "rows": tuple(one["rows"])}) for one in record["notices"]),
        by_key=record["by_key"],
        known_later_rows=LaterRows(arrays["later"], arrays["first"]),
    )
    if "provision" not in record:
        return table
    names = common[record["provision"]].names
    return replace(table, with_provision=_with_provision(table, names, arrays))


def _with_provision(
    table: PupilTable, names: tuple[str, ...], arrays: Mapping[str, Array]
) -> WithProvision:
    by = next(one for one in table.narrow if one.names == names)
    where = arrays["provision where"]
    found: ChosenPupils = replace(
        some_pupils(table, where),
        columns=ChosenColumns(table.columns, where, _named(arrays, _TAKEN)),
        known_offsets=arrays["provision offsets"],
        known_dated=arrays["provision dated"],
        chosen_narrow={names: by._replace(combination=arrays["provision narrow"])},
    )
    return WithProvision(names, arrays["provision"] != 0, found)


def _named(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)
    }
