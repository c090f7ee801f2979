"""Excel workbooks: the archive is measured before it is parsed, cells become text."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from engine.errors import Problem
from engine.reading.header import column_names
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.report import refusal, refuse
from engine.reading.sheet_scan import Cell, PartScan
from engine.reading.workbook_archive import WorkbookArchive, unreadable, weigh
from engine.table_checks import plain_name

_NAMED = 10
_LONGEST_NAME = 31
"""Sheets that one sentence names, and characters of each."""

_IN_ERROR = "has an error such as #REF!; correct its formula, or leave the cell empty"
_UNCALCULATED = "has a formula without its result; open the workbook in a spreadsheet program, save it, and try again"


def read_workbook(content: bytes, sheet: str | None, limits: Limits) -> pl.DataFrame:
    """Return the table of one sheet, every cell as text, or raise ``TableRefused``.

    The sheet is the one that is named, or the only one that is shown and not empty. A cell in
    error is refused, and so is a formula that was never calculated.
    """
    archive = weigh(content, limits)
    try:
        with without_traces(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            chosen = _only(_filled(workbook, archive, _candidates(workbook, sheet)))
    except (CalamineError, PanicOfLibrary):
        raise unreadable() from None
    rows = chosen.rows
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
    _refuse_cells(chosen.scan, names)
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


class _Sheet(NamedTuple):
    """A sheet of a workbook: its name, its cells, and what its part was found to hold."""

    name: str
    rows: Sequence[Sequence[object]]
    scan: PartScan


def _candidates(workbook: CalamineWorkbook, sheet: str | None) -> list[str]:
    """Return the sheet that is named, or those that are shown."""
    shown = [
        one.name
        for one in workbook.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
        and (sheet is not None or one.visible == SheetVisibleEnum.Visible)
    ]
    if not shown:
        raise refusal("no-sheet", "the workbook has no sheet to read")
    if sheet is None:
        return shown
    if sheet not in shown:
        raise refusal("no-sheet", f"sheet not found; the workbook has {_names_of(shown)}")
    return [sheet]


def _filled(
    workbook: CalamineWorkbook, archive: WorkbookArchive, names: list[str]
) -> Iterator[_Sheet]:
    """Yield the sheets that are not empty, and the first where all are."""
    first: _Sheet | None = None
    found = False
    for name in names:
        # The library makes room for whatever a cell claims, as soon as the sheet is asked for.
        scan = archive.sheet(name)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        first = first or _Sheet(name, rows, scan)
        if scan.errors or scan.uncalculated or any(map(cell_text, chain.from_iterable(rows))):
            found = True
            yield _Sheet(name, rows, scan)
    if first is not None and not found:
        yield first


def _only(sheets: Iterator[_Sheet]) -> _Sheet:
    """Return the only sheet; refuse several, as nothing says which of them is the table."""
    one = next(sheets)
    others = [other.name for other in sheets]
    if others:
        names = _names_of([one.name, *others])
        sentence = f"several sheets have content: {names}; name the sheet to read"
        raise refusal("no-sheet", sentence)
    return one


def _names_of(names: list[str]) -> str:
    """Return the names of the first sheets, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(_printable, names[:_NAMED])) + more


def _printable(name: str) -> str:
    """Return a sheet's name as a sentence may show it: in one line, no longer than a sheet's may be."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:_LONGEST_NAME])


def _refuse_cells(scan: PartScan, names: list[str]) -> None:
    """Refuse cells in error or not calculated: read as blank, they would count as 0."""
    found = [(place, "cell-error", _IN_ERROR) for place in set(scan.errors)]
    found += [(place, "formula", _UNCALCULATED) for place in set(scan.uncalculated)]
    problems = [
        Problem(sentence, rule, row=row, column=plain_name(names[column - 1]))
        for (column, row), rule, sentence in sorted(found, key=_in_order)
        if column <= len(names)
    ]
    refuse(problems)


def _in_order(found: tuple[Cell, str, str]) -> tuple[int, int, str]:
    (column, row), rule, _ = found
    return row, column, rule
