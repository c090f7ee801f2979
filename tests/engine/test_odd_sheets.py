"""Sheets as offices keep them: what is read right, and what is refused or noted, with the way out."""

import openpyxl
import pytest

from engine.errors import TableRefused
from engine.reading import Layout, Location, pupil_table, read_table_file
from tests.pupil_files import NAMES, ROWS, WANTED, book, notices, problems, pupils_of


def sentences(path, **where):
    with pytest.raises(TableRefused) as caught:
        pupils_of(path, **where)
    return [str(one) for one in caught.value.problems]


def in_error(sheet, column, rows):
    for row in rows:
        cell = sheet.cell(row, column)
        cell.value, cell.data_type = "#N/A", "e"


def test_column_names_far_below_titles_are_named_by_their_row(tmp_path):
    path = book(tmp_path / "a.xlsx", [*[["Pupils 2025"]] * 40, NAMES, *ROWS])
    [sentence] = sentences(path)
    assert "the column names are in row 41: name it with --header-row 41" in sentence
    assert len(pupils_of(path, header_row=41)) == 3


def test_where_no_row_that_was_looked_at_has_the_column_names_the_refusal_says_so_with_the_way_out(
    tmp_path,
):
    path = book(tmp_path / "a.xlsx", [*[["Pupils 2025"]] * 140, NAMES, *ROWS])
    [sentence] = sentences(path)
    assert "in another row (the first 100 rows have none), name it with --header-row" in sentence
    assert len(pupils_of(path, header_row=141)) == 3


def test_all_cells_in_error_are_counted_and_the_first_are_worded(tmp_path):
    rows = [[f"k{at}", 928, "A", None] for at in range(300)]
    path = book(
        tmp_path / "a.xlsx", [NAMES, *rows], lambda sheet: in_error(sheet, 4, range(2, 302))
    )
    with pytest.raises(TableRefused) as caught:
        pupils_of(path)
    assert (caught.value.total, len(caught.value.problems)) == (300, 200)


def test_a_cell_in_error_of_a_column_that_is_not_known_is_no_second_problem(tmp_path):
    rows = [[*NAMES, "remark"], *[[*row, "x"] for row in ROWS]]
    path = book(tmp_path / "a.xlsx", rows, lambda sheet: in_error(sheet, 5, [2, 3]))
    assert problems(path) == [(None, "remark", "unknown-column")]


def test_a_hidden_column_that_a_layout_leaves_out_is_not_counted(tmp_path):
    def hide(sheet):
        for letter in "DEF":
            sheet.column_dimensions[letter].hidden = True

    rows = [[*NAMES, "Notes", "Tutor"], *[[*row, "x", "y"] for row in ROWS]]
    text, _ = read_table_file(book(tmp_path / "a.xlsx", rows, hide), Location())
    ours = {name: name for name in NAMES}
    layout = Layout(about="Ours", source="Invented", columns=ours, ignore=("Notes", "Tutor"))
    [notice] = pupil_table(layout.apply_to(text), WANTED).notices
    assert (notice.rule, notice.number) == ("hidden-columns", 1)
    assert "1 column is hidden in the sheet (D)" in notice.sentence


@pytest.mark.parametrize("shown", ["0%", "0.00%", "0.0 %"])
def test_pounds_that_a_sheet_shows_as_percentages_are_noted_as_they_are_kept(shown, tmp_path):
    def percent(sheet):
        for row in (2, 3, 4):
            sheet.cell(row, 4).number_format = shown

    path = book(tmp_path / "a.xlsx", [NAMES, *[[*row[:3], 0.5] for row in ROWS]], percent)
    assert notices(path) == [("percentages", 1, ())]
    assert "(D); 50% is read as the 0.5 that the sheet keeps" in pupils_of(path).notices[0].sentence


def test_days_of_a_workbook_that_counts_from_1904_are_the_days_that_it_shows(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active.append([*NAMES, "start"])
    workbook.active.append([*ROWS[0], openpyxl.utils.datetime.from_ISO8601("2025-09-01")])
    workbook.save(tmp_path / "a.xlsx")
    text, _ = read_table_file(tmp_path / "a.xlsx", Location())
    assert text.frame["start"].to_list() == ["2025-09-01"]


def test_a_table_beside_the_first_a_total_or_a_note_is_refused_by_its_place(tmp_path):
    beside = [[*NAMES, None, "Key", "Value"], *[[*row, None, "A", 1] for row in ROWS]]
    assert [one[2] for one in problems(book(tmp_path / "a.xlsx", beside))] == ["unknown-column"] * 2
    total = [NAMES, *ROWS, ["Total", None, None, 600]]
    assert problems(book(tmp_path / "b.xlsx", total)) == [(5, None, "total-row")]
    note = [NAMES, *ROWS, ["Source: our team"]]
    assert [one[0] for one in problems(book(tmp_path / "c.xlsx", note))] == [5]


def test_a_chart_sheet_before_the_table_and_a_protected_sheet_are_no_matter(tmp_path):
    def change(sheet):
        sheet.protection.sheet = True
        sheet.parent.create_chartsheet("Chart", 0)

    assert notices(book(tmp_path / "a.xlsx", change=change)) == []
