"""Workbooks of pupils as people leave them, and what reading them gives."""

from pathlib import Path

import openpyxl
import pytest

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.errors import TableRefused
from engine.reading import Location, pupil_table, read_table_file
from engine.tables import PupilTable

WANTED = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), ("A", "B"))
NAMES = ["pupil_key", "la", "band", "assessed_cost"]
ROWS = [["k1", 928, "A", 100], ["k2", 928, "B", 200], ["k3", 928, "A", 300]]


def book(path: Path, rows=(NAMES, *ROWS), change=id) -> Path:
    """Write a workbook of one sheet, changed before it is saved."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    change(workbook.active)
    workbook.save(path)
    return path


def pupils_of(path: Path, sheet: str | None = None, header_row: int | None = None) -> PupilTable:
    """Return the pupils of a file."""
    return pupil_table(read_table_file(path, Location(sheet, header_row))[0], WANTED)


def notices(path: Path, **where) -> list[tuple[str, int, tuple[int, ...]]]:
    """Return the notes on a file of pupils: rule, number and rows."""
    return [(one.rule, one.number, one.rows) for one in pupils_of(path, **where).notices]


def problems(path: Path, **where) -> list[tuple[int | None, str | None, str]]:
    """Return the row, column and rule of each problem of a file of pupils, all of them listed."""
    with pytest.raises(TableRefused) as caught:
        pupils_of(path, **where)
    assert caught.value.total == len(caught.value.problems)
    return [(one.row, one.column, one.rule) for one in caught.value.problems]


def refused(path: Path, **where) -> str:
    """Return the only sentence by which a file of pupils is refused."""
    with pytest.raises(TableRefused) as caught:
        pupils_of(path, **where)
    assert caught.value.total == 1
    return str(caught.value)


def saved(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file of text or bytes."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(keys) -> list[dict]:
    """Return records of pupils with these keys."""
    return [{"pupil_key": key, "la": "928", "band": "A"} for key in keys]
