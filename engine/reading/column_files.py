"""Files of columns that have types, of any kind: bounded before a row is read, and read as text."""

from collections.abc import Callable

import polars as pl

from engine.errors import Problem, TableRefused
from engine.reading.header import column_names
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.memory import BYTES_OF_TEXT_CELL, check_memory
from engine.reading.parquet_pages import TOO_LARGE, PagesDamaged, PagesTooLarge
from engine.reading.report import refusal
from engine.reading.text import as_text, is_textual

_UNREADABLE = (pl.exceptions.PolarsError, PanicOfLibrary, PagesDamaged, OSError)

_CELL_BYTES = 16
"""Memory of a cell of text beside text of over twelve bytes, which lies elsewhere."""

_WITHIN_CELL = 12

Scan = Callable[[], pl.LazyFrame]


def read_columns(scan: Scan, kind: str) -> tuple[pl.DataFrame, dict[Problem, str]]:
    """Return the table of a file, every cell as text, and what is wrong with columns of a type that no table has.

    Such columns are blank; each is named by its problem. Raises ``TableRefused`` for the file; ``kind`` names what it is to be.
    """
    columns = scan()
    try:
        with without_traces():
            cells = rows_of(columns) * len(columns.collect_schema())
            check_memory(cells * BYTES_OF_TEXT_CELL, "as text")
            frame, problems = as_text(columns.collect())
    except _UNREADABLE:
        raise _damaged(kind) from None
    blank = (name for name, held in columns.collect_schema().items() if not is_textual(held))
    return frame, dict(zip(problems, blank, strict=True))


def checked_scan(
    scan: Scan, check: Callable[[pl.LazyFrame, pl.Schema], None], kind: str, limits: Limits
) -> pl.LazyFrame:
    """Return the columns of a file, to be read when they are asked for, or raise ``TableRefused``.

    A column of a type that no table has is blank, and of a plain type that none has either: its cells are
    never read, and who reads the others names it with what is wrong there. ``check`` looks at sizes. A
    file of such columns alone is refused.
    """
    try:
        with without_traces():
            columns = scan()
            schema = columns.collect_schema()
            column_names(list(schema), limits)
            if not any(map(is_textual, schema.dtypes())):
                raise TableRefused(as_text(pl.DataFrame(schema=schema))[1])
            check(columns, schema)
            return columns.with_columns(
                pl.lit(None, pl.Float64 if held.is_float() else pl.Binary).alias(name)
                for name, held in schema.items()
                if not is_textual(held)
            )
    except PagesTooLarge as found:
        raise refusal("too-large", str(found)) from None
    except _UNREADABLE:
        raise _damaged(kind) from None


def rows_of(scan: pl.LazyFrame) -> int:
    """Return how many rows a file says that it has."""
    return int(scan.select(pl.len()).collect().item())


def _damaged(kind: str) -> TableRefused:
    return refusal("unreadable-file", f"is not {kind}, or is damaged")


def check_size(
    scan: pl.LazyFrame, schema: pl.Schema, most: int, limits: Limits, text: int | None = None
) -> None:
    """Refuse what a small file may claim: rows by its own count, memory by what cells will take up.

    Equal cells are stored once, however many there are, so that neither the size of the file nor what it
    states of itself says how much it unpacks to. ``most`` is how many bytes it may take up; ``text`` how many
    all texts have at most, None where they are to be measured. Raises ``TableRefused``.
    """
    rows = rows_of(scan)
    if rows > limits.rows:
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    if rows * len(schema) > limits.cells:
        raise refusal("too-large", f"a table may have at most {limits.cells} cells")
    _check_memory(rows * len(schema) * _CELL_BYTES, most)
    if pl.String not in schema.dtypes():
        return
    if text is not None and rows * len(schema) * _CELL_BYTES + text <= most:
        return
    length = pl.col(pl.String).str.len_bytes()
    longest, elsewhere = (
        scan.select(one.fill_null(0)).collect(engine="streaming").row(0)
        for one in (length.max(), length.filter(length > _WITHIN_CELL).sum())
    )
    if any(one > limits.cell_bytes for one in longest):
        raise refusal("too-long", f"a cell may have at most {limits.cell_bytes} bytes")
    _check_memory(rows * len(schema) * _CELL_BYTES + sum(elsewhere), most)


def _check_memory(needed: int, most: int) -> None:
    if needed > most:
        raise refusal("too-large", TOO_LARGE)
