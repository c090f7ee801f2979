"""Tables to import as workbooks have them: a sheet of several, a title above, and rows that are none of the table."""

import csv

import pytest
import xlsxwriter
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES
from tests.workbooks import changed, part

PROFORMAS, PLANS = FIXTURES / "cases" / "proformas", FIXTURES / "cases" / "ehc_plans"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def workbook(path, lines, hidden=()):
    """Write lines as the second sheet of a workbook, below a title, as offices keep published tables."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write_string(0, 0, "About this table")
        sheet = book.add_worksheet("Table")
        sheet.write_string(0, 0, "Published table, with a title")
        for at, cells in enumerate(lines, start=2):
            for place, cell in enumerate(cells):
                if cell == ERROR:
                    sheet.write_formula(at, place, "=NA()", None, ERROR)
                else:
                    sheet.write(at, place, cell)
        for row in hidden:
            sheet.set_row(row - 1, None, None, {"hidden": True})
    return path


ERROR = "#N/A"
AT = ("--sheet", "Table", "--header-row", 3)


def test_a_proforma_is_imported_from_the_sheet_and_the_row_that_are_named(tmp_path):
    book = workbook(tmp_path / "lines.xlsx", lines_of(PROFORMAS / "lines.csv"), hidden=(5, 6))
    done = command("rules", "import", "proforma", book, *AT, "--out", tmp_path / "new")
    assert done.exit_code == 0, done.stderr
    assert "2 rows are hidden in the sheet, by a filter or by hand (rows 5 and 6)" in done.stderr
    plain = command("rules", "import", "proforma", PROFORMAS / "lines.csv", "--out", tmp_path)
    assert plain.exit_code == 0
    documents = sorted(one.name for one in tmp_path.glob("*.yaml"))
    assert documents
    for name in documents:
        assert (tmp_path / "new" / name).read_text() == (tmp_path / name).read_text()


def test_totals_have_a_sheet_and_a_row_of_their_own(tmp_path):
    book = workbook(tmp_path / "totals.xlsx", lines_of(PROFORMAS / "totals.csv"))
    start = ("rules", "import", "proforma", PROFORMAS / "lines.csv", "--out", tmp_path)
    at = ("--totals-sheet", "Table", "--totals-header-row", 3)
    done = command(*start, "--totals", book, *at)
    assert done.exit_code == 0, done.stderr
    assert "holds" in (tmp_path / "reconciliation.csv").read_text()
    assert "--totals-sheet names a sheet of --totals" in command(*start, *at).stderr


def test_a_title_above_the_names_is_refused_with_the_way_out(tmp_path):
    book = workbook(tmp_path / "lines.xlsx", lines_of(PROFORMAS / "lines.csv"))
    start = ("rules", "import", "proforma", book, "--out", tmp_path / "new")
    assert "name the sheet to read with --sheet" in command(*start).stderr
    refused = command(*start, "--sheet", "Table")
    assert refused.exit_code == 1
    assert "no column name is known; the first row must have the column names" in refused.stderr
    assert "--header-row" in refused.stderr
    assert not (tmp_path / "new").exists()


def test_rows_that_are_none_of_the_table_are_refused_in_the_words_of_every_table(tmp_path):
    names, first, *others = lines_of(PROFORMAS / "lines.csv")
    wrong = [*first]
    wrong[names.index("units")] = "many"
    lines = [names, first, [""] * len(names), names, wrong, *others, ["Source: a return"]]
    book = workbook(tmp_path / "lines.xlsx", lines)
    refused = command("rules", "import", "proforma", book, *AT, "--out", tmp_path / "new")
    assert refused.exit_code == 1
    assert "row 5: is blank; delete the row" in refused.stderr
    assert "row 6: repeats the column names" in refused.stderr
    assert "row 7: units: must be a plain number" in refused.stderr
    assert f"row {len(lines) + 2}: has a single filled cell" in refused.stderr


def test_a_cell_in_error_is_refused_once_and_with_all_other_problems(tmp_path):
    names, first, second, *others = lines_of(PROFORMAS / "totals.csv")
    place = names.index("notional_sen_total")
    first[place], second[place] = "many", ERROR
    book = workbook(tmp_path / "totals.xlsx", [names, first, second, *others])
    start = ("rules", "import", "proforma", PROFORMAS / "lines.csv", "--out", tmp_path / "new")
    at = ("--totals-sheet", "Table", "--totals-header-row", 3)
    refused = command(*start, "--totals", book, *at)
    assert refused.exit_code == 1
    column = "table of totals, column notional_sen_total"
    assert f"row 4: {column}: must be a plain number" in refused.stderr
    assert f"row 5: {column}: " in refused.stderr
    assert refused.stderr.count("row 5") == 1


@pytest.mark.parametrize("name", ["plans", "caseload", "ages"])
def test_each_table_of_plans_has_a_sheet_and_a_row(name, tmp_path):
    tables = {"plans": "plans_by_need", "caseload": "caseload", "ages": "caseload_by_age"}
    files = {one: PLANS / f"{file}.csv" for one, file in tables.items()}
    blank = [*(lines := lines_of(files[name]))[:3], [""] * len(lines[0]), *lines[3:]]
    at = (f"--{name}-sheet", "Table", f"--{name}-header-row", 3)

    def run(held, out, *more):
        named = {**files, name: workbook(tmp_path / "table.xlsx", held)}
        options = [part for one, file in named.items() for part in (f"--{one}", file)]
        return command("rules", "import", "ehc", *options, "--out", tmp_path / out, *more)

    done = run(lines, "new", *at)
    assert done.exit_code == 0, done.stderr
    refused = run(blank, "none", *at)
    assert refused.exit_code == 1
    assert "row 6: is blank; delete the row" in refused.stderr


def test_blank_rows_of_a_profile_as_a_workbook_are_counted_and_said(tmp_path):
    book, out = tmp_path / "profile.xlsx", tmp_path / "profile.yaml"
    into = ("--into", "telford-and-wrekin-2025-26", "--out", out)
    command("rules", "table", "export", "telford-and-wrekin-2025-26", "--out", book)
    assert "blank" not in command("rules", "table", "import", book, *into).stderr
    with_blank_row(book)
    read = command("rules", "table", "import", book, *into)
    assert "It gives the same results as before." in read.stdout
    assert "sheet Bands: 1 row is blank (row 3), and left out" in read.stderr


def with_blank_row(book):
    """Move the rows of the sheet of bands from the third on one further down."""
    name = "xl/worksheets/sheet2.xml"
    text = part(book, name).decode()
    rows = text.count("<row ")
    for number in range(rows, 2, -1):
        text = text.replace(f'<row r="{number}"', f'<row r="{number + 1}"')
        text = text.replace(f'r="A{number}"', f'r="A{number + 1}"')
    changed(book, {name: text.encode()})
