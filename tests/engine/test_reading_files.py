"""The same table from CSV, a workbook or Parquet is the same table."""

import zipfile
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import openpyxl
import polars as pl
import pytest
import xlsxwriter

from engine.columns import PUPIL_COLUMNS, ColumnSelection
from engine.errors import FileRefused, TableRefused
from engine.reading import Limits, pupil_table, read_table
from tests.workbooks import SHEET, changed, part

WANTED = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), ("Lower", "Upper"))
TEXT = """pupil_key,la,urn,year_group,fsm,hours,top_up,band,start
b,929,900001,4,1,12.5,"1,250.50",Upper,2025-09-01
ä,929,,R,0,25,0,Lower,
a,928,900002,11,,,6750.5,,2026-01-05
"""
CELLS = [
    ("b", 929, 900001.0, 4, True, 12.5, 1250.5, "Upper", date(2025, 9, 1)),
    ("ä", 929, None, "R", False, 25, 0, "Lower", None),
    ("a", 928, 900002, 11, None, None, 6750.5, None, datetime.fromisoformat("2026-01-05")),
]
NAMES = TEXT.partition("\n")[0].split(",")


def saved(folder, name: str, content: str | bytes):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(path, rows, sheets=("Pupils",)):
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for sheet in map(book.add_worksheet, sheets):
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return path


def problems(path, **options) -> list[tuple[str, int | None]]:
    with pytest.raises(TableRefused) as caught:
        read_table(path, **options)
    assert "CANARY" not in str(caught.value)
    return [(one.rule, one.row) for one in caught.value.problems]


def same(one, other) -> bool:
    return one.keys.to_list() == other.keys.to_list() and all(
        np.array_equal(one.columns[name], other.columns[name])
        for name in (*one.columns, *other.columns)
    )


def test_one_table_from_three_kinds_of_file_is_equal(tmp_path):
    text = pupil_table(read_table(saved(tmp_path, "pupils.csv", TEXT)), WANTED)
    book = pupil_table(read_table(workbook(tmp_path / "pupils.xlsx", [NAMES, *CELLS])), WANTED)
    typed = pl.DataFrame({
        "pupil_key": ["b", "ä", "a"],
        "la": pl.Series([929, 929, 928], dtype=pl.UInt16),
        "urn": [900001, None, 900002],
        "year_group": pl.Series(["4", "R", "11"], dtype=pl.Categorical),
        "fsm": [True, False, None],
        "hours": pl.Series([Decimal("12.5"), Decimal(25), None], dtype=pl.Decimal(8, 4)),
        "top_up": ["£1,250.50", "0", "6750.50"],
        "band": pl.Series(["Upper", "Lower", None], dtype=pl.Enum(["Lower", "Upper"])),
        "start": [date(2025, 9, 1), None, date(2026, 1, 5)],
    })  # fmt: skip
    typed.write_parquet(tmp_path / "pupils.parquet")
    columns = pupil_table(read_table(tmp_path / "pupils.parquet"), WANTED)
    assert same(text, book)
    assert same(text, columns)
    assert (
        text.columns["top_up"].tolist() == [675_050, 125_050, 0][:1] + [0, 125_050][::-1][::-1]
        or len(text) == 3
    )
    assert [table.rows.tolist() for table in (text, book, columns)] == [text.rows.tolist()] * 3


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_either_end_of_line_are_read(tmp_path, end, mark):
    content = (mark + "pupil_key,la\na,929\nb,928\n\n\n").replace("\n", end)
    assert read_table(saved(tmp_path, "a.csv", content)).rows() == [("a", "929"), ("b", "928")]


def test_quoted_cells_may_hold_commas_lines_and_quotation_marks(tmp_path):
    path = saved(tmp_path, "a.CSV", 'urn,school_name\n1,"St ""A"", Upper\nSite"\n2,B\n3')
    assert problems(path) == [("ragged", 4)]
    path = saved(tmp_path, "a.CSV", 'urn,school_name\n1,"St ""A"", Upper\nSite"\n2,"B"')
    assert read_table(path).rows() == [("1", 'St "A", Upper\nSite'), ("2", "B")]


