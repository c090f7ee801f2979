"""Notes on the rules are in every answer to the same question: page and its files, cell, API, command, Python."""

import csv
import io
import json
import re
import warnings
from html import unescape

import openpyxl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from app.pages.answers import BLANKS, NONE
from engine.rules.load import canonical
from engine.rules.notes import notes
from tests.app.invented import served
from tests.builders import banded, rule_set

FORMULA = {
    "schools_formula": {
        "pupils_counted_by": "basic_entitlement",
        "factors": {
            "basic_entitlement": {
                "label": "Basic entitlement", "counts": "pupils",
                "primary": {"unit_value": "4000", "notional_percent": "5"},
            },
            "fsm": {
                "label": "Free school meals", "counts": "pupils", "where": {"fsm": True},
                "primary": {"unit_value": "not printed", "notional_percent": "100"},
                "secondary": {"unit_value": "not printed", "notional_percent": "100"},
            },
        },
    }
}  # fmt: skip
SCHOOLS = rule_set(identifier="invented-schools", **FORMULA)
PRICES = [{"band": "A", "pounds": "1000"}, {"band": "B", "pounds": "not printed"}]
PUPILS = rule_set(identifier="invented-pupils", **banded(PRICES, ["A", "B", "C"]))
SCHOOL = {
    "phase": "primary", "units_basic_entitlement_primary": "100", "units_fsm_primary": "0",
}  # fmt: skip
PUPIL = {"pupil_key": "P1", "la": "201", "band": "A"}


@pytest.fixture
def caller(settings):
    with served(settings, (SCHOOLS, PUPILS)) as client:
        yield client


def notes_of(rules):
    found = notes(rules)
    assert found
    return found


def command(folder, rules, option, record):
    document, table, out = folder / "rules.yaml", folder / "table.csv", folder / "out.xlsx"
    document.write_text(canonical(rules), encoding="utf-8")
    table.write_text(f"{','.join(record)}\n{','.join(record.values())}\n", encoding="utf-8")
    words = ["value", "--rules", document, option, table, "--out", out]
    answer = CliRunner().invoke(app, list(map(str, words)))
    assert answer.exit_code == 0, answer.output
    manifest = json.loads((folder / "out.xlsx.manifest.json").read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(out, read_only=True)
    sheet = [row[3] for row in book["Warnings"].iter_rows(values_only=True)][1:]
    said = [
        line.removeprefix(f"{rules.identifier}: ").removesuffix(".")
        for line in answer.stderr.splitlines()
    ]
    return said, [one["sentence"] for one in manifest["notes"]], sheet


def python(folder, rules, **records):
    read = eb.read_rules(folder / "rules.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = {
            name: getattr(eb, f"read_{name}")([record], read) for name, record in records.items()
        }
        outcome = eb.value(read, **tables)
    return [one.removeprefix(f"{rules.identifier}: ").removesuffix(".") for one in outcome.notes]


def test_notes_on_a_schools_formula_are_in_each_answer(caller, tmp_path):
    expected = notes_of(SCHOOLS)
    school = {"urn": "900001", **SCHOOL}
    body = {"rule_set": "invented-schools", "schools": [school]}
    api = caller.post("/v1/what-ifs/notional-sen", json=body).json()["rules"]["notes"]
    assert [one["sentence"] for one in api] == expected
    cell = caller.get("/v1/cells/invented-schools/notional-sen", params={**SCHOOL, "notes": "text"})
    assert cell.text == "; ".join(expected)
    number = caller.get("/v1/cells/invented-schools/notional-sen", params=SCHOOL)
    assert number.text == "20000.00"
    assert number.headers["Evenband-Notes"] == str(len(expected))
    factor = {"line": "basic_entitlement_primary", "units": "1", "part": "amount", "notes": "text"}
    cell = caller.get("/v1/cells/invented-schools/factor", params=factor)
    assert cell.text == "; ".join(expected)
    said, manifest, sheet = command(tmp_path, SCHOOLS, "--schools", school)
    assert said == manifest == sheet == expected
    assert python(tmp_path, SCHOOLS, schools=school) == expected
    answers = {**SCHOOL, BLANKS: NONE}
    page = unescape(caller.get("/notional-sen/invented-schools", params=answers).text)
    shown = re.search(r'<div class="govuk-inset-text" id="notes">(.*?)</div>', page, re.DOTALL)[1]
    assert [one.casefold() for one in re.findall("<li>(.*?)</li>", shown)] == [
        one.casefold() for one in expected
    ]
    files = "/notional-sen/invented-schools/working"
    rows = csv.DictReader(io.StringIO(caller.get(f"{files}.csv", params=answers).text))
    assert [one["Step"] for one in rows if one["Part"] == "Note on these rules"] == expected
    content = caller.get(f"{files}.xlsx", params=answers).content
    about = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["About"]
    pairs = [row[:2] for row in about.iter_rows(values_only=True)]
    assert [text for label, text in pairs if label == "Note on these rules"] == expected


def test_notes_on_bands_and_prices_are_in_each_answer(caller, tmp_path):
    expected = notes_of(PUPILS)
    body = {"rule_set": "invented-pupils", "pupils": [PUPIL]}
    api = caller.post("/v1/what-ifs/top-ups", json=body).json()["rules"]["notes"]
    assert [one["sentence"] for one in api] == expected
    case = {"band": "A", "start": "2025-04-01", "end": "2026-03-31"}
    for path, query in (("tariff", {"band": "A"}), ("band-pays", case)):
        address = f"/v1/cells/invented-pupils/{path}"
        number = caller.get(address, params=query)
        assert (number.text, number.headers["Evenband-Notes"]) == ("1000.00", str(len(expected)))
        asked = {**query, "notes": "text"}
        assert caller.get(address, params=asked).text == "; ".join(expected)
        assert caller.get(address, params={**asked, "warnings": "text"}).text == "; ".join(expected)
    said, manifest, sheet = command(tmp_path, PUPILS, "--pupils", PUPIL)
    assert said == manifest == sheet == expected
    assert python(tmp_path, PUPILS, pupils=PUPIL) == expected


def test_rules_without_notes_say_none(client):
    query = {"line": "fsm6_primary", "units": "48", "part": "amount"}
    address = "/v1/cells/northumberland-2025-26/factor"
    assert client.get(address, params=query).headers["Evenband-Notes"] == "0"
    assert client.get(address, params={**query, "notes": "text"}).text == "none"
    page = client.get("/notional-sen/northumberland-2025-26", params={**SCHOOL, BLANKS: NONE})
    assert 'id="notes"' not in page.text
