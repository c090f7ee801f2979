"""The code of a downloaded file over its cells, by which an edited file and an untouched one differ.

It is kept in the file, beside the address and the check code of the result. Numbers count by twelve digits, so that a
file that a spreadsheet program worked out again and saved is the same file.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.pages.check_codes import letters_of
from engine.errors import TableRefused
from engine.money import is_number
from engine.reading import Limits, workbook_cells

ADDRESS_LINE, CODE_LINE, FILE_LINE = "Address of this result", "Check code", "File code"
"""The lines of a file that it is checked by."""

LARGEST = 1 << 18
LIMITS = Limits(
    file_bytes=LARGEST, workbook_bytes=8 << 20, grid_cells=200_000, workbook_text=4 << 20
)
PACKED = b"PK"
"""How a workbook begins."""

_SEPARATORS = ",;\t"

Cells = Sequence[Sequence[object]]


class CheckedFile(NamedTuple):
    """What a file says of itself, None where it does not, and the code of its cells as they are."""

    address: str | None
    code: str | None
    file_code: str | None
    cells_code: str

    @property
    def is_untouched(self) -> bool:
        """Return whether no cell was edited since the file was made."""
        return self.file_code == self.cells_code


def code_of_cells(tables: Iterable[Cells]) -> str:
    """Return the code of all cells but the code's own row, such as ``ABCD-EFGH-2345``.

    >>> code_of_cells([[["a", 5.0]]]) == code_of_cells([[["a", "5.00", ""], ["", ""]]])
    True
    """
    said = [
        "\t".join(row)
        for cells in tables
        for row in map(_plain_row, cells)
        if row and FILE_LINE not in row
    ]
    return letters_of("\n".join(said))


def _plain_row(row: Sequence[object]) -> list[str]:
    """Return a row's cells as text, without empty cells at its end."""
    plain = [_plain(cell) for cell in row]
    while plain and not plain[-1]:
        plain.pop()
    return plain


def _plain(cell: object) -> str:
    if isinstance(cell, int | float):
        return f"{cell:.12g}"
    text = " ".join(str(cell or "").split())
    return f"{float(text):.12g}" if is_number(text) else text


def checked_file(content: bytes) -> CheckedFile | None:
    """Return what a workbook or a CSV file, or its text, says of itself; None for what can be read as neither."""
    tables = _tables(content)
    if tables is None:
        return None
    found = {}
    for row in (row for cells in tables for row in map(_plain_row, cells)):
        for at, cell in enumerate(row):
            if cell in {ADDRESS_LINE, CODE_LINE, FILE_LINE}:
                found[cell] = next((one for one in row[at + 1 :] if one), None)
    address, code, file_code = (found.get(one) for one in (ADDRESS_LINE, CODE_LINE, FILE_LINE))
    return CheckedFile(address, code, file_code, code_of_cells(tables))


def csv_cells(text: str) -> list[list[str]]:
    """Return the cells of comma-separated text; a program may have put semicolons or tabs in the place of commas."""
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _tables(content: bytes) -> list[Cells] | None:
    if content.startswith(PACKED):
        try:
            return list(workbook_cells(content, LIMITS).values())
        except TableRefused:
            return None
    try:
        return [csv_cells(content.decode("utf-8-sig"))]
    except (UnicodeDecodeError, csv.Error):
        return None
