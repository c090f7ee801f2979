"""The whole file: the sheet about it, its tables, the codes that they take."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from app.workbooks import about
from app.workbooks.formats import OPTIONS, Formats
from app.workbooks.formulas import AGAIN, CELLS
from app.workbooks.questions import Sheet
from app.workbooks.tables import A4, Table
from engine.export import file_metadata, rules_record, set_properties
from engine.rules import CompiledRules

SERVICE_ROW, AGAIN_ROW, ASKED_ROW, FACTS_ROW = 2, 3, 4, 6
"""Rows of ``About`` from 0."""

WIDTH, CHARACTERS, LINE = 100, 92, 15
"""Width of the text, how many characters a line of it holds in any program, and a line's height."""

ABOUT, CODES = "About", "Codes"


@dataclass(frozen=True, slots=True)
class Book:
    """What is written: rules, the sheets that ask them, and the address of the service."""

    rules: CompiledRules
    sheets: tuple[Sheet, ...]
    service: str


def content_of(book: Book) -> bytes:
    """Return the file; the same book gives the same bytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as file:
        document = book.rules.document
        about_rules = file_metadata({"rule_sets": [rules_record(book.rules, ())]})
        set_properties(file, f"Evenband: {document.identifier}", about_rules)
        formats = Formats(file)
        _about(file, formats, book)
        lists = dict.fromkeys(_code_lists(book.sheets))
        places = {
            codes: f"={CODES}!{xl_range_abs(1, at, len(codes), at)}"
            for at, (_, codes) in enumerate(lists)
        }
        for sheet in book.sheets:
            Table(file, formats, sheet, document.version, places).write()
        _codes(file, formats, lists)
    return content.getvalue()


def _code_lists(sheets: Iterable[Sheet]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield each list of codes with the name of its column."""
    for sheet in sheets:
        for one in sheet.inputs:
            if one.codes:
                yield one.heading, one.codes


def _about(file: xlsxwriter.Workbook, formats: Formats, book: Book) -> None:
    page, named = file.add_worksheet(ABOUT), formats.named
    page.set_column(0, 0, 26)
    page.set_column(1, 1, WIDTH)
    page.write_string(0, 0, f"A workbook for {book.rules.document.identifier}", named["title"])
    service = xl_rowcol_to_cell(SERVICE_ROW, 1)
    page.write_string(SERVICE_ROW, 0, "Address of the service", named["label"])
    page.write_string(SERVICE_ROW, 1, book.service, named["setting"])
    page.write_string(AGAIN_ROW, 0, "Ask again", named["label"])
    page.write_number(AGAIN_ROW, 1, 1, named["again"])
    page.write_string(ASKED_ROW, 0, "Cells ask below", named["label"])
    root = f'IF(RIGHT({service},1)="/",LEFT({service},LEN({service})-1),{service})'
    below = f"/v1/cells/{book.rules.document.identifier}/"
    page.write_formula(ASKED_ROW, 1, f'={root}&"{below}"', named["prose"], f"{book.service}{below}")
    for name, row in ((CELLS, ASKED_ROW), (AGAIN, AGAIN_ROW)):
        file.define_name(name, f"={ABOUT}!{xl_range_abs(row, 1, row, 1)}")
    texts = [*about.facts(book.rules), *about.advice(book.sheets)]
    for at, (label, text) in enumerate(texts, start=FACTS_ROW):
        page.set_row(at, LINE * -(-len(text) // CHARACTERS) if text else LINE)
        page.write_string(at, 0, label, named["label"])
        page.write_string(at, 1, text, named["prose"])
    page.set_paper(A4)
    page.set_portrait()
    page.fit_to_pages(1, 0)


def _codes(
    file: xlsxwriter.Workbook, formats: Formats, lists: Iterable[tuple[str, tuple[str, ...]]]
) -> None:
    page = file.add_worksheet(CODES)
    for at, (heading, codes) in enumerate(lists):
        page.set_column(at, at, 26)
        page.write_string(0, at, heading, formats.named["heading"])
        for row, code in enumerate(codes, start=1):
            page.write_string(row, at, code, formats.named["code"])
    page.freeze_panes(1, 0)
