"""What may be wrong with pupils, and rows that a workbook hides, are said by every entry in the same words."""

import json
import warnings

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

import evenband as eb
from app.cli import app
from engine.reading import read_table
from engine.rules.load import canonical
from tests.app.invented import served
from tests.builders import banded, rule_set

PRICES = [
    {"band": "A", "pounds": "1000"},
    {"band": "B", "assessed_cost": True},
    {"band": "C", "pounds_each": "10", "each": "support_hours"},
]
RULES = rule_set(
    identifier="invented-doubts",
    **banded(PRICES, ["A", "B", "C"], part_time={"full_time_hours": "25"}, protection={"pupil_percent": "100", "until": "2026-03-31"}),
)  # fmt: skip
PLAIN = {
    "band": "A", "hours": "25", "support_hours": "", "assessed_cost": "", "top_up": "0", "parts_on_roll": "",
}  # fmt: skip
DOUBTS = {
    "hours of a year": ({"hours": "150"}, "hours is more than"),
    "support hours of a year": ({"band": "C", "support_hours": "150"}, "support_hours is more than"),
    "a cost far from every price": (
        {"band": "B", "assessed_cost": "9876543.21"}, "assessed_cost is far from every price",
    ),
    "a top-up of today in pence": ({"top_up": "100000.00"}, "top_up"),
    "one day where a year may be meant": ({"parts_on_roll": "1"}, "parts_on_roll is a very small part"),
}  # fmt: skip


@pytest.fixture
def caller(settings):
    with served(settings, (RULES,)) as client:
        yield client


def pupils_of(record):
    own = {"la": "201", **PLAIN}
    return [{"pupil_key": "secret-1", **own}, {"pupil_key": "secret-2", **own, **record}]


def of_api(caller, folder, record):
    body = {"rule_set": "invented-doubts", "pupils": pupils_of(record)}
    answer = caller.post("/v1/what-ifs/top-ups", json=body)
    assert answer.status_code == 200, answer.text
    return [(one["row"], one["sentence"]) for one in answer.json()["warnings"]]


def rules_in(folder):
    path = folder / "rules.yaml"
    path.write_text(canonical(RULES), encoding="utf-8")
    return path


def of_python(caller, folder, record):
    rules = eb.read_rules(rules_in(folder))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        outcome = eb.value(rules, pupils=eb.read_pupils(pupils_of(record), rules))
    frame = outcome.warnings.filter(of="pupil")
    found = list(zip(frame["row"].to_list(), frame["sentence"].to_list(), strict=True))
    lines = [f"check: row {row}: {sentence}" for row, sentence in found]
    assert [str(one.message) for one in said if str(one.message).startswith("check: row")] == lines
    return found


def of_command(*words, write=pl.DataFrame.write_csv, ending="csv"):
    def of(caller, folder, record):
        table, out = folder / f"pupils.{ending}", folder / "out.xlsx"
        write(pl.DataFrame(pupils_of(record)), table)
        rules = str(rules_in(folder))
        asked = [rules if one == "RULES" else one for one in words]
        answer = CliRunner().invoke(app, [*asked, "--pupils", str(table), "--out", str(out)])
        assert answer.exit_code == 0, answer.output
        assert "secret" not in answer.stderr
        lines = [one for one in answer.stderr.splitlines() if one.startswith("check: row")]
        manifest = json.loads((folder / "out.xlsx.manifest.json").read_text(encoding="utf-8"))
        counted = [one for one in manifest["warnings"] if one["of"] == "pupil"]
        assert [one["number"] for one in counted] == [1] * len(lines)
        sheet = read_table(out, "Warnings").to_dicts() if lines else []
        noted = [one["note"] for one in sheet if one["about"] == "pupil"]
        assert noted == [one["sentence"] for one in counted]
        return [
            (int(row), sentence)
            for row, _, sentence in (
                one.removeprefix("check: row ").partition(": ") for one in lines
            )
        ]

    return of


