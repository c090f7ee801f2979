"""What a school easily types wrong is questioned by every entry, each in the same words.

The entries are page, cell, API, Python and the command with a CSV, XLSX and Parquet file. Typed are shares for numbers of
pupils, more of anything than pupils, more needs than pupils, an amount that is off by a hundred, and a budget whose share
of formula funding no authority has.
"""

import re
import warnings
from html import unescape

import polars as pl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from app.pages.answers import BLANKS, NONE

RULES = "northumberland-2025-26"
ROLL = {"units_basic_entitlement_primary": "210"}
TRUE = {**ROLL, "units_fsm6_primary": "48", "units_low_prior_attainment_primary": "58.695"}
SHARES = {
    **ROLL,
    "units_fsm6_primary": "0.2286",
    "units_low_prior_attainment_primary": "0.2795",
    "units_idaci_f_primary": "0.057",
    "units_idaci_e_primary": "0.0857",
}
NEEDS = {"sen_support_pupils": "400", "ehc_plans": "300"}
TRAPS = {
    "every share as an older statement prints it": (
        SHARES,
        ["27.95% of 210 is 58.695: did you mean that?", "22.86% of 210 is 48.006: did you mean that?",
         "5.7% of 210 is 11.97: did you mean that?", "8.57% of 210 is 17.997: did you mean that?",
         "% of formula funding"],
    ),
    "one share among true counts": (
        {**TRUE, "units_low_prior_attainment_primary": "0.2795"},
        ["27.95% of 210 is 58.695: did you mean that?"],
    ),
    "more of everything than pupils": (
        {**ROLL, "units_fsm6_primary": "500", "units_low_prior_attainment_primary": "999", **NEEDS},
        ["500 is more than the school's 210 primary pupils", "999 is more than the school's 210 primary pupils",
         "400", "% of formula funding"],
    ),
    "one count above all pupils": (
        {**TRUE, "units_fsm6_primary": "500"}, ["500 is more than the school's 210 primary pupils"],
    ),
    "bands of deprivation that add to more than all pupils": (
        {**TRUE, "units_idaci_a_primary": "150", "units_idaci_b_primary": "150"}, ["300"],
    ),
    "plans and support together above all pupils": (
        {**TRUE, "sen_support_pupils": "150", "ehc_plans": "90"}, ["150 pupils on SEN support and 90 with plans are more than the school's 210 pupils"],
    ),
    "a share of formula funding that no authority has": (
        {**ROLL, "units_fsm6_primary": "1"}, ["% of formula funding"],
    ),
    "an amount that is off by a hundred": (
        {**TRUE, "amount_rates": "2500000.00"}, ["pence"],
    ),
}  # fmt: skip
"""What is typed, and what each question says of it."""


def of_page(client, counts, tmp_path):
    answers = {"phase": "primary", **counts, BLANKS: NONE}
    shown = unescape(client.get(f"/notional-sen/{RULES}", params=answers).text)
    check = re.search(r'<div class="app-check" id="check">(.*?)</div>', shown, re.DOTALL)
    return check[1].replace("\u2019", "'") if check else ""


def of_api(client, counts, tmp_path):
    school = {"urn": "900001", "phase": "primary", **counts}
    body = {"rule_set": RULES, "schools": [school], "absent_lines": "zero"}
    answer = client.post("/v1/what-ifs/notional-sen", json=body).json()
    return "\n".join(one["sentence"] for one in answer["warnings"])


def of_cell(client, counts, tmp_path):
    query = {"phase": "primary", "others": "0", **counts, "warnings": "text"}
    return client.get(f"/v1/cells/{RULES}/notional-sen", params=query).text


def rows_of(counts):
    return [{"urn": "900001", "phase": "primary", **counts}]


def of_file(counts, path, write):
    write(pl.DataFrame(rows_of(counts)), path)
    words = ["value", "--rules", RULES, "--schools", str(path), "--absent-lines", "zero"]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    return "\n".join(one for one in answer.stderr.splitlines() if one.startswith("check:"))


def of_csv(client, counts, tmp_path):
    return of_file(counts, tmp_path / "schools.csv", pl.DataFrame.write_csv)


def of_workbook(client, counts, tmp_path):
    return of_file(counts, tmp_path / "schools.xlsx", pl.DataFrame.write_excel)


def of_parquet(client, counts, tmp_path):
    return of_file(counts, tmp_path / "schools.parquet", pl.DataFrame.write_parquet)


def of_python(client, counts, tmp_path):
    rules = eb.read_rules(RULES)
    schools = eb.read_schools(pl.DataFrame(rows_of(counts)), rules, absent_lines="zero")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = eb.value(rules, schools=schools)
    return "\n".join(outcome.warnings["sentence"])


WAYS = {
    "page": of_page, "API": of_api, "cell": of_cell, "Python": of_python, "CSV": of_csv, "XLSX": of_workbook,
    "Parquet": of_parquet,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_questioned_by_every_way_to_ask(client, tmp_path, trap, way):
    counts, questions = TRAPS[trap]
    said = WAYS[way](client, counts, tmp_path)
    assert [one for one in questions if one not in said] == [], said


@pytest.mark.parametrize("way", WAYS)
def test_true_counts_are_not_questioned(client, tmp_path, way):
    assert WAYS[way](client, {**TRUE, "sen_support_pupils": "30", "ehc_plans": "5"}, tmp_path) in {
        "",
        "none",
    }


@pytest.mark.parametrize("trap", TRAPS)
def test_every_way_asks_the_same_questions(client, tmp_path, trap):
    """The page begins a sentence with a capital, the command each with the row of the file; nothing else differs."""
    counts, _ = TRAPS[trap]
    asked = of_api(client, counts, tmp_path).splitlines()
    assert of_python(client, counts, tmp_path).splitlines() == asked
    assert of_cell(client, counts, tmp_path) == "; ".join(asked)
    rows = [f"check: row 2: {one.rstrip('.')}" for one in asked]
    for of in (of_csv, of_workbook, of_parquet):
        assert [one.rstrip(".") for one in of(client, counts, tmp_path).splitlines()] == rows
    page = of_page(client, counts, tmp_path).casefold()
    assert [one for one in asked if one.casefold() not in page] == []


TOLD = "parts_on_roll is a very small part of the year: a whole year is 365, and a share of it so many of 365"


def test_one_part_of_the_year_s_days_is_questioned_by_cell_command_and_api(client, tmp_path):
    case = {"band": "9", "year_group": "4", "setting": "mainstream", "parts_on_roll": "1"}
    rules = "telford-and-wrekin-2025-26"
    cell = client.get(f"/v1/cells/{rules}/band-pays", params={**case, "warnings": "text"})
    assert cell.text == TOLD
    pupil = {"pupil_key": "k", "la": "894", "sen_provision": "E", **case}
    body = {"rule_set": rules, "pupils": [pupil]}
    answer = client.post("/v1/what-ifs/top-ups", json=body).json()
    assert [(one["kind"], one["sentence"]) for one in answer["warnings"]] == [
        ("part_of_year", TOLD)
    ]
    table = tmp_path / "pupils.csv"
    table.write_text(f"{','.join(pupil)}\n{','.join(pupil.values())}\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["value", "--rules", rules, "--pupils", str(table)])
    assert f"check: row 2: {TOLD}" in said.stderr
