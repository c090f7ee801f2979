"""Columns of one kind read together: a few expressions for any number of columns.

A query of polars costs in proportion to its expressions, which for a few rows is all it
costs. The lines of a formula are of two kinds, so that each kind is laid end to end,
read once, and cut up again.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from engine.columns import Column, Kind
from engine.reading.text import presence_of, stripped, value_of

END_TO_END = (Kind.millionths, Kind.pounds)
JOINED, PRESENCE = "joined", "presence"


class Cells(NamedTuple):
    """The whole numbers that columns of text spell, int64 (text for people as it is), and why each is there.

    ``presence`` has the columns of kinds that are read end to end, as codes of ``Presence``.
    """

    values: pl.DataFrame
    presence: pl.DataFrame


def cells_of(text: pl.DataFrame, columns: Mapping[str, Column]) -> Cells:
    """Return the values of columns of text, and for lines of a formula why each is there or not."""
    kinds: dict[Kind, list[str]] = defaultdict(list)
    for name, column in columns.items():
        if column.kind in END_TO_END:
            kinds[column.kind].append(name)
    read: dict[str, pl.Series] = {}
    presence: dict[str, pl.Series] = {}
    for kind, names in kinds.items():
        joined = pl.concat([text[name].alias(JOINED) for name in names])
        value = value_of(replace(columns[names[0]], name=JOINED, kind=kind))
        both = joined.to_frame().select(value, presence_of(JOINED).alias(PRESENCE))
        read |= _cut(both[JOINED], names, text.height)
        presence |= _cut(both[PRESENCE], names, text.height)
    others = text.select(
        stripped(name) if column.kind is Kind.text else value_of(column)
        for name, column in columns.items()
        if name not in read
    )
    values = {name: read[name] if name in read else others[name] for name in columns}
    return Cells(pl.DataFrame(values), pl.DataFrame(presence))


def _cut(joined: pl.Series, names: list[str], rows: int) -> dict[str, pl.Series]:
    return {name: joined.slice(at * rows, rows).alias(name) for at, name in enumerate(names)}
