"""``evenband compare --explain`` and the reasons under totals: what a user asks of one pupil, and of those not known."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
SCHOOLS = str(FIXTURES / "tables" / "northumberland_2015_16_schools.csv")
DEARER = "band_profile.tariff.prices.A.pounds=9000"
TOY = ("--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--pupils", PUPILS)
NORTHUMBERLAND = "northumberland-2015-16"
SCHOOL = "135619"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def explained(*options):
    answer = command("compare", *TOY, "--override", DEARER, "--explain", "toy-08", *options)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_one_pupil_is_explained_under_both_rule_sets_with_the_difference():
    said = explained()
    assert said.index("Baseline toy-2025-26") < said.index("Candidate toy-2025-26")
    assert "5,000.00" in said
    assert "9,000.00" in said
    assert said.split("Change")[-1].split()[:2] == ["2,398.67", "pounds"]


def test_files_hold_both_workings_and_the_difference():
    rows = list(csv.DictReader(io.StringIO(explained("--format", "csv"))))
    sides = {
        side: [row for row in rows if row["side"] == side] for side in ("baseline", "candidate")
    }
    totals = {side: held[-1]["value"] for side, held in sides.items()}
    assert totals == {"baseline": "333.33", "candidate": "2732.00"}
    assert [row["value"] for row in rows if row["side"] == "change"] == [
        "2732.00",
        "333.33",
        "2398.67",
    ]
    plain = json.loads(explained("--format", "json"))
    assert plain["change"][-1]["value"] == "2398.67"
    assert plain["baseline"]["totals"][-1]["value"] == "333.33"


def test_one_school_is_compared_by_formula_and_by_budget():
    place = "schools_formula.factors.fsm.secondary.notional_percent=50"
    answer = command(
        "compare", "--baseline", NORTHUMBERLAND, "--candidate", NORTHUMBERLAND, "--override", place,
        "--schools", SCHOOLS, "--explain", SCHOOL, "--format", "json",
    )  # fmt: skip
    changes = json.loads(answer.stdout)["change"]
    assert [row["label"] for row in changes] == [
        "Formula funding, candidate",
        "Formula funding, baseline",
        "Change",
        "Notional SEN budget, candidate",
        "Notional SEN budget, baseline",
        "Change",
    ]
    assert changes[2]["value"] == "0.00"
    assert changes[5]["value"].startswith("-")


def test_a_pupil_who_is_not_in_the_table_is_not_named():
    answer = command("compare", *TOY, "--explain", "canary-key-77")
    assert answer.exit_code == 1
    assert "no pupil with this key was valued" in answer.stderr
    assert "canary" not in answer.output


@pytest.fixture
def with_gaps(tmp_path):
    """Give the toy pupils, two of them without a band."""
    rows = list(csv.DictReader(io.StringIO((FIXTURES / "tables" / "toy_pupils.csv").read_text())))
    funded = [row for row in rows if row["sen_provision"] == "E"][:2]
    for row in funded:
        row["band"] = ""
    path = tmp_path / "pupils.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path, funded[0]["pupil_key"]


def test_totals_say_what_was_not_supplied_and_of_how_many(with_gaps):
    said = command("value", "--rules", "toy-2025-26", "--pupils", with_gaps[0]).stdout
    assert "2 parts are not known and left out of the sums." in said
    assert "band: not supplied (2 pupils)" in said


def test_a_difference_is_not_known_where_a_side_is_not(with_gaps):
    table, key = with_gaps
    pair = ("--baseline", "toy-2025-26", "--candidate", "toy-2025-26", "--pupils", table)
    plain = json.loads(command("compare", *pair, "--explain", key, "--format", "json").stdout)
    assert plain["change"][-1]["value"] is None
    assert "not known" in plain["change"][-1]["note"]


def test_totals_of_schools_say_which_parts_are_not_known(tmp_path):
    path = tmp_path / "schools.csv"
    path.write_text(
        "urn,phase,units_basic_entitlement_primary\n900001,primary,100\n900002,primary,\n"
    )
    asked = ("value", "--rules", "northumberland-2025-26", "--schools", path)
    said = command(*asked, "--absent-lines", "zero").stdout
    assert "Basic entitlement (primary): the figure is not given (1 school)" in said