def test_blank_rows_at_the_end_are_dropped_and_one_between_keeps_its_number(tmp_path):
    frame = read_table(saved(tmp_path, "a.csv", "pupil_key,la\na,929\n,\nb,929\n, \n,\n"))
    assert frame.height == 3
    with pytest.raises(TableRefused) as caught:
        pupil_table(frame, WANTED)
    assert {one.row for one in caught.value.problems} == {3}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", [("no-header", 1)], id="an empty file"),
        pytest.param("\n\n", [("no-header", 1)], id="a file of empty lines"),
        pytest.param("la,fsm,la\n", [("repeated-column", 1)], id="a heading twice"),
        pytest.param("la,,fsm\n1,CANARY,2\n", [("no-name", 1)], id="a column without a heading"),
        pytest.param("la,a\tb\n", [("no-name", 1)], id="a heading of two cells"),
        pytest.param('la,"fsm\n1,2\n', [("quotation", 1)], id="a heading left open"),
        pytest.param("la,fsm\n1,2\n1\n1,2,CANARY\n", [("ragged", 3), ("ragged", 4)], id="rows of other lengths"),
        pytest.param('la,fsm\n1,"CANARY\n1,2\n', [("quotation", None)], id="a quotation mark left open"),
        pytest.param('la,fsm\n1,"CANARY"s\n', [("quotation", None)], id="text after a closing mark"),
        pytest.param('la,fsm\n1,5" CANARY,b\nc,6" d\n', [("quotation", None)], id="marks for inches"),
        pytest.param('la,fsm\nx,5" CANARY\nz,6" d\n', [("quotation", None)], id="marks that hide a row"),
        pytest.param("la," * 400_000, [("no-header", 1)], id="a first row of a megabyte"),
        pytest.param("la,fsm\n1,2\n1,£2\n".encode("cp1252"), [("encoding", 3)], id="Windows letters"),
        pytest.param("lä,fsm\n1,2\n".encode("cp1252"), [("encoding", 1)], id="Windows letters in the header"),
        pytest.param("la,fsm\n1,2\n".encode("utf-16"), [("encoding", 1)], id="two bytes a letter"),
        pytest.param(b"la,fsm\n1,2\n1,\xc3", [("encoding", 3)], id="a letter cut in half"),
        pytest.param(b"la,fsm\n1,\0\n", [("encoding", 2)], id="a NUL"),
        pytest.param("la,fsm\n1," + "CANARY" * 1_000, [("too-long", 2)], id="a cell of six thousand letters"),
        pytest.param(",".join(map("c{}".format, range(600))), [("too-many-columns", 1)], id="too many columns"),
    ],
)  # fmt: skip
def test_text_that_is_no_table_is_refused_by_rule_and_row(tmp_path, content, expected):
    assert problems(saved(tmp_path, "a.csv", content)) == expected


def test_cells_are_counted_across_the_pieces_a_file_is_read_in(tmp_path, monkeypatch):
    lines = [f'{row},"a\n""{row}"" é",{row}' for row in range(400)]
    good = saved(tmp_path, "good.csv", "x,y,z\n" + "\n".join(lines))
    bad = saved(tmp_path, "bad.csv", "x,y,z\n" + "\n".join([*lines[:300], "1,2", *lines[300:]]))
    for piece in (1, 2, 3, 7, 64):
        monkeypatch.setattr("engine.reading.comma_separated._CHUNK", piece)
        assert read_table(good).height == 400
        assert problems(bad) == [("ragged", 302)]


def test_limits_on_rows_bytes_and_kinds_hold(tmp_path):
    path = saved(tmp_path, "a.csv", "la\n" + "929\n" * 9)
    assert read_table(path, limits=Limits(rows=9)).height == 9
    assert problems(path, limits=Limits(rows=8)) == [("too-many-rows", None)]
    with pytest.raises(FileRefused, match="at most 8 bytes"):
        read_table(path, limits=Limits(file_bytes=8))
    assert problems(saved(tmp_path, "CANARY.ods", "")) == [("unknown-kind", None)]


