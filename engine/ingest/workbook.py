"""Excel workbooks: the archive is measured before it is parsed, cells become text."""

import io
from datetime import date, datetime, time
from decimal import Decimal

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from engine.check import plain_name
from engine.errors import Problem, TableRefused
from engine.ingest.header import column_names
from engine.ingest.library_panic import PanicOfLibrary, without_traces
from engine.ingest.limits import Limits
from engine.ingest.report import LISTED, refusal
from engine.ingest.sheet_scan import Cell, PartScan
from engine.ingest.workbook_archive import unreadable, weigh

_IN_ERROR = "has an error such as #REF!; correct its formula, or leave the cell empty"
_UNCALCULATED = "has a formula without its result; open the workbook in a spreadsheet program, save it, and try again"


def read_workbook(content: bytes, sheet: str | None, limits: Limits) -> pl.DataFrame:
    """Return the table of one sheet, every cell as text, or raise ``TableRefused``.

    A cell in error is refused, and so is a formula that was never calculated.
    """
    archive = weigh(content, limits)
    try:
        with (
            without_traces(),
            CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook,
        ):
            name = _chosen(workbook, sheet)
            # The library makes room for whatever a cell claims, as soon as the sheet is asked for.
            scan = archive.sheet(name)
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, PanicOfLibrary):
        raise unreadable() from None
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
    _refuse_cells(scan, names)
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


def _chosen(workbook: CalamineWorkbook, sheet: str | None) -> str:
    """Return the name of the sheet to read: the one asked for, or the first that is shown."""
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
    return sheet or shown[0]


def _refuse_cells(scan: PartScan, names: list[str]) -> None:
    """Refuse cells in error or not calculated: read as blank, they would count as 0."""
    found = [(place, "cell-error", _IN_ERROR) for place in set(scan.errors)]
    found += [(place, "formula", _UNCALCULATED) for place in set(scan.uncalculated)]
    problems = [
        Problem(sentence, rule, row=row, column=plain_name(names[column - 1]))
        for (column, row), rule, sentence in sorted(found, key=_in_order)
        if column <= len(names)
    ]
    if problems:
        raise TableRefused(problems[:LISTED], len(problems))


def _in_order(found: tuple[Cell, str, str]) -> tuple[int, int, str]:
    (column, row), rule, _ = found
    return row, column, rule
