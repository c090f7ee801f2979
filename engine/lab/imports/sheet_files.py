"""Sheets of a rule document written as a workbook that people edit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from engine.export.properties import CREATED
from engine.export.workbook import IN_MEMORY
from engine.lab.imports.decision_sheets import SOURCE_COLUMNS, Sheet
from engine.reading.text import cell_text
from engine.vocabulary import NOT_PRINTED

NUMBERS = frozenset({"value", "unit_value", "notional_percent"})
"""Columns of numbers; what is in others stays text, so that a range such as 5-10 is not turned into a date."""

_WIDTHS = {
    "note": 50, "value_note": 40, "title": 60, "where": 50, "is": 80, "gives_band": 22, "factor": 26,
    "label": 34, "place": 44,
}  # fmt: skip


def write_sheets(sheets: Sequence[Sheet], file: BinaryIO) -> None:
    """Write sheets as a workbook; the same sheets give the same bytes."""
    with xlsxwriter.Workbook(file, IN_MEMORY) as workbook:
        workbook.set_properties({"created": CREATED.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, bold, text)


def _write(page: Any, sheet: Sheet, bold: Any, text: Any) -> None:
    page.freeze_panes(1, 0)
    for place, name in enumerate(sheet.columns):
        is_number = name in NUMBERS
        page.set_column(place, place, _WIDTHS.get(name, 16), None if is_number else text)
        page.write_string(0, place, name, bold)
        for row, cells in enumerate(sheet.rows, start=1):
            cell = cells[place]
            if is_number and _is_same_number(cell):
                page.write_number(row, place, float(cell))
            elif cell:
                page.write_string(row, place, cell, text)


def _is_same_number(cell: str) -> bool:
    """Return whether a spreadsheet's number gives back the text, as 1500 does and 1500.00 does not."""
    return cell not in {"", NOT_PRINTED} and cell_text(float(cell)) == cell


def source_rows(sources: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet of sources."""
    for key, source in sources.items():
        yield key, *(str(source.get(name, "")) for name in SOURCE_COLUMNS[1:])
