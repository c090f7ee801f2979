"""What a table may be read from: files, frames, Arrow tables, records."""

import os
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeGuard, runtime_checkable

import polars as pl


@runtime_checkable
class ArrowTable(Protocol):
    """Anything that gives its columns over Arrow's C stream interface, as pyarrow and duckdb do."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream of columns."""


@runtime_checkable
class PandasFrame(Protocol):
    """A frame of pandas: named columns that can be turned into lists."""

    def items(self) -> Iterable[tuple[Hashable, Any]]:
        """Return the columns by name."""

    def itertuples(self) -> Iterable[Any]:
        """Return the rows."""


Source = (
    str
    | os.PathLike[str]
    | pl.DataFrame
    | pl.LazyFrame
    | ArrowTable
    | PandasFrame
    | Sequence[Mapping[str, object]]
)
"""What a table of pupils or schools may be read from."""


def is_records(source: object) -> TypeGuard[Sequence[Mapping[str, object]]]:
    """Return whether something is a list of records: names with their values."""
    return isinstance(source, Sequence) and all(isinstance(row, Mapping) for row in source)
