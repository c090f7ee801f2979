"""The laws of files: nothing is blank by accident, and a refusal names one cause."""

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import TableRefused
from tests.pupil_files import NAMES, ROWS, book, pupils_of, saved

WHOLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = "pupil_key,la,band\nk1,928,A\nk2,928,B\n"


def accident(sheet, kind: str, row: int, column: int) -> None:
    """Let a cell of a sheet be blank, or be read, without anybody's saying so."""
    cell = sheet.cell(row, column)
    if kind == "formula":
        cell.value = "=A1"
    elif kind == "error":
        cell.value = "#N/A"
    elif kind == "merged":
        sheet.merge_cells(start_row=row - 1, end_row=row, start_column=column, end_column=column)
    elif kind == "hidden row":
        sheet.row_dimensions[row].hidden = True
    else:
        sheet.column_dimensions[cell.column_letter].hidden = True


@WHOLE
@given(
    st.sampled_from(["formula", "error", "merged", "hidden row", "hidden column"]),
    st.integers(2, 4),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_law_5_what_is_blank_by_accident_or_hidden_is_refused_by_its_cell_or_noted(
    tmp_path, kind, row, column, above
):
    if kind == "merged":
        row = max(row, 3)
    rows = [*([["Title"]] * above), NAMES, *ROWS]
    path = book(tmp_path / "a.xlsx", rows, lambda sheet: accident(sheet, kind, row + above, column))
    if kind.startswith("hidden"):
        [notice] = pupils_of(path, header_row=1 + above).notices
        assert notice.number == 1
        assert notice.rows == ((row + above,) if kind == "hidden row" else ())
        return
    with pytest.raises(TableRefused) as caught:
        pupils_of(path, header_row=1 + above)
    assert [(one.row, one.column) for one in caught.value.problems] == [
        (row + above, NAMES[column - 1])
    ]


@WHOLE
@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from([str, str.upper, str.title]),
)
def test_law_12_a_table_of_text_is_read_right_or_refused_for_one_cause(
    tmp_path, sign, encoding, end, above, named, spelled
):
    heading, _, rows = TEXT.partition("\n")
    text = "Our pupils\n" * above + spelled(heading) + "\n" + rows
    content = text.replace(",", sign).replace("\n", end).encode(encoding)
    path = saved(tmp_path, "a.csv", content)
    header_row = above + 1 if named else None
    plain = sign == "," and encoding.startswith("utf-8") and spelled is str
    if plain and (named or not above):
        read = pupils_of(path, header_row=header_row)
        assert read.keys.to_list() == ["k1", "k2"]
        assert sorted(read.rows.tolist()) == [above + 2, above + 3]
        return
    with pytest.raises(TableRefused) as caught:
        pupils_of(path, header_row=header_row)
    assert caught.value.total == 1


@WHOLE
@given(st.integers(0, 2), st.integers(0, 2))
def test_law_12_a_table_that_begins_elsewhere_in_a_sheet_is_the_same_table(tmp_path, down, right):
    rows = [*([[]] * down), *([*([None] * right), *row] for row in (NAMES, *ROWS))]
    workbook = openpyxl.Workbook()
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            workbook.active.cell(at, place).value = value
    workbook.save(tmp_path / "a.xlsx")
    read = pupils_of(tmp_path / "a.xlsx")
    assert read.keys.to_list() == ["k1", "k2", "k3"]
    assert sorted(read.rows.tolist()) == [down + 2, down + 3, down + 4]
