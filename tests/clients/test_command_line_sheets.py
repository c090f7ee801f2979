"""Workbooks with several sheets on the command line: one is named, and the manifest says which."""

import json

import polars as pl
import pytest
import xlsxwriter

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
