"""Rows as an Excel workbook: numbers stay numbers, text stays text, no clock is read.

The library lays out the workbook with one row in place of all. The rows themselves go
straight into the archive, so that none of them is ever in a temporary file.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from engine.errors import Problem, TableRefused
from engine.export.cell_text import FIGURE, guarded, harmless
from engine.export.embedding import EMBEDDED, RELATIONS, workbook_parts
from engine.export.formats import refuse_more_than_a_sheet
from engine.export.notes import COLUMNS, Note
from engine.export.properties import set_properties
from engine.rows import Rows, Shape

LARGEST_PART = (1 << 31) - (1 << 24)
"""Bytes of a sheet beyond which spreadsheet programs ask to mend the file."""

WARNINGS = "Warnings"
"""The sheet of notes on the tables and their figures."""

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""

IN_MEMORY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""How a small workbook is made: without a temporary file, and text stays text."""

_FORMATS = {
    Shape.pounds: "#,##0.00",
    Shape.figure: "#,##0.00",
    Shape.units: "#,##0.######",
    Shape.percent: "0.####",
    Shape.whole: "0",
}
_SHEET = "xl/worksheets/sheet{}.xml"
_MODEL = re.compile(rb'<row r="2".*?</row>(?=</sheetData>)', re.DOTALL)
_STYLE = re.compile(rb'<c r="([A-Z]+)2"(?: s="([0-9]+)")?')
_DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)2(")')
_FIGURE, _POUNDS = re.compile(FIGURE), re.compile(r"^-?[0-9]+[.][0-9]{2}$")
_AT_ONCE = 2_000
_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff]")
_ESCAPED = re.compile("(?=_x[0-9a-fA-F]{4}_)")


@dataclass(frozen=True, slots=True)
class Front:
    """The sheet before the rows: the title of the book, and lines of a name and its text."""

    title: str
    lines: Sequence[tuple[str, str]]


