"""Why pupils are not known is said alike by command, manifest, workbook, API, Python and working: both reasons of two."""

import json
import warnings

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.reading import read_table
from engine.rules.load import canonical
from engine.vocabulary import Missing
from tests.app.invented import served
from tests.builders import banded, rule_set

PRICES = [{"band": "A", "pounds": "not printed"}, {"band": "B", "pounds": "1000"}]
HOURS = {"part_time": {"full_time_hours": "25"}}
RULES = rule_set(identifier="invented-unknown", **banded(PRICES, ["A", "B"], **HOURS))
PUPILS = [
    {"pupil_key": "P1", "la": "201", "band": "A", "hours": ""},
    {"pupil_key": "P2", "la": "201", "band": "A", "hours": "25"},
    {"pupil_key": "P3", "la": "201", "band": "B", "hours": ""},
    {"pupil_key": "P4", "la": "201", "band": "B", "hours": "25"},
]
BOTH = (
    "The amount is not known: a value that it depends on is not printed. Also not supplied: hours."
)
UNPRINTED = str(Missing.not_printed)
EXPECTED = {
    ("hours; band A", f"not supplied; {UNPRINTED}", 1), ("band A", UNPRINTED, 1), ("hours", "not supplied", 1),
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    rules, pupils = tmp_path / "rules.yaml", tmp_path / "pupils.csv"
    rules.write_text(canonical(RULES), encoding="utf-8")
    lines = [",".join(PUPILS[0]), *(",".join(one.values()) for one in PUPILS)]
    pupils.write_text("\n".join(lines), encoding="utf-8")
    return rules, pupils


def command(files, *more):
    words = ["value", "--rules", *map(str, (files[0], "--pupils", files[1], *more))]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def triples(records):
    return {(one["part"], one["why"], one["number"]) for one in records}


def test_command_manifest_and_workbook_count_each_pupil_once_under_all_reasons(files, tmp_path):
    shown = " ".join(command(files).split())
    assert "3 parts are not known and left out of the sums." in shown
    for part, why, number in EXPECTED:
        assert f"{part}: {why} ({number} pupil)" in shown
    out = tmp_path / "out.xlsx"
    command(files, "--out", out)
    manifest = json.loads((tmp_path / "out.xlsx.manifest.json").read_text(encoding="utf-8"))
    assert triples(manifest["missing"]) == EXPECTED
    rows = read_table(out, "Warnings").to_dicts()
    noted = {(one["note"], int(one["number"])) for one in rows if one["kind"] == "not-known"}
    assert noted == {(f"{part}: {why}", number) for part, why, number in EXPECTED}


def test_the_working_says_both_reasons(files):
    assert BOTH in " ".join(command(files, "--explain", "P1").split())


def test_the_api_counts_and_says_both_reasons(settings):
    with served(settings, (RULES,)) as caller:
        body = {"rule_set": "invented-unknown", "pupils": PUPILS, "working": "whole"}
        answer = caller.post("/v1/what-ifs/top-ups", json=body).json()
    assert triples(answer["missing"]) == EXPECTED
    assert answer["pupils"][0]["sentence"] == BOTH


def test_python_counts_and_says_both_reasons(files):
    rules = eb.read_rules(files[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = eb.value(rules, pupils=eb.read_pupils(files[1], rules))
    assert triples(outcome.missing.to_dicts()) == EXPECTED
    assert outcome.missing["number"].sum() == outcome.not_known
    assert eb.explain(outcome, "P1").sentence == BOTH


TOGETHER = "not_supplied; not_printed"
"""A pupil's reason in rows and totals where a blank and the rules are each one."""


def test_a_pupil_s_row_has_both_reasons_and_totals_count_it_under_both(files, settings, tmp_path):
    """Rows and totals by reason had the first reason alone, where counts of what is not known had both."""
    by_key = {"P1": TOGETHER, "P2": "not_printed", "P3": "not_supplied", "P4": "rate"}
    groups = {
        (TOGETHER, 1, None, 1),
        ("not_printed", 1, None, 1),
        ("not_supplied", 1, None, 1),
        ("rate", 1, "1000.00", 0),
    }
    rows, totals = tmp_path / "rows.csv", tmp_path / "totals.csv"
    command(files, "--out", rows, "--detail", "pupils")
    command(files, "--out", totals)
    found = read_table(rows).to_dicts()
    assert {one["pupil_key"]: one["reason"] for one in found} == by_key
    sums = [one for one in read_table(totals).to_dicts() if one["grouping"] == "reason"]
    assert {
        (one["group"], int(one["number"]), one["top_up"] or None, int(one["not_known"]))
        for one in sums
    } == groups
    with served(settings, (RULES,)) as caller:
        body = {"rule_set": "invented-unknown", "pupils": PUPILS}
        answer = caller.post("/v1/what-ifs/top-ups", json=body).json()
    assert {one["pupil_key"]: one["reason"] for one in answer["pupils"]} == by_key
