"""Excel workbooks: the archive is weighed before it is parsed, cells become text."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from html import unescape
from pathlib import Path

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from engine.check import plain_name
from engine.errors import Problem, TableRefused
from engine.ingest.header import column_names
from engine.ingest.limits import Limits
from engine.ingest.report import LISTED, refusal

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
"""What the archive's reader raises of a damaged file, ``NotImplementedError`` where it is packed in a way it does not know."""

Cell = tuple[int, int]
"""A cell's column and row, from 1."""

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET, _RELATION = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>"), re.compile(rb"<Relationship\s[^<>]*>")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^<>]{0,200}?\bt\s{0,9}=\s{0,9}["']e["'][^<>]{0,200}>""")
_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Z]{1,3})(\d{1,9})["']""")
_CELL = re.compile(
    rb"""<(?:\w+:)?(?:c|row)\s[^<>]{0,200}?\br\s{0,9}=\s{0,9}["']([A-Z]{0,3})(\d{1,9})["']"""
)


def read_workbook(path: Path, sheet: str | None, limits: Limits) -> pl.DataFrame:
    """Return the table of one sheet, every cell as text, or raise ``TableRefused``.

    A formula that was never calculated is blank; a cell in error is refused.
    """
    errors = _weigh(path, limits)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            chosen = _chosen(workbook, sheet)
            rows = chosen.to_python(skip_empty_area=False)
    except CalamineError:
        raise refusal(
            "unreadable-file", "is not an Excel workbook (.xlsx), or is damaged or locked"
        ) from None
    if not rows:
        raise refusal(
            "no-header", "the sheet is empty; its first row must have the column names", row=1
        )
    if len(rows) > limits.rows + 1:
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    header = [cell_text(cell) or "" for cell in rows[0]]
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(header)
    while header and not header[-1].strip() and not any(map(cell_text, columns[len(header) - 1])):
        header.pop()
    names = column_names(header, limits)
    _refuse_errors(errors.get(_part_of(path, chosen.name), []), names)
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
        raise refusal("no-sheet", f"sheet not found; the workbook has {len(shown)} others")
    return workbook.get_sheet_by_name(sheet or shown[0])


def _refuse_errors(cells: list[Cell], names: list[str]) -> None:
    """Refuse cells that hold an error: read as blank, they would pass for nothing."""
    sentence = "has an error such as #REF!; correct its formula, or leave the cell empty"
    problems = [
        Problem(sentence, "cell-error", row=row, column=plain_name(names[column - 1]))
        for column, row in sorted(set(cells), key=lambda cell: cell[::-1])
        if column <= len(names)
    ]
    if problems:
        raise TableRefused(problems[:LISTED], len(problems))


def _part_of(path: Path, sheet: str) -> str:
    """Return the part of a workbook that holds a sheet, or nothing where it does not say."""
    with zipfile.ZipFile(path) as archive:
        held = {part.filename: part for part in archive.infolist()}
        if not {_WORKBOOK, _RELATIONS} <= held.keys():
            return ""
        sheets = {
            unescape(_attribute(tag, b"name")): _attribute(tag, rb"\w+:id")
            for tag in _SHEET.findall(archive.read(_WORKBOOK))
        }
        targets = {
            _attribute(tag, b"Id"): _attribute(tag, b"Target")
            for tag in _RELATION.findall(archive.read(_RELATIONS))
        }
    target = targets.get(sheets.get(sheet, ""), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"""\b""" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (
        b"".join(part or b"" for part in found.groups()).decode(errors="replace") if found else ""
    )


def _weigh(path: Path, limits: Limits) -> dict[str, list[Cell]]:
    """Refuse an archive that unpacks to too much, by unpacking it without keeping anything.

    Return the cells in error of each part, by column and row. The sizes that an archive
    states about itself are believed only where they refuse it.
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
            return {part.filename: _look_through(archive, part, limits) for part in parts}
    except _DAMAGED:
        raise refusal(
            "unreadable-file", "is not an Excel workbook (.xlsx), or is damaged or locked"
        ) from None


def _is_bomb(part: zipfile.ZipInfo, limits: Limits) -> bool:
    return part.file_size > _SMALL and part.file_size > limits.ratio * part.compress_size


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> list[Cell]:
    """Return the cells in error of a part, unpacked, which fails where its stated size is not its own."""
    rows = columns = 0
    errors: list[Cell] = []
    for chunk in _chunks(archive, part):
        if part.filename.endswith(".xml") and (cells := _CELL.findall(chunk)):
            rows = max(rows, *(int(row) for _, row in cells))
            columns = max(columns, *map(_column, {letters for letters, _ in cells}))
            errors += [
                (_column(place[1]), int(place[2]))
                for tag in _ERROR.findall(chunk)
                if len(errors) < LISTED and (place := _PLACE.search(tag)) is not None
            ]
        if rows * columns > limits.grid_cells:
            sentence = f"the cells in use span more than {limits.grid_cells} cells; delete stray cells or save the table as CSV"
            raise refusal("workbook-size", sentence)
    return errors


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
