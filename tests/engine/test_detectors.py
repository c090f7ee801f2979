"""Detectors before an approval: data with a date and sources, in order, by year; each finds its own kind and no other."""

from datetime import date

import pytest
import yaml

from engine.detectors import FILE, FINDERS, Finding, detectors, findings, look
from engine.money import decimal_of
from engine.rules import load_rule_set
from engine.vocabulary import FIXTURES

NAMES = ["value-moved-far", "line-without-a-public-name", "value-without-a-source"]


@pytest.fixture(scope="module")
def text() -> str:
    return (FIXTURES / "rules" / "toy" / "toy-2025-26.yaml").read_text(encoding="utf-8")


def found(text: str, last_year: str | None = None) -> list[tuple[str, str]]:
    before = None if last_year is None else load_rule_set(last_year)
    return [(one.detector, one.place) for one in findings(look(load_rule_set(text), before))]


def test_detectors_are_data_with_a_date_and_sources_in_the_order_of_the_file():
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert document["dated"] >= date(2026, 12, 1)
    assert [one["name"] for one in document["detectors"]] == NAMES
    assert [one.name for one in detectors()] == NAMES
    assert all(one.finds in FINDERS for one in detectors())
    for one in document["sources"].values():
        assert one["title"]
        assert one["where"]


def test_a_detector_has_the_limit_of_its_year_or_of_the_latest_before():
    (first, *_) = detectors()
    years = [one for one, _ in first.limits]
    assert years == sorted(years)
    assert first.limit("2025-26") == ("2013-14", decimal_of("25"))
    assert first.limit("2012-13") is None


def test_rules_beside_themselves_have_no_finding(text):
    assert found(text, text) == []


@pytest.mark.parametrize(
    ("value", "moved"),
    [("5000", False), ("5000.01", True), ("3000", False), ("2999.99", True), ("4000", False)],
)
def test_a_value_is_found_that_is_further_than_a_quarter_from_last_years(text, value, moved):
    changed = text.replace('unit_value: "4000"', f'unit_value: "{value}"', 1)
    place = "schools_formula.factors.basic_entitlement.primary.unit_value"
    assert found(changed, text) == ([("value-moved-far", place)] if moved else [])


def test_a_value_that_was_none_and_is_some_moved(text):
    before = text.replace('unit_value: "500"', 'unit_value: "0"', 1)
    assert [one for one, _ in found(text, before)] == ["value-moved-far"]


def test_a_value_that_changes_within_the_year_is_found_by_its_furthest(text):
    changed = text.replace('value: "12500"', 'value: "16000"')
    (one,) = findings(look(load_rule_set(changed), load_rule_set(text)))
    assert one.sentence == "16000 is more than 25% from 12500 of 2025-26"


def test_without_rules_of_the_year_before_the_movement_is_not_looked_for_and_that_is_said(text):
    looked = {one.detector.name: one.without for one in look(load_rule_set(text), None)}
    assert looked == {
        "value-moved-far": "no rules of the year before are published",
        "line-without-a-public-name": None,
        "value-without-a-source": None,
    }


@pytest.mark.parametrize("label", ["fsm6", "free_meals_6"])
def test_a_line_is_found_whose_name_is_one_of_the_document(text, label):
    changed = text.replace("label: Free school meals, last six years", f"label: {label}")
    assert found(changed) == [("line-without-a-public-name", "schools_formula.factors.fsm6.label")]


def test_a_source_without_publisher_and_address_is_found_with_the_number_of_its_values(text):
    changed = text.replace("    publisher: Evenband contributors\n", "")
    (one,) = findings(look(load_rule_set(changed), None))
    assert isinstance(one, Finding)
    assert (one.detector, one.place) == ("value-without-a-source", "sources.example")
    assert "no publisher and no address, for " in one.sentence


def test_a_source_that_no_value_comes_from_is_not_looked_at(text):
    unused = "sources:\n  unused:\n    title: Of nothing\n"
    assert found(text.replace("sources:\n", unused, 1)) == []
