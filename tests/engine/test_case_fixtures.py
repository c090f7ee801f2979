"""The worked examples must add up on their own before the engine is held to them."""

import json
from decimal import Decimal

import pytest

from engine.columns import PUPIL_COLUMNS
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_file
from engine.vocabulary import FIXTURES, Reason

RULES = {path.stem: path for path in (FIXTURES / "rules").rglob("*.yaml")}
CASES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    for path in sorted((FIXTURES / "cases").rglob("*.json"))
    if path.parent.name in {"notional_sen", "top_ups"}
}
NOTIONAL = [name for name, case in CASES.items() if case["kind"] == "notional_sen"]
TOP_UPS = [name for name, case in CASES.items() if case["kind"] == "top_up"]


def pounds(text):
    assert isinstance(text, str)
    return Decimal(text)


@pytest.mark.parametrize("name", CASES)
def test_a_case_names_its_source_its_status_and_rules_that_exist(name):
    case = CASES[name]
    assert case["id"] == name
    assert case["title"]
    assert case["source"]
    assert case["status"]
    assert case["rule_set"] in RULES


@pytest.mark.parametrize("name", NOTIONAL)
def test_a_case_gives_a_school_only_columns_of_its_rules(name):
    wanted = compile_rules(load_rule_file(RULES[CASES[name]["rule_set"]])).wanted
    assert wanted.required <= set(CASES[name]["school"]) <= wanted.known


@pytest.mark.parametrize("name", TOP_UPS)
def test_a_case_gives_a_pupil_only_known_columns(name):
    assert {"pupil_key", "la"} <= set(CASES[name]["pupil"]) <= set(PUPIL_COLUMNS)


@pytest.mark.parametrize("name", NOTIONAL)
def test_the_notional_lines_of_a_case_add_to_its_total(name):
    expected = CASES[name]["expected"]
    lines = sum(pounds(line["notional"]) for line in expected["lines"].values())
    minimum = pounds(expected.get("minimum_per_pupil", {}).get("notional", "0.00"))
    if "notional_sen" in expected:
        assert lines + minimum == pounds(expected["notional_sen"])


@pytest.mark.parametrize("name", NOTIONAL)
def test_the_total_of_a_case_is_the_published_one_as_far_as_that_was_printed(name):
    case = CASES[name]
    printed = case.get("published", {}).get("notional_sen")
    if printed is not None:
        gap = abs(pounds(case["expected"]["notional_sen"]) - pounds(printed["value"]))
        assert gap <= pounds(printed["within"])


@pytest.mark.parametrize("name", TOP_UPS)
def test_a_top_up_is_pounds_and_pence_or_a_named_reason(name):
    case = CASES[name]
    assert ("expected" in case) != ("refused" in case)
    if "refused" in case:
        assert case["refused"].replace("-", "_") in Reason.__members__
    else:
        assert case["expected"]["top_up"].partition(".")[2].isdecimal()