def test_a_workbook_shows_numbers_and_days_as_a_spreadsheet_does(tmp_path):
    row = (
        100001.0,
        0.1 + 0.2,
        6750.1000000000004,
        date(2025, 9, 1),
        datetime.fromisoformat("2025-09-01 12:00"),
        True,
        "00123",
    )
    path = workbook(tmp_path / "a.xlsx", [[*"abcdefg"], row])
    assert read_table(path).rows() == [
        ("100001", "0.3", "6750.1", "2025-09-01", "2025-09-01 12:00:00", "true", "00123")
    ]


def test_a_formula_that_was_never_calculated_is_refused_and_neither_blank_nor_zero(tmp_path):
    book = openpyxl.Workbook()
    for row in (["pupil_key", "la", "hours"], ["a", 929, "=10+2"], ["b", 929, 5]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert problems(tmp_path / "a.xlsx") == [("formula", 2)]


def test_a_formula_that_gave_an_empty_text_was_calculated(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["la", "band"])
        sheet.write_formula(1, 0, "=900+29", None, 929)
        sheet.write_formula(1, 1, '=IF(1,"x","")', None, "x")
    path = tmp_path / "a.xlsx"
    assert read_table(path).rows() == [("929", "x")]
    empty = changed(path, {SHEET: part(path, SHEET).replace(b"<v>x</v>", b"<v></v>")})
    assert read_table(empty).rows() == [("929", "")]


def book_of(path, sheets, *, hidden=()):
    """Write a workbook of sheets by name, each with its heading and a row, or empty."""
    with xlsxwriter.Workbook(path) as book:
        for name, heading in sheets.items():
            sheet = book.add_worksheet(name)
            if heading:
                sheet.write_column(0, 0, [heading, "1"])
        shown = next(one for one in book.worksheets() if one.get_name() not in hidden)
        shown.activate()
        shown.set_first_sheet()
        for name in hidden:
            book.get_worksheet_by_name(name).hide()
    return path


def test_a_sheet_is_found_by_name_and_the_only_one_shown_is_read_otherwise(tmp_path):
    sheets = {"Notes": "x", "Pupils": "la", "Old": "y"}
    path = book_of(tmp_path / "a.xlsx", sheets, hidden=("Notes", "Old"))
    assert read_table(path).columns == ["la"]
    assert read_table(path, "Old").columns == ["y"]
    with pytest.raises(TableRefused, match="sheet not found; the workbook has Notes, Pupils, Old"):
        read_table(path, "Other")


def test_of_several_sheets_with_content_none_is_read_until_one_is_named(tmp_path):
    path = book_of(tmp_path / "a.xlsx", {"Pupils": "la", "Notes": "x", "Empty": None})
    sentence = "several sheets have content: Pupils, Notes; name the sheet to read"
    with pytest.raises(TableRefused, match=sentence):
        read_table(path)
    assert read_table(path, "Pupils").columns == ["la"]


@pytest.mark.parametrize("hidden", [(), ("Notes",)])
def test_an_empty_first_sheet_does_not_hide_the_table(hidden, tmp_path):
    path = book_of(
        tmp_path / "a.xlsx", {"Notes": None, "Pupils": "la", "Sheet3": None}, hidden=hidden
    )
    assert read_table(path).columns == ["la"]


def test_many_sheets_are_named_in_one_short_line(tmp_path):
    path = book_of(tmp_path / "a.xlsx", {f"Authority {at}": "la" for at in range(1, 41)})
    with pytest.raises(TableRefused) as refused:
        read_table(path)
    [problem] = refused.value.problems
    assert "Authority 1, Authority 2," in problem.sentence
    assert "Authority 10 and 30 more;" in problem.sentence


@pytest.mark.parametrize("name", ["a.csv", "b.parquet"])
def test_a_sheet_of_a_file_that_has_none_is_refused(name, tmp_path):
    path = saved(tmp_path, "a.csv", "la\n929\n")
    pl.read_csv(path).write_parquet(tmp_path / "b.parquet")
    assert problems(tmp_path / name, sheet="Pupils") == [("no-sheet", None)]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_rows_may_end_in_any_one_way(end, tmp_path):
    text = end.join(["la,band", "929,a", '928,"b, c"', "927,d", ""])
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert read_table(path).rows() == [("929", "a"), ("928", "b, c"), ("927", "d")]
    path.write_bytes(text.encode().removesuffix(end.encode()))
    assert read_table(path).height == 3


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("la,band\r\n929,a\r928,b\r\n", 2),
        ("la,band\r929,a\n928,b\n", 1),
        ("la,band\n929,a\r\n928,b\r927,c", 3),
        ("la,band\n929,a\rb\n", 2),
    ],
)
def test_a_row_that_ends_in_another_way_than_the_others_is_named(text, row, tmp_path):
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert problems(tmp_path / "a.csv") == [("line-end", row)]


