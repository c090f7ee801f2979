"""How a workbook looks: the name of its sheet, its widths and formats, and the sheet that says what it is about."""

import io
import zipfile

import openpyxl
import polars as pl
import pytest

from engine.errors import TableRefused
from engine.export import Format, Front, formats, rows_as_bytes, write_workbook
from engine.export import workbook as workbooks
from engine.rows import Rows, Shape

SHAPES = {
    "label": Shape.text, "whole": Shape.whole, "pounds": Shape.pounds, "units": Shape.units,
    "percent": Shape.percent, "figure": Shape.figure, "a_column_with_a_long_name": Shape.whole,
}  # fmt: skip
ROW = {
    "label": "one", "whole": -1234, "pounds": 123_456, "units": 2_500_000, "percent": 52_500,
    "figure": "12.50", "a_column_with_a_long_name": 7,
}  # fmt: skip
ROWS = Rows.of_records("high_needs_block", SHAPES, [ROW])


def book_of(rows, front=None):
    file = io.BytesIO()
    write_workbook(rows, file, front=front)
    return openpyxl.load_workbook(file)


def numbers(length):
    frame = pl.DataFrame({"number": pl.Series(range(length), dtype=pl.Int64)})
    return Rows("numbers", {"number": Shape.whole}, frame)


def test_a_sheet_has_the_name_of_its_rows_a_bold_header_that_stays_and_wide_columns():
    book = book_of(ROWS)
    assert book.sheetnames == ["high needs block"]
    assert book.properties.title == "High needs block"
    sheet = book.active
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(SHAPES)
    assert all(cell.font.b for cell in sheet[1])
    assert not any(cell.font.b for cell in sheet[2])
    widths = [round(sheet.column_dimensions[letter].width) for letter in "AG"]
    assert widths == [15, 28]
    assert sheet.dimensions == "A1:G2"


def test_each_shape_is_a_number_in_its_own_format_and_text_is_text():
    cells = dict(zip(SHAPES, book_of(ROWS).active[2], strict=True))
    assert {name: cell.value for name, cell in cells.items()} == {
        "label": "one", "whole": -1234, "pounds": 1234.56, "units": 2.5, "percent": 5.25,
        "figure": 12.5, "a_column_with_a_long_name": 7,
    }  # fmt: skip
    # 1234.0 would be read as the same number, and a longer text.
    assert isinstance(cells["whole"].value, int)
    assert {name: cell.number_format for name, cell in cells.items()} == {
        "label": "General", "whole": "0", "pounds": "#,##0.00", "units": "#,##0.######",
        "percent": "0.####", "figure": "#,##0.00", "a_column_with_a_long_name": "0",
    }  # fmt: skip


def test_a_sheet_before_the_rows_says_what_the_book_is_about():
    front = Front("What a school gets", [("Rule set", "toy"), ("Formula", "=1+1")])
    book = book_of(ROWS, front)
    assert book.sheetnames == ["About", "High needs block"]
    assert book.properties.title == "What a school gets"
    about = book["About"]
    assert [[cell.value for cell in row] for row in about.iter_rows()] == [
        ["Rule set", "toy"], ["Formula", "'=1+1"],
    ]  # fmt: skip
    assert [(cell.font.b, other.font.b) for cell, other in about.iter_rows()] == [(True, False)] * 2
    assert [round(about.column_dimensions[letter].width) for letter in "AB"] == [31, 71]
    assert book["High needs block"]["C2"].value == 1234.56


@pytest.mark.parametrize("front", [None, Front("Book", [])])
def test_a_name_of_thirty_one_characters_is_whole_and_a_longer_one_is_cut(front):
    for name, title in (("n" * 31, "n" * 31), ("n" * 32, "n" * 31)):
        book = book_of(Rows.of_records(name, SHAPES, [ROW]), front)
        assert book.sheetnames[-1].lower() == title


def test_rows_beyond_those_written_at_once_follow_without_a_gap(monkeypatch):
    monkeypatch.setattr(workbooks, "_AT_ONCE", 2)
    sheet = book_of(numbers(5)).active
    assert [cell.value for (cell,) in sheet.iter_rows()] == ["number", 0, 1, 2, 3, 4]
    assert sheet.dimensions == "A1:A6"


def test_a_sheet_of_just_as_many_rows_as_it_holds_is_written_and_one_more_is_refused(monkeypatch):
    monkeypatch.setattr(formats, "MOST_SHEET_ROWS", 3)
    assert book_of(numbers(3)).active.max_row == 4
    with pytest.raises(TableRefused) as caught:
        book_of(numbers(4))
    assert [one.rule for one in caught.value.problems] == ["too-many-rows"]


def test_a_sheet_of_just_as_many_bytes_as_it_holds_is_written_and_one_less_is_refused(monkeypatch):
    with zipfile.ZipFile(io.BytesIO(rows_as_bytes(numbers(9), Format.xlsx))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    size = sheet.index(b"</sheetData>") - sheet.index(b'<row r="2">')
    monkeypatch.setattr(workbooks, "LARGEST_PART", size)
    assert book_of(numbers(9)).active.max_row == 10
    monkeypatch.setattr(workbooks, "LARGEST_PART", size - 1)
    with pytest.raises(TableRefused) as caught:
        book_of(numbers(9))
    assert [one.rule for one in caught.value.problems] == ["too-large"]


def test_a_text_of_just_as_many_characters_as_a_cell_holds_is_written_and_one_more_is_refused():
    text = "x" * 32_767
    rows = Rows.of_records("one", {"said": Shape.text}, [{"said": text}])
    assert book_of(rows).active["A2"].value == text
    longer = Rows.of_records("one", {"said": Shape.text}, [{"said": f"{text}x"}])
    with pytest.raises(TableRefused) as caught:
        book_of(longer)
    assert [one.rule for one in caught.value.problems] == ["too-long"]


def test_what_is_not_there_has_no_cell():
    sheet = book_of(Rows.of_records("none", SHAPES, [dict.fromkeys(SHAPES), ROW])).active
    assert [cell.value for cell in sheet[2]] == [None] * len(SHAPES)
    assert sheet["B3"].value == -1234
