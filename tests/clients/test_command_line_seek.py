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
    ],
)
def test_what_cannot_be_sought_is_refused(arguments, code, says):
    answer = seek(*arguments)
    assert (answer.exit_code, says in answer.stderr) == (code, True)
