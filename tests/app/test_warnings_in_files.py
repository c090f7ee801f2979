"""A file that is sent on has what may be wrong with its figures: a workbook a sheet, a download of a page rows."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.pages.answers import BLANKS, NONE
from engine.reading import read_table

RULES = "northumberland-2025-26"
COUNTS = {"units_basic_entitlement_primary": "210", "units_fsm6_primary": "500"}
TRUE = {**COUNTS, "units_fsm6_primary": "48", "units_low_prior_attainment_primary": "58.695"}
PUPILS = """pupil_key,la,sen_provision,setting,band,top_up
secret-one,894,E,mainstream,12,417940.00
secret-two,893,E,mainstream,9,1044.85
"""


def valued(tmp_path, rules, table, text, *more, out="result.xlsx"):
    file = tmp_path / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    words = [
        "value",
        "--rules",
        rules,
        f"--{table}",
        str(file),
        "--out",
        str(tmp_path / out),
        *more,
    ]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    return json.loads((tmp_path / f"{out}.manifest.json").read_text(encoding="utf-8"))


def schools(counts):
    row = {"urn": "900001", "phase": "primary", **counts}
    return "\n".join([",".join(row), ",".join(row.values())])


def notes(tmp_path):
    return read_table(tmp_path / "result.xlsx", "Warnings").to_dicts()


def test_a_workbook_has_a_sheet_of_what_its_manifest_says_to_check(tmp_path):
    record = valued(tmp_path, RULES, "schools", schools(COUNTS), "--absent-lines", "zero")
    found = notes(tmp_path)
    assert [(one["about"], one["kind"], int(one["number"])) for one in found] == [
        *((one["of"], one["kind"], one["number"]) for one in record["warnings"]),
        *((one["table"], one["rule"], one["number"]) for one in record["notices"]),
    ]
    assert [one["note"] for one in found][: len(record["warnings"])] == [
        one["sentence"] for one in record["warnings"]
    ]
    assert "a line counts more pupils than the school has" in {one["note"] for one in found}


def test_pupils_set_apart_and_doubtful_are_counted_in_it_without_a_value_or_key(tmp_path):
    record = valued(tmp_path, "telford-and-wrekin-2025-26", "pupils", PUPILS, "--detail", "pupils")
    found = notes(tmp_path)
    assert [one["kind"] for one in found] == [
        *(one["kind"] for one in record["warnings"]),
        *(one["rule"] for one in record["notices"]),
    ]
    said = json.dumps(found)
    assert "893 (Shropshire)" in said
    assert "pounds or pence?" in said
    assert "secret" not in said
    assert "417" not in said


def test_a_workbook_of_which_nothing_is_to_be_said_has_one_sheet(tmp_path):
    text = PUPILS.splitlines()[0] + "\na,894,E,mainstream,12,4179.40\n"
    record = valued(tmp_path, "telford-and-wrekin-2025-26", "pupils", text)
    assert (record["warnings"], record["notices"]) == ([], [])
    assert read_table(tmp_path / "result.xlsx").height


@pytest.mark.parametrize(("counts", "number"), [(COUNTS, 1), (TRUE, 0)])
def test_a_download_of_a_page_has_a_row_for_each_figure_to_check(client, counts, number):
    answers = {"phase": "primary", **counts, BLANKS: NONE}
    text = client.get(f"/notional-sen/{RULES}/working.csv", params=answers).text
    rows = [one for one in csv.DictReader(io.StringIO(text)) if one["Part"] == "Check this figure"]
    more = [one for one in rows if "500 is more than the school's 210" in one["Step"]]
    assert len(more) == number
    assert {one["Value"] for one in rows} <= {""}
    assert bool(rows) == bool(number)


def test_the_download_of_a_budget_check_has_them_too(client):
    sent = {
        "notional_sen": "34100",
        "sen_support_pupils": "10",
        "sen_support_cost": "150000",
        "ehc_plans": "5",
    }
    page = client.post(f"/budget-check/{RULES}", data=sent).text
    link = page.partition("/check.csv?")[2].partition('"')[0].replace("&amp;", "&")
    text = client.get(f"/budget-check/{RULES}/check.csv?{link}").text
    rows = [one for one in csv.DictReader(io.StringIO(text)) if one["Part"] == "Check this figure"]
    assert any("pounds or pence?" in one["Step"] for one in rows), text[:400]
