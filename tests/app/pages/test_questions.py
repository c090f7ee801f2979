"""A question is written out by hand for speed, and stays the GOV.UK library's input to the letter."""

from itertools import product
from types import SimpleNamespace

import pytest

from app.pages.fields import Asks, Field, Part, fields_of, formula_of
from app.pages.rendering import ENVIRONMENT
from engine.modules import phases_counted
from tests.rule_library import RULE_FILES, compiled

LIBRARY_S_INPUT = """
{%- from "govuk_frontend_jinja/components/input/macro.html" import govukInput -%}
{%- from "macros.html" import tag -%}
{%- set hint %}{% for words in field.hints %}{{ words }} {% endfor %}{% for word in field.tags %} {{ tag(word) }}{% endfor %}{% endset -%}
{{ govukInput({
  "id": field.name,
  "name": field.name,
  "label": {"text": field.label, "classes": "govuk-label--s"},
  "hint": {"html": hint} if hint | trim else undefined,
  "classes": "govuk-input--width-10" if field.asks == "pounds" else "govuk-input--width-5",
  "inputmode": "numeric" if field.asks == "whole" else "decimal",
  "spellcheck": false,
  "prefix": {"text": "£"} if field.asks == "pounds" else undefined,
  "suffix": {"text": "%"} if field.asks == "percent" else undefined,
  "value": given,
  "errorMessage": {"text": wrong} if wrong else undefined
}) }}"""

AWKWARD = "1 <b>& \"two\" 'three'"


def lines_of(text: str) -> list[str]:
    """Return the lines that say something, without the spaces around and between words."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def asked_by_hand(field: Field, given: str | None, wrong: str | None) -> list[str]:
    answers = SimpleNamespace(entries={} if given is None else {field.name: given})
    form = SimpleNamespace(answers=answers, wrong=lambda _: wrong)
    return lines_of(ENVIRONMENT.get_template("macros.html").module.question(form, field))


def asked_by_the_library(field: Field, given: str | None, wrong: str | None) -> list[str]:
    template = ENVIRONMENT.from_string(LIBRARY_S_INPUT)
    return lines_of(template.render(field=field, given=given, wrong=wrong))


@pytest.mark.parametrize("wrong", [None, "Pupils must be a number, not " + AWKWARD])
@pytest.mark.parametrize("given", [None, "", AWKWARD])
@pytest.mark.parametrize("asks", list(Asks))
def test_a_question_is_the_library_s_input(asks, given, wrong):
    told = [(), ("First hint.",), ("First & second.", "Third “quoted”.")]
    for hints, tags in product(told, [(), ("Proposed",), ("Proposed", "Unconfirmed")]):
        field = Field("units_fsm_primary", "Meals <& more>", asks, Part.pupils, hints, tags)
        assert asked_by_hand(field, given, wrong) == asked_by_the_library(field, given, wrong)


def test_every_question_of_every_rule_set_is_the_library_s_input():
    asked = set()
    for rules in map(compiled, RULE_FILES):
        formula = formula_of(rules)
        for phase in phases_counted(formula) if formula is not None else ():
            asked |= set(fields_of(formula, phase))
    assert len(asked) > 100
    for field in asked:
        assert asked_by_hand(field, "7", None) == asked_by_the_library(field, "7", None)


def test_another_answer_is_seen_as_a_difference():
    field = Field("ehc_plans", "Plans", Asks.whole, Part.calls)
    assert asked_by_hand(field, "1", None) != asked_by_the_library(field, "2", None)