def write_workbook(
    rows: Rows,
    file: BinaryIO,
    about: Mapping[str, str] | None = None,
    front: Front | None = None,
    notes: Sequence[Note] = (),
    more: Sequence[Rows] = (),
) -> None:
    """Write the rows as a sheet, or raise ``TableRefused`` where they do not fit on it.

    ``about`` is kept among the properties of the file. With ``front``, a sheet "About" comes first; each of ``more``
    is a sheet after the rows; with ``notes``, a sheet "Warnings" comes last.
    """
    tables = (rows, *more)
    for one in tables:
        refuse_more_than_a_sheet(len(one))
    with (
        zipfile.ZipFile(io.BytesIO(_laid_out(tables, about or {}, front, notes))) as model,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        first = 1 if front is None else 2
        sheets = {_SHEET.format(at): one for at, one in enumerate(tables, start=first)}
        for part, laid_out in _parts(model, (about or {}).get(EMBEDDED)):
            of_rows = sheets.get(part.filename)
            with archive.open(part, "w") as out:
                for piece in (laid_out,) if of_rows is None else _pieces(of_rows, laid_out):
                    out.write(piece)


def _parts(model: zipfile.ZipFile, manifest: str | None) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Yield the parts of a workbook, with those that keep a manifest where there is one."""
    found = {part.filename: (part, model.read(part)) for part in model.infolist()}
    if manifest is not None:
        like = found[RELATIONS][0]
        for name, content in workbook_parts(manifest, found[RELATIONS][1]).items():
            part = copy(like)
            part.filename = part.orig_filename = name
            found[name] = part, content
    yield from found.values()


def _laid_out(
    tables: Sequence[Rows], about: Mapping[str, str], front: Front | None, notes: Sequence[Note]
) -> bytes:
    """Return a workbook with the header, columns and formats of each table, and one model row."""
    import xlsxwriter  # noqa: PLC0415 - other kinds of file are written without it

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, IN_MEMORY) as workbook:
        title = _title(tables[0])
        set_properties(workbook, title if front is None else front.title, about)
        bold = workbook.add_format({"bold": True})
        if front is not None:
            first = workbook.add_worksheet("About")
            first.set_column(0, 0, 30)
            first.set_column(1, 1, 70)
            for at, (name, said) in enumerate(front.lines):
                first.write_string(at, 0, name, bold)
                first.write_string(at, 1, harmless(said))
        formats = {
            shape: workbook.add_format({"num_format": form}) for shape, form in _FORMATS.items()
        }
        for rows in tables:
            name = rows.name.replace("_", " ") if front is None else _title(rows)
            _lay_out(workbook.add_worksheet(name[:31]), rows, bold, formats)
        if notes:
            _write_notes(workbook.add_worksheet(WARNINGS), notes, bold)
    return buffer.getvalue()


def _title(rows: Rows) -> str:
    return rows.name.replace("_", " ").capitalize()


def _lay_out(sheet: Any, rows: Rows, bold: Any, formats: Mapping[Shape, Any]) -> None:
    """Write the column names of a table, and a model row that has each column's format."""
    for place, (name, shape) in enumerate(rows.shapes.items()):
        sheet.set_column(place, place, max(len(name) + 2, 14), formats.get(shape))
        sheet.write_string(0, place, name, bold)
        sheet.write_number(1, place, 0, formats.get(shape))
    sheet.freeze_panes(1, 0)


def _write_notes(sheet: Any, notes: Sequence[Note], bold: Any) -> None:
    """Write what is to be known of the tables and their figures, a note a row."""
    for place, (name, width) in enumerate(zip(COLUMNS, (14, 20, 10, 110), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, bold)
    for at, one in enumerate(notes, start=1):
        sheet.write_string(at, 0, one.about)
        sheet.write_string(at, 1, one.kind)
        sheet.write_number(at, 2, one.number)
        sheet.write_string(at, 3, harmless(one.sentence))
    sheet.freeze_panes(1, 0)


def _pieces(rows: Rows, part: bytes) -> Iterator[bytes]:
    """Yield the bytes of the sheet of the rows; its model row gives way to them."""
    model = _MODEL.search(part)
    if model is None:
        raise ValueError(rows.name)
    styles = _STYLE.findall(model[0])
    yield _DIMENSION.sub(rf"\g<1>{len(rows) + 1}\g<2>".encode(), part[: model.start()])
    yield from _sheet_rows(rows, [(column.decode(), style.decode()) for column, style in styles])
    yield part[model.end() :]


def _sheet_rows(rows: Rows, styles: list[tuple[str, str]]) -> Iterator[bytes]:
    shapes = list(rows.shapes.values())
    columns = [
        (f'<c r="{column}', f'" s="{style}"><v>' if style else '"><v>', shape)
        for (column, style), shape in zip(styles, shapes, strict=True)
    ]
    frame, size = guarded(rows.frame, rows.shapes), 0
    for start in range(0, frame.height, _AT_ONCE):
        text = "".join(
            _row(number, row, columns)
            for number, row in enumerate(frame.slice(start, _AT_ONCE).iter_rows(), start=start + 2)
        ).encode()
        size += len(text)
        if size > LARGEST_PART:
            sentence = "the result is too large for one sheet; write CSV or Parquet"
            raise TableRefused([Problem(sentence, "too-large")])
        yield text


def _row(
    number: int, row: tuple[str | int | None, ...], columns: list[tuple[str, str, Shape]]
) -> str:
    cells = []
    for value, (start, styled, shape) in zip(row, columns, strict=True):
        if value is None:
            continue
        if isinstance(value, str) and shape is Shape.figure and _FIGURE.match(value):
            look = styled if _POUNDS.match(value) else '"><v>'
            cells.append(f"{start}{number}{look}{float(value)!r}</v></c>")
        elif isinstance(value, str):
            cells.append(f'{start}{number}" t="inlineStr"><is>{_text(value)}</is></c>')
        else:
            # A spreadsheet's numbers are binary: the nearest one prints the same decimals.
            amount = value / shape.scale if shape.scale > 1 else value
            cells.append(f"{start}{number}{styled}{amount!r}</v></c>")
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(value: str) -> str:
    """Return a text as a spreadsheet keeps it: what XML cannot hold is written as its number."""
    if len(value) > LONGEST:
        sentence = f"a cell of a sheet holds {LONGEST} characters and a text is longer; write CSV or Parquet"
        raise TableRefused([Problem(sentence, "too-long")])
    value = _ESCAPED.sub("_x005F", value)
    value = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f"<t{space}>{escape(value)}</t>"
