"""What a table may be read from: files, frames, Arrow tables, records."""

import os
from collections.abc import Mapping, Sequence
from typing import TypeGuard

import polars as pl

from engine.reading import ArrowTable, PandasFrame

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
