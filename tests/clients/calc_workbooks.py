"""Run by Debian's own Python: Calc opens workbooks, fills cells in, and prints what they come to.

``python3 calc_workbooks.py FOLDER`` takes on standard input a JSON object: ``locale``, and
``books``, a list of ``{"path", "cells"}`` whose cells are put in before the book is worked out,
each under its name (``Schools!E9``). It writes a JSON list: for each book, each cell that is not empty
with ``text``, ``number`` (None where it is text) and ``error``. FOLDER holds the books: Calc fetches for none outside a
folder that is trusted, and for none unless it is opened with its links brought up to date.
"""

import json
import sys
from pathlib import Path

import uno
from calc_reader import HIDDEN, running
from com.sun.star.beans import PropertyValue
from com.sun.star.table.CellContentType import FORMULA

UPDATED = PropertyValue("UpdateDocMode", 0, uno.Any("short", 3), 0)
READ_ONLY = PropertyValue("ReadOnly", 0, False, 0)
NUMBER = 1
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="SecureURL" oor:op="fuse"><value><it>{folder}</it></value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>"""


def put(document, name, value):
    """Put a number, a text or, as Calc reads it, anything typed into a cell."""
    sheet, cell = name.split("!")
    held = document.Sheets.getByName(sheet).getCellRangeByName(cell)
    if isinstance(value, str):
        held.setString(value)
    else:
        held.setValue(value)


def cells(document):
    """Return each cell that is not empty, by its sheet and name."""
    held = {}
    for sheet in document.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        # A question about one cell takes as long as one about all of them.
        rows = zip(area.getFormulaArray(), area.getDataArray(), strict=True)
        for row, (formulas, values) in enumerate(rows):
            for column, (formula, value) in enumerate(zip(formulas, values, strict=True)):
                if not formula:
                    continue
                if isinstance(value, str) and not formula.startswith("="):
                    found = {"text": value, "number": None, "error": 0}
                else:
                    found = shown(sheet.getCellByPosition(column, row))
                held[f"{sheet.Name}!{letters(column)}{row + 1}"] = found
    return held


def letters(column):
    """Return the name of a column, by its place from 0."""
    before, last = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def shown(cell):
    """Return what a cell of a number or formula shows, its number, and the fault of its formula."""
    text = cell.Type != FORMULA or cell.FormulaResultType2 != NUMBER
    return {
        "text": cell.String,
        "number": cell.Value if cell.Type.value == "VALUE" or not text else None,
        "error": cell.getError(),
    }


def opened(desktop, book):
    """Return what a book comes to once its cells are put in and everything is asked."""
    document = desktop.loadComponentFromURL(
        Path(book["path"]).as_uri(), "_blank", 0, (HIDDEN, UPDATED, READ_ONLY)
    )
    try:
        for name, value in book["cells"].items():
            put(document, name, value)
        document.calculateAll()
        return cells(document)
    finally:
        document.close(True)


def main():
    """Start LibreOffice with a new profile, open each book, and end it."""
    folder = Path(sys.argv[1]).resolve()
    wanted = json.load(sys.stdin)
    user = folder / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(
        SETTINGS.format(folder=folder.as_uri(), locale=wanted["locale"]), encoding="utf-8"
    )
    with running(folder) as desktop:
        json.dump([opened(desktop, book) for book in wanted["books"]], sys.stdout)


if __name__ == "__main__":
    main()
