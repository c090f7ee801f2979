"""Rules that are not published yet have a page and a workbook too, in every form they use."""

import re

import pytest
from hypothesis import given

from app.pages.names import names_of
from app.workbooks.formulas import LONGEST_ADDRESS
from app.workbooks.service import sheets_of, workbook
from engine.rules.compile import compile_rules
from tests.formula_strategies import formula_rule_sets
from tests.strategies import banded_rule_sets
from tests.whole_rules import WHOLE

SERVICE = "http://127.0.0.1:8000"


def look_at(document):
    """Return the sheets of a rule set, its names and its workbook made besides."""
    rules = compile_rules(document, document.effective.first)
    sheets = sheets_of(rules)
    names = names_of(rules)
    assert all(kind.names for kind in names)
    if sheets:
        assert workbook(rules, sheets, SERVICE).startswith(b"PK")
    return sheets


@given(document=banded_rule_sets())
def test_any_way_of_speaking_of_bands_can_be_looked_at(document):
    for sheet in look_at(document):
        inputs = {one.name for one in sheet.inputs}
        assert all(inputs >= set(question.sent) for question in sheet.questions)
        assert all(set(example) <= {one.name for one in sheet.inputs} for example in sheet.examples)


@given(document=formula_rule_sets())
def test_any_formula_can_be_looked_at(document):
    for sheet in look_at(document):
        asked = sum(len(f"&{one.name}=") + 20 for one in sheet.inputs)
        assert asked < LONGEST_ADDRESS


@pytest.mark.parametrize("name", WHOLE)
def test_rules_with_every_part_can_be_looked_at(name):
    sheets = look_at(WHOLE[name])
    assert [sheet.name for sheet in sheets][:1] == ["Schools"]
    assert not any(
        re.search("pupil_key|need", one.name) for sheet in sheets for one in sheet.inputs
    )