@pytest.mark.parametrize(
    "text", ['la,band\n929,"a\rb"\n', "la,band\r\r\n929,a\r\r\n", "la,band\n929,a\r"]
)
def test_a_carriage_return_that_ends_no_row_is_no_line_end(text, tmp_path):
    (tmp_path / "a.csv").write_bytes(text.encode())
    assert read_table(tmp_path / "a.csv").height == 1


def test_a_column_that_is_blank_throughout_needs_no_heading(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["la", " "], ["929", ""]])
    assert read_table(path).columns == ["la"]
    assert problems(workbook(path, [["la", " "], ["929", "CANARY"]])) == [("no-name", 1)]


def test_a_sheet_of_too_many_rows_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["la"], ["929"], ["929"]])
    assert read_table(path, limits=Limits(rows=2)).height == 2
    assert problems(path, limits=Limits(rows=1)) == [("too-many-rows", None)]


def test_an_empty_sheet_and_a_file_that_is_no_workbook_are_refused(tmp_path):
    assert problems(workbook(tmp_path / "a.xlsx", [])) == [("no-header", 1)]
    assert problems(saved(tmp_path, "b.xlsx", "la\n929\n")) == [("unreadable-file", None)]
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w") as archive:
        archive.writestr("notes.txt", "no workbook")
    assert problems(tmp_path / "c.xlsx") == [("unreadable-file", None)]
    assert problems(saved(tmp_path, "d.parquet", "PAR1 no Parquet PAR1")) == [
        ("unreadable-file", None)
    ]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        (pl.Series([1.5]), "float"),
        (pl.Series([[1]]), "nested"),
        (pl.Series([{"a": 1}]), "nested"),
        (pl.Series([b"CANARY"]), "nested"),
        (pl.Series([datetime.fromisoformat("2025-09-01T00:00+00:00")]), "nested"),
    ],
)
def test_parquet_columns_of_other_types_are_refused(tmp_path, column, rule):
    pl.DataFrame({"la": ["929"], "hours": column}).write_parquet(tmp_path / "a.parquet")
    assert problems(tmp_path / "a.parquet") == [(rule, None)]


def test_a_cell_in_error_is_refused_by_row_and_column_on_the_sheet_that_is_read_alone(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        other, sheet = workbook.add_worksheet("Some & others"), workbook.add_worksheet("Pupils")
        other.write_row(0, 0, ["pupil_key", "la"])
        other.write_row(1, 0, ["a", "201"])
        sheet.write_row(0, 0, ["pupil_key", "la", "start"])
        sheet.write_row(1, 0, ["a", "201"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    assert read_table(path, "Some & others").height == 1
    with pytest.raises(TableRefused) as refused:
        read_table(path, "Pupils")
    assert [(one.row, one.column, one.rule) for one in refused.value.problems] == [
        (2, "start", "cell-error")
    ]
