"""``evenband seek``: the value of a path that reaches a total, with those that tie, or the nearest on both sides."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
PRICE = "band_profile.tariff.prices.A.pounds"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def seek(*arguments):
    return command("seek", "--rules", "toy-2025-26", "--pupils", PUPILS, *arguments)


def test_the_value_that_is_found_gives_the_total_when_it_is_tried():
    answer = seek("--path", PRICE, "--total", "90000", "--format", "json")
    assert answer.exit_code == 0, answer.output
    runs = {one["is"]: one for one in json.loads(answer.stdout)}
    assert {"nearest below", "nearest above"} <= runs.keys()
    for one in runs.values():
        for price in (one["from"], one["to"]):
            tried = command(
                "value",
                "--rules",
                "toy-2025-26",
                "--override",
                f"{PRICE}={price}",
                "--pupils",
                PUPILS,
                "--format",
                "json",
            )
            assert json.loads(tried.stdout)[0]["top_up"] == one["total"]


def test_where_no_value_comes_to_it_both_neighbours_are_shown():
    answer = seek("--path", PRICE, "--total", "1", "--from", "5000", "--to", "5001")
    assert answer.exit_code == 0, answer.output
    assert "nearest above" in answer.stdout
    assert "nearest below" not in answer.stdout
    assert "No value comes to it exactly." in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--path", PRICE, "--total", "much"), 2, "--total is pounds"),
        (("--path", PRICE, "--total", "1", "--from", "1"), 2, "give --from and --to together"),
        (("--path", "top_up_rule.capp", "--total", "1"), 1, "not found in the rule set"),
        (("--path", PRICE), 2, "give --total for top-ups, or --share"),
        (
            ("--path", PRICE, "--share", "12"),
            2,
            "--share is of the notional SEN budgets of --schools",
        ),
        (("--path", PRICE, "--total", "1", "--second", "x"), 2, "--second is PATH=FROM:TO:STEP"),
        (
            ("--path", PRICE, "--total", "1", "--second", f"{PRICE}=1:2:1"),
            1,
            "the second is another",
        ),
    ],
)
def test_what_cannot_be_sought_is_refused(arguments, code, says):
    answer = seek(*arguments)
    assert (answer.exit_code, says in answer.stderr) == (code, True)


def test_the_share_that_is_found_is_that_of_the_budgets_with_the_value_tried():
    table = str(FIXTURES / "tables" / "northumberland_2015_16_schools.csv")
    place = "schools_formula.factors.fsm.primary.notional_percent"
    named = ("--rules", "northumberland-2015-16", "--schools", table)
    answer = command("seek", *named, "--path", place, "--share", "8", "--format", "json")
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    assert [one["is"] for one in rows] == ["nearest below", "nearest above"]
    for one in rows:
        tried = command("value", *named, "--override", f"{place}={one['from']}", "--format", "json")
        [total] = [row for row in json.loads(tried.stdout) if row["grouping"] == "total"]
        assert (total["notional_sen"], total["formula_total"]) == (
            one["notional_sen"],
            one["formula"],
        )


def test_for_each_value_of_a_second_path_there_are_values_of_the_first():
    answer = seek(
        "--path", PRICE, "--total", "90000", "--second", "band_profile.tariff.prices.B.pounds=7000:9000:1000", "--format", "json",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert {one["second"] for one in json.loads(answer.stdout)} == {"7000", "8000", "9000"}
