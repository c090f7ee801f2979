"""Every worked example through the command line, to the penny."""

import csv
import io
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES
from tests import worked_examples
from tests.programs import BESIDE, or_leave_out

WHOLE = BESIDE / "data" / "schools_northumberland_2015_16.csv"
NORTHUMBERLAND = ["--rules", "northumberland-2015-16", "--schools"]
EXCERPT = FIXTURES / "tables" / "northumberland_2015_16_schools.csv"
PUBLISHED = FIXTURES / "tables" / "northumberland_2015_16_published.csv"


def cases(kind):
    return [pytest.param(case, id=name) for name, case in worked_examples.cases(kind).items()]


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def table_of(record, folder):
    path = folder / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(record))
        writer.writeheader()
        writer.writerow(record)
    return path


def rows_of(result):
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


@pytest.mark.parametrize("case", cases("notional_sen"))
def test_a_school_of_a_worked_example_is_valued_to_the_penny(case, tmp_path):
    table = table_of(case["school"], tmp_path)
    inputs = ("value", "--rules", case["rule_set"], "--schools", table, "--out", "-")
    lines = {row["line"]: row for row in rows_of(command(*inputs, "--detail", "lines"))}
    (school,) = rows_of(command(*inputs, "--detail", "schools"))
    expected = case["expected"]
    for name, parts in expected["lines"].items():
        line = lines[name]
        found = {"units": line["units"], "amount": line["amount"], "notional": line["notional_sen"]}
        assert {part: found[part] for part in parts} == parts, name
    totals = {
        "notional_sen": school["notional_sen"],
        "school_budget_share": school["formula_total"],
        "guarantee_adjustment": school["protection"],
    }
    assert {name: value for name, value in totals.items() if name in expected} == {
        name: expected[name] for name in totals if name in expected
    }
    if "minimum_per_pupil" in expected:
        minimum = lines["minimum_per_pupil"]
        assert minimum["amount"] == expected["minimum_per_pupil"]["uplift"]
        assert minimum["notional_sen"] == expected["minimum_per_pupil"]["notional"]


@pytest.mark.parametrize("case", cases("top_up"))
def test_a_pupil_of_a_worked_example_is_paid_to_the_penny_or_refused(case, tmp_path):
    table = table_of(case["pupil"], tmp_path)
    inputs = ("--rules", case["rule_set"], "--pupils", table)
    result = command("value", *inputs, "--detail", "pupils", "--out", "-")
    if "refused" in case:
        assert result.exit_code == 1
        assert not result.stdout
        assert "row 2" in result.stderr
        assert case["pupil"]["pupil_key"] not in result.stderr
        return
    (row,) = rows_of(result)
    assert row["top_up"] == case["expected"]["top_up"]


def test_the_academy_of_the_statement_prints_its_two_published_totals(tmp_path):
    case = worked_examples.cases("notional_sen")["w1-west-sussex-academy"]
    table = table_of(case["school"], tmp_path)
    shown = command("value", "--rules", case["rule_set"], "--schools", table).stdout
    assert "1,152,138.52" in shown
    assert "5,555,790.01" in shown


def assert_as_published(result):
    """Hold each school's notional SEN to one in the last of the six digits printed, as its units were too."""
    rows = {row["urn"]: Decimal(row["notional_sen"]) for row in rows_of(result)}
    printed = list(csv.DictReader(PUBLISHED.read_text(encoding="utf-8").splitlines()))
    assert len(printed) == 10
    for row in printed:
        published = Decimal(row["notional_sen_published"])
        within = Decimal(1).scaleb(published.adjusted() - 5)
        assert abs(rows[row["urn"]] - published) <= within, row["urn"]


def test_ten_schools_of_northumberland_have_their_published_budgets():
    result = command("value", *NORTHUMBERLAND, EXCERPT, "--detail", "schools", "--out", "-")
    assert_as_published(result)


def test_the_whole_published_table_is_read_by_its_layout():
    or_leave_out(WHOLE)
    options = ("--layout", "northumberland_2015_16", "--detail", "schools", "--out", "-")
    assert_as_published(command("value", *NORTHUMBERLAND, WHOLE, *options))
