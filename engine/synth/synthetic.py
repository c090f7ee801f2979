"""A made file: its columns, as frames to be written or as the tables that reading gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.columns import SCHOOL_COLUMNS, Column, line_column, pupil_column
from engine.synth.frames import frame, written
from engine.synth.provision import BANDS
from engine.tables import Column as Array
from engine.tables import PupilTable, SchoolTable, frozen
from engine.vocabulary import Presence

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
    text that ``engine.ingest`` reads.
    """

    keys: pl.Series
    pupil_columns: Mapping[str, Array]
    names: tuple[str, ...] | None
    school_columns: Mapping[str, Array]

    @cached_property
    def pupils(self) -> pl.DataFrame:
        """Return the pupils, one a row."""
        columns = {
            name: written(_register(name), values, BANDS)
            for name, values in self.pupil_columns.items()
        }
        return frame({KEY: self.keys, **columns})

    @cached_property
    def schools(self) -> pl.DataFrame:
        """Return the schools, one a row."""
        columns = {
            name: written(SCHOOL_COLUMNS.get(name) or line_column(name), values)
            for name, values in self.school_columns.items()
        }
        if self.names is not None:
            columns[NAME] = pl.Series(self.names)
        order = [name for name in SCHOOL_COLUMNS if name in columns]
        return frame(columns).select(*order, pl.exclude(order))

    def tables(self) -> SyntheticTables:
        """Return the tables that reading the written files gives back."""
        labels = BANDS if "band" in self.pupil_columns else ()
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
