"""A working in files: one row a row with all that it says, nested for JSON, and both sides of a change."""

import json

from engine.explain import explain
from engine.export import change_record, change_rows, working_record, working_rows
from engine.modules import SEMANTICS
from engine.rules.compile import compile_rules
from engine.rules.compiled import EACH_FROM_ITS_DAY
from engine.run import evaluate
from engine.statement import explain_change
from tests.builders import banded, pupil, pupil_table, rule_set

COLUMNS = [
    "working", "label", "operator", "row", "value", "unit", "place", "source", "standing", "note",
]  # fmt: skip
RATE = "The band's price is paid for the part of the year on roll."
MISSING = "The amount is not known. Not supplied: band."


def outcome(pounds="1000"):
    price = {"band": "A", "pounds": [{"from": "2025-04-01", "value": pounds, "note": "as printed"}]}
    rules = compile_rules(rule_set(**banded([price], ["A"])))
    records = [pupil(pupil_key="a", band="A"), pupil(pupil_key="b", band=None)]
    return evaluate(rules, pupils=pupil_table(records, ["A"]))


def test_a_row_of_a_file_says_operator_value_unit_place_source_standing_and_note():
    frame = working_rows(explain(outcome(), "a")).frame
    assert frame.columns == COLUMNS
    assert frame.rows() == [
        ("band", "Band", "start", "Band", "A", "text", None, None, None, None),
        ("band", "Band", "decides", "Band", "A", "text", "band_profile.bands", None, None, None),
        ("top_up", "Top-up", "start", "Price a year", "1000.00", "pounds",
         "band_profile.tariff.prices.0.pounds", "Invented for tests", "proposed", "as printed"),
        ("top_up", "Top-up", "equals", "Annual rate, to the penny", "1000.00", "pounds",
         None, None, None, None),
        ("top_up", "Top-up", "equals", "Top-up for the year", "1000.00", "pounds",
         None, None, None, RATE),
        ("total", "Total", "equals", "Top-up for the year", "1000.00", "pounds",
         None, None, None, RATE),
    ]  # fmt: skip


def test_a_value_that_is_not_known_is_empty_in_a_file_and_null_in_a_record():
    explanation = explain(outcome(), "b")
    assert working_rows(explanation).frame["value"].to_list() == [None, None, None]
    record = working_record(explanation)
    assert record["not_known"] == 1
    assert [one["not_known"] for one in record["workings"]] == [0, 1]
    assert record["totals"] == [{
        "operator": "equals", "label": "Top-up for the year", "value": None, "unit": "pounds",
        "place": None, "source": None, "standing": None, "note": MISSING,
    }]  # fmt: skip


def test_a_record_names_its_rules_and_holds_plain_values():
    held = outcome()
    record = working_record(explain(held, "a"))
    assert json.loads(json.dumps(record)) == record
    assert {name: one for name, one in record.items() if name not in ("workings", "totals")} == {
        "subject": "pupil", "rule_set": "invented", "version": 1, "digest": held.rules.digest,
        "semantics": SEMANTICS, "values": EACH_FROM_ITS_DAY, "sentence": RATE, "not_known": 0,
    }  # fmt: skip
    assert [(one["name"], one["label"]) for one in record["workings"]] == [
        ("band", "Band"), ("top_up", "Top-up"),
    ]  # fmt: skip
    assert record["workings"][1]["rows"][0] == {
        "operator": "start", "label": "Price a year", "value": "1000.00", "unit": "pounds",
        "place": "band_profile.tariff.prices.0.pounds", "source": "Invented for tests",
        "standing": "proposed", "note": "as printed",
    }  # fmt: skip


def test_a_change_has_both_workings_and_its_own_rows_by_side():
    change = explain_change(outcome(), outcome("1250.50"), "a")
    parts = change.baseline, change.candidate, change.rows
    rows = change_rows(*parts)
    assert list(rows.shapes) == rows.frame.columns == ["side", *COLUMNS]
    sides = rows.frame["side"].to_list()
    assert sides == ["baseline"] * 6 + ["candidate"] * 6 + ["change"] * 3
    last = rows.frame.select("side", "working", "label", "operator", "row", "value").rows()[-3:]
    assert last == [
        ("change", "change", "Change", "start", "Top-up for the year, candidate", "1250.50"),
        ("change", "change", "Change", "minus", "Top-up for the year, baseline", "1000.00"),
        ("change", "change", "Change", "equals", "Change", "250.50"),
    ]
    record = change_record(*parts)
    assert record["baseline"] == working_record(change.baseline)
    assert record["candidate"] == working_record(change.candidate)
    assert [one["value"] for one in record["change"]] == ["1250.50", "1000.00", "250.50"]
