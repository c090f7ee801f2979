"""Frames of other libraries and Arrow tables to frames of text: a binary decimal at the digits that it holds for sure."""

from collections.abc import Hashable, Iterable
from typing import Any, Protocol, runtime_checkable

import polars as pl

from engine.errors import Problem, TableRefused
from engine.reading.header import column_names
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.reading.text import NESTED, NO_TEXT, cell_text, is_text
from engine.table_checks import plain_name

FIRST_ROW = 1
"""The number of a frame's first row, which has no header above it."""

MISSING = {"NAType", "NaTType"}
"""The types by which pandas says that a cell or a day is missing."""

_NOT_READ = (
    "the table cannot be read; give each column a name of its own, and text, whole numbers, decimals "
    "of at most 38 digits, dates, or true and false"
)


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


def frame_of(source: "pl.DataFrame | pl.LazyFrame | PandasFrame | ArrowTable") -> pl.DataFrame:
    """Return the columns of a frame or an Arrow table.

    A binary number with decimals is read at the fifteen digits that it holds for sure, as a cell of
    a workbook is: 54.6906 stays 54.6906. Raises ``TableRefused`` for what no table has.
    """
    if isinstance(source, pl.LazyFrame):
        return _decimals_as_text(source.collect())
    if isinstance(source, pl.DataFrame):
        return _decimals_as_text(source)
    if isinstance(source, PandasFrame):
        return _from_pandas(source)
    return _decimals_as_text(_from_arrow(source))


def _decimals_as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose binary numbers of full width are text; narrower ones are refused later."""
    wide = [name for name, dtype in frame.schema.items() if dtype == pl.Float64]
    return frame.with_columns(_text(name, frame[name].to_list()) for name in wide)


def _from_arrow(table: ArrowTable) -> pl.DataFrame:
    """Return the columns of an Arrow table; raises ``TableRefused`` for types that no table has."""
    try:
        with without_traces():
            frame = pl.DataFrame(table)
            # Bytes that claim to be text are believed as they come; read again, they are checked.
            return frame.with_columns(pl.col(pl.String).cast(pl.Binary).cast(pl.String))
    except (pl.exceptions.PolarsError, PanicOfLibrary):
        raise TableRefused([Problem(_NOT_READ, "unreadable")]) from None


def _from_pandas(frame: PandasFrame) -> pl.DataFrame:
    columns = [(str(name), list(values.tolist())) for name, values in frame.items()]
    names = column_names([name for name, _ in columns], Limits())
    return pl.DataFrame(
        [_text(name, cells) for name, (_, cells) in zip(names, columns, strict=True)]
    )


def _text(name: str, cells: list[Any]) -> pl.Series:
    """Return the cells of a column as text; raises ``TableRefused`` with the row of one that has none."""
    column = plain_name(name)
    return pl.Series(
        name, [_cell(cell, row, column) for row, cell in enumerate(cells, FIRST_ROW)], pl.String
    )


def _cell(cell: Any, row: int, column: str | None) -> str | None:
    """Return a cell as text; None where nothing is given, which pandas says in several ways."""
    if isinstance(cell, str):
        if is_text(cell):
            return cell
        raise refusal("encoding", NO_TEXT, row=row, column=column)
    try:
        # NaN does not equal any value, not even itself.
        if cell is None or type(cell).__name__ in MISSING or cell != cell:  # noqa: PLR0124
            return None
        return cell_text(cell)
    except (ValueError, TypeError, ArithmeticError):
        # A list or an array has no one answer, and a number of thousands of digits no text.
        raise refusal("unreadable", NESTED, row=row, column=column) from None
