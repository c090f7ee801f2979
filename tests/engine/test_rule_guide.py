"""The guide for authorities is run: each rule document in it is read, each table under it is priced."""

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from engine.cases import CaseTable, case_results
from engine.reading import Limits, pupil_table
from engine.reading.markdown import read_markdown
from engine.rules.bands import Assignment
from engine.rules.calendar import Counting
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_set
from engine.rules.prices import Price
from engine.rules.top_up_rule import TopUpRule
from engine.rules.values import dated_values
from engine.rules.yaml_source import read_yaml
from engine.run import EVERYTHING
from engine.vocabulary import Standing

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "write-your-las-rules.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PART = re.compile(
    r"^```yaml\n(?P<yaml>.*?)^```\n(?P<between>(?:(?!^```).)*?)(?P<table>(?:^\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
WITHIN = ("band_profile", "top_up_rule")
PARTS = ["schools_formula", *(one.name for one in EVERYTHING.allocations), *WITHIN]


SKELETON, *FRAGMENTS = ((found["yaml"], found["table"]) for found in PART.finditer(TEXT))


def document_of(fragment):
    """Return the skeleton with its parts replaced by those that a fragment names."""
    whole, part = read_yaml(SKELETON[0]).value, read_yaml(fragment).value
    if "format" in part:
        return load_rule_set(fragment)
    for name, value in part.items():
        assert name in (*PARTS, "blank_means_none", "effective"), name
        whole[name] = {**whole[name], **value} if name in WITHIN else value
    if not part.keys() & set(WITHIN):
        for name in WITHIN:
            del whole[name]
    return load_rule_set(yaml.safe_dump(whole, sort_keys=False))


def results_of(document, table):
    """Return the results of a table of the guide, as an officer's own file of it is tried."""
    (one,) = read_markdown(table.encode(), Limits())
    return case_results(compile_rules(document), CaseTable(*one)).results


@pytest.mark.parametrize(
    ("fragment", "table"),
    [pytest.param(*one, id=one[1].splitlines()[0]) for one in (SKELETON, *FRAGMENTS)],
)
def test_each_fragment_of_the_guide_is_read_and_pays_what_stands_under_it(fragment, table):
    results = results_of(document_of(fragment), table)
    assert len(results) >= len(table.splitlines()) - 2 > 0
    assert [one.sentence for one in results if not one.is_as_expected] == []


def headings(marks):
    """Return the headings of one level, outside blocks of code."""
    plain = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    return re.findall(rf"^{marks} (.+)$", plain, re.MULTILINE)


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_contents_lead_to_every_chapter_in_its_order():
    contents = TEXT.partition("## Contents\n")[2].partition("\n## ")[0]
    links = re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", contents)
    assert all(anchor(name) == target for name, target in links)
    names = [name for name, _ in links]
    assert [name for name in names if name in headings("##")] == headings("##")[1:]
    assert set(names) == {*headings("##")[1:], *headings("###")}


def test_every_way_that_the_guide_points_to_within_itself_is_there():
    targets = {anchor(one) for one in (*headings("##"), *headings("###"))}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= targets


def test_the_smallest_file_of_the_guide_is_read_under_the_skeleton():
    rules = compile_rules(document_of(SKELETON[0]))
    text = TEXT.partition("```text\npupil_key")[2].partition("```")[0]
    header, *rows = f"pupil_key{text}".strip().splitlines()
    frame = pl.DataFrame([row.split(",") for row in rows], header.split(","), orient="row")
    wanted = pupil_columns(rules, counting=False)
    assert len(pupil_table(frame, wanted)) == len(rows) == 2
    assert wanted.required | {"la"} == set(header.split(","))


@pytest.fixture(scope="module")
def documents():
    return [document_of(fragment) for fragment, _ in (SKELETON, *FRAGMENTS)]


def test_every_rule_document_of_the_guide_has_a_table_of_examples():
    assert TEXT.count("```yaml") == 1 + len(FRAGMENTS)


def test_the_guide_shows_every_part_of_a_rule_document(documents):
    shown = {name for document in documents for name in document.model_fields_set}
    assert set(PARTS) <= shown
    assert shown | {"authority"} >= set(RuleSet.model_fields)


def test_the_guide_shows_every_way_to_find_a_band_and_to_price_it(documents):
    profiles = [document.band_profile for document in documents if document.band_profile]
    assignments = {name for one in profiles for name in one.assignment.model_fields_set}
    prices = {
        name for one in profiles for price in one.tariff.prices for name in price.model_fields_set
    }
    tariffs = {name for one in profiles for name in one.tariff.model_fields_set}
    assert assignments >= set(Assignment.model_fields) - {"provenance"}
    assert prices >= set(Price.model_fields) - {"provenance"}
    assert tariffs >= {
        "area_cost_adjustment",
        "uprating_percent",
        "uprated_to_nearest",
        "modifiers",
    }


def test_the_guide_shows_every_clause_of_payment_and_every_way_of_counting(documents):
    rules = [document.top_up_rule for document in documents if document.top_up_rule]
    shown = {name for rule in rules for name in rule.model_fields_set}
    counted = {period.presence for rule in rules for period in rule.calendar.periods}
    assert shown >= set(TopUpRule.model_fields) - {"provenance"}
    assert counted == set(Counting)


def test_nothing_in_the_guide_is_said_to_be_checked(documents):
    standings = {given.standing for document in documents for _, given in dated_values(document)}
    assert Standing.verified not in standings


def test_a_table_that_does_not_hold_is_found():
    table = (
        "| band | sen_provision | paid |\n|---|---|---|\n| A | E | 3650.01 |\n| D | E | 3650.00 |\n"
    )
    first, second = results_of(document_of(SKELETON[0]), table)
    assert first.sentence == "row 3: paid is 3650.00; 3650.01 is expected (0.01 less)"
    assert second.found_text == "refused: unknown-label"
    assert not second.is_as_expected
