"""Cells that two readers of workbooks would read in two ways are refused, never read in one of them."""

import pytest

from engine.reading import read_table
from tests.engine.test_reading_files import CELLS, NAMES, problems, workbook
from tests.workbooks import SHEET, changed, sheet

HEADING = (
    b'<row><c t="inlineStr"><is><t>la</t></is></c><c t="inlineStr"><is><t>hours</t></is></c></row>'
)
PLAIN = b'<row r="2"><c r="A2"><v>929</v></c><c r="B2"><v>12</v></c></row>'


@pytest.fixture
def book(tmp_path):
    return workbook(tmp_path / "a.xlsx", [NAMES, *CELLS])


@pytest.mark.parametrize("column", ["ZZZZZZZ2", "ZZZZ2", "ZZZZZZZZZZ2"])
def test_a_cell_of_a_column_that_no_sheet_has_is_refused_before_room_is_made_for_it(book, column):
    rows = PLAIN.replace(b"B2", column.encode())
    assert problems(changed(book, {SHEET: sheet(HEADING + rows)})) == [("unreadable-file", None)]


@pytest.mark.parametrize(
    "value",
    [
        b"<v><![CDATA[12]]></v>",
        b"<v>1<!-- -->2</v>",
        b"<v>1<?a b?>2</v>",
        b"<v>1<b/>2</v>",
        b"<v>&#49;2</v>",
        b"<v>1&#x032;</v>",
        b"<v>12</v><v>13</v>",
        b"<v>12</v><is><t>13</t></is>",
        b'<x:v xmlns:x="y" a="b"><![CDATA[12]]></x:v>',
    ],
)
def test_a_value_with_more_than_plain_text_within_is_refused(book, value):
    rows = PLAIN.replace(b"<v>12</v>", value)
    assert problems(changed(book, {SHEET: sheet(HEADING + rows)})) == [("unreadable-file", None)]


@pytest.mark.parametrize("number", [b"-1", b"+1", b" 1 ", b"1.0", b"1e0", b"", b"0x1"])
def test_a_number_of_a_shared_text_that_is_no_plain_digits_is_refused(book, number):
    rows = PLAIN.replace(b'r="B2"><v>12', b'r="B2"  t = "s"><v>' + number)
    assert problems(changed(book, {SHEET: sheet(HEADING + rows)})) == [("unreadable-file", None)]


@pytest.mark.parametrize(
    "rows",
    [
        PLAIN + PLAIN,
        PLAIN.replace(b"A2", b"B2"),
        b'<row r="3"><c r="A3"><v>929</v></c></row>' + PLAIN,
        PLAIN + b'<c r="B2"><v>13</v></c>',
    ],
    ids=["a row twice", "a cell twice", "a row below its next", "a cell beside the rows"],
)
def test_cells_that_do_not_stand_in_order_are_refused(book, rows):
    assert problems(changed(book, {SHEET: sheet(HEADING + rows)})) == [("unreadable-file", None)]


def test_an_uncertain_value_is_seen_where_two_pieces_of_a_part_meet(book, monkeypatch):
    rows = PLAIN.replace(b"<v>12</v>", b"<v>1<!-- -->2</v>")
    changed(book, {SHEET: sheet(HEADING + rows)})
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr("engine.reading.workbook_archive._CHUNK", size)
        assert problems(book) == [("unreadable-file", None)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1 << 20])
def test_plain_values_are_certain_however_the_part_is_cut(book, monkeypatch, size):
    monkeypatch.setattr("engine.reading.workbook_archive._CHUNK", size)
    assert read_table(book).height == len(CELLS)
    text = b'<c r="B2" t="str"><f>A2&amp;"x"</f><v>12 &amp; &lt;3&#10;</v></c>'
    rows = (
        PLAIN.replace(b'<c r="B2"><v>12</v></c>', text)
        + b'<row r="3"><c r="A3" s="1"/><c r="B3"><v /></c></row>'
    )
    changed(book, {SHEET: sheet(HEADING + rows)})
    assert read_table(book).rows() == [("929", "12 & <3\n")]
