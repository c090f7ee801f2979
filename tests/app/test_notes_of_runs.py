"""Each command says as much as another: notes on rules and tables, figures that may be wrong, who is not known."""

import json
import warnings

import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.rules.load import canonical
from tests.builders import banded, rule_set

PRICES = [{"band": "A", "pounds": "1000"}, {"band": "B", "pounds": "1100"}]
RULES = rule_set(
    identifier="invented-gaps",
    authority={"code": "201", "name": "City of London"},
    **banded(PRICES, ["A", "B", "C"]),
)
PATH = "band_profile.tariff.prices.A.pounds"
PUPILS = """pupil_key,la,band,parts_on_roll
P1,201,A,
P2,201,B,1
P3,201,C,
P4,929,A,
"""
NOTE = "invented-gaps: band C has no price; the amount of a pupil in it is not known."
NOTICE = "set apart"
DOUBT = "parts_on_roll is a very small part of the year"
UNKNOWN = "1 pupil's top-up is not known under these rules, and left out of every total"


@pytest.fixture
def files(tmp_path):
    rules, pupils, plan = (tmp_path / name for name in ("gaps.yaml", "pupils.csv", "plan.yaml"))
    rules.write_text(canonical(RULES), encoding="utf-8")
    pupils.write_text(PUPILS, encoding="utf-8")
    head = f"format: evenband-candidates/1\ntitle: Trial\nbaseline: {rules}\n"
    vary = f'vary:\n  "{PATH}": ["900", "1000"]\ndesign: grid\n'
    plan.write_text(head + vary, encoding="utf-8")
    return rules, pupils, plan


def manifest_of(words, tmp_path):
    out = tmp_path / "out.csv"
    answer = CliRunner().invoke(app, [*map(str, words), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    return answer.stderr, json.loads((tmp_path / "out.csv.manifest.json").read_text())


def ways(files):
    rules, _, plan = files
    both = ("--baseline", rules, "--candidate", rules)
    return {
        "value": ("value", "--rules", rules),
        "working": ("value", "--rules", rules, "--explain", "P1"),
        "compare": ("compare", *both),
        "candidates": ("candidates", plan),
        "seek": ("seek", "--rules", rules, "--path", PATH, "--total", "1500"),
    }


@pytest.mark.parametrize("way", ["value", "working", "compare", "candidates", "seek"])
def test_each_command_says_notes_notices_and_doubts_and_its_manifest_has_them(files, tmp_path, way):
    words = (*ways(files)[way], "--pupils", files[1])
    said, manifest = manifest_of(words, tmp_path)
    for sentence in (NOTE, NOTICE, f"check: row 3: {DOUBT}"):
        assert sentence in said, said
    assert [one["type"] for one in manifest["notes"]] == ["no-price"]
    assert [one["rule"] for one in manifest["notices"]][:1] == ["rows-set-apart"]
    assert [(one["kind"], one["number"]) for one in manifest["warnings"]] == [("part_of_year", 1)]
    assert (UNKNOWN in said) is (way == "seek")


def test_python_warns_of_them_where_a_value_is_sought_and_where_candidates_are_worked_out(files):
    rules, pupils, plan = files
    read = eb.read_rules(rules)
    with pytest.warns(UserWarning, match="set apart"):
        table = eb.read_pupils(pupils, read)
    for ask in (
        lambda: eb.seek(read, PATH, total="1500", pupils=table),
        lambda: eb.value(read, pupils=table),
        lambda: eb.candidates(plan, table),
    ):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            ask()
        texts = [str(one.message) for one in said]
        assert NOTE in texts
        assert any(one.startswith(f"check: row 3: {DOUBT}") for one in texts), texts
        assert not any("set apart" in one for one in texts)
        assert {one.filename for one in said} == {__file__}
