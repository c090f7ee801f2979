"""What a sheet leaves out by accident is no statement: it is refused by its cell."""

import pytest
import xlsxwriter

from engine.errors import TableRefused
from tests.pupil_files import NAMES, ROWS, book, notices, problems, pupils_of, saved


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("C2:C3", [(3, "band", "merged-cell")]),
        ("C2:D2", [(2, "assessed_cost", "merged-cell")]),
        ("A3:B4", [(3, "la", "merged-cell"), (4, "pupil_key", "merged-cell"), (4, "la", "merged-cell")]),
    ],
)  # fmt: skip
def test_merged_cells_of_the_table_are_refused_by_each_cell_that_they_empty(
    area, expected, tmp_path
):
    path = book(tmp_path / "a.xlsx", change=lambda sheet: sheet.merge_cells(area))
    assert problems(path) == expected


def test_a_heading_merged_with_the_row_above_names_its_column(tmp_path):
    def merge(sheet):
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:B2")
        sheet.merge_cells("C1:D1")

    rows = [
        ["pupil_key", "la", "Need and money", None],
        [None, None, "band", "assessed_cost"],
        *ROWS,
    ]
    path = book(tmp_path / "a.xlsx", rows, merge)
    assert len(pupils_of(path, header_row=2)) == 3


def test_group_headings_above_the_column_names_are_one_sentence(tmp_path):
    rows = [["Pupil", None, "Money", None], NAMES, *ROWS]
    path = book(tmp_path / "a.xlsx", rows, lambda sheet: sheet.merge_cells("A1:B1"))
    with pytest.raises(TableRefused) as caught:
        pupils_of(path)
    assert str(caught.value) == (
        "row 1: the column names are in row 2: name it with --header-row 2 (header_row=2 in Python), "
        "or delete the rows above it"
    )
    read = pupils_of(path, header_row=2)
    assert sorted(read.rows.tolist()) == [3, 4, 5]


def test_rows_are_numbered_as_the_spreadsheet_shows_them_below_a_named_row(tmp_path):
    rows = [["Title"], [], NAMES, *ROWS[:2], ["k3", 928, "Z", "1.234"]]
    path = book(tmp_path / "a.xlsx", rows)
    found = problems(path, header_row=3)
    assert [one[:2] for one in found] == [(6, "band"), (6, "assessed_cost")]


def test_a_table_may_begin_below_blank_rows_and_beside_blank_columns(tmp_path):
    rows = [[], [], *([None, None, *row] for row in (NAMES, *ROWS))]
    read = pupils_of(book(tmp_path / "a.xlsx", rows))
    assert sorted(read.rows.tolist()) == [4, 5, 6]


def test_a_column_that_has_values_needs_a_name(tmp_path):
    path = book(tmp_path / "a.xlsx", [[*NAMES, None], *([*row, "x"] for row in ROWS)])
    with pytest.raises(TableRefused) as caught:
        pupils_of(path)
    assert str(caught.value) == "row 1: column 5 (E) has values but no name; name it, or delete it"


def test_a_heading_that_is_a_formula_without_its_result_is_refused_for_that(tmp_path):
    path = book(tmp_path / "a.xlsx", [["pupil_key", "la", '="ba"&"nd"'], ["k1", 928, "A"]])
    with pytest.raises(TableRefused) as caught:
        pupils_of(path)
    [problem] = caught.value.problems
    assert (problem.row, problem.rule) == (1, "formula")
    assert "column 3 (C): has a formula without its result" in problem.sentence


def test_errors_and_formulas_without_results_are_refused_together_with_all_else(tmp_path):
    rows = [NAMES, ["k1", 928, "=A1", 100], ["k2", 928, "Z", "#N/A"], ["k3", "=928", "A", "lots"]]
    path = book(tmp_path / "a.xlsx", rows)
    assert problems(path) == [
        (2, "band", "formula"),
        (3, "assessed_cost", "cell-error"),
        (3, "band", "unknown-label"),
        (4, "la", "formula"),
        (4, "assessed_cost", "unreadable"),
    ]


def test_a_zero_that_no_spreadsheet_program_worked_out_is_refused(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, NAMES)
        sheet.write_row(1, 0, ["k1", 928, "A"])
        sheet.write_formula(1, 3, "=SUM(F1:F9)")
        sheet.write_row(2, 0, ["k2", 928, "A"])
        sheet.write_formula(2, 3, "=SUM(F1:F9)", None, 250)
    assert problems(tmp_path / "a.xlsx") == [(2, "assessed_cost", "formula")]


def test_a_workbook_with_macros_is_read_as_any_other(tmp_path):
    path = book(tmp_path / "a.xlsx").rename(tmp_path / "a.xlsm")
    assert len(pupils_of(path)) == 3


def test_a_key_of_more_digits_than_a_spreadsheet_keeps_is_refused_unless_it_is_text(tmp_path):
    rows = [
        NAMES,
        ["1234567890123456", 928, "A", 1],
        [1234567890123456, 928, "A", 1],
        [123456789012345, 928, "A", 1],
    ]
    assert problems(book(tmp_path / "a.xlsx", rows)) == [(3, "pupil_key", "long-number")]


def test_a_key_is_the_same_from_a_number_of_a_workbook_and_from_text(tmp_path):
    path = book(tmp_path / "a.xlsx", [NAMES, [12345, 928, "A", 1], [67890.0, 928, "A", 1]])
    text = saved(tmp_path, "a.csv", "pupil_key,la,band\n12345,928,A\n67890,928,A\n")
    assert pupils_of(path).keys.to_list() == pupils_of(text).keys.to_list() == ["12345", "67890"]


@pytest.mark.parametrize(
    ("formats", "keys"),
    [
        (["00000", "00000"], ["00007", "00123"]),
        (["00000", "General"], ["123", "7"]),
        (["000", "0000"], ["123", "7"]),
        (["#,##0", "0.00"], ["123", "7"]),
    ],
)
def test_numbers_shown_with_leading_zeros_are_read_with_them(formats, keys, tmp_path):
    def show(sheet):
        for row, one in enumerate(formats, start=2):
            sheet.cell(row, 1).number_format = one

    path = book(tmp_path / "a.xlsx", [NAMES, [7, 928, "A", 1], [123, 928, "A", 1]], show)
    assert sorted(pupils_of(path).keys.to_list()) == keys
    partly = keys[0] == "123" and formats[0].startswith("0")
    assert [one[0] for one in notices(path)] == ["leading-zeros"] * partly


def test_a_long_cell_hides_nothing_else_and_columns_keep_their_letters(tmp_path):
    rows = [
        [*NAMES[:3], None, "Key: low", "assessed_cost"],
        ["k1", 928, "Z", None, "", "x" * 9_000],
    ]
    with pytest.raises(TableRefused) as caught:
        pupils_of(book(tmp_path / "a.xlsx", rows))
    assert [(one.row, one.column, one.rule) for one in caught.value.problems] == [
        (None, None, "unknown-column"),
        (2, "assessed_cost", "too-long"),
        (2, "band", "unknown-label"),
    ]
    assert "column 5 (E): unknown column" in str(caught.value)
