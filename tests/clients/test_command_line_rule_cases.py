"""``evenband rules test``: an officer's own cases, from every kind of file, and those that come with rule sets."""

import csv
import io
import json

import polars as pl
import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES
from tests.rule_library import RULE_FILES
from tests.worked_examples import files

BANDS = "telford-and-wrekin-2025-26"
OURS = FIXTURES / "examples" / "cases-of-bands.csv"
WITH_CASES = sorted({name for name, _ in files()})


def command(*arguments):
    return CliRunner().invoke(app, ["rules", "test", *map(str, arguments)])


def markdown(path):
    rows = list(csv.reader(OURS.read_text(encoding="utf-8").splitlines()))
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    path.write_text("\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]) + "\n")
    return path


def workbook(path):
    pl.read_csv(OURS, infer_schema=False).write_excel(path)
    return path


@pytest.mark.parametrize("name", WITH_CASES)
def test_a_published_rule_set_comes_out_as_its_worked_examples(name):
    result = command(name)
    assert result.exit_code == 0, result.stdout + result.stderr
    assert " 0 different." in result.stdout
    assert "1 different" not in result.stdout


def test_every_kind_of_file_gives_the_same_results(tmp_path):
    results = [
        command(BANDS, one)
        for one in (OURS, markdown(tmp_path / "ours.md"), workbook(tmp_path / "ours.xlsx"))
    ]
    assert [one.exit_code for one in results] == [1, 1, 1]
    for one in results:
        assert "in special school: paid is 0.00; 2089.70 is expected (2089.70 less)." in one.stdout
        assert "4 pupils: 3 as expected, 1 different." in one.stdout
        assert "Top-up for the year" in one.stdout
        assert "not in the table, so read: la as 894" in one.stderr


def test_cases_beside_a_document_of_your_own_are_found(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_bytes(RULE_FILES[BANDS].read_bytes())
    none = command(mine)
    assert none.exit_code == 1
    assert f"no cases come with {BANDS}; name a file of cases" in none.stderr
    (tmp_path / "mine.cases.csv").write_bytes(OURS.read_bytes())
    (tmp_path / "mineral.cases.csv").write_text("other\n")
    assert "mine.cases.csv: 4 pupils: 3 as expected, 1 different." in command(mine).stdout


def test_a_value_and_a_day_can_be_tried(tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("band,sen_provision,setting,paid\n9,E,mainstream,2000\n")
    changed = ("--override", "band_profile.tariff.prices.band:9.pounds=2000", "--on", "2025-04-01")
    assert command(BANDS, table).exit_code == 1
    assert command(BANDS, table, *changed).exit_code == 0
    outside = command(BANDS, table, "--on", "2020-04-01")
    assert outside.exit_code == 1
    assert "must be a day of the rule set" in outside.stderr


def test_results_are_written_with_a_manifest(tmp_path):
    out = tmp_path / "results.csv"
    result = command(BANDS, OURS, "--out", out)
    assert result.exit_code == 1
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [row["as_expected"] for row in rows] == [*["yes"] * 5, "no", "yes"]
    manifest = json.loads((tmp_path / "results.csv.manifest.json").read_text(encoding="utf-8"))
    counts = {"cases": 4, "as_expected": 3, "different": 1, "nothing_expected": 0, "set_apart": 0}
    assert manifest["cases"] == {"cases-of-bands.csv": [counts]}
    assert {one["part"]: one.get("rows") for one in manifest["inputs"]} == {
        "rules": None,
        "cases": 4,
    }


def test_many_differences_are_counted_and_the_first_are_shown(tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("band,sen_provision,setting,paid\n" + "9,E,mainstream,1\n" * 30)
    result = command(BANDS, table)
    assert result.stdout.count("is expected") == 20
    assert "and 10 more differences; --out writes them all" in result.stdout
