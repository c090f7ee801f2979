"""Sources whose columns have types: what they are called, and their cells as narrow numbers."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import polars as pl

from engine.columns import Column
from engine.reading.row_checks import KEY
from engine.reading.typed_columns import check_unread, narrow, summed_up
from engine.tables import Array


class Cells(NamedTuple):
    """The keys of pupils as they are written, and the checked narrow numbers of columns."""

    keys: pl.Series
    numbers: Mapping[str, Array]


class TypedTable(Protocol):
    """A table whose columns are read by types when they are asked for; ``first_row`` is its number in the source."""

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the columns."""

    @property
    def first_row(self) -> int:
        """Return the number of the first row."""

    def cells(self, columns: Mapping[str, Column], kept: Collection[str]) -> Cells:
        """Return the keys and the columns that are kept; all ``columns`` are checked.

        Raises ``NotPlain`` for what the reading of text decides, and ``PolarsError`` for what is damaged.
        """


class TypedColumns(NamedTuple):
    """The columns of a Parquet file or a frame."""

    columns: pl.LazyFrame
    first_row: int

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the columns."""
        return self.columns.collect_schema().names()

    def cells(self, columns: Mapping[str, Column], kept: Collection[str]) -> Cells:
        """Return the keys and the columns that are kept; of others their least and most are looked at."""
        schema = self.columns.collect_schema()
        others = {
            name: one
            for name, one in columns.items()
            if name not in kept and summed_up(one, schema[name])
        }
        check_unread(self.columns, others, schema)
        # Decimals take sixteen bytes a cell until they are narrow: one column of them at a time.
        wide = [name for name in columns if name not in others and schema[name].is_decimal()]
        names = [name for name in columns if name not in others and name not in wide]
        frame = self.columns.select(KEY, *names).collect()
        keys = frame.drop_in_place(KEY)
        numbers = {name: narrow(frame.drop_in_place(name), columns[name]) for name in names}
        for name in wide:
            numbers[name] = narrow(self.columns.select(name).collect()[name], columns[name])
        return Cells(keys, numbers)
