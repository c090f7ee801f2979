"""The digest and the control totals of what the rows of a file say, read back from the file."""

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from engine.export.cell_text import exact
from engine.export.content import ContentDigest
from engine.export.control_totals import CANDIDATE, ControlTotals, summed_columns
from engine.input_file import read_input
from engine.money import scaled
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.rows import Rows, Shape

AT_ONCE = 500_000
"""Rows of a Parquet file that are read at once."""

MOST_BYTES = 2 << 30
"""Bytes of a workbook that is read back."""

UNREADABLE = (
    pl.exceptions.PolarsError, PanicOfLibrary, CalamineError, ArithmeticError, ValueError,
)  # fmt: skip
"""What the libraries raise of a file that is damaged, or other than it was."""

PARQUET, ZIP = b"PAR1", b"PK"
"""How a Parquet file begins, and a workbook, which is a ZIP file."""

Cell = str | int | None


class ContentUnreadable(Exception):
    """The rows of a file cannot be read as its manifest says that they were written."""


def content_of_file(path: Path, shapes: Mapping[str, Shape], number: int) -> dict[str, Any]:
    """Return what ``ContentDigest`` says of the rows of a Parquet file or a workbook.

    ``shapes`` are those of its columns when it was written, and ``number`` its rows: a sheet does not say how many empty ones it
    ends with. Raises ``ContentUnreadable`` where the file has other columns or
    cells of another kind, or is damaged.
    """
    found = ContentDigest(shapes)
    try:
        with without_traces():
            for piece in _pieces(path, shapes, number):
                found.add(piece)
    except UNREADABLE as error:
        raise ContentUnreadable(str(error)) from None
    return found.record()


def control_of_file(path: Path, shapes: Mapping[str, Shape], number: int) -> dict[str, Any] | None:
    """Return what ``ControlTotals`` says of the rows of a Parquet file, a workbook or a CSV; None for JSON, which is not read back.

    ``shapes`` and ``number`` are those of ``content_of_file``. Raises ``ContentUnreadable`` as it does, and where a cell of a CSV is not a
    number with the decimals of its column.
    """
    found = ControlTotals(shapes)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:1] in (b"[", b"{"):
        return None
    is_text = head != PARQUET and not head.startswith(ZIP)
    try:
        with without_traces():
            for piece in [_of_csv(path, shapes)] if is_text else _pieces(path, shapes, number):
                found.add(piece)
    except UNREADABLE as error:
        raise ContentUnreadable(str(error)) from None
    return found.record()


def _pieces(path: Path, shapes: Mapping[str, Shape], number: int) -> Iterator[Rows]:
    with path.open("rb") as file:
        is_parquet = file.read(4) == PARQUET
    if is_parquet:
        yield from _of_parquet(path, shapes)
    else:
        yield _of_workbook(path, shapes, number)


def _of_parquet(path: Path, shapes: Mapping[str, Shape]) -> Iterator[Rows]:
    scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    if scan.collect_schema() != exact(Rows.of_records("", shapes, [])).schema:
        raise ContentUnreadable(path.name)
    held = [
        pl.col(name) if shape.is_text else pl.col(name).to_physical().cast(pl.Int64)
        for name, shape in shapes.items()
    ]
    start = 0
    while (frame := scan.slice(start, AT_ONCE).select(held).collect()).height:
        yield Rows("", shapes, frame)
        start += frame.height


def _of_csv(path: Path, shapes: Mapping[str, Shape]) -> Rows:
    """Return the columns of a CSV that have control totals, and the candidates; the others are empty."""
    scan = pl.scan_csv(path, glob=False, infer_schema=False)
    if scan.collect_schema().names() != list(shapes):
        raise ContentUnreadable(path.name)
    summed = summed_columns(shapes)
    named = [CANDIDATE] if CANDIDATE in shapes else []
    # A column is read even where none is summed, so that rows are counted.
    text = scan.select(list(dict.fromkeys([next(iter(shapes)), *summed, *named]))).collect()
    for name in summed:
        digits = len(str(shapes[name].scale)) - 1
        plain = f"^-?[0-9]+(?:[.][0-9]{{1,{digits}}})?$" if digits else "^-?[0-9]+$"
        if not text[name].drop_nulls().str.contains(plain).all():
            raise ContentUnreadable(name)
    columns = {
        name: pl.col(name)
        if name in named
        else pl.col(name).cast(pl.Decimal(38, len(str(shapes[name].scale)) - 1)).to_physical()
        for name in [*summed, *named]
    }
    return Rows(
        "",
        shapes,
        text.select(
            (columns[name] if name in columns else pl.lit(None))
            .cast(pl.String if shape.is_text else pl.Int64)
            .alias(name)
            for name, shape in shapes.items()
        )
        if columns
        else Rows.of_records("", shapes, [{}] * text.height).frame,
    )


def _of_workbook(path: Path, shapes: Mapping[str, Shape], number: int) -> Rows:
    content, _ = read_input(path, MOST_BYTES)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        # A sheet about the result may come before its rows.
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows and rows[0] == list(shapes):
                break
        else:
            raise ContentUnreadable(path.name)
    empty = [[""] * len(shapes)] * max(number - len(rows) + 1, 0)
    body = [*rows[1:], *empty]
    columns = zip(*body, strict=True) if body else ((),) * len(shapes)
    frame = pl.DataFrame(
        {
            name: [_cell(cell, shape) for cell in column]
            for (name, shape), column in zip(shapes.items(), columns, strict=True)
        },
        schema={name: pl.String if one.is_text else pl.Int64 for name, one in shapes.items()},
    )
    return Rows("", shapes, frame)


def _cell(cell: object, shape: Shape) -> Cell:
    """Return a cell of a sheet as rows hold it: numbers whole, nothing for an empty one."""
    if cell == "":
        return None
    if isinstance(cell, str):
        if not shape.is_text:
            raise ContentUnreadable(shape)
        return cell
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ContentUnreadable(shape)
    number = Decimal(repr(cell))
    if shape.is_text:
        plain = f"{number:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    found = scaled(number, shape.scale)
    if found != number * shape.scale:
        raise ContentUnreadable(shape)
    return found
