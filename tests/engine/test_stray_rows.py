"""Rows of a file that are no rows of its table are refused, each once."""

import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

from engine.errors import TableRefused
from engine.reading import pupil_table, read_table_file
from tests.pupil_files import NAMES, ROWS, WANTED, book, notices, problems, saved


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ([[], ["Total", None, None, 600]], [(5, None, "blank-row"), (6, None, "total-row")]),
        ([["Total", None, None, 600]], [(5, None, "total-row")]),
        ([["Total", None, None, "=SUM(D2:D4)"]], [(5, None, "total-row")]),
        ([[None, None, None, 600]], [(5, None, "single-cell")]),
        ([["Grand total", 928, "A", 600]], [(5, None, "total-row")]),
        ([[], ["Source: our own records"]], [(5, None, "blank-row"), (6, None, "single-cell")]),
        (
            [[], NAMES, ["k9", 928, "A", 1]],
            [(5, None, "blank-row"), (6, None, "names-again")],
        ),
        ([[], ["k9", 928, "A", 1]], [(5, None, "blank-row")]),
    ],
)
def test_rows_that_are_none_of_the_table_are_refused_once_each(last, expected, tmp_path):
    assert problems(book(tmp_path / "a.xlsx", [NAMES, *ROWS, *last])) == expected


def test_a_defined_table_that_ends_above_the_last_row_is_noted_and_its_totals_are_refused(tmp_path):
    def define(sheet):
        sheet.add_table(Table(displayName="Pupils", ref="A1:D3"))

    path = book(tmp_path / "a.xlsx", change=define)
    assert notices(path) == [("rows-outside", 1, (4,))]

    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        columns = [{"header": name} for name in NAMES]
        columns[3] |= {"total_function": "sum", "total_value": 600}
        sheet.add_table(0, 0, 4, 3, {"data": ROWS, "columns": columns, "total_row": True})
    assert problems(tmp_path / "b.xlsx") == [(5, None, "total-row")]


def test_two_tables_beside_each_other_are_refused_by_their_names(tmp_path):
    rows = [[*NAMES, None, *NAMES[:2]], *([*row, None, "k9", 928] for row in ROWS)]
    assert problems(book(tmp_path / "a.xlsx", rows)) == [
        (1, None, "repeated-column"),
        (1, None, "repeated-column"),
    ]


def test_a_blank_row_between_and_rows_of_other_lengths_hide_nothing_else(tmp_path):
    text = "pupil_key,la,band\nk1,928,Z\n\nk2,928\nk3,928,A,\n,928,A\n"
    with pytest.raises(TableRefused) as caught:
        pupil_table(read_table_file(saved(tmp_path, "a.csv", text))[0], WANTED)
    assert [(one.row, one.rule) for one in caught.value.problems] == [
        (2, "unknown-label"),
        (3, "blank-row"),
        (4, "ragged"),
        (5, "ragged"),
        (6, "blank"),
    ]


def test_text_that_is_an_error_of_a_spreadsheet_is_refused_as_one(tmp_path):
    text = 'pupil_key,la,band\n#N/A,928,A\nk2,#REF!,#DIV/0!\n####,928,A\n1.23E+11,928,A\n="00123",928,A\n'
    with pytest.raises(TableRefused) as caught:
        pupil_table(read_table_file(saved(tmp_path, "a.csv", text))[0], WANTED)
    assert [(one.row, one.column, one.rule) for one in caught.value.problems] == [
        (2, "pupil_key", "cell-error"),
        (3, "la", "cell-error"),
        (3, "band", "cell-error"),
        (4, "pupil_key", "narrow"),
        (5, "pupil_key", "shortened"),
        (6, "pupil_key", "formula"),
    ]
