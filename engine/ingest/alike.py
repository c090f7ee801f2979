"""Columns of one kind read together: a handful of expressions, however many columns.

A query of polars costs in proportion to its expressions, which for a few rows is all it
costs. The lines of a formula are of two kinds, so that each kind is laid end to end,
read once, and cut up again.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from engine.check import BLANK
from engine.columns import Column, Kind
from engine.ingest.text import presence_of, stripped, value_of

END_TO_END = (Kind.millionths, Kind.pounds)
JOINED = "joined"


def values_of(text: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the whole numbers that columns of text spell, int64; text for people as it is."""
    kinds: dict[Kind, list[str]] = defaultdict(list)
    for name, column in columns.items():
        if column.kind in END_TO_END:
            kinds[column.kind].append(name)
    read = {
        name: series
        for kind, names in kinds.items()
        for name, series in _cut(
            text, names, value_of(replace(columns[names[0]], name=JOINED, kind=kind))
        ).items()
    }
    others = text.select(
        stripped(name) if column.kind is Kind.text else value_of(column)
        for name, column in columns.items()
        if name not in read
    )
    return pl.DataFrame({name: read[name] if name in read else others[name] for name in columns})


def presences_of(text: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return why each cell of some columns of text holds a value or not."""
    return pl.DataFrame(_cut(text, names, presence_of(JOINED))) if names else pl.DataFrame()


def _cut(text: pl.DataFrame, names: list[str], expression: pl.Expr) -> dict[str, pl.Series]:
    joined = pl.concat([text[name].alias(JOINED) for name in names])
    read = pl.DataFrame({JOINED: joined}).select(expression).to_series()
    rows = text.height
    return {name: read.slice(at * rows, rows).alias(name) for at, name in enumerate(names)}


def is_clean(values: pl.Series, column: Column) -> bool:
    """Return whether every cell of a column was read and lies in its range, so that no check can fail."""
    if column.kind not in END_TO_END or values.null_count():
        return False
    given = values.filter(values != BLANK)
    if column.missing is None and len(given) < len(values):
        return False
    least, most = given.min(), given.max()
    return not isinstance(least, int) or (
        column.lowest <= least and isinstance(most, int) and most <= column.highest
    )
