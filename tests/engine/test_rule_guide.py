"""The guide for authorities is run: each rule document in it is read, each table under it is priced."""

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from engine.errors import PairRefused, TableRefused
from engine.modules.school_formula.missing_lines import AbsentLines, declare_absent
from engine.money import pounds
from engine.reading import pupil_table, school_table
from engine.rules.bands import Assignment
from engine.rules.calendar import Counting
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.document import RuleSet
from engine.rules.load import load_rule_set
from engine.rules.prices import Price
from engine.rules.top_up_rule import TopUpRule
from engine.rules.values import dated_values
from engine.rules.yaml_source import read_yaml
from engine.run import EVERYTHING, evaluate
from engine.vocabulary import Reason, Standing

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "write-your-las-rules.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PART = re.compile(
    r"^```yaml\n(?P<yaml>.*?)^```\n(?P<between>(?:(?!^```).)*?)(?P<table>(?:^\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)
WITHIN = ("band_profile", "top_up_rule")
PARTS = ["schools_formula", *(one.name for one in EVERYTHING.allocations), *WITHIN]


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def examples(table):
    """Return the rows of a table: the inputs in its columns, and the stated result."""
    header, _, *rows = table.splitlines()
    names = cells(header)
    for row in rows:
        held = dict(zip(names, cells(row), strict=True))
        expected = held.pop(names[-1])
        yield names[-1], {name: text for name, text in held.items() if text}, expected


SKELETON, *FRAGMENTS = ((found["yaml"], found["table"]) for found in PART.finditer(TEXT))


def document_of(fragment):
    """Return the skeleton with its parts replaced by those that a fragment names."""
    whole, part = read_yaml(SKELETON[0]).value, read_yaml(fragment).value
    if "format" in part:
        return load_rule_set(fragment)
    for name, value in part.items():
        assert name in PARTS, name
        whole[name] = {**whole[name], **value} if name in WITHIN else value
    if not part.keys() & set(WITHIN):
        for name in WITHIN:
            del whole[name]
    return load_rule_set(yaml.safe_dump(whole, sort_keys=False))


def paid(document, given):
    rules = compile_rules(document)
    frame = pl.DataFrame([{"pupil_key": "pupil-1", "la": "201", **given}])
    wanted = pupil_columns(rules, counting=False)
    blank = [pl.lit("").alias(name) for name in wanted.required - set(frame.columns)]
    table = pupil_table(frame.with_columns(blank), wanted)
    outcome = evaluate(rules, pupils=table).top_ups
    if Reason(outcome.reason[0]) is Reason.not_supplied:
        return "unknown"
    return pounds(int(outcome.amount[0]))


def allocated(document, given):
    """Return what a row of an authority's own table comes to, by the one module that the document has."""
    rules = compile_rules(document)
    (module,) = (one for one in EVERYTHING.allocations if one.of(rules) is not None)
    columns = {one.name for one in module.columns(module.of(rules))}
    row = {**{name: text for name, text in KEYS.items() if name in columns}, **given}
    return pounds(module.allocate(rules, pl.DataFrame([row])).total)


def valued(document, given):
    rules = compile_rules(document)
    frame = pl.DataFrame([{"urn": "9000001", "phase": "primary", **given}])
    table = declare_absent(rules.formula, school_table(frame, rules.wanted), AbsentLines.zero)
    outcome = evaluate(rules, table).notional
    assert not outcome.absent_total.any()
    return outcome


def notional_sen(document, given):
    return pounds(int(valued(document, given).notional_total[0]))


def budget(document, given):
    return pounds(int(valued(document, given).formula_total[0]))


WORTH = {one.__name__: one for one in (paid, notional_sen, budget)}
KEYS = {"la": "201", "urn": "100001"}


def said_of(document, column, given):
    try:
        return WORTH.get(column, allocated)(document, given)
    except (PairRefused, TableRefused) as refused:
        return f"refused: {refused.problems[0].rule}"


@pytest.mark.parametrize(
    ("fragment", "table"),
    [pytest.param(*one, id=one[1].splitlines()[0]) for one in (SKELETON, *FRAGMENTS)],
)
def test_each_fragment_of_the_guide_is_read_and_pays_what_stands_under_it(fragment, table):
    document = document_of(fragment)
    rows = list(examples(table))
    assert rows
    assert [said_of(document, column, given) for column, given, _ in rows] == [
        expected for _, _, expected in rows
    ]


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
    document = document_of(SKELETON[0])
    given = {"band": "A", "sen_provision": "E"}
    assert said_of(document, "paid", given) == "3650.00"
    assert said_of(document, "paid", given | {"band": "D"}).startswith("refused: ")
