"""Columns as the engine holds them to columns as a file spells them."""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
import polars as pl

from engine.columns import Column, Kind
from engine.tables import Column as Array

_DECIMALS = {Kind.hours: 2, Kind.pounds: 2, Kind.millionths: 6}


def written(column: Column, values: Array, labels: tuple[str, ...] = ()) -> pl.Series:
    """Return a column whose text a file would hold: codes by name, decimals, days, blanks."""
    given = np.ones(len(values), bool) if column.missing is None else values != column.missing
    values = np.where(given, values, column.lowest).astype(values.dtype, copy=False)
    if column.codes is not None:
        series = _named(values, column.codes)
    elif column.kind is Kind.label:
        series = _listed(values, labels)
    elif column.kind is Kind.date:
        series = pl.Series(values).cast(pl.Date)
    elif column.kind in _DECIMALS:
        places = _DECIMALS[column.kind]
        one = pl.lit("0." + "0" * (places - 1) + "1").cast(pl.Decimal(18, places))
        series = pl.select(
            pl.Series(values).cast(pl.Int64).cast(pl.Decimal(18, 0)) * one
        ).to_series()
        series = series.cast(pl.Decimal(18, places))
    else:
        series = pl.Series(values)
    if not given.all():
        series = pl.select(pl.when(pl.Series(given)).then(series)).to_series()
    return series.alias(column.name)


def _named(values: Array, codes: type[IntEnum]) -> pl.Series:
    """Return codes by name; codes follow one another from the first."""
    return _listed(values - min(codes), tuple(code.name for code in codes))


def _listed(places: Array, names: tuple[str, ...]) -> pl.Series:
    return pl.Series(names, dtype=pl.Enum(names)).gather(places)


def frame(columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return columns side by side."""
    return pl.DataFrame([series.alias(name) for name, series in columns.items()])
