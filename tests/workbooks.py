"""Workbooks taken apart and put together again, as spreadsheets never would."""

import zipfile
from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_HEAD = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006'
    b'/main"><sheetData>'
)


def part(path: Path, name: str) -> bytes:
    """Return a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def changed(path: Path, parts: dict[str, bytes | None]) -> Path:
    """Rewrite a workbook with other parts; None takes one away."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def moved(path: Path, name: str) -> Path:
    """Give the sheet's part another name, and let the workbook's relation lead there."""
    relations = part(path, RELATIONS).replace(
        b"worksheets/sheet1.xml", name.removeprefix("xl/").encode()
    )
    return changed(path, {SHEET: None, name: part(path, SHEET), RELATIONS: relations})


def sheet(rows: bytes) -> bytes:
    """Return a sheet of rows."""
    return _HEAD + rows + b"</sheetData></worksheet>"
