"""Places, blocks and targeted funding from the command line: published figures, files, refusals."""

import csv
import io
import json

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES
from tests.worked_examples import TERMS, high_needs_blocks, place_deductions, windsor_schools

EXAMPLES = FIXTURES / "examples"
GRANT = "dedicated-schools-grant-2020-21"
LATER_GRANT = "dedicated-schools-grant-2023-24"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def written(path, records):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
    return path


def of_sheet(sheet, column):
    header, *rows = sheet.values
    return [row[header.index(column)] for row in rows]


def rows_of(result):
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def in_pounds(text):
    return f"{int(text)}.00"


@pytest.fixture
def places(tmp_path):
    records = [
        {
            "la": row["la_code"],
            "institution_group": row["institution_group"],
            "place_type": row["kind"],
            "places_1": row["places_1"] or "0",
            "places_2": row["places_2"] or "0",
        }
        for row in place_deductions("2020-21")
    ]
    return written(tmp_path / "places.csv", records)


@pytest.fixture
def terms(tmp_path):
    rows = high_needs_blocks("2023-24")
    records = [
        {"la": row["la_code"], **{name: row[column] or "0" for name, column in TERMS.items()}}
        for row in rows
    ]
    return written(tmp_path / "terms.csv", records)


@pytest.fixture
def windsor(tmp_path):
    records = [
        {
            "urn": row["urn"],
            "notional_sen": row["notional"],
            "ehc_plans": row["plans"],
            "expected_calls": row["calls"],
        }
        for row in windsor_schools()
    ]
    return written(tmp_path / "schools.csv", records)


def test_places_come_to_the_published_deductions(places):
    rows = rows_of(command("places", "--rules", GRANT, "--places", places, "--out", "-"))
    found = {(row["la"], row["place_type"]): row["amount"] for row in rows}
    expected = place_deductions("2020-21")
    assert len(rows) == len(expected) == 10
    for row in expected:
        assert found[row["la_code"], row["kind"]] == in_pounds(row["amount_published"])
    rates = {(row["rate_1"], row["rate_2"]) for row in rows if row["place_type"] == "pre16_ap"}
    assert rates == {("4166.67", "5833.33")}


def test_places_are_shown_to_people_with_their_sums(places):
    shown = command("places", "--rules", GRANT, "--places", places).stdout
    for words in (f"{GRANT} version 1 (verified)", "Alternative provision", "2,792,664.00"):
        assert words in shown


def test_blocks_come_to_the_published_totals_with_the_additional_allocation_worked_out(terms):
    rows = rows_of(command("block", "--rules", LATER_GRANT, "--terms", terms, "--out", "-"))
    found = {row["la"]: row for row in rows}
    expected = high_needs_blocks("2023-24")
    assert len(expected) == len(rows)
    for row in expected:
        block = found[row["la_code"]]
        assert block["total"] == in_pounds(row["total_high_needs_block"])
        assert block["additional_worked_out"] == in_pounds(row["h_additional_allocation"])


def test_targeted_funding_comes_to_the_published_amounts_in_any_order_of_rows(windsor, tmp_path):
    rules = ("--rules", "windsor-and-maidenhead-2018-19")
    rows = rows_of(command("targeted", *rules, "--schools", windsor, "--out", "-"))
    expected = [(row["due"], row["shared"]) for row in windsor_schools()]
    assert [(row["due"], row["shared"]) for row in rows] == expected
    frame = pl.read_csv(windsor, infer_schema=False).reverse()
    frame.write_csv(tmp_path / "reversed.csv")
    again = command("targeted", *rules, "--schools", tmp_path / "reversed.csv", "--out", "-")
    assert rows_of(again) == rows


def test_a_schools_budget_is_held_against_its_calls_before_and_after_extra_funding(tmp_path):
    table = written(
        tmp_path / "schools.csv",
        [
            {"urn": 900001, "notional_sen": "60000", "ehc_plans": 6, "sen_support_pupils": 30},
            {"urn": 900002, "notional_sen": "60000", "ehc_plans": 6, "sen_support_pupils": ""},
        ],
    )
    inputs = ("targeted", "--rules", "northumberland-2025-26", "--schools", table)
    known, unknown = rows_of(command(*inputs, "--sen-support-cost", "1500", "--out", "-"))
    assert (known["sen_support_calls"], known["plan_calls"]) == ("45000.00", "36000.00")
    assert (known["amount"], known["left"], known["left_after"]) == (
        "6000.00",
        "-21000.00",
        "-15000.00",
    )
    assert (unknown["amount"], unknown["left"]) == ("6000.00", "")
    assert "left" not in rows_of(command(*inputs, "--out", "-"))[0]


