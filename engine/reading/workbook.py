"""Excel workbooks: the archive is measured before it is parsed, cells become text."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from engine.reading.blank_rows import without_last_blanks
from engine.reading.header import MOST_ABOVE, Header, header_of, header_place
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.reading.scanned_sheet import Fault, ScannedSheet, cell_fault, sheets_left_out
from engine.reading.sheet_scan import PartScan
from engine.reading.table_text import TableText
from engine.reading.workbook_archive import WorkbookArchive, weigh
from engine.reading.workbook_parts import unreadable

_NAMED = 10
_LONGEST_NAME = 31
_MANY_DIGITS = r"^-?[0-9]{16,}$"
_TOO_LONG = (
    "is a number of more than fifteen digits, of which a spreadsheet keeps fifteen; format the column as text, "
    "and fill it in again"
)
"""Sheets that one sentence names, and characters of each."""

_NAME_IT = "name the sheet to read with --sheet (sheet= in Python)"


def read_workbook(
    content: bytes, sheet: str | None, header_row: int | None, limits: Limits
) -> TableText:
    """Return the table of one sheet, every cell as text, or raise ``TableRefused``.

    The sheet is the one that is named, or the only one that is shown and not empty; the column names
    are in the row that is named, or in the first that is not blank. Of a cell in error or merged with
    others, and of a formula that was never calculated, the table has a problem.
    """
    archive = weigh(content, limits)
    try:
        with without_traces(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            hidden = _hidden_sheets(workbook, archive)
            chosen = _only(_filled(workbook, archive, _candidates(workbook, sheet)), hidden)
    except (CalamineError, PanicOfLibrary):
        raise unreadable() from None
    left_out = [name for name in hidden if name != chosen.name]
    tables = archive.tables.get(chosen.name, ())
    scanned = ScannedSheet(chosen.scan, tables, archive.recalculates, archive.widths)
    table = _table(chosen, scanned, header_row, limits)
    return replace(table, notices=(*table.notices, *sheets_left_out(left_out, _names_of(left_out))))


def sheet_names(content: bytes) -> list[str]:
    """Return the names of the sheets of a workbook that was read before."""
    with without_traces(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return list(_sheets(workbook))


def _table(
    chosen: "_Sheet", scanned: ScannedSheet, header_row: int | None, limits: Limits
) -> TableText:
    """Return the rows of a sheet below its column names, with what was found of its cells."""
    rows = chosen.rows
    if len(rows) > limits.rows + (header_row or 1):
        raise refusal("too-many-rows", f"a table may have at most {limits.rows} rows")
    above = [[cell_text(cell) for cell in row] for row in rows[: max(MOST_ABOVE, header_row or 0)]]
    if not above:
        raise refusal(
            "no-header", "the sheet is empty; its first row must have the column names", row=1
        )
    at = header_place(above, header_row)
    cells = scanned.headings(above, at)
    columns = list(zip(*rows[at + 1 :], strict=True)) or [()] * len(cells)
    while cells and not cells[-1].strip() and not any(map(cell_text, columns[len(cells) - 1])):
        cells.pop()
    header = header_of(cells, at + 1, limits, scanned.merged_columns(at + 1, len(cells)))
    frame = pl.DataFrame(
        {
            name: scanned.as_shown(place, [cell_text(cell) for cell in column])
            for place, (name, column) in enumerate(
                zip(header.names, columns, strict=False), start=1
            )
        },
        schema=dict.fromkeys(header.names, pl.String),
    )
    found = [*scanned.faults(header), *_long_numbers(columns, frame, header)]
    header = header.with_faults(
        {one.column: one.problem for one in found if one.column and one.row == header.row}
    )
    found = [one for one in found if one.row != header.row]
    named, problems = header.named(
        frame, {header.names[one.column - 1] for one in found if one.column}
    )
    places = {
        name: place for place, name in enumerate(header.names, start=1) if name in named.columns
    }
    frame = without_last_blanks(named)
    last = at + 1 + frame.height
    kept = [one for one in found if one.column is None or header.names[one.column - 1] in places]
    return TableText(
        frame,
        first_row=at + 2,
        header_row=at + 1,
        problems=(*problems, *(one.problem for one in kept)),
        unread=frozenset(one.unread(header) for one in kept),
        notices=scanned.notices(places, frame, at + 2, last),
        above=tuple(map(tuple, above[:MOST_ABOVE])),
    )


def _long_numbers(
    columns: Sequence[Sequence[object]], frame: pl.DataFrame, header: Header
) -> Iterator[Fault]:
    """Yield numbers of so many digits that the workbook has lost the last of them: text keeps all."""
    for place, name in enumerate(header.names, start=1):
        for at in frame[name].str.contains(_MANY_DIGITS).arg_true():
            if isinstance(columns[place - 1][at], float | int):
                yield cell_fault(header, place, header.row + 1 + at, "long-number", _TOO_LONG)


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


def _sheets(workbook: CalamineWorkbook) -> dict[str, bool]:
    """Return the sheets of cells in their order, and whether each is shown."""
    return {
        one.name: one.visible == SheetVisibleEnum.Visible
        for one in workbook.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
    }


def _hidden_sheets(workbook: CalamineWorkbook, archive: WorkbookArchive) -> list[str]:
    """Return the sheets that are hidden and have cells."""
    parts = {
        name: archive.parts.get(archive.sheets.get(name, ""))
        for name, shown in _sheets(workbook).items()
        if not shown
    }
    return [name for name, part in parts.items() if part is not None and part.columns]


def _candidates(workbook: CalamineWorkbook, sheet: str | None) -> list[str]:
    """Return the sheet that is named, or those that are shown; a name may have other capitals."""
    every = _sheets(workbook)
    shown = [name for name, is_shown in every.items() if is_shown]
    if sheet is None and shown:
        return shown
    if sheet is None:
        raise refusal(
            "no-sheet", f"the workbook has no sheet that is shown{_with_hidden(list(every))}"
        )
    found = [name for name in every if name == sheet] or [
        name for name in every if name.strip().casefold() == sheet.strip().casefold()
    ]
    if not found:
        raise refusal("no-sheet", f"sheet not found; the workbook has {_names_of(list(every))}")
    return found[:1]


def _with_hidden(hidden: list[str]) -> str:
    """Return the end of a sentence that names the hidden sheets, and how one of them is read."""
    return f"; hidden sheets: {_names_of(hidden)}; {_NAME_IT}" if hidden else ""


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


def _only(sheets: Iterator[_Sheet], hidden: list[str]) -> _Sheet:
    """Return the only sheet; refuse several, as nothing says which of them is the table."""
    one = next(sheets)
    others = [other.name for other in sheets]
    if others:
        names = _names_of([one.name, *others])
        raise refusal("no-sheet", f"several sheets have content: {names}; {_NAME_IT}")
    if hidden and not any(map(cell_text, chain.from_iterable(one.rows))) and one.name not in hidden:
        raise refusal("no-sheet", f"the sheet that is shown is empty{_with_hidden(hidden)}")
    return one


def _names_of(names: list[str]) -> str:
    """Return the names of the first sheets, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(_printable, names[:_NAMED])) + more


def _printable(name: str) -> str:
    """Return a sheet's name as a sentence may show it: in one line, no longer than a sheet's may be."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:_LONGEST_NAME])
