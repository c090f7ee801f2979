"""Rows as an Excel workbook: numbers stay numbers, text stays text, no clock is read."""

from datetime import UTC, datetime
from typing import BinaryIO

import xlsxwriter

from engine.errors import Problem, TableRefused
from engine.export.cells import guarded
from engine.export.rows import Rows, Shape

LARGEST = 1_048_575
"""Rows that a sheet holds under its header."""

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_FORMATS = {
    Shape.pounds: "#,##0.00",
    Shape.units: "#,##0.######",
    Shape.percent: "0.####",
    Shape.whole: "0",
}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_workbook(rows: Rows, file: BinaryIO) -> None:
    """Write one sheet, or raise ``TableRefused`` where the rows do not fit on it."""
    if len(rows) > LARGEST:
        sentence = f"a sheet has at most {LARGEST} rows and the result has {len(rows)}; write CSV or Parquet"
        raise TableRefused([Problem(sentence, "too-many-rows")])
    with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
        workbook.set_properties({"created": CREATED.replace(tzinfo=None)})
        sheet = workbook.add_worksheet(rows.name.replace("_", " ")[:31])
        bold = workbook.add_format({"bold": True})
        formats = {
            shape: workbook.add_format({"num_format": form}) for shape, form in _FORMATS.items()
        }
        for place, (name, shape) in enumerate(rows.shapes.items()):
            sheet.set_column(place, place, max(len(name) + 2, 14), formats.get(shape))
            sheet.write_string(0, place, name, bold)
        sheet.freeze_panes(1, 0)
        shapes = list(rows.shapes.values())
        for at, row in enumerate(guarded(rows.frame, rows.shapes).iter_rows(), start=1):
            for place, (value, shape) in enumerate(zip(row, shapes, strict=True)):
                if value is None:
                    continue
                if shape is Shape.text:
                    sheet.write_string(at, place, value)
                else:
                    # A spreadsheet's numbers are binary: the nearest one prints the same decimals.
                    number = value / shape.scale if shape.scale > 1 else value
                    sheet.write_number(at, place, number, formats[shape])