def test_schools_that_targeted_funding_is_not_for_are_counted_on_the_terminal_and_in_the_manifest(
    tmp_path,
):
    primary = {
        "urn": 900001,
        "phase": "primary",
        "units_basic_entitlement_primary": 100,
        "ehc_plans": 9,
    }
    special = {
        "urn": 900004,
        "phase": "special",
        "units_basic_entitlement_primary": "",
        "ehc_plans": 30,
    }
    label, why = "Additional funding for schools with many plans", "only mainstream schools have it"
    for records, number in (([primary, special], 1), ([primary], 0)):
        table, out = written(tmp_path / "schools.csv", records), tmp_path / f"{number}.csv"
        asked = (
            "value",
            "--rules",
            "northumberland-2025-26",
            "--schools",
            table,
            "--absent-lines",
            "zero",
        )
        result = command(*asked, "--detail", "targeted", "--out", out)
        assert result.exit_code == 0, result.stderr
        assert (f"{label}: 1 school left out, as {why}." in result.stderr) is bool(number)
        record = json.loads((tmp_path / f"{number}.csv.manifest.json").read_text())
        left = [{"of": "school", "part": label, "why": why, "number": 1}]
        assert record.get("left_out") == (left if number else None)
        assert len(rows_of(command(*asked, "--detail", "targeted", "--out", "-"))) == 1


