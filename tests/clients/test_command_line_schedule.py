"""When top-ups fall due, from the command line."""

import csv
import io
import json
from decimal import Decimal

import polars as pl
import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

PUPILS = FIXTURES / "tables" / "toy_pupils.csv"
TOY = ("value", "--rules", "toy-2025-26", "--pupils", PUPILS)
SCHEDULE = (*TOY, "--detail", "schedule")


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def rows_of(*arguments):
    result = command(*arguments, "--out", "-")
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_year_by_terms_is_paid_in_its_three_terms():
    rows = rows_of(*SCHEDULE, "--schedule", "periods")
    names = [row["name"] for row in rows if row["pupil_key"] == "toy-01"]
    assert names == ["Autumn", "Spring", "Summer"]


def test_an_older_name_of_the_schedule_is_read_as_well():
    older = rows_of(*SCHEDULE, "--divided", "periods")
    assert older == rows_of(*SCHEDULE, "--schedule", "periods")


@pytest.mark.parametrize("divided", ["months", "periods"])
def test_a_pupils_payments_add_to_the_top_up(divided):
    paid = {}
    for row in rows_of(*SCHEDULE, "--schedule", divided):
        paid[row["pupil_key"]] = paid.get(row["pupil_key"], 0) + Decimal(row["amount"])
    due = {row["pupil_key"]: Decimal(row["top_up"]) for row in rows_of(*TOY, "--detail", "pupils")}
    assert paid == due


def test_people_see_the_sum_of_each_payment():
    shown = command(*SCHEDULE).stdout
    for words in ("October 2025", "2025-10-31", "31,870.67", "34,496.24"):
        assert words in shown


@pytest.mark.parametrize("kind", ["json", "parquet", "xlsx"])
def test_a_schedule_is_written_whole_with_its_manifest(kind, tmp_path):
    out = tmp_path / f"schedule.{kind}"
    assert command(*SCHEDULE, "--out", out).exit_code == 0
    manifest = json.loads((tmp_path / f"schedule.{kind}.manifest.json").read_text())
    assert (manifest["detail"], manifest["files"][0]["rows"]) == ("payments", 144)
    if kind == "parquet":
        assert str(pl.read_parquet(out)["amount"].sum()) == "88711.91"


def test_a_top_up_that_is_not_known_has_payments_that_are_not_known(tmp_path):
    table = tmp_path / "pupils.csv"
    table.write_text(
        "pupil_key,la,sen_provision,setting,band\na,894,E,mainstream,\nb,894,E,mainstream,12\n"
    )
    inputs = ("value", "--rules", "telford-and-wrekin-2025-26", "--pupils", table)
    rows = rows_of(*inputs, "--detail", "schedule")
    of_a = [row for row in rows if row["pupil_key"] == "a"]
    assert {(row["amount"], row["not_known"]) for row in of_a} == {("", "1")}
    assert all(row["amount"] for row in rows if row["pupil_key"] == "b")


def test_schools_have_no_schedule():
    table = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
    inputs = ("value", "--rules", "northumberland-2015-16", "--schools", table)
    result = command(*inputs, "--detail", "schedule")
    assert result.exit_code == 1
    assert "--detail schedule needs pupils" in result.stderr
