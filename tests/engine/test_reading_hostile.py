"""Small files that would become large ones are refused before they do."""

import zipfile

import polars as pl
import pytest

from engine.reading import Limits, read_table
from tests.engine.test_reading_files import CELLS, NAMES, problems, workbook
from tests.workbooks import SHEET, changed, moved, sheet


@pytest.fixture
def book(tmp_path):
    return workbook(tmp_path / "a.xlsx", [NAMES, *CELLS])


def test_a_part_that_unpacks_a_thousandfold_is_refused(book):
    path = changed(book, {SHEET: sheet(b"<row/>" * 400_000)})
    assert path.stat().st_size < 100_000
    assert problems(path) == [("workbook-size", None)]


def test_a_workbook_that_unpacks_to_too_much_is_refused(book):
    assert problems(book, limits=Limits(workbook_bytes=4_000)) == [("workbook-size", None)]


def test_a_workbook_packed_in_another_way_is_refused(book):
    with zipfile.ZipFile(book, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/more.xml", b"<a/>")
    assert problems(book) == [("workbook-size", None)]


def test_a_workbook_of_too_many_parts_is_refused(book):
    path = changed(book, {f"xl/media/{part}.png": b"" for part in range(40)})
    assert problems(path, limits=Limits(workbook_parts=40)) == [("workbook-size", None)]


@pytest.mark.parametrize(
    "far",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1'><c s='1'  r = 'XFD1'><v>1</v></c></row><row r='1048576'><c><v>1</v></c></row>",
        b'<x:row r="1"><x:c r="A99999999"><x:v>1</x:v></x:c><x:c r="ZZ1"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_two_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory(book, far):
    assert problems(changed(book, {SHEET: sheet(far)})) == [("workbook-size", None)]


FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c %s r="XFD1048576"><v>1</v></c></row>'


def test_a_far_cell_behind_two_hundred_characters_of_attributes_is_seen(book):
    rows = FAR % (b'title="' + b"x" * 400 + b'"')
    assert problems(changed(book, {SHEET: sheet(rows)})) == [("workbook-size", None)]


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.XML", "xl/worksheets/pupils.data", "xl/worksheets/Ä sheet"]
)
def test_a_far_cell_in_a_part_of_an_odd_name_is_seen(book, name):
    changed(book, {SHEET: sheet(FAR % b"")})
    assert problems(moved(book, name)) == [("workbook-size", None)]


def test_a_row_far_below_without_a_cell_of_its_own_number_is_seen(book):
    rows = b'<row><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'
    assert problems(changed(book, {SHEET: sheet(rows)})) == [("workbook-size", None)]


HEADING = (
    b'<row><c t="inlineStr"><is><t>la</t></is></c><c t="inlineStr"><is><t>hours</t></is></c></row>'
)


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="2"><c><v>929</v></c><c t="e"><v>#REF!</v></c></row>',
        b'<row><c><v>929</v></c><c t="e"><v>#REF!</v></c></row>',
        b'<row><c r="A2"><v>929</v></c><c s="0" t = "e"><v>#REF!</v></c></row>',
    ],
    ids=["no place of a cell", "no place at all", "a place before it"],
)
@pytest.mark.parametrize("name", [SHEET, "xl/worksheets/pupils.data"])
def test_an_error_is_seen_without_its_place_and_in_a_part_of_an_odd_name(book, cells, name):
    path = changed(book, {SHEET: sheet(HEADING + cells)})
    if name != SHEET:
        moved(path, name)
    assert problems(path) == [("cell-error", 2)]


def test_a_formula_without_its_result_is_seen_in_a_part_of_an_odd_name(book):
    cells = b"<row><c><v>929</v></c><c><f>A2*2</f></c></row>"
    changed(book, {SHEET: sheet(HEADING + cells)})
    assert problems(moved(book, "xl/worksheets/pupils.data")) == [("formula", 2)]


def test_two_parts_of_one_name_are_refused_as_readers_differ_on_which_counts(book):
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr(SHEET, sheet(HEADING))
    assert problems(book) == [("unreadable-file", None)]


def test_a_workbook_that_declares_a_document_type_is_refused(book):
    content = b'<!DOCTYPE worksheet [<!ENTITY la "929">]>' + sheet(HEADING)[21:]
    assert problems(changed(book, {SHEET: content})) == [("unreadable-file", None)]


def test_a_long_text_that_a_million_cells_name_does_not_fill_the_memory(book):
    long = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    rows = HEADING + b'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 30_000
    changed(book, {SHEET: sheet(rows), "xl/sharedStrings.xml": long})
    limits = Limits(ratio=10_000)
    assert problems(book, limits=limits) == [("workbook-size", None)]


def test_one_long_text_among_many_short_ones_is_read(book):
    texts = b"<sst><si><t>" + b"x" * 3_000 + b"</t></si><si><t>y</t></si></sst>"
    rows = HEADING + b'<row><c t="s"><v>0</v></c></row>' + b'<row><c t="s"><v>1</v></c></row>' * 900
    changed(book, {SHEET: sheet(rows), "xl/sharedStrings.xml": texts})
    assert read_table(book, limits=Limits(workbook_text=10_000)).height == 901


def test_a_cell_is_seen_where_two_pieces_of_a_part_meet(book, monkeypatch):
    monkeypatch.setattr("engine.reading.workbook_archive._CHUNK", 40)
    far = b'<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert problems(changed(book, {SHEET: sheet(far)})) == [("workbook-size", None)]


def test_an_archive_that_lies_about_its_sizes_is_refused(book):
    content = book.read_bytes()
    start = content.index(b"PK\x01\x02")
    place = content.index(SHEET.encode(), start) - 46
    size = int.from_bytes(content[place + 24 : place + 28], "little")
    lie = content[: place + 24] + (size // 2).to_bytes(4, "little") + content[place + 28 :]
    book.write_bytes(lie)
    assert problems(book) == [("unreadable-file", None)]


def test_entities_that_multiply_are_refused_or_ignored(book):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "CANARY"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = changed(
        book, {SHEET: bomb + sheet(b'<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>')[21:]}
    )
    assert problems(path)[0][0] in {"unreadable-file", "no-name", "no-header"}


def test_a_parquet_file_of_few_bytes_and_many_rows_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.select(la=pl.repeat("929", 2_000_000)).write_parquet(path)
    assert path.stat().st_size < 20_000
    assert problems(path, limits=Limits(rows=1_999_999)) == [("too-many-rows", None)]
    assert problems(path, limits=Limits(cells=1_999_999)) == [("too-large", None)]
    assert read_table(path).height == 2_000_000


def test_a_parquet_file_that_unpacks_to_nineteen_million_equal_rows_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.select(la=pl.repeat("929", 19_000_000)).write_parquet(path)
    assert path.stat().st_size < 400_000
    assert problems(path) == [("too-large", None)]


def test_a_parquet_file_of_one_long_text_many_times_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.select(la=pl.repeat("x" * 3_000, 200_000)).write_parquet(path)
    assert path.stat().st_size < 400_000
    assert problems(path) == [("too-large", None)]


def test_a_parquet_file_without_text_is_bounded_and_read(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"la": [929] * 10}).write_parquet(path)
    assert read_table(path).height == 10
    assert problems(path, limits=Limits(parquet_bytes=100, ratio=0)) == [("too-large", None)]


def test_a_parquet_file_of_long_cells_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.select(la=pl.repeat("CANARY" * 1_000, 100_000)).write_parquet(path)
    assert problems(path) == [("too-long", None)]
