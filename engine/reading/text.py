"""Cells as text: typed columns of a frame, and rows of plain values as a caller sends them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import polars as pl

from engine.errors import Problem
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.table_checks import plain_name

_TEXTUAL = (pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Null)
FLOATS = "has binary (floating-point) numbers; store pounds, hours and other decimals as text or decimal, and counts as whole numbers"
FIRST_ROW = 2
"""The first row of a file below its header."""

NO_TEXT = "is not plain text"
_MOST_DIGITS = 30
_LARGEST = 10**_MOST_DIGITS
NESTED = "must have text, whole numbers, decimals, dates, or true and false"


def as_text(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Return a frame with every column as text, and a problem for each that cannot be."""
    if all(dtype == pl.String for dtype in frame.dtypes):
        return frame, []
    problems: list[Problem] = []
    columns = []
    for name, dtype in frame.schema.items():
        text = pl.col(name)
        if dtype.is_float():
            problems.append(Problem(FLOATS, "float", column=plain_name(name)))
            text = pl.lit(None)
        elif dtype.is_decimal():
            text = _without_trailing_zeros(text.cast(pl.String))
        elif not is_textual(dtype):
            problems.append(Problem(NESTED, "nested", column=plain_name(name)))
            text = pl.lit(None)
        columns.append(text.cast(pl.String).alias(name))
    return frame.select(columns), problems


def is_textual(dtype: pl.DataType) -> bool:
    """Return whether a table may have columns of a type."""
    plain = dtype.is_integer() or dtype.is_decimal() or dtype == pl.String
    return plain or dtype in _TEXTUAL or _is_local(dtype)


def _is_local(dtype: pl.DataType) -> bool:
    """Return whether a column holds days with times of day, which are read at midnight alone; never of a time zone."""
    return isinstance(dtype, pl.Datetime) and dtype.time_zone is None


def _without_trailing_zeros(text: pl.Expr) -> pl.Expr:
    whole = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(text.str.contains(".", literal=True)).then(whole).otherwise(text)


def text_rows(
    frame: pl.DataFrame, first_row: int = FIRST_ROW
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row of a file's table: its number in the file, and its cells without space around them."""
    for number, cells in enumerate(frame.iter_rows(named=True), start=first_row):
        yield number, {name: (cell or "").strip() for name, cell in cells.items()}


def records(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return rows of plain values, as a caller sends them, as a frame of text.

    A key that a row leaves out is blank there. Rows with more different keys than a table may
    have columns are refused before anything is made of them.
    """
    names = _names(rows)
    columns = {
        name: [_spelled(row.get(name), name, place) for place, row in enumerate(rows)]
        for name in names
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _names(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return the keys of rows in the order in which they come, or refuse too many of them."""
    names: dict[str, None] = {}
    most = Limits().columns
    for row in rows:
        names |= dict.fromkeys(row)
        if len(names) > most:
            raise refusal("too-many-columns", f"a table may have at most {most} columns")
    # A caller from Python may have named them by anything.
    if not all(map(is_text, names)):
        raise refusal("no-name", "the names of a record must be plain text")
    return list(names)


def is_text(value: object) -> bool:
    """Return whether this is text of whole characters; JSON and Python may hold half of a surrogate pair."""
    if not isinstance(value, str):
        return False
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _spelled(value: object, name: str, place: int) -> str | None:
    if value is None:
        return value
    if isinstance(value, str):
        if is_text(value):
            return value
        raise refusal("encoding", NO_TEXT, row=place + 1, column=plain_name(name))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return str(value)
    # Of a short exponent, a long text would be made.
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS:
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    sentence = "must be text, a whole number, true, false or a date; write decimals as text"
    raise refusal("unreadable", sentence, row=place + 1, column=name)


def cell_text(cell: object) -> str:
    """Return a cell as the text that a spreadsheet would export.

    A workbook keeps every number in binary; fifteen digits are what it shows and means.

    >>> cell_text(100001.0), cell_text(6750.1000000000004), cell_text(True)
    ('100001', '6750.1', 'true')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
