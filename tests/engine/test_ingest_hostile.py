"""Small files that would become large ones are refused before they do."""

import contextlib
import random
import zipfile

import polars as pl
import pytest

from engine.errors import TableRefused
from engine.ingest import Limits, read_table
from tests.engine.test_ingest_files import CELLS, NAMES, problems, workbook

SHEET = "xl/worksheets/sheet1.xml"


def changed(path, parts: dict[str, bytes]):
    """Rewrite a workbook with other parts."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def book(tmp_path):
    return workbook(tmp_path / "a.xlsx", [NAMES, *CELLS])


def sheet(rows: bytes) -> bytes:
    schema = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        b'<?xml version="1.0"?><worksheet xmlns="'
        + schema
        + b'"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


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


def test_a_cell_is_seen_where_two_pieces_of_a_part_meet(book, monkeypatch):
    monkeypatch.setattr("engine.ingest.workbook._CHUNK", 40)
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


def test_a_parquet_file_of_long_cells_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pl.select(la=pl.repeat("CANARY" * 1_000, 100_000)).write_parquet(path)
    assert problems(path) == [("too-long", None)]


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx", "a.csv"])
def test_damaged_files_are_refused_and_never_raise_otherwise(tmp_path, name):
    path = tmp_path / name
    frame = pl.DataFrame({"pupil_key": [f"k{row}" for row in range(50)], "la": ["929"] * 50})
    if name.endswith("xlsx"):
        workbook(path, [frame.columns, *frame.rows()])
    elif name.endswith("csv"):
        frame.write_csv(path)
    else:
        frame.write_parquet(path)
    sound = path.read_bytes()
    chance = random.Random(1)
    for _ in range(40):
        content = bytearray(sound)
        for _ in range(3):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        with contextlib.suppress(TableRefused):
            read_table(path)
