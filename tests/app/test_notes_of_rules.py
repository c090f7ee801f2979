"""What rules value otherwise than they seem to say is said where they are used: command, manifest, API and Python alike."""

import json

import pytest
from typer.testing import CliRunner

import evenband
from app.cli import app
from engine.lab.imports.yaml_text import document_text
from engine.rules.load import plain
from tests.app.invented import served
from tests.builders import banded, rule_set

PRICES = [
    {"band": "A", "pounds": "1000"},
    {"band": "A", "pounds": "1100"},
    {"band": "B", "pounds": "not printed"},
]
GAPS = rule_set(identifier="invented-gaps", **banded(PRICES, ["A", "B", "C"]))
NOTES = [
    "band C has no price; the amount of a pupil in it is not known",
    "band_profile.tariff.prices.1 of band A is never used: the prices before it cover everything that it covers",
    "band_profile.tariff.prices.B.pounds is not printed from 2025-04-01: an amount that depends on it is not known",
]
PRICE = "band_profile.tariff.prices.0.pounds"
PUPILS = "pupil_key,la,band\nP1,201,A\n"


@pytest.fixture
def files(tmp_path):
    rules, pupils = tmp_path / "gaps.yaml", tmp_path / "pupils.csv"
    rules.write_text(document_text(plain(GAPS)), encoding="utf-8")
    pupils.write_text(PUPILS, encoding="utf-8")
    return rules, pupils


def command(*words):
    answer = CliRunner().invoke(app, list(map(str, words)))
    assert answer.exit_code == 0, answer.output
    return answer


def commands(rules, pupils, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"format: evenband-candidates/1\ntitle: Trial\nbaseline: {rules}\n"
        'vary:\n  "band_profile.tariff.prices.0.pounds": ["1000", "1200"]\ndesign: grid\n',
        encoding="utf-8",
    )
    both = ("--baseline", rules, "--candidate", rules, "--pupils", pupils)
    return {
        "value": ("value", "--rules", rules, "--pupils", pupils),
        "working": ("value", "--rules", rules, "--pupils", pupils, "--explain", "P1"),
        "compare": ("compare", *both),
        "publish": ("compare", *both, "--publish"),
        "candidates": ("candidates", plan, "--pupils", pupils),
        "seek": ("seek", "--rules", rules, "--pupils", pupils, "--path", PRICE, "--total", "1500"),
    }


@pytest.mark.parametrize("way", ["value", "working", "compare", "publish", "candidates", "seek"])
def test_a_command_says_the_notes_once_and_its_manifest_has_them(files, tmp_path, way):
    out = tmp_path / "out.csv"
    answer = command(*commands(*files, tmp_path)[way], "--out", out)
    said = [line for line in answer.stderr.splitlines() if line.startswith("invented-gaps: ")]
    assert said == [f"invented-gaps: {note}." for note in NOTES]
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert [one["sentence"] for one in manifest["notes"]] == NOTES
    assert {one["rule_set"] for one in manifest["notes"]} == {"invented-gaps"}


def test_rules_check_says_them_in_the_same_words(files):
    said = command("rules", "check", files[0]).stdout.splitlines()[1:]
    assert said == [f"  note: {note}" for note in NOTES]


def test_rules_without_anything_to_note_say_nothing(tmp_path, files):
    rules = tmp_path / "plain.yaml"
    simple = rule_set(**banded([{"band": "A", "pounds": "1000"}], ["A"]))
    rules.write_text(document_text(plain(simple)), encoding="utf-8")
    answer = command("value", "--rules", rules, "--pupils", files[1], "--out", tmp_path / "o.csv")
    assert answer.stderr == ""
    assert json.loads((tmp_path / "o.csv.manifest.json").read_text())["notes"] == []


def test_an_answer_over_http_has_them_with_its_rules(settings):
    pupils = [{"pupil_key": "P1", "la": "201", "band": "A"}]
    side = {"rule_set": "invented-gaps"}
    with served(settings, (GAPS,)) as caller:
        valued = caller.post("/v1/what-ifs/top-ups", json={**side, "pupils": pupils}).json()
        body = {"baseline": side, "candidate": side, "pupils": pupils}
        compared = caller.post("/v1/what-ifs/comparison", json=body).json()
    for rules in (valued["rules"], compared["baseline"], compared["candidate"]):
        assert [one["sentence"] for one in rules["notes"]] == NOTES
        assert [one["type"] for one in rules["notes"]] == [
            "no-price", "unreachable-price", "not-printed"
        ]  # fmt: skip


def test_python_warns_of_them_and_the_outcome_shows_them(files):
    rules = evenband.read_rules(files[0])
    pupils = evenband.read_pupils(files[1], rules)
    with pytest.warns(UserWarning, match="^invented-gaps: ") as said:
        outcome = evenband.value(rules, pupils=pupils)
    sentences = tuple(f"invented-gaps: {note}." for note in NOTES)
    assert tuple(str(one.message) for one in said) == (sentences[0], sentences[2])
    assert outcome.notes == sentences
    assert all(one in str(outcome) for one in sentences)
