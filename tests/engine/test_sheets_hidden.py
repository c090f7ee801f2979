"""Rows, columns and sheets that a spreadsheet hides are counted and noted, never read or left out in silence."""

import openpyxl
import pytest
import xlsxwriter

from engine.errors import TableRefused
from tests.pupil_files import NAMES, ROWS, book, notices, pupils_of


def test_hidden_rows_are_read_and_counted_with_their_numbers(tmp_path):
    def hide(sheet):
        sheet.auto_filter.ref = "A1:D4"
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.row_dimensions[9].hidden = True

    path = book(tmp_path / "a.xlsx", change=hide)
    assert len(pupils_of(path)) == 3
    assert notices(path) == [("hidden-rows", 2, (3, 4))]
    [notice] = pupils_of(path).notices
    assert str(notice).startswith("pupils: 2 rows are hidden in the sheet")
    assert "(rows 3 and 4)" in notice.sentence


def test_rows_without_height_and_columns_without_width_are_hidden_too(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate([NAMES, *ROWS]):
            sheet.write_row(at, 0, row)
        sheet.set_row(1, 0)
        sheet.set_column(2, 3, None, None, {"hidden": True})
        sheet.set_column(7, 8, None, None, {"hidden": True})
    assert notices(tmp_path / "a.xlsx") == [
        ("hidden-rows", 1, (2,)),
        ("hidden-columns", 2, ()),
    ]


def test_a_hidden_row_above_the_column_names_is_no_matter(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[1].hidden = True

    path = book(tmp_path / "a.xlsx", [["Title"], NAMES, *ROWS], hide)
    assert notices(path, header_row=2) == []


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_with_content_is_noted_and_read_when_it_is_named(state, tmp_path):
    workbook = openpyxl.Workbook()
    for row in (NAMES, *ROWS):
        workbook.active.append(row)
    other = workbook.create_sheet("Lists")
    other.append(NAMES)
    other.append(["k9", 928, "A", 1])
    other.sheet_state = state
    workbook.create_sheet("Nothing").sheet_state = state
    workbook.save(tmp_path / "a.xlsx")
    assert notices(tmp_path / "a.xlsx") == [("hidden-sheets", 1, ())]
    assert "not read: Lists" in pupils_of(tmp_path / "a.xlsx").notices[0].sentence
    assert len(pupils_of(tmp_path / "a.xlsx", "lists ")) == 1
    assert notices(tmp_path / "a.xlsx", sheet="Lists") == []


def test_an_empty_sheet_beside_a_hidden_one_names_the_hidden_one(tmp_path):
    workbook = openpyxl.Workbook()
    other = workbook.create_sheet("Pupils")
    other.append(NAMES)
    other.sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    with pytest.raises(TableRefused, match="hidden sheets: Pupils; name the sheet to read"):
        pupils_of(tmp_path / "a.xlsx")
