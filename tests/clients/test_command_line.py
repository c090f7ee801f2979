"""The command line as people meet it: what it prints, how it ends, what it never says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli import app
from engine.vocabulary import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
PUPILS = str(FIXTURES / "tables" / "toy_pupils.csv")
SCHOOLS = str(FIXTURES / "tables" / "northumberland_2015_16_schools.csv")
TOY = ["value", "--rules", "toy-2025-26", "--pupils", PUPILS]
NORTHUMBERLAND = ["value", "--rules", "northumberland-2015-16", "--schools", SCHOOLS]
HEAVY = "numba numpy polars pydantic fastapi sqlalchemy yaml asyncio"


def command(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def evenband(*arguments):
    """Run the real command in a new process."""
    program = Path(sys.executable).with_name("evenband")
    return subprocess.run(
        [program, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_help_is_shown_without_loading_the_engine_or_the_service():
    code = f"import app.cli, sys; print(*({HEAVY.split()} & sys.modules.keys()))"
    code = code.replace("[", "{").replace("]", "}")
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


def test_commands_that_write_no_workbook_load_no_library_of_workbooks():
    modules = "app.cli, app.commands.inputs, app.commands.outputs, app.commands.candidate_work"
    code = f"import {modules}, sys; print(*({{'asyncio', 'xlsxwriter'}} & sys.modules.keys()))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("name", [[], ["value"], ["compare"], ["rules"], ["synth"], ["serve"]])
def test_help_names_the_exit_codes(name):
    shown = " ".join(command(*name, "--help").stdout.split())
    for ending in ("0 done", "1 the input has problems", "2 wrong usage", "3 a file could not"):
        assert ending in shown


def test_totals_are_printed_by_authority_phase_need_setting_and_reason():
    schools = evenband(*NORTHUMBERLAND)
    assert schools.returncode == 0
    assert schools.stderr == ""
    assert "northumberland-2015-16 version 1 (verified)" in schools.stdout
    assert "2,023,513.34" in schools.stdout
    assert "All parts are known." in schools.stdout
    pupils = command(*TOY).stdout
    for word in ("88,711.91", "ASD", "special", "not_funded", "940"):
        assert word in pupils


def test_the_working_of_a_school_shows_sources_and_what_is_not_verified():
    shown = command(*NORTHUMBERLAND, "--explain", "140131").stdout
    assert "50,322.43" in shown
    assert "Authority Proforma Tool export" in shown
    assert "[proposed]" in command(*TOY, "--explain", "toy-08").stdout


def test_the_working_of_a_pupil_is_json_when_asked():
    result = command(*TOY, "--explain", "toy-08", "--format", "json")
    working = json.loads(result.stdout)
    assert working["totals"][0]["value"] == "333.33"
    assert working["sentence"].startswith("The floor applies")
    assert "toy-08" not in result.stdout


def test_a_working_can_be_written_to_a_file_with_its_manifest(tmp_path):
    for ending in ("json", "csv"):
        out = tmp_path / f"working.{ending}"
        assert command(*TOY, "--explain", "toy-08", "--out", out).exit_code == 0
        assert "333.33" in out.read_text()
        assert (tmp_path / f"working.{ending}.manifest.json").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*TOY, "--explain", "pupil-of-mine"), "no pupil with this key was valued"),
        ((*TOY, "--explain", "999999"), "no pupil with this key was valued"),
        ((*NORTHUMBERLAND, "--explain", "999999"), "no school with this reference number"),
        ((*NORTHUMBERLAND, "--explain", "pupil-of-mine"), "no school with this reference number"),
    ],
)
def test_an_unknown_subject_is_refused_and_not_repeated(arguments, sentence):
    result = command(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert arguments[-1] not in result.stdout + result.stderr


def test_every_problem_of_a_table_is_listed_without_a_pupils_value(tmp_path):
    table = tmp_path / "pupils.csv"
    table.write_text(
        "pupil_key,la,sen_provision,setting,hours,band\n"
        "secret-key,940,Q,mainstream,25,A\n"
        "secret-key,12,E,palace,777777,A\n"
    )
    result = command("value", "--rules", "toy-2025-26", "--pupils", table)
    assert result.exit_code == 1
    assert str(table) in result.stderr
    assert "problems)" in result.stderr
    for place in ("row 2: sen_provision", "row 3: la", "row 3: setting", "row 3: pupil_key"):
        assert place in result.stderr
    for value in ("secret-key", "palace", "777777"):
        assert value not in result.stderr


def test_pupils_who_are_at_no_school_given_are_told_by_their_number_alone(tmp_path):
    schools, pupils = tmp_path / "schools.csv", tmp_path / "pupils.csv"
    made = command("synth", "--pupils", "60", "--schools", "2", "--seed", "1", "--out", tmp_path)
    assert made.exit_code == 0, made.stderr
    asked = ["value", "--rules", "nff-2025-26", "--schools", schools, "--pupils", pupils]
    told = "1 pupil is at no school of the school table, and not counted at any school."
    assert told in command(*asked).stderr
    first, *rows = [line.split(",") for line in pupils.read_text().splitlines()]
    place = first.index("urn")
    at = next(row for row in rows if row[place])
    at[place] = ""
    pupils.write_text("".join(",".join(row) + "\n" for row in (first, *rows)))
    result = command(*asked)
    assert "2 pupils are at no school of the school table" in result.stderr
    assert at[0] not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["value", "--rules", "toy-2025-26"],
        ["value", "--rules", "no-such-rules", "--pupils", PUPILS],
        [*TOY, "--override", "no value"],
        [*TOY, "--layout", "no_such_layout"],
        [*TOY, "--out", "totals.doc"],
        [*TOY, "--on", "yesterday"],
        [*TOY, "--detail", "everything"],
        ["serve", "--port", "0"],
        ["serve", "--host", "192.0.2.1"],
        ["synth", "--pupils", "1", "--out", "x"],
    ],
)
def test_wrong_usage_ends_with_two(arguments):
    assert command(*arguments).exit_code == 2


def test_a_misspelt_rule_set_is_answered_with_those_near_it():
    result = command("value", "--rules", "toy-2025-2", "--pupils", PUPILS)
    assert "toy-2025-26" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["value", "--rules", "toy-2025-26", "--pupils", "no/such.csv"],
        ["value", "--rules", "no/such.yaml", "--pupils", PUPILS],
        [*TOY, "--out", "/no/such/folder/totals.csv"],
    ],
)
def test_a_file_that_cannot_be_read_or_written_ends_with_three(arguments):
    result = command(*arguments)
    assert result.exit_code == 3
    assert "No such file or directory" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["value", "--rules", "northumberland-2015-16", "--pupils", PUPILS],
        [*TOY, "--detail", "lines"],
        [*NORTHUMBERLAND, "--detail", "pupils", "--out", "-"],
        [*TOY, "--override", "no.such.place=1"],
        [*TOY, "--override", "top_up_rule.floor=much"],
    ],
)
def test_what_cannot_be_valued_or_shown_ends_with_one(arguments):
    result = command(*arguments)
    assert result.exit_code == 1
    assert result.stderr
    assert not result.stdout


def test_a_missing_line_is_refused_until_its_meaning_is_declared(tmp_path):
    table = tmp_path / "schools.csv"
    table.write_text("urn,phase,units_basic_entitlement_primary\n100000,primary,100\n")
    inputs = ["value", "--rules", "nff-2025-26", "--schools", table, "--detail", "schools"]
    refused = command(*inputs)
    assert refused.exit_code == 1
    assert "units_fsm_primary" in refused.stderr
    nothing = command(*inputs, "--absent-lines", "zero", "--format", "json")
    assert json.loads(nothing.stdout)[0]["not_known"] == 0
    unknown = command(*inputs, "--absent-lines", "not_supplied", "--format", "json")
    assert json.loads(unknown.stdout)[0]["not_known"] > 10
    older = command(*inputs, "--absent-lines", "not-supplied", "--format", "json")
    assert older.stdout == unknown.stdout


def test_a_value_can_be_tried_and_the_rule_set_stays_as_it_is():
    place = "schools_formula.factors.fsm.primary.unit_value"
    tried = command(*NORTHUMBERLAND, "--override", f"{place}=2000").stdout
    assert "1 value tried" in tried
    assert "2,023,513.34" not in tried
    assert "2,023,513.34" in command(*NORTHUMBERLAND).stdout


def test_a_comparison_names_winners_losers_and_deciles():
    rules = ["compare", "--baseline", "toy-2025-26", "--candidate", "toy-2025-26"]
    tried = ["--override", "band_profile.tariff.prices.A.pounds=9000", "--pupils", PUPILS]
    shown = command(*rules, *tried).stdout
    assert "2,398.67" in shown
    assert "winners" in shown
    assert "decile" in shown
    rows = json.loads(command(*rules, *tried, "--detail", "pupils", "--format", "json").stdout)
    assert [row["change"] for row in rows if row["change"] != "0.00"] == ["2398.67"]
    assert command(*rules, *tried, "--detail", "schools").exit_code == 1


def test_schools_are_compared_under_two_years_of_a_formula(tmp_path):
    table = tmp_path / "schools.csv"
    table.write_text(
        "urn,la,phase,units_basic_entitlement_primary,units_fsm_primary\n"
        "100000,929,primary,100,20\n100001,929,primary,200,40\n"
    )
    rules = [
        "compare",
        "--baseline",
        "northumberland-2015-16",
        "--candidate",
        "northumberland-2025-26",
    ]
    inputs = ["--schools", table, "--absent-lines", "zero"]
    shown = command(*rules, *inputs).stdout
    assert "Schools: notional SEN" in shown
    rows = json.loads(command(*rules, *inputs, "--detail", "schools", "--format", "json").stdout)
    assert [row["before"] for row in rows] == ["15096.00", "30192.00"]
    assert all(row["not_known"] == 0 for row in rows)


PROTECTED = "fixtures/examples/schools-protected.yaml"
CHEAPER = [
    *("compare", "--baseline", PROTECTED, "--candidate", PROTECTED),
    *("--override", "band_profile.tariff.prices.A.pounds=3000"),
    *("--pupils", "fixtures/examples/pupils-with-top-ups-today.csv"),
]


def test_schools_are_compared_with_what_protects_them_against_loss():
    shown = command(*CHEAPER).stdout
    assert "Pupils: top-ups, without protection of schools against loss" in shown
    assert "Schools: top-ups and protection against loss" in shown
    rows = json.loads(command(*CHEAPER, "--detail", "schools", "--format", "json").stdout)
    paid = [(row["urn"], row["top_up_and_protection_change"]) for row in rows]
    assert paid == [(900001, "-600.00"), (900002, "0.00"), (900003, None)]
    pupils = json.loads(command(*CHEAPER, "--detail", "pupils", "--format", "json").stdout)
    assert {row["not_included"] for row in pupils} == {"school_protection"}


def test_more_rows_than_fit_are_cut_and_the_cut_is_named(tmp_path):
    table = tmp_path / "pupils.csv"
    rows = "".join(f"p{number},940,E,mainstream,25,A\n" for number in range(300))
    table.write_text(f"pupil_key,la,sen_provision,setting,hours,band\n{rows}")
    shown = command("value", "--rules", "toy-2025-26", "--pupils", table, "--detail", "pupils")
    assert "and 100 more rows; --out writes them all" in shown.stdout


def test_kernels_can_be_compiled_ahead():
    assert "Every kernel is compiled" in command("warm").stdout


@pytest.mark.parametrize("name", ["value", "compare"])
def test_a_day_on_which_rules_do_not_apply_is_refused(name):
    sides = ("--baseline", "toy-2025-26", "--candidate", "toy-2025-26")
    rules = sides if name == "compare" else ("--rules", "toy-2025-26")
    result = command(name, *rules, "--pupils", PUPILS, "--on", "2030-01-01")
    assert result.exit_code == 1
    assert "must be a day of the rule set, from" in result.stderr


def paths(group, path=()):
    """Yield the words that call the program, each group of commands and each command."""
    yield path
    for name, one in getattr(group, "commands", {}).items():
        yield from paths(one, (*path, name))


@pytest.mark.parametrize("words", [*paths(typer.main.get_command(app))], ids=" ".join)
def test_help_fits_eighty_columns_and_names_no_type_of_the_library(words, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    shown = command(*words, "--help").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert "\u2026" not in shown
    assert not re.search(r"<(str|path|bool|int|list|[a-z]+\|)", shown)
    # An option says what it is for, and not only that it is needed.
    assert not re.findall(r"(?m)^\u2502 \* +--[a-z-]+ +\S+ +\[required\] *\u2502$", shown)