def test_the_rest_of_a_pot_is_shared_by_calls_worked_out_from_a_chosen_cost(tmp_path, windsor):
    given = rows_of(command("targeted", "--rules", "windsor-and-maidenhead-2018-19",
                            "--schools", windsor, "--out", "-"))  # fmt: skip
    with windsor.open() as lines:
        records = list(csv.DictReader(lines))
    for record in records:
        beyond = float(record.pop("expected_calls")) - int(record["ehc_plans"]) * 6000
        record["sen_support_pupils"] = int(beyond // 90)
    table = written(tmp_path / "costed.csv", records)
    inputs = ("targeted", "--rules", "windsor-and-maidenhead-2018-19", "--schools", table)
    worked_out = rows_of(command(*inputs, "--sen-support-cost", "90", "--out", "-"))
    assert [row["shared"] for row in worked_out] == [row["shared"] for row in given]
    refused = command(*inputs)
    assert refused.exit_code == 1
    assert "expected_calls: is missing" in refused.stderr


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx"])
def test_every_kind_of_file_holds_the_same_amounts_with_its_manifest(kind, places, tmp_path):
    out = tmp_path / f"out.{kind}"
    result = command("places", "--rules", GRANT, "--places", places, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    amounts = {
        "csv": lambda: list(pl.read_csv(out)["amount"]),
        "json": lambda: [float(row["amount"]) for row in json.loads(out.read_text())],
        "parquet": lambda: [float(one) for one in pl.read_parquet(out)["amount"]],
        "xlsx": lambda: of_sheet(openpyxl.load_workbook(out).active, "amount"),
    }[kind]()
    assert sum(amounts) == 2_792_664
    manifest = json.loads((tmp_path / f"out.{kind}.manifest.json").read_text())
    assert manifest["rule_sets"][0]["identifier"] == GRANT
    assert [one["part"] for one in manifest["inputs"]] == ["rules", "places"]
    assert manifest["totals"] == [
        {"part": "places", "number": 10, "amount": "2792664.00", "not_known": 0}
    ]


def test_a_chosen_cost_stands_in_the_manifest(tmp_path):
    record = {"urn": 900001, "notional_sen": "60000", "ehc_plans": 6, "sen_support_pupils": 30}
    table = written(tmp_path / "schools.csv", [record])
    inputs = ("targeted", "--rules", "northumberland-2025-26", "--schools", table)
    command(*inputs, "--sen-support-cost", "1500", "--out", tmp_path / "out.csv")
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert manifest["sen_support_cost"] == "1500.00"


def test_a_value_may_be_tried_in_place_of_a_published_one(places):
    tried = ("--override", "places.types.pre16_ap.annual=12000", "--out", "-")
    rows = rows_of(command("places", "--rules", GRANT, "--places", places, *tried))
    assert ("5000.00", "7000.00") in {(row["rate_1"], row["rate_2"]) for row in rows}


def test_every_problem_of_a_table_is_said_with_its_row(tmp_path):
    table = written(
        tmp_path / "places.csv",
        [
            {"la": "202", "place_type": "pre16_ap", "places_1": "3", "places_2": "2"},
            {"la": "202", "place_type": "pre16_ap", "places_1": "3", "places_2": "2"},
            {"la": "999", "place_type": "pre16", "places_1": "-1", "places_2": "many"},
        ],
    )
    result = command("places", "--rules", GRANT, "--places", table)
    assert result.exit_code == 1
    for place in (
        "row 3: la",
        "row 4: la",
        "row 4: place_type",
        "row 4: places_1",
        "row 4: places_2",
    ):
        assert place in result.stderr
    assert str(table) in result.stderr


def test_what_is_not_given_is_refused_by_row_and_never_taken_for_nothing(terms, tmp_path):
    frame = pl.read_csv(terms, infer_schema=False)
    gone = frame.with_columns(special_free_schools=pl.lit("c"), formula_before_gains_limit=None)
    gone.write_csv(tmp_path / "gone.csv")
    result = command("block", "--rules", LATER_GRANT, "--terms", tmp_path / "gone.csv")
    assert result.exit_code == 1
    assert (
        "6 rows (2, 3, 4, …): special_free_schools: is missing; this term of the block"
        in result.stderr
    )
    assert "6 rows (2, 3, 4, …): additional_allocation: is missing" in result.stderr
    places = {"la": "202", "place_type": "pre16_ap", "places_1": "3", "places_2": ""}
    table = written(tmp_path / "places.csv", [places])
    result = command("places", "--rules", GRANT, "--places", table)
    assert "row 2: places_2: is missing; give the places of this period" in result.stderr


@pytest.mark.parametrize(
    ("name", "option", "sentence"),
    [
        ("places", "--places", "has no place funding"),
        ("block", "--terms", "has no high needs block"),
        ("targeted", "--schools", "has no targeted funding"),
    ],
)
def test_rules_without_the_part_are_refused(name, option, sentence, places):
    result = command(name, "--rules", "telford-and-wrekin-2025-26", option, places)
    assert result.exit_code == 1
    assert sentence in result.stderr


@pytest.mark.parametrize("name", ["places", "block", "targeted"])
def test_help_names_the_exit_codes(name):
    shown = " ".join(command(name, "--help").stdout.split())
    assert "1 the input has problems" in shown


def test_wrong_usage_and_unreadable_files_have_codes_of_their_own(places, tmp_path):
    inputs = ("targeted", "--rules", "northumberland-2025-26", "--schools", places)
    assert command(*inputs, "--sen-support-cost", "dear").exit_code == 2
    assert command("places", "--rules", GRANT, "--places", tmp_path / "no.csv").exit_code == 3
    over = ("--out", places)
    assert command("places", "--rules", GRANT, "--places", places, *over).exit_code == 2


@pytest.mark.parametrize(
    ("name", "subject", "last"),
    [("places", "202", "24167.00"), ("block", "202", None), ("targeted", "900001", "6000.00")],
)
def test_the_rows_of_one_authority_or_school_are_explained_to_what_is_paid(
    name, subject, last, terms
):
    tables = {
        "places": (GRANT, "--places", EXAMPLES / "places.csv"),
        "block": (LATER_GRANT, "--terms", terms),
        "targeted": ("northumberland-2025-26", "--schools", EXAMPLES / "schools-with-plans.csv"),
    }
    rules, option, table = tables[name]
    asked = (name, "--rules", rules, option, table)
    written_rows = json.loads(command(*asked, "--out", "-", "--format", "json").stdout)
    amount = last or next(row["total"] for row in written_rows if row["la"] == int(subject))
    answer = command(*asked, "--explain", subject, "--format", "json", "--out", "-")
    (working,) = json.loads(answer.stdout)["workings"]
    assert working["rows"][-1]["value"] == amount
    shown = command(*asked, "--explain", subject).stdout
    assert "Each row is worked out by itself" in shown
    assert command(*asked, "--explain", "1").exit_code != 0
