"""What-ifs on the command line: paths are listed, what was tried is said, and refusals blame what was typed."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
TOY = ("--rules", "toy-2025-26", "--pupils", PUPILS)
PRICE = "band_profile.tariff.prices.A.pounds"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_every_path_is_listed_with_its_values_dates_and_kind():
    rows = json.loads(command("rules", "paths", "toy-2025-26", "--format", "json").stdout)
    of_c = [one for one in rows if one["path"] == "band_profile.tariff.prices.band:C.pounds"]
    assert [(one["kind"], one["value"], one["from"]) for one in of_c] == [
        ("value", "12000", "2025-09-01"),
        ("value", "12500", "2026-04-01"),
    ]
    points = json.loads(command("rules", "paths", "toy-points-2025-26", "--format", "json").stdout)
    assert {"cut-off", "value"} == {one["kind"] for one in points}


def test_the_values_of_a_rule_set_lead_to_the_list_of_paths():
    shown = command("rules", "show", "toy-2025-26").stdout
    assert "evenband rules paths toy-2025-26" in shown


def test_the_screen_says_what_is_tried_in_place_of_what():
    shown = command("value", *TOY, "--override", f"{PRICE}=9000")
    assert f"tried: {PRICE} from 2025-09-01: 9000 in place of 5000 (proposed)" in shown.stdout
    assert shown.stderr == ""


def test_a_manifest_says_it_too(tmp_path):
    out = tmp_path / "out.csv"
    command("value", *TOY, "--override", f"{PRICE}=9000", "--detail", "pupils", "--out", out)
    [rules] = json.loads((tmp_path / "out.csv.manifest.json").read_text())["rule_sets"]
    assert rules["overrides"] == [{"place": PRICE, "value": "9000"}]
    replaced = {"path": PRICE, "published": "5000", "from": "2025-09-01", "value": "9000"}
    assert rules["tried"] == [{"place": PRICE, "standing": "proposed", "replaces": [replaced]}]


def test_what_a_reader_may_not_expect_is_said_on_standard_error():
    path = "band_profile.tariff.prices.band:C.pounds"
    said = command("value", *TOY, "--override", f"{path}=9999").stderr
    assert said == f"--override {path}: what begins on 2026-04-01 stays as published\n"


@pytest.mark.parametrize("name", ["value", "compare"])
def test_a_value_that_cannot_be_tried_is_blamed_on_the_option_and_not_on_the_file(name, tmp_path):
    rules = tmp_path / "mine.yaml"
    rules.write_text((FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text())
    sides = ("--baseline", rules, "--candidate", rules)
    named = sides if name == "compare" else ("--rules", rules)
    refused = command(
        name, *named, "--pupils", PUPILS, "--override", f"{PRICE.replace('A', 'Z')}=1"
    )
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[:2] == [
        "--override:",
        "The values cannot be tried (1 problem).",
    ]
    assert "the nearest path is band_profile.tariff.prices." in refused.stderr
    assert "'evenband rules paths' lists every path" in refused.stderr
    assert "mine.yaml" not in refused.stderr


def test_a_day_outside_the_rule_set_is_blamed_on_the_option():
    refused = command("value", *TOY, "--on", "2030-01-01")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines() == [
        "--on:",
        "This cannot be used (1 problem).",
        "  toy-2025-26 version 1: must be a day of the rule set, from 2025-09-01 to 2026-08-31",
    ]


def test_the_published_numbers_tried_change_nothing_in_a_comparison():
    sides = ("--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--pupils", PUPILS)
    rows = command("compare", *sides, "--override", f"{PRICE}=5000", "--format", "json").stdout
    assert {one["change"] for one in json.loads(rows)} <= {"0.00", None}


@pytest.mark.parametrize("names", [["show", "toy-2025-26"], ["diff", "toy-2025-26", "toy-2025-26"]])
def test_values_of_a_day_on_which_the_rules_do_not_apply_are_shown_with_a_word(names):
    shown = command("rules", *names, "--on", "2030-01-01")
    assert shown.exit_code == 0
    assert shown.stderr.splitlines()[0] == (
        "--on 2030-01-01: toy-2025-26 version 1 does not apply on this day; it applies from"
        " 2025-09-01 to 2026-08-31"
    )
    assert command("rules", *names, "--on", "2025-10-01").stderr == ""
