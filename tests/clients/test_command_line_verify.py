"""A file of results is untouched, altered or superseded, and its manifest says so."""

import json
import shutil
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from engine.data import FIXTURES, PUBLISHED
from engine.export.verification import Finding, verify
from engine.rules import load_rule_file
from tests.clients.starts import started

TABLE = FIXTURES / "tables" / "toy_pupils.csv"
RULES = next(PUBLISHED.rglob("toy-2025-26.yaml"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with results as CSV and Parquet, valued under a published rule set."""
    folder = tmp_path_factory.mktemp("results")
    for name in ("totals.csv", "totals.parquet"):
        done = started("value", "--rules", RULES, "--pupils", TABLE, "--out", folder / name)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def results(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def published(*documents):
    return lambda identifier: [one for one in documents if one.identifier == identifier]


def found(path, *documents):
    return [one.finding for one in verify(path, published(*documents))]


@pytest.mark.parametrize("name", ["totals.csv", "totals.parquet", "totals.csv.manifest.json"])
def test_a_file_as_it_was_written_is_untouched(results, name):
    ran = started("verify", results / name)
    assert ran.returncode == 0, ran.stderr
    assert "untouched since it was written" in ran.stdout


@pytest.mark.parametrize("more", [(), ("--detail", "groups"), ("--top", "1")], ids=str)
def test_a_workbook_of_candidates_as_it_was_written_is_untouched(tmp_path, more):
    prices = "band_profile.tariff.prices.A.pounds: [5000, 9000]"
    text = (
        f"format: evenband-candidates/1\ntitle: Prices\nbaseline: toy-2025-26\nvary: {{{prices}}}\n"
    )
    (tmp_path / "tried.yaml").write_text(text, encoding="utf-8")
    named = ("candidates", "tried.yaml", "--pupils", TABLE, *more, "--out", "candidates.xlsx")
    ran = started(*named, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    verified = started("verify", "candidates.xlsx", cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr
    assert "untouched" in verified.stdout
    path = tmp_path / "candidates.xlsx"
    book = openpyxl.load_workbook(path)
    name = "Groups" if "groups" in more and "Groups" in book.sheetnames else "Candidates"
    sheet = book[name] if name in book.sheetnames else book.worksheets[-1]
    cell = next(one for one in sheet[2] if isinstance(one.value, int | float))
    cell.value += 1
    book.save(path)
    assert started("verify", "candidates.xlsx", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("name", ["totals.csv", "totals.parquet"])
def test_one_changed_byte_is_an_altered_file(results, name):
    content = bytearray((results / name).read_bytes())
    content[len(content) // 2] ^= 1
    (results / name).write_bytes(content)
    ran = started("verify", results / name)
    assert ran.returncode == 1
    assert f"{name}: altered since it was written" in ran.stdout


def test_a_file_that_is_not_beside_its_manifest_is_missing(results):
    (results / "totals.csv").unlink()
    assert found(results / "totals.csv.manifest.json") == [Finding.missing]


def test_results_of_rules_with_a_later_version_are_superseded(results):
    document = load_rule_file(RULES)
    later = document.model_copy(update={"version": document.version + 1})
    assert found(results / "totals.csv", document) == [Finding.untouched]
    assert found(results / "totals.csv", document, later) == [Finding.untouched, Finding.superseded]


def test_rules_of_the_same_version_with_other_values_are_named(results):
    other = load_rule_file(RULES).model_copy(update={"title": "Other rules under the same version"})
    assert found(results / "totals.csv", other) == [Finding.untouched, Finding.other_text]


def test_results_of_other_arithmetic_name_the_release_that_gives_them_again(results):
    place = results / "totals.csv.manifest.json"
    manifest = json.loads(place.read_text("utf-8"))
    manifest["engine"] = {"version": "0.0.9", "semantics": 1}
    place.write_text(json.dumps(manifest), "utf-8")
    (_, arithmetic) = verify(results / "totals.csv", published())
    assert arithmetic.finding is Finding.other_arithmetic
    assert "release 0.0.9" in arithmetic.sentence


def test_a_file_without_a_manifest_and_a_manifest_of_another_file_are_refused_in_words(results):
    shutil.copy(results / "totals.csv", results / "alone.csv")
    ran = started("verify", results / "alone.csv")
    assert ran.returncode == 3
    assert "alone.csv.manifest.json" in ran.stderr
    shutil.copy(results / "totals.csv.manifest.json", results / "alone.csv.manifest.json")
    ran = started("verify", results / "alone.csv")
    assert ran.returncode == 1
    assert "does not name alone.csv" in ran.stderr


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other"}'])
def test_what_is_no_manifest_is_refused_in_words(tmp_path, content):
    place = tmp_path / "totals.csv.manifest.json"
    place.write_text(content, "utf-8")
    ran = started("verify", place)
    assert ran.returncode == 1
    assert "is no manifest of a result" in ran.stderr


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_the_control_total_that_no_longer_agrees_is_named_with_both_figures(tmp_path, kind):
    path = tmp_path / f"pupils.{kind}"
    words = ("value", "--rules", RULES, "--pupils", TABLE, "--detail", "pupils", "--out", path)
    assert started(*words).returncode == 0
    manifest = json.loads((tmp_path / f"{path.name}.manifest.json").read_text("utf-8"))
    stated = manifest["control_totals"]["columns"]["top_up"]["sum"]
    other = with_another_amount(path, "top_up")
    ran = started("verify", path)
    assert ran.returncode == 1
    assert f"{path.name}: altered since it was written" in ran.stdout
    sentence = (
        f"control totals do not agree: total of top_up: {stated} by the manifest, {other} here"
    )
    assert f"{path.name}: {sentence}" in ran.stdout


def with_another_amount(path, name):
    """Give the last known amount of a column a pound more, and return the column's sum then."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        (column,) = (one for one in sheet.iter_cols() if one[0].value == name)
        known = [one for one in column[1:] if one.value is not None]
        known[-1].value = float(Decimal(str(known[-1].value)) + 1)
        book.save(path)
        return f"{sum(Decimal(str(one.value)) for one in known):.2f}"
    rows = (
        pl.read_parquet(path)
        if path.suffix == ".parquet"
        else pl.read_csv(path, infer_schema=False)
    )
    values = [None if one is None else Decimal(one) for one in rows[name].to_list()]
    at = max(number for number, one in enumerate(values) if one is not None)
    values[at] += 1
    column = pl.Series(name, values, pl.Decimal(18, 2))
    if path.suffix == ".csv":
        rows.with_columns(column.cast(pl.String)).write_csv(path)
    else:
        rows.with_columns(column).write_parquet(path)
    return f"{sum(one for one in values if one is not None):.2f}"


def test_a_manifest_whose_control_totals_were_changed_does_not_agree_with_its_file(results):
    place = results / "totals.csv.manifest.json"
    manifest = json.loads(place.read_text("utf-8"))
    manifest["control_totals"]["columns"]["top_up"]["sum"] = "1.00"
    place.write_text(json.dumps(manifest), "utf-8")
    first, second = verify(results / "totals.csv", published())
    assert first.finding is Finding.untouched
    assert second.finding is Finding.altered
    assert "total of top_up: 1.00 by the manifest" in second.sentence


def test_the_control_totals_of_a_publication_are_its_number_of_rows_alone(tmp_path):
    path = tmp_path / "published.csv"
    sides = ("--baseline", RULES, "--candidate", RULES)
    override = ("--override", "band_profile.tariff.prices.A.pounds=9000")
    words = ("compare", *sides, *override, "--pupils", TABLE, "--publish", "--out", path)
    ran = started(*words)
    assert ran.returncode == 0, ran.stderr
    manifest = json.loads((tmp_path / "published.csv.manifest.json").read_text("utf-8"))
    assert manifest["publication"]["hidden_cells"] > 0
    rows = len(path.read_text("utf-8").splitlines()) - 1
    assert manifest["control_totals"] == {"rows": rows, "columns": {}}
    assert started("verify", path).returncode == 0
