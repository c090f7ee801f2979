"""Workbooks with several sheets on the command line: one is named, and the manifest says which."""

import csv
import json
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

import evenband
from tests.clients.test_command_line import NORTHUMBERLAND, PUPILS, SCHOOLS, TOY, command

VALUE_TOY = [*TOY[:3], "--pupils"]
VALUE_SCHOOLS = [*NORTHUMBERLAND[:3], "--schools"]
COMPARE = ["compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--pupils"]
ATLAS = ["rules", "atlas", "northumberland-2015-16", "--schools"]


@pytest.fixture
def book(tmp_path):
    """Return a workbook of notes, pupils and schools."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Notes").write_row(0, 0, ["Read me"])
        for name, table in (("Pupils", PUPILS), ("Schools", SCHOOLS)):
            frame = pl.read_csv(table, infer_schema=False)
            sheet = workbook.add_worksheet(name)
            for at, row in enumerate([frame.columns, *frame.rows()]):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize(
    ("call", "option", "sheet"),
    [
        (VALUE_TOY, "--pupils-sheet", "Pupils"),
        (VALUE_SCHOOLS, "--schools-sheet", "Schools"),
        (COMPARE, "--pupils-sheet", "Pupils"),
        (ATLAS, "--schools-sheet", "Schools"),
    ],
)
def test_a_workbook_of_several_sheets_is_refused_until_one_is_named(call, option, sheet, book):
    refused = command(*call, book)
    assert refused.exit_code == 1
    assert "several sheets have content: Notes, Pupils, Schools" in " ".join(refused.stderr.split())
    read = command(*call, book, option, sheet)
    assert read.exit_code == 0, read.stderr
    table = PUPILS if sheet == "Pupils" else SCHOOLS
    assert read.stdout == command(*call, table).stdout


def test_a_manifest_says_which_sheet_was_read(book, tmp_path):
    out = tmp_path / "out.csv"
    done = command(*VALUE_TOY, book, "--pupils-sheet", "Pupils", "--out", out)
    assert done.exit_code == 0, done.stderr
    inputs = json.loads((tmp_path / "out.csv.manifest.json").read_text())["inputs"]
    assert [one.get("sheet") for one in inputs] == [None, "Pupils"]


def test_a_table_of_places_may_be_a_sheet(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Notes").write_row(0, 0, ["Read me"])
        sheet = workbook.add_worksheet("Terms")
        sheet.write_row(0, 0, ["urn", "notional_sen", "ehc_plans", "pupils"])
        sheet.write_row(1, 0, ["100001", "50000", "4", "210"])
    call = ["targeted", "--rules", "toy-targeted-rate-2025-26", "--schools", path]
    assert "several sheets" in command(*call).stderr
    assert "sheet not found" in command(*call, "--sheet", "Other").stderr
    done = command(*call, "--sheet", "Terms")
    assert done.exit_code == 0, done.stderr


def test_a_sheet_of_a_table_that_is_not_given_is_wrong_usage():
    done = command(*TOY, "--schools-sheet", "Schools")
    assert done.exit_code == 2
    assert "give --schools too" in done.stderr


HIDDEN = "pupils: 1 row is hidden in the sheet, by a filter or by hand (row 3), and read like all others."


@pytest.fixture
def filtered(tmp_path):
    """Return a workbook of pupils whose second one is hidden, under a title."""
    path = tmp_path / "filtered.xlsx"
    frame = pl.read_csv(PUPILS, infer_schema=False)
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Pupils")
        for at, row in enumerate([frame.columns, *frame.rows()]):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    return path


def test_hidden_rows_are_said_on_standard_error_and_in_the_manifest(filtered, tmp_path):
    out = tmp_path / "out.csv"
    done = command(*VALUE_TOY, filtered, "--detail", "pupils", "--out", out)
    assert done.exit_code == 0, done.stderr
    assert HIDDEN in done.stderr.splitlines()
    [notice] = json.loads((tmp_path / "out.csv.manifest.json").read_text())["notices"]
    assert (notice["table"], notice["rule"]) == ("pupils", "hidden-rows")
    assert (notice["number"], notice["rows"]) == (1, [3])
    assert HIDDEN in command(*COMPARE, filtered).stderr.splitlines()


def test_a_python_reader_is_warned_of_hidden_rows(filtered):
    rules = evenband.read_rules("toy-2025-26")
    with pytest.warns(UserWarning, match="1 row is hidden"):
        pupils = evenband.read_pupils(filtered, rules)
    assert pupils.notices == (HIDDEN.removesuffix("."),)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_row_of_column_names_is_named_by_an_option(kind, tmp_path):
    path = tmp_path / f"titled.{kind}"
    rows = [["Pupils of our schools"], [], *csv.reader(Path(PUPILS).read_text().splitlines())]
    if kind == "csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    refused = command(*VALUE_TOY, path)
    assert refused.exit_code == 1
    assert "(1 problem)" in refused.stderr
    assert "the column names are in row 3: name it with --header-row 3" in refused.stderr
    whole = command(*VALUE_TOY, PUPILS, "--detail", "pupils", "--out", "-")
    for option in ("--header-row", "--pupils-header-row"):
        read = command(*VALUE_TOY, path, option, 3, "--detail", "pupils", "--out", "-")
        assert (read.exit_code, read.stdout) == (0, whole.stdout)
    rules = evenband.read_rules("toy-2025-26")
    assert len(evenband.read_pupils(path, rules, header_row=3)) == len(rows) - 3


def test_with_two_tables_an_option_says_which_of_them_it_is_about(tmp_path):
    call = [*VALUE_TOY, PUPILS, "--schools", SCHOOLS]
    for option, name in (("--sheet", "Pupils"), ("--header-row", "1")):
        refused = command(*call, option, name)
        assert refused.exit_code == 2
        assert "with two, give" in " ".join(refused.stderr.split())
    refused = command(*VALUE_TOY, PUPILS, "--schools-header-row", "1")
    assert refused.exit_code == 2
