"""Importing, workbooks and the atlas as people meet them on the command line."""

import csv
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

PROFORMAS, PLANS = FIXTURES / "cases" / "proformas", FIXTURES / "cases" / "ehc_plans"
SCHOOLS = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
LINES = PROFORMAS / "lines.csv"
NORTHUMBERLAND, HEREFORDSHIRE = "northumberland-2015-16", "herefordshire-2025-26"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def proformas(folder, *more):
    totals = PROFORMAS / "totals.csv"
    return command("rules", "import", "proforma", LINES, "--totals", totals, "--out", folder, *more)


def test_an_imported_formula_gives_back_what_its_authority_printed(tmp_path):
    assert proformas(tmp_path).exit_code == 0
    rules, table = tmp_path / "camden-2017-18.yaml", tmp_path / "camden-2017-18.csv"
    valued = command("value", "--rules", rules, "--schools", table)
    assert valued.exit_code == 0
    assert "115,892,711.84" in valued.stdout
    assert "24,531,843.74" in valued.stdout


def test_how_each_authority_reconciles_is_printed_and_written(tmp_path):
    shown = proformas(tmp_path).stdout
    with (tmp_path / "reconciliation.csv").open(encoding="utf-8") as lines:
        verdicts = {row["la"]: row["verdict"] for row in csv.DictReader(lines)}
    assert verdicts == {"202": "holds", "372": "left_out", "826": "not_split", "938": "fringe"}
    assert "4 rule sets" in shown


def test_one_authority_can_be_taken_and_one_that_is_not_there_is_refused(tmp_path):
    assert proformas(tmp_path, "--la", "372").exit_code == 0
    assert {path.name for path in tmp_path.glob("*.yaml")} == {"rotherham-2017-18.yaml"}
    assert proformas(tmp_path, "--la", "999").exit_code == 2


def test_a_table_of_another_kind_writes_nothing(tmp_path):
    folder = tmp_path / "formulae"
    refused = command("rules", "import", "proforma", SCHOOLS, "--out", folder)
    assert refused.exit_code == 1
    assert "la_code" in refused.stderr
    assert not folder.exists()


def test_margins_of_plans_are_written_and_pupils_add_to_them(tmp_path):
    margins, out = tmp_path / "margins", tmp_path / "invented"
    written = command(
        "rules", "import", "ehc", "--plans", PLANS / "plans_by_need.csv",
        "--caseload", PLANS / "caseload.csv", "--ages", PLANS / "caseload_by_age.csv",
        "--out", margins,
    )  # fmt: skip
    assert written.exit_code == 0, written.stderr
    assert "10 authorities" in written.stdout
    made = command("synth", "--pupils", "500", "--margins", margins, "--out", out)
    assert made.exit_code == 0, made.stderr
    manifest = json.loads((out / "manifest.json").read_text())
    assert "plans_by_authority.csv" in {one["name"] for one in manifest["inputs"]}


def test_a_folder_without_margins_ends_with_three(tmp_path):
    out = tmp_path / "invented"
    assert command("synth", "--pupils", 500, "--margins", tmp_path, "--out", out).exit_code == 3


def test_a_profile_goes_out_as_a_workbook_and_comes_back(tmp_path):
    book, out = tmp_path / "profile.xlsx", tmp_path / "profile.yaml"
    assert command("rules", "table", "export", HEREFORDSHIRE, "--out", book).exit_code == 0
    back = command("rules", "table", "import", book, "--into", HEREFORDSHIRE, "--out", out)
    assert "It gives the same results as before." in back.stdout
    assert (
        command("rules", "digest", out).stdout.split()[0]
        == (command("rules", "digest", HEREFORDSHIRE).stdout.split()[0])
    )


def test_what_a_workbook_changes_is_shown_and_may_be_a_new_version(tmp_path):
    book, out = tmp_path / "profile.xlsx", tmp_path / "profile.yaml"
    command("rules", "table", "export", "solihull-2025-26", "--out", book)
    into = ("--into", "telford-and-wrekin-2025-26", "--out", out)
    changed = command("rules", "table", "import", book, *into)
    assert "Differs from the document in" in changed.stdout
    assert "--version" in changed.stdout
    assert "version 2" in command("rules", "table", "import", book, *into, "--version", 2).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", HEREFORDSHIRE, "--out", "profile.csv"),
        ("import", "profile.xlsx", "--into", HEREFORDSHIRE, "--out", "profile.json"),
    ],
)
def test_a_file_of_another_kind_is_misuse(arguments):
    assert command("rules", "table", *arguments).exit_code == 2


def test_a_workbook_that_is_none_ends_with_one_and_its_name(tmp_path):
    book = tmp_path / "profile.xlsx"
    book.write_text("no workbook")
    out = ("--into", HEREFORDSHIRE, "--out", tmp_path / "new.yaml")
    refused = command("rules", "table", "import", book, *out)
    assert refused.exit_code == 1
    assert "profile.xlsx" in refused.stderr
    assert "is plain text, though its name ends in .xlsx" in refused.stderr


def test_the_atlas_is_printed_for_people():
    shown = command("rules", "atlas", NORTHUMBERLAND, HEREFORDSHIRE).stdout
    assert "not in this rule set" in shown
    assert "1258.00" in shown


def test_the_atlas_on_schools_is_written_with_its_manifest(tmp_path):
    out = tmp_path / "atlas.csv"
    written = command(
        "rules", "atlas", NORTHUMBERLAND, HEREFORDSHIRE, "--schools", SCHOOLS, "--out", out
    )
    assert written.exit_code == 0, written.stderr
    with out.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    total = next(one for one in rows if one["name"] == "total" and one["measure"] == "formula")
    assert total[NORTHUMBERLAND] == "24623654.29"
    manifest = json.loads((tmp_path / "atlas.csv.manifest.json").read_text())
    assert [one["part"] for one in manifest["inputs"]] == ["rules", "schools"]


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_the_atlas_is_written_alike_twice(kind, tmp_path):
    files = [tmp_path / f"{at}.{kind}" for at in range(2)]
    for file in files:
        command("rules", "atlas", NORTHUMBERLAND, HEREFORDSHIRE, "--out", file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_schools_for_rule_sets_without_a_formula_are_refused():
    refused = command("rules", "atlas", HEREFORDSHIRE, "--schools", SCHOOLS)
    assert refused.exit_code == 1
    assert "leave --schools out" in refused.stderr
