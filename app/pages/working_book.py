"""A result as a workbook: what it answers, then its working with formulas over the school's counts."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import xlsxwriter

from app.workbooks.formats import OPTIONS
from engine.explain import COLUMN, SheetPart, SheetRow
from engine.export import harmless, set_properties

HEADINGS = ("Part", "How", "Step", "Value", "Counted in", "Source", "Checked", "Note")
WIDTHS = (44, 11, 32, 14, 12, 38, 20, 38)
ABOUT_WIDTHS = (30, 70)
LINE = 15
"""Height of a line of text, points."""
A4 = 9
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
    "heading": {"bold": True, "valign": "top", "bottom": 1, "align": "left", "indent": 1},
    "value heading": {"bold": True, "valign": "top", "bottom": 1, "align": "right"},
    "label": {"bold": True, "valign": "top"},
    "prose": {"text_wrap": True, "valign": "top"},
    "figure": {"num_format": '"£"#,##0.00', "bold": True, "align": "left", "valign": "top"},
}
FIRST = {"top": 1, "top_color": "#BFBFBF"}
"""Above the first row of a part."""
CENT = Fraction(1, 100)
TEXT = "@"
Cell = str | float


class Figure(NamedTuple):
    """A result that a line about the file repeats: the row of the working that has it, and pounds."""

    row: int
    pounds: float

    @property
    def formula(self) -> str:
        """Return what shows the working's cell."""
        return f"=Working!{COLUMN}{self.row}"


Line = tuple[str, str | Figure]


@dataclass(frozen=True, slots=True)
class WorkingBook:
    """What is written: a title, lines about the result, its parts, and a picture of its address where there is one."""

    title: str
    lines: Sequence[Line]
    parts: Sequence[SheetPart]
    picture: bytes | None

    def tables(self) -> list[list[list[Cell]]]:
        """Return the cells of both sheets, as a program reads them back."""
        about: list[list[Cell]] = [
            [name, said.pounds if isinstance(said, Figure) else harmless(said)]
            for name, said in self.lines
        ]
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
        _lay_out(sheet, ABOUT_WIDTHS)
        for at, (name, said) in enumerate(self.lines):
            sheet.write_string(at, 0, name, named["label"])
            if isinstance(said, Figure):
                sheet.write_formula(at, 1, said.formula, named["figure"], said.pounds)
                continue
            sheet.set_row(at, _height([name, said], ABOUT_WIDTHS))
            sheet.write_string(at, 1, harmless(said), named["prose"])
        if self.picture is not None:
            options = {
                "image_data": io.BytesIO(self.picture),
                "description": "QR code of the address",
            }
            sheet.insert_image(len(self.lines) + 1, 1, "address.png", options)

    def _write_working(self, book: Any, sheet: Any, named: Mapping[str, Any]) -> None:
        _lay_out(sheet, WIDTHS)
        for at, heading in enumerate(HEADINGS):
            shown = named["value heading" if at == VALUE else "heading"]
            sheet.write_string(0, at, heading, shown)
        looks: dict[Look, Any] = {}
        for part in self.parts:
            for at, row in enumerate(part.rows, start=part.row - 1):
                look = _look(row, is_first=row is part.rows[0])
                for one in (look, look.of_text):
                    if one not in looks:
                        looks[one] = book.add_format(_format(one))
                _write_row(sheet, at, cells_of(part.label, row), row.formula, looks, look)
        sheet.freeze_panes(1, VALUE)
        sheet.repeat_rows(0)
        sheet.set_landscape()


def _lay_out(sheet: Any, widths: Sequence[int]) -> None:
    """Set the widths of a sheet's columns, and the paper that it is printed on: as wide as one page."""
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> int:
    """Return how high a row is, points, in which every text has the lines that it takes.

    Programs that open a file do not all work it out, and then a text lies over the rows below it.
    """
    texts = zip(cells, widths, strict=True)
    return LINE * max(-(-len(cell) // width) for cell, width in texts if isinstance(cell, str))


def cells_of(label: str, row: SheetRow) -> list[Cell]:
    """Return the cells of a row; what is not known is empty."""
    value: Cell = float(row.value) if isinstance(row.value, Fraction) else row.value or ""
    texts = [row.source or "", CHECKED.get(row.standing or "", ""), row.note or ""]
    how = "" if row.operator.value in {"start", "decides"} else row.operator.value
    cells: list[Cell] = [label, how, row.label, value, row.unit.words, *texts]
    return [harmless(one) if isinstance(one, str) else one for one in cells]


class Look(NamedTuple):
    """How a cell looks: its number format, whether it may be changed, is a result, and begins a part."""

    shape: str
    is_count: bool
    is_result: bool
    is_first: bool

    @property
    def of_text(self) -> "Look":
        """Return how the texts of its row look."""
        return Look(TEXT, is_count=False, is_result=False, is_first=self.is_first)


def _write_row(
    sheet: Any,
    at: int,
    cells: Sequence[Cell],
    formula: str | None,
    looks: Mapping[Look, Any],
    look: Look,
) -> None:
    sheet.set_row(at, _height(cells, WIDTHS))
    for place, cell in enumerate(cells):
        shown = looks[look if place == VALUE else look.of_text]
        if cell == "":
            sheet.write_blank(at, place, None, shown)
        elif isinstance(cell, str):
            sheet.write_string(at, place, cell, shown)
        elif formula is not None:
            sheet.write_formula(at, place, f"={formula}", shown, cell)
        else:
            sheet.write_number(at, place, cell, shown)


def _look(row: SheetRow, *, is_first: bool) -> Look:
    """Return how a row's value looks."""
    if not row.unit.is_money:
        shape = "General"
    elif isinstance(row.value, Fraction) and (row.value / CENT).denominator > 1:
        shape = "#,##0.00####"
    else:
        shape = "#,##0.00"
    return Look(shape, row.is_count, row.operator.value == "equals", is_first)


def _format(look: Look) -> dict[str, object]:
    base: dict[str, object] = {"num_format": look.shape, "align": "right", "valign": "top"}
    if look.shape == TEXT:
        base = {"text_wrap": True, "align": "left", "valign": "top", "indent": 1}
    first: dict[str, object] = {**FIRST} if look.is_first else {}
    counted: dict[str, object] = {"bg_color": "#FFF7BF", "border": 1} if look.is_count else {}
    return base | first | counted | ({"bold": True} if look.is_result else {})


def counts_words(parts: Iterable[SheetPart]) -> str:
    """Return how the sheet is used, by whether any of its cells may be changed."""
    if any(row.is_count for part in parts for row in part.rows):
        return (
            "Change a number in a yellow cell of the sheet Working: the amounts and the totals follow. "
            "A row that does not follow says so in its note."
        )
    return "The sheet Working has the amounts as they were worked out."
