"""A result as a workbook: what it answers, then its working with formulas over the school's counts."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import xlsxwriter

from app.workbooks.formats import OPTIONS
from engine.explain import COLUMN, SheetPart, SheetRow
from engine.export import harmless, set_properties

HEADINGS = ("Part", "How", "Step", "Value", "Counted in", "Source", "Checked", "Note")
WIDTHS = (34, 12, 46, 16, 12, 40, 22, 44)
VALUE = "ABCDEFGH".index(COLUMN)
FIRST_ROW = 2
"""Row of the first step, counted from 1: the headings are above it."""

CHECKED = {
    "verified": "checked against the published paper",
    "unconfirmed": "not checked against the published paper",
    "proposed": "a proposal",
}
"""How far a value was checked, in plain words."""

NAMED: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "label": {"bold": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top"},
}
CENT = Fraction(1, 100)
Cell = str | float


@dataclass(frozen=True, slots=True)
class WorkingBook:
    """What is written: a title, lines about the result, its parts, and a picture of its address where there is one."""

    title: str
    lines: Sequence[tuple[str, str]]
    parts: Sequence[SheetPart]
    picture: bytes | None

    def tables(self) -> list[list[list[Cell]]]:
        """Return the cells of both sheets, as a program reads them back."""
        about: list[list[Cell]] = [[name, harmless(said)] for name, said in self.lines]
        rows: list[list[Cell]] = [list(HEADINGS)]
        rows += [cells_of(part.label, row) for part in self.parts for row in part.rows]
        return [about, rows]

    def content(self, metadata: Mapping[str, str]) -> bytes:
        """Return the file; the same result gives the same bytes."""
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            set_properties(book, self.title, metadata)
            named = {name: book.add_format(one) for name, one in NAMED.items()}
            self._write_about(book.add_worksheet("About"), named)
            self._write_working(book, book.add_worksheet("Working"), named)
        return file.getvalue()

    def _write_about(self, sheet: Any, named: Mapping[str, Any]) -> None:
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        for at, (name, said) in enumerate(self.lines):
            sheet.write_string(at, 0, name, named["label"])
            sheet.write_string(at, 1, harmless(said), named["prose"])
        if self.picture is not None:
            options = {
                "image_data": io.BytesIO(self.picture),
                "description": "QR code of the address",
            }
            sheet.insert_image(len(self.lines) + 1, 1, "address.png", options)

    def _write_working(self, book: Any, sheet: Any, named: Mapping[str, Any]) -> None:
        for at, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, heading, named["heading"])
        looks: dict[tuple[str, bool, bool], Any] = {}
        for part in self.parts:
            for at, row in enumerate(part.rows, start=part.row - 1):
                look = _look(row)
                if look not in looks:
                    looks[look] = book.add_format(_format(*look))
                _write_row(sheet, at, part.label, row, looks[look], named["prose"])
        sheet.freeze_panes(1, VALUE)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)


def cells_of(label: str, row: SheetRow) -> list[Cell]:
    """Return the cells of a row; what is not known is empty."""
    value: Cell = float(row.value) if isinstance(row.value, Fraction) else row.value or ""
    texts = [row.source or "", CHECKED.get(row.standing or "", ""), row.note or ""]
    how = "" if row.operator.value in {"start", "decides"} else row.operator.value
    cells: list[Cell] = [label, how, row.label, value, row.unit.words, *texts]
    return [harmless(one) if isinstance(one, str) else one for one in cells]


def _write_row(sheet: Any, at: int, label: str, row: SheetRow, look: Any, prose: Any) -> None:
    for place, cell in enumerate(cells_of(label, row)):
        if place != VALUE and cell != "":
            sheet.write_string(at, place, cell, prose)
        elif place == VALUE and row.formula is not None and isinstance(cell, float):
            sheet.write_formula(at, place, f"={row.formula}", look, cell)
        elif place == VALUE and isinstance(cell, float):
            sheet.write_number(at, place, cell, look)
        elif place == VALUE and cell != "":
            sheet.write_string(at, place, cell, look)


def _look(row: SheetRow) -> tuple[str, bool, bool]:
    """Return how a value looks: its number format, whether it may be changed, whether it is a result."""
    if not row.unit.is_money:
        shape = "General"
    elif isinstance(row.value, Fraction) and (row.value / CENT).denominator > 1:
        shape = "#,##0.00####"
    else:
        shape = "#,##0.00"
    return shape, row.is_count, row.operator.value == "equals"


def _format(shape: str, is_count: bool, is_result: bool) -> dict[str, object]:  # noqa: FBT001 - a look
    look: dict[str, object] = {"num_format": shape, "align": "right", "valign": "top"}
    counted: dict[str, object] = {"bg_color": "#FFF7BF", "border": 1} if is_count else {}
    return look | counted | ({"bold": True} if is_result else {})


def counts_words(parts: Iterable[SheetPart]) -> str:
    """Return how the sheet is used, by whether any of its cells may be changed."""
    if any(row.is_count for part in parts for row in part.rows):
        return (
            "Change a number in a yellow cell of the sheet Working: the amounts and the totals follow. "
            "A row that does not follow says so in its note."
        )
    return "The sheet Working has the amounts as they were worked out."
