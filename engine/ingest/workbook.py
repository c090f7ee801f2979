"""Excel workbooks: the archive is weighed before it is parsed, cells become text."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from engine.ingest.header import column_names
from engine.ingest.limits import Limits
from engine.ingest.report import refusal

_CHUNK = 1 << 20
_OVERLAP = 512
_SMALL = 1 << 20
_LETTERS = 26
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_CELL = re.compile(
    rb"""<(?:\w+:)?(?:c|row)\s[^<>]{0,200}?\br\s{0,9}=\s{0,9}["']([A-Z]{0,3})(\d{1,9})["']"""
)


def read_workbook(path: Path, sheet: str | None, limits: Limits) -> pl.DataFrame:
    """Return the table of one sheet, every cell as text, or raise ``TableRefused``.

    A formula that was never calculated, and a cell in error, is blank.
    """
    _weigh(path, limits)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            rows = _chosen(workbook, sheet).to_python(skip_empty_area=False)
    except CalamineError:
        raise refusal(
            "unreadable-file", "is not an Excel workbook (.xlsx), or is damaged or locked"
        ) from None
    if not rows:
        raise refusal("no-header", "the sheet is empty; its first row must name the columns", row=1)
    if len(rows) > limits.rows + 1:
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    header = [cell_text(cell) or "" for cell in rows[0]]
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(header)
    while header and not header[-1].strip() and not any(map(cell_text, columns[len(header) - 1])):
        header.pop()
    names = column_names(header, limits)
    return pl.DataFrame(
        {
            name: [cell_text(cell) for cell in column]
            for name, column in zip(names, columns, strict=False)
        },
        schema=dict.fromkeys(names, pl.String),
    )


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


def _chosen(workbook: CalamineWorkbook, sheet: str | None) -> CalamineSheet:
    shown = [
        one.name
        for one in workbook.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
        and (sheet is not None or one.visible == SheetVisibleEnum.Visible)
    ]
    if not shown:
        raise refusal("no-sheet", "the workbook has no sheet to read")
    if sheet is not None and sheet not in shown:
        raise refusal(
            "no-sheet", f"the workbook has no sheet of that name; it has {len(shown)} others"
        )
    return workbook.get_sheet_by_name(sheet or shown[0])


def _weigh(path: Path, limits: Limits) -> None:
    """Refuse an archive that unpacks to too much, by unpacking it without keeping anything.

    The sizes that an archive states about itself are believed only where they refuse it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > limits.workbook_parts:
                raise refusal(
                    "workbook-size", f"a workbook may have at most {limits.workbook_parts} parts"
                )
            if sum(part.file_size for part in parts) > limits.workbook_bytes:
                mebibytes = limits.workbook_bytes >> 20
                sentence = (
                    f"a workbook may unpack to at most {mebibytes} MiB; save the table as CSV"
                )
                raise refusal("workbook-size", sentence)
            if any(part.compress_type not in _PACKED for part in parts):
                raise refusal(
                    "workbook-size", "the workbook is packed in a way that spreadsheets do not use"
                )
            if any(_is_bomb(part, limits) for part in parts):
                raise refusal(
                    "workbook-size",
                    f"a part of the workbook unpacks to over {limits.ratio} times its size",
                )
            for part in parts:
                _look_through(archive, part, limits)
    except _DAMAGED:
        raise refusal(
            "unreadable-file", "is not an Excel workbook (.xlsx), or is damaged or locked"
        ) from None


def _is_bomb(part: zipfile.ZipInfo, limits: Limits) -> bool:
    return part.file_size > _SMALL and part.file_size > limits.ratio * part.compress_size


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Unpack a part, which fails where its stated size is not its own, and look at its cells."""
    rows = columns = 0
    for chunk in _chunks(archive, part):
        if part.filename.endswith(".xml") and (cells := _CELL.findall(chunk)):
            rows = max(rows, *(int(row) for _, row in cells))
            columns = max(columns, *map(_column, {letters for letters, _ in cells}))
        if rows * columns > limits.grid_cells:
            sentence = f"the cells in use span more than {limits.grid_cells} places; delete stray cells or save the table as CSV"
            raise refusal("workbook-size", sentence)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's bytes, each chunk led by the end of the one before."""
    last = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            yield last + chunk
            last = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
