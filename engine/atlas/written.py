"""The atlas as rows, as plain values, and as a workbook."""

from typing import Any, BinaryIO

import xlsxwriter

from engine.atlas.entries import Cell, Unit
from engine.atlas.table import Atlas
from engine.export.rows import Rows, Shape
from engine.export.workbook import CREATED
from engine.money import decimal_of

QUESTION = ("part", "name", "label", "of", "measure", "unit")
_OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_WIDTHS = (12, 22, 30, 22, 26, 10)
_FORMATS = {Unit.pounds: "#,##0.00", Unit.percent: "0.####", Unit.number: "#,##0.######"}


def atlas_rows(atlas: Atlas) -> Rows:
    """Return one row a question and one column a rule set, every cell as text."""
    names = (*QUESTION, *atlas.names)
    return Rows.listed(
        "atlas",
        dict.fromkeys(names, Shape.text),
        [
            dict(zip(names, (text or None for text in texts), strict=True))
            for texts in _texts(atlas)
        ],
    )


def atlas_record(atlas: Atlas) -> dict[str, Any]:
    """Return plain values: the rule sets, and each row with a cell for each of them."""
    return {
        "rule_sets": [
            {
                "rule_set": one.document.identifier,
                "version": one.document.version,
                "title": one.document.title,
                "digest": one.digest,
                "standing": one.document.standing.value,
                "funding_year": one.document.funding_year,
                "on": one.day.isoformat(),
            }
            for one in atlas.rules
        ],
        "rows": [
            {
                "part": row.entry.part.value,
                "name": row.entry.name,
                "label": row.label,
                "of": row.entry.of,
                "measure": row.entry.measure,
                "unit": row.entry.unit.value,
                "cells": [{"value": cell.value, "said": cell.said} for cell in row.cells],
            }
            for row in atlas.rows
        ],
    }


def write_atlas_workbook(atlas: Atlas, file: BinaryIO) -> None:
    """Write one sheet: numbers as numbers, what is missing as its words."""
    with xlsxwriter.Workbook(file, _OPTIONS) as workbook:
        workbook.set_properties({"created": CREATED.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True})
        formats = {unit: workbook.add_format({"num_format": one}) for unit, one in _FORMATS.items()}
        sheet = workbook.add_worksheet("atlas")
        sheet.freeze_panes(1, len(QUESTION))
        for place, name in enumerate((*QUESTION, *atlas.names)):
            sheet.set_column(place, place, _WIDTHS[place] if place < len(_WIDTHS) else 28)
            sheet.write_string(0, place, name, bold)
        for at, (row, texts) in enumerate(zip(atlas.rows, _texts(atlas), strict=True), start=1):
            for place, text in enumerate(texts[: len(QUESTION)]):
                sheet.write_string(at, place, text)
            for place, cell in enumerate(row.cells, start=len(QUESTION)):
                if _is_number(cell, row.entry.unit):
                    sheet.write_number(at, place, float(cell.text), formats[row.entry.unit])
                else:
                    sheet.write_string(at, place, cell.text)


def _texts(atlas: Atlas) -> list[tuple[str, ...]]:
    return [
        (
            row.entry.part.value, row.entry.name, row.label, row.entry.of, row.entry.measure,
            row.entry.unit.value, *(cell.text for cell in row.cells),
        )
        for row in atlas.rows
    ]  # fmt: skip


def _is_number(cell: Cell, unit: Unit) -> bool:
    if cell.value is None or unit is Unit.text:
        return False
    try:
        return decimal_of(cell.value).is_finite()
    except ValueError:
        return False
