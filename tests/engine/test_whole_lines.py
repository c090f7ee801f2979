"""A table whose rows are each in one cell as a whole is refused in one sentence with the way out."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableRefused
from engine.reading import Limits
from engine.reading.comma_separated import read_comma_separated
from engine.reading.whole_lines import refuse_lines_in_cells
from engine.reading.workbook import read_workbook

ROWS = [["pupil_key", "la", "band"], ["p1", "929", "A"], ["p, 2", "929", 'B "b"']]


def line(cells, sign=","):
    file = io.StringIO()
    csv.writer(file, delimiter=sign, lineterminator="").writerow(cells)
    return file.getvalue()


def in_quotes(rows, first=0):
    quoted = [f'"{line(one).replace(chr(34), chr(34) * 2)}"' for one in rows[first:]]
    return "\n".join([*map(line, rows[:first]), *quoted, ""]).encode()


def refused(content, kind):
    reader = {"csv": read_comma_separated, "xlsx": read_sheet}[kind]
    with pytest.raises(TableRefused) as caught:
        reader(content, None, Limits())
    (problem,) = caught.value.problems
    return problem


def read_sheet(content, header_row, limits):
    return read_workbook(content, None, header_row, limits)


@pytest.mark.parametrize("first", [0, 1])
def test_lines_in_quotation_marks_are_refused_in_one_sentence(first):
    """Each row was said to have one cell, or no column name to be known."""
    found = refused(in_quotes(ROWS, first), "csv")
    assert (found.rule, found.row) == ("lines-in-cells", 1)
    assert "each row as a whole is in one cell, with commas between its values" in found.sentence
    assert "Text to Columns" in found.sentence


@pytest.mark.parametrize(("sign", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs")])
def test_lines_in_the_first_column_of_a_sheet_are_refused_in_one_sentence(sign, name):
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in ROWS:
        book.active.append([line(row, sign)])
    book.save(file)
    found = refused(file.getvalue(), "xlsx")
    assert found.rule == "lines-in-cells"
    assert f"split the first column at its {name}" in found.sentence


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="ascii", min_codepoint=32)), min_size=3, max_size=3),
        max_size=5,
    )
)
def test_lines_of_any_cells_are_refused_and_the_same_cells_divided_are_read(rows):
    table = [ROWS[0], *([f"k{one[0]}", *one[1:]] for one in rows)]
    assert refused(in_quotes(table), "csv").rule == "lines-in-cells"
    plain = "\n".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in one) for one in table
    )
    frame = read_comma_separated(plain.encode() + b"\n", None, Limits()).whole()
    assert frame.columns == ROWS[0]


@pytest.mark.parametrize(
    "rows",
    [
        [["Top-ups, 2025"], ["pupil_key", "la"], ["p1", "929"]],
        [["pupil_key", "la"], ["p1", ""], ["p2"]],
        [["paid"], ["1"]],
        [["a", "b"], ["x,y,z", ""]],
    ],
)
def test_a_title_and_short_rows_are_not_taken_for_lines_in_one_cell(rows):
    assert refuse_lines_in_cells(rows, 0) is None
