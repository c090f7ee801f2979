"""A synthetic file: its keys and columns, as frames to be written or as the tables that reading gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.columns import SCHOOL_COLUMNS, Column, Kind, line_column, pupil_column
from engine.lab.synth.draws import Draws, Stream
from engine.lab.synth.plan_columns import BANDS
from engine.tables import Array, PupilTable, SchoolTable, frozen
from engine.vocabulary import Presence

_ALPHABET = "abcdefghjkmnpqrstuvwxyz123456789"
_LETTER_BITS, _LETTERS = 5, 3
_PARTS = 3
_BITS = _LETTER_BITS * _LETTERS * _PARTS
_MASK = np.uint64((1 << _BITS) - 1)


def opaque_keys(size: int, draws: Draws) -> pl.Series:
    """Return ``size`` keys, no two the same, that do not reveal their order."""
    factor, offset, other = draws.words(Stream.keys, 3)
    odd = np.uint64(1)
    # Each step can be undone within 45 bits, so that no two numbers meet.
    number = (np.arange(size, dtype=np.uint64) * (factor | odd) + offset) & _MASK
    number ^= number >> np.uint64(_BITS // 2)
    number = (number * (other | odd)) & _MASK
    number ^= number >> np.uint64(_BITS // 2)
    spelled = _spelled()
    parts = [
        spelled.gather((number >> np.uint64(shift)) & np.uint64(len(spelled) - 1)).alias(str(shift))
        for shift in range(0, _BITS, _LETTER_BITS * _LETTERS)
    ]
    return pl.select(pl.concat_str(parts).alias("pupil_key")).to_series()


def _spelled() -> pl.Series:
    """Return every word of three letters, in order."""
    words = [""]
    for _ in range(_LETTERS):
        words = [word + letter for word in words for letter in _ALPHABET]
    return pl.Series(words)


_DECIMALS = {Kind.hours: 2, Kind.pounds: 2, Kind.millionths: 6}


def file_column(column: Column, values: Array, labels: tuple[str, ...] = ()) -> pl.Series:
    """Return a column whose text a file would hold: codes by name, decimals, days, blanks."""
    given = np.ones(len(values), bool) if column.missing is None else values != column.missing
    values = np.where(given, values, column.lowest).astype(values.dtype, copy=False)
    if column.codes is not None:
        series = _named(values, column.codes)
    elif column.kind is Kind.label:
        series = _by_position(values, labels)
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
    return _by_position(values - min(codes), tuple(code.name for code in codes))


def _by_position(places: Array, names: tuple[str, ...]) -> pl.Series:
    return pl.Series(names, dtype=pl.Enum(names)).gather(places)


def frame(columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return columns side by side."""
    return pl.DataFrame([series.alias(name) for name, series in columns.items()])


KEY, NAME = "pupil_key", "school_name"
_FIRST_ROW = 2
"""The row of a file below its header."""


class SyntheticTables(NamedTuple):
    """Synthetic pupils and schools as the engine reads them."""

    pupils: PupilTable
    schools: SchoolTable


@dataclass(frozen=True)
class Synthetic:
    """Synthetic pupils and schools by the columns of their files.

    Frames hold codes, decimals and days in narrow types; written to a file, they are the
    text that ``engine.reading`` reads.
    """

    keys: pl.Series
    pupil_columns: Mapping[str, Array]
    names: tuple[str, ...] | None
    school_columns: Mapping[str, Array]
    labels: tuple[str, ...] = BANDS
    """what the column ``band`` counts"""

    @cached_property
    def pupils(self) -> pl.DataFrame:
        """Return the pupils, one a row."""
        columns = {
            name: file_column(_register(name), values, self.labels)
            for name, values in self.pupil_columns.items()
        }
        return frame({KEY: self.keys, **columns})

    @cached_property
    def schools(self) -> pl.DataFrame:
        """Return the schools, one a row."""
        columns = {
            name: file_column(SCHOOL_COLUMNS.get(name) or line_column(name), values)
            for name, values in self.school_columns.items()
        }
        if self.names is not None:
            columns[NAME] = pl.Series(self.names)
        order = [name for name in SCHOOL_COLUMNS if name in columns]
        return frame(columns).select(*order, pl.exclude(order))

    def tables(self) -> SyntheticTables:
        """Return the tables that reading the written files gives back."""
        labels = self.labels if "band" in self.pupil_columns else ()
        rows = np.arange(len(self.keys)) + _FIRST_ROW
        return SyntheticTables(
            PupilTable.of(self.keys, self.pupil_columns, rows, labels), _school_table(self)
        )

    def __repr__(self) -> str:
        """Return how many pupils were made."""
        return f"<Synthetic: {len(self.keys)} pupils>"


def _register(name: str) -> Column:
    column = pupil_column(name)
    if column is None:
        raise KeyError(name)
    return column


def _school_table(made: Synthetic) -> SchoolTable:
    registered = {
        name: array for name, array in made.school_columns.items() if name in SCHOOL_COLUMNS
    }
    lines = {
        name: array for name, array in made.school_columns.items() if name not in SCHOOL_COLUMNS
    }
    given = {name: array != line_column(name).missing for name, array in lines.items()}
    size = len(made.school_columns["urn"])
    return SchoolTable(
        urn=frozen(made.school_columns["urn"].astype(np.int32)),
        names=("",) * size if made.names is None else made.names,
        columns={name: frozen(array) for name, array in registered.items()},
        values={name: frozen(np.where(given[name], array, 0)) for name, array in lines.items()},
        presence={
            name: frozen(np.where(held, Presence.given, Presence.not_supplied).astype(np.int8))
            for name, held in given.items()
        },
        rows=frozen(np.arange(_FIRST_ROW, size + _FIRST_ROW)),
    )
