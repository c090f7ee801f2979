"""Excel workbooks: the archive is measured before it is parsed, cells become text."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from engine.reading.blank_rows import without_last_blanks
from engine.reading.header import MOST_ABOVE, Header, header_of, header_place
from engine.reading.library_panic import PanicOfLibrary, without_traces
from engine.reading.limits import Limits
from engine.reading.report import refusal
from engine.reading.scanned_sheet import Fault, ScannedSheet, cell_fault, sheets_left_out
from engine.reading.table_text import TableText
from engine.reading.text import cell_text
from engine.reading.whole_lines import refuse_lines_in_cells
from engine.reading.workbook_archive import weigh
from engine.reading.workbook_parts import unreadable
from engine.reading.workbook_sheets import (
    Sheet,
    candidates,
    filled,
    hidden_sheets,
    names_of,
    only,
    sheets_of,
)

_MANY_DIGITS = r"^-?[0-9]{16,}$"
_TOO_LONG = (
    "is a number of more than fifteen digits, of which a spreadsheet keeps fifteen; format the column as text, "
    "and fill it in again"
)


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
            hidden = hidden_sheets(workbook, archive)
            chosen = only(filled(workbook, archive, candidates(workbook, sheet)), hidden)
    except (CalamineError, PanicOfLibrary):
        raise unreadable() from None
    left_out = [name for name in hidden if name != chosen.name]
    tables = archive.tables.get(chosen.name, ())
    scanned = ScannedSheet(chosen.scan, tables, archive.recalculates, archive.widths)
    table = _table(chosen, scanned, header_row, limits)
    return replace(table, notices=(*table.notices, *sheets_left_out(left_out, names_of(left_out))))


def sheet_names(content: bytes) -> list[str]:
    """Return the names of the sheets of a workbook that was read before."""
    with without_traces(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return list(sheets_of(workbook))


def _table(
    chosen: Sheet, scanned: ScannedSheet, header_row: int | None, limits: Limits
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
    refuse_lines_in_cells(above, at)
    cells = scanned.headings(above, at)
    columns = list(zip(*rows[at + 1 :], strict=True)) or [()] * len(cells)
    while cells and not cells[-1].strip() and not any(map(cell_text, columns[len(cells) - 1])):
        cells.pop()
    header = header_of(cells, at + 1, limits, scanned.merged_columns(at + 1, len(cells)))
    frame = pl.DataFrame(
        {
            name: scanned.with_leading_zeros(place, [cell_text(cell) for cell in column])
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
    of_columns = {
        one.problem: header.names[one.column - 1] for one in kept if one.column is not None
    }
    return TableText(
        frame,
        first_row=at + 2,
        header_row=at + 1,
        problems=(*problems, *(one.problem for one in kept)),
        unread=frozenset(one.unread(header) for one in kept),
        notices=scanned.notices(places, frame, at + 2, last),
        columns=problems | of_columns,
        places=header.places,
        hidden=scanned.hidden_columns(places),
        percentages=scanned.percentages(places),
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
