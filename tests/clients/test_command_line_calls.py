"""``evenband value`` compares budgets with what they are expected to pay for, and says why parts are not known."""

import csv
import io
import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from app.cli import app

TARGETED = "northumberland-2025-26"
RULES = "west-sussex-2021-22"
SCHOOL = {
    "urn": "900001", "phase": "primary", "units_basic_entitlement_primary": "100",
    "units_fsm_primary": "10", "sen_support_pupils": "20", "ehc_plans": "3",
}  # fmt: skip


@pytest.fixture
def table(tmp_path):
    """Return a table of two schools: one says what it needs, the other nothing."""
    path = tmp_path / "schools.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(SCHOOL))
        writer.writeheader()
        writer.writerow(SCHOOL)
        writer.writerow({**SCHOOL, "urn": "900002", "sen_support_pupils": "", "ehc_plans": ""})
    return path


def value(table, *options):
    words = ["value", "--rules", RULES, "--schools", str(table), "--absent-lines", "not_supplied"]
    return CliRunner().invoke(app, [*words, *map(str, options)])


def test_a_school_s_row_has_its_expected_calls_where_a_cost_is_chosen(table):
    answer = value(table, "--sen-support-cost", "800", "--detail", "schools", "--format", "csv")
    assert answer.exit_code == 0, answer.output
    one, other = csv.DictReader(io.StringIO(answer.stdout))
    assert (one["sen_support_calls"], one["plan_calls"]) == ("16000.00", "18000.00")
    assert one["all_calls"] == "34000.00"
    assert not any(other[name] for name in ("sen_support_calls", "plan_calls", "all_calls", "left"))
    without = value(table, "--detail", "schools", "--format", "csv").stdout
    assert "all_calls" not in without


def test_a_working_ends_with_the_expected_calls(table):
    text = value(table, "--sen-support-cost", "800", "--explain", "900001").stdout
    assert "What the budget is expected to pay for" in text
    assert "34,000.00" in text
    told = json.loads(value(table, "--explain", "900001", "--format", "json").stdout)
    rows = {one["label"]: one["value"] for one in told["expected_calls"]["rows"]}
    assert rows["First part of each EHC plan, which the school pays"] == "18000.00"
    assert rows["SEN support"] is None
    assert "expected_calls" not in json.loads(
        value(table, "--explain", "900002", "--format", "json").stdout
    )


def test_the_manifest_has_the_chosen_cost_and_the_reasons_of_what_is_not_known(table, tmp_path):
    out = tmp_path / "out.csv"
    assert value(table, "--sen-support-cost", "800", "--out", out).exit_code == 0
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert manifest["sen_support_cost"] == "800.00"
    shown = value(table).stdout
    assert manifest["missing"]
    for one in manifest["missing"]:
        assert one["of"] == "school"
        assert f"{one['part']}: {one['why']} ({one['number']} school" in shown


@pytest.mark.parametrize("cost", ["-1", "£8x", "1,00", "800.001", "1000000.01", "many"])
def test_a_cost_that_is_no_sum_of_pounds_is_wrong_usage(table, cost):
    answer = value(table, "--sen-support-cost", cost)
    assert answer.exit_code == 2
    assert "--sen-support-cost is pounds" in " ".join(answer.stderr.split())


@pytest.mark.parametrize("cost", ["£1,000", "1000.00"])
def test_a_cost_is_read_as_pounds_of_a_table_are(table, cost):
    assert (
        value(table, "--sen-support-cost", cost).stdout
        == value(table, "--sen-support-cost", "1000").stdout
    )


def without_needs(table):
    lines = [line.rsplit(",", 2)[0] for line in table.read_text(encoding="utf-8").splitlines()]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--detail", "lines"], "--detail lines has no expected costs; schools and targeted have"),
        ([], "--detail totals has no expected costs; schools and targeted have"),
        (["--explain", "900002"], "this working has no school of which needs are given"),
    ],
)
def test_a_cost_that_changes_nothing_of_an_answer_is_said(table, options, why):
    answer = value(table, "--sen-support-cost", "800", *options)
    assert answer.exit_code == 0
    assert answer.stderr == f"--sen-support-cost changes nothing: {why}.\n"
    assert answer.stdout == value(table, *options).stdout


@pytest.mark.parametrize("options", [["--detail", "schools"], ["--explain", "900001"]])
def test_a_cost_that_changes_an_answer_is_not_spoken_of(table, options):
    answer = value(table, "--sen-support-cost", "800", *options)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout != value(table, *options).stdout


def test_a_cost_for_schools_without_needs_is_said_to_change_nothing(table):
    answer = value(without_needs(table), "--sen-support-cost", "800", "--detail", "schools")
    assert answer.exit_code == 0
    assert answer.stderr == (
        "--sen-support-cost changes nothing: no school of the table has sen_support_pupils, "
        "sen_support_figure or ehc_plans.\n"
    )


def test_a_cost_without_schools_is_wrong_usage(table):
    words = ["value", "--rules", "toy-2025-26", "--pupils", str(table)]
    answer = CliRunner().invoke(app, [*words, "--sen-support-cost", "800"])
    assert answer.exit_code == 2
    assert "give --schools too" in " ".join(answer.stderr.split())


def test_schools_whose_targeted_funding_is_not_known_are_counted_in_the_manifest(tmp_path):
    table, out = tmp_path / "schools.csv", tmp_path / "out.csv"
    head = "urn,phase,units_basic_entitlement_primary,ehc_plans,sen_support_pupils"
    table.write_text(
        f"{head}\n900001,primary,100,3,20\n900002,primary,100,,\n900003,primary,90,,5\n"
    )
    for detail in ("schools", "targeted"):
        words = ["value", "--rules", TARGETED, "--schools", str(table), "--absent-lines", "zero"]
        words += ["--sen-support-cost", "800", "--detail", detail, "--out", str(out)]
        answer = CliRunner().invoke(app, words)
        assert answer.exit_code == 0, answer.output
        manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
        counted = {
            one["why"]: one["number"]
            for one in manifest["missing"]
            if one["part"] == "Targeted funding"
        }
        name = "targeted_funding_not_known" if detail == "schools" else "why_not_known"
        with out.open(encoding="utf-8") as file:
            whys = [row[name] for row in csv.DictReader(file) if row[name]]
        assert counted == Counter(whys)
        assert whys