VALUE, BOTH = ("value", "--rules", "RULES"), ("--baseline", "RULES", "--candidate", "RULES")
PATH = "band_profile.tariff.prices.A.pounds"
WAYS = {
    "API": of_api,
    "Python": of_python,
    "CSV": of_command(*VALUE),
    "XLSX": of_command(*VALUE, write=pl.DataFrame.write_excel, ending="xlsx"),
    "Parquet": of_command(*VALUE, write=pl.DataFrame.write_parquet, ending="parquet"),
    "compare": of_command("compare", *BOTH),
    "seek": of_command("seek", "--rules", "RULES", "--path", PATH, "--total", "1500"),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_every_way_asks_the_same_of_a_pupil(caller, tmp_path, name):
    record, words = DOUBTS[name]
    rows = {"API": 2, "Python": 2}
    said = {}
    for way, of in WAYS.items():
        found = of(caller, tmp_path, record)
        assert [row for row, _ in found] == [rows.get(way, 3)] * len(found), way
        said[way] = [sentence.rstrip(".") for _, sentence in found]
    assert any(words in one for one in said["API"]), said
    assert {tuple(one) for one in said.values()} == {tuple(said["API"])}, said


@pytest.mark.parametrize("way", WAYS)
def test_pupils_in_order_are_not_questioned(caller, tmp_path, way):
    assert WAYS[way](caller, tmp_path, {}) == []


CASES = {
    "hours of a year": {"hours": "150"},
    "one day where a year may be meant": {"parts_on_roll": "1", "hours": "25"},
}


@pytest.mark.parametrize("name", CASES)
def test_a_cell_asks_what_a_table_is_asked_where_it_can(settings, tmp_path, name):
    plain = rule_set(
        identifier="invented-doubts",
        **banded(PRICES[:1], ["A"], part_time={"full_time_hours": "25"}),
    )
    days = {} if "parts_on_roll" in CASES[name] else {"start": "2025-04-01", "end": "2026-03-31"}
    pupil = {"pupil_key": "P1", "la": "201", "band": "A", **days, **CASES[name]}
    with served(settings, (plain,)) as client:
        body = {"rule_set": "invented-doubts", "pupils": [pupil]}
        api = client.post("/v1/what-ifs/top-ups", json=body).json()["warnings"]
        query = {"band": "A", **days, **CASES[name], "warnings": "text"}
        cell = client.get("/v1/cells/invented-doubts/band-pays", params=query)
    assert len(api) == 1
    assert cell.text == api[0]["sentence"]


def hidden(folder):
    path = folder / "hidden.xlsx"
    book = openpyxl.Workbook()
    pupils = pupils_of({})
    for cells in (list(pupils[0]), *(list(one.values()) for one in pupils)):
        book.active.append(cells)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    return path


@pytest.mark.parametrize("way", ["value", "working", "compare", "seek", "candidates"])
def test_rows_that_a_workbook_hides_are_said_by_each_command_and_its_files(tmp_path, way):
    table, rules, out = hidden(tmp_path), str(rules_in(tmp_path)), tmp_path / "out.csv"
    plan = tmp_path / "plan.yaml"
    head = f"format: evenband-candidates/1\ntitle: Trial\nbaseline: {rules}\n"
    plan.write_text(f'{head}vary:\n  "{PATH}": ["900"]\n', encoding="utf-8")
    words = {
        "value": ("value", "--rules", rules),
        "working": ("value", "--rules", rules, "--explain", "secret-1"),
        "compare": ("compare", "--baseline", rules, "--candidate", rules),
        "seek": ("seek", "--rules", rules, "--path", PATH, "--total", "1500"),
        "candidates": ("candidates", str(plan)),
    }[way]
    asked = [*words, "--pupils", str(table), "--out", str(out)]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0, answer.output
    expected = of_hidden_rows(tmp_path, table)
    assert f"{expected}." in answer.stderr
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text(encoding="utf-8"))
    assert [f"{one['table']}: {one['sentence']}" for one in manifest["notices"]] == [expected]


def of_hidden_rows(folder, table):
    """Return what Python says of the rows that are hidden, when it reads the table and afterwards."""
    rules = eb.read_rules(rules_in(folder))
    with pytest.warns(UserWarning, match="hidden") as said:
        pupils = eb.read_pupils(table, rules)
    [notice] = pupils.notices
    assert [str(one.message) for one in said] == [f"{notice}."]
    return notice


def test_the_workbook_of_a_result_has_a_note_of_rows_that_its_source_hides(tmp_path):
    table, out = hidden(tmp_path), tmp_path / "out.xlsx"
    words = ["value", "--rules", str(rules_in(tmp_path)), "--pupils", str(table), "--out", str(out)]
    assert CliRunner().invoke(app, words).exit_code == 0
    [note] = read_table(out, "Warnings").to_dicts()
    assert f"{note['about']}: {note['note']}" == of_hidden_rows(tmp_path, table)
