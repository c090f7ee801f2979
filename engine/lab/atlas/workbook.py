"""The atlas as rows, as plain values, and as a workbook."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import xlsxwriter

from engine.export.properties import CREATED
from engine.export.workbook import IN_MEMORY
from engine.lab.atlas.table import Atlas, AtlasRow
from engine.money import is_number
from engine.rows import Rows, Shape
from engine.rules.measures import Cell, Unit
from engine.vocabulary import Standing, marked

QUESTION = ("part", "name", "label", "of", "measure", "unit")
_WIDTHS = (12, 22, 30, 22, 26, 10)
_FORMATS = {Unit.pounds: "#,##0.00", Unit.percent: "0.####", Unit.number: "#,##0.######"}


def screen_rows(atlas: Atlas) -> Rows:
    """Return one row for each question and one column for each rule set, with a column of standings after it."""
    names = (*QUESTION, *atlas.names)
    return _rows(
        names,
        [(*_question(row), *(cell.with_standing for cell in row.cells)) for row in atlas.rows],
    )


def atlas_rows(atlas: Atlas) -> Rows:
    """Return one row a question and two columns a rule set: the answer as text, and its standing.

    A standing is only there where the value was not verified.
    """
    columns = [column for name in atlas.names for column in (name, f"{name} standing")]
    rows = [
        (
            *_question(row),
            *(text for cell in row.cells for text in (cell.text, cell.standing or "")),
        )
        for row in atlas.rows
    ]
    return _rows((*QUESTION, *columns), rows)


def _rows(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Rows:
    return Rows.of_records(
        "atlas",
        dict.fromkeys(names, Shape.text),
        [dict(zip(names, (text or None for text in texts), strict=True)) for texts in rows],
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
                "year_kind": one.document.year_kind,
                "on": None if one.day is None else one.day.isoformat(),
                "values": one.values_used,
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
                "cells": [cell._asdict() for cell in row.cells],
            }
            for row in atlas.rows
        ],
    }


def write_atlas_workbook(atlas: Atlas, file: BinaryIO) -> None:
    """Write one sheet: numbers as numbers with their standing, what is missing as its words."""
    with xlsxwriter.Workbook(file, IN_MEMORY) as workbook:
        workbook.set_properties({"created": CREATED.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True})
        formats = _formats(workbook)
        sheet = workbook.add_worksheet("atlas")
        sheet.freeze_panes(1, len(QUESTION))
        for place, name in enumerate((*QUESTION, *atlas.names)):
            sheet.set_column(place, place, _WIDTHS[place] if place < len(_WIDTHS) else 28)
            sheet.write_string(0, place, name, bold)
        for at, row in enumerate(atlas.rows, start=1):
            for place, text in enumerate(_question(row)):
                sheet.write_string(at, place, text)
            for place, cell in enumerate(row.cells, start=len(QUESTION)):
                if _is_number(cell, row.entry.unit):
                    form = formats[row.entry.unit, cell.standing]
                    sheet.write_number(at, place, float(cell.text), form)
                else:
                    sheet.write_string(at, place, cell.with_standing)


def _formats(workbook: xlsxwriter.Workbook) -> dict[tuple[Unit, str | None], object]:
    """Return how a number of each kind and standing is shown: it stays a number that can be used."""
    return {
        (unit, standing): workbook.add_format(
            {"num_format": f'{plain} "[{standing}]"' if standing else plain}
        )
        for unit, plain in _FORMATS.items()
        for standing in (None, *map(marked, Standing))
    }


def _question(row: AtlasRow) -> tuple[str, ...]:
    entry = row.entry
    return (entry.part.value, entry.name, row.label, entry.of, entry.measure, entry.unit.value)


def _is_number(cell: Cell, unit: Unit) -> bool:
    return cell.value is not None and unit is not Unit.text and is_number(cell.value)
