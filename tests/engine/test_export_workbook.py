"""Workbooks of results: text comes back as it went in, and nothing lies in a temporary file."""

import os

import pytest

from engine.errors import TableRefused
from engine.export import Format, formats, rows_as_bytes, write_rows
from engine.export.cell_text import harmless
from engine.reading import read_table
from engine.rows import Rows, Shape
from tests.engine.test_export import ROWS, read_sheet


@pytest.mark.parametrize("text", ["plain", "a=b", " spaced", "(1 + 1)", "'=1", "é-mail", "…"])
def test_text_that_no_spreadsheet_would_calculate_stays_as_it_is(text):
    rows = Rows.of_records("one", {"said": Shape.text}, [{"said": text}])
    assert read_sheet(rows_as_bytes(rows, Format.xlsx))[1] == [text]
    assert harmless(text) == text


@pytest.mark.parametrize("text", [" a ", "a\nb", "<a> & 'b'", "_x0041_", "a\x01b", "é漢😀", "\tx"])
def test_a_workbook_gives_back_the_text_that_went_in(text, tmp_path):
    rows = Rows.of_records("one", {"said": Shape.text}, [{"said": text}])
    (tmp_path / "a.xlsx").write_bytes(rows_as_bytes(rows, Format.xlsx))
    assert read_table(tmp_path / "a.xlsx")["said"].to_list() == [harmless(text)]


def test_a_text_that_no_cell_can_hold_is_refused_and_not_cut():
    rows = Rows.of_records("one", {"said": Shape.text}, [{"said": "x" * 32_768}])
    with pytest.raises(TableRefused, match="write CSV or Parquet"):
        rows_as_bytes(rows, Format.xlsx)


def test_a_workbook_is_written_where_nothing_can_be_sought(tmp_path):
    reading, writing = os.pipe()
    with open(writing, "wb") as pipe:  # noqa: PTH123 - a pipe has no path
        write_rows(ROWS, Format.xlsx, pipe)
    with open(reading, "rb") as pipe:  # noqa: PTH123
        assert read_sheet(pipe.read()) == read_sheet(rows_as_bytes(ROWS, Format.xlsx))


@pytest.mark.parametrize("kind", Format)
def test_no_writer_makes_a_temporary_file(kind, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert rows_as_bytes(ROWS, kind)


def refuse(*_, **__):
    raise AssertionError("a temporary file was asked for")


def test_a_workbook_refuses_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(formats, "MOST_SHEET_ROWS", 3)
    with pytest.raises(TableRefused, match="has more; write CSV or Parquet"):
        rows_as_bytes(ROWS, Format.xlsx)
