"""Rows of a result, ready for any kind of file: whole numbers, and what each column counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.money import HUNDREDTHS, MILLION, PERCENT_TO_MILLIONTHS


class Shape(StrEnum):
    """What the cells of a column hold."""

    text = "text"
    figure = "figure"
    """the text of a number with its decimals, or words in place of one"""
    whole = "whole"
    pounds = "pounds"
    """held in pence"""
    units = "units"
    """held in millionths"""
    percent = "percent"
    """held in millionths of the whole"""

    @property
    def scale(self) -> int:
        """Return how many of the whole numbers held make one of what is written."""
        return _SCALES.get(self, 1)

    @property
    def is_text(self) -> bool:
        """Return whether cells are held as text."""
        return self in (Shape.text, Shape.figure)


Columns = Mapping[str, tuple[Shape, pl.Series]]
_SCALES = {
    Shape.pounds: HUNDREDTHS,
    Shape.units: MILLION,
    Shape.percent: PERCENT_TO_MILLIONTHS,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """One table of a result. What is missing is null; ``not_known`` counts parts left out."""

    name: str
    shapes: Mapping[str, Shape]
    frame: pl.DataFrame

    @classmethod
    def of(cls, name: str, columns: Columns) -> "Rows":
        """Return rows from columns of text or of whole numbers."""
        return cls(
            name,
            {title: shape for title, (shape, _) in columns.items()},
            pl.DataFrame(
                [
                    series.cast(pl.String if shape.is_text else pl.Int64).alias(title)
                    for title, (shape, series) in columns.items()
                ]
            ),
        )

    @classmethod
    def of_records(
        cls, name: str, shapes: Mapping[str, Shape], rows: list[dict[str, str | int | None]]
    ) -> "Rows":
        """Return rows from records, each with some or all of the columns."""
        schema: dict[str, type[pl.DataType]] = {
            title: pl.String if shape.is_text else pl.Int64 for title, shape in shapes.items()
        }
        return cls(name, dict(shapes), pl.DataFrame(rows, schema=schema))

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    def __repr__(self) -> str:
        """Return how many rows there are."""
        return f"<Rows {self.name}: {len(self)} by {len(self.shapes)} columns>"


def where_known(values: NDArray[Any], known: NDArray[np.bool_]) -> pl.Series:
    """Return values as a column, null where they are not known."""
    return _null_unless(known, pl.Series("value", values))


def named(positions: NDArray[np.signedinteger], names: Sequence[str]) -> pl.Series:
    """Return the name at each position, null where the position is negative."""
    known = positions >= 0
    if not names:
        return where_known(positions, known).cast(pl.String)
    column = pl.Series("names", names, dtype=pl.String)
    return _null_unless(known, column[np.where(known, positions, 0)])


def _null_unless(known: NDArray[np.bool_], column: pl.Series) -> pl.Series:
    """Return a column, null where it is not known; a query would take ten times as long for a few rows."""
    if known.all():
        return column
    return column.zip_with(pl.Series(known), pl.Series([None], dtype=column.dtype))
