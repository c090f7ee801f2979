"""A file, frame, Arrow table or list of records to one frame, its binary decimals as text."""

import os
from pathlib import Path
from typing import Any

import polars as pl

from engine.data import FIXTURES
from engine.errors import Problem, TableRefused
from engine.reading import Limits, load_layout, read_table, records
from engine.reading.header import column_names
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.report import refusal
from engine.reading.text import NESTED, NO_TEXT, is_text
from engine.reading.workbook import cell_text
from engine.table_checks import plain_name
from evenband.sources import ArrowTable, PandasFrame, Source, is_records

LAYOUTS = FIXTURES / "layouts"
MISSING = {"NAType", "NaTType"}
"""The types by which pandas says that a cell or a day is missing."""

_NOT_READ = (
    "the table cannot be read; give each column a name of its own, and text, whole numbers, decimals "
    "of at most 38 digits, dates, or true and false"
)

FILE_ROW, FRAME_ROW = 2, 1
"""The number of the first row: under the header of a file, and of a frame, which has none."""


def read_frame(source: Source, sheet: str | None) -> tuple[pl.DataFrame, int]:
    """Return the columns of a source, and the number of its first row as a refusal names it.

    A binary number with decimals is read at the fifteen digits that it holds for sure, as a cell of
    a workbook is: 54.6906 stays 54.6906. Raises ``TableRefused``, or ``TypeError`` for anything else.
    """
    if isinstance(source, str | os.PathLike):
        return read_table(Path(source), sheet), FILE_ROW
    if sheet is not None:
        message = "sheet names a sheet of a workbook; leave it out where the source is no file"
        raise TypeError(message)
    if isinstance(source, pl.LazyFrame):
        return _decimals_as_text(source.collect()), FRAME_ROW
    if isinstance(source, pl.DataFrame):
        return _decimals_as_text(source), FRAME_ROW
    if isinstance(source, PandasFrame):
        return _from_pandas(source), FRAME_ROW
    if isinstance(source, ArrowTable):
        return _decimals_as_text(_from_arrow(source)), FRAME_ROW
    if is_records(source):
        return records(source), FRAME_ROW
    message = (
        "a table is read from a file (its path), a data frame, an Arrow table or a list of records "
        "(names with their values)"
    )
    raise TypeError(message)


def laid_out(frame: pl.DataFrame, layout: str | os.PathLike[str] | None) -> pl.DataFrame:
    """Return a frame under our names and codes, by a layout's file or the name of a shipped one.

    Raises ``TableRefused`` for a layout that is not known or does not fit the frame.
    """
    if layout is None:
        return frame
    path = Path(layout)
    if not path.suffix and path.parent == Path():
        known = sorted(file.stem for file in LAYOUTS.glob("*.yaml"))
        if path.name not in known:
            sentence = f"no layout is called {path.name!r}; there is {', '.join(known)}"
            raise TableRefused([Problem(sentence, "layout-unknown")])
        path = LAYOUTS / f"{path.name}.yaml"
    return load_layout(path).apply(frame)


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
        name, [_cell(cell, row, column) for row, cell in enumerate(cells, FRAME_ROW)], pl.String
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
