"""A what-if validates and compiles what it changes: the same rules as the whole document again gives."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from engine.errors import Problem, Refusal, RuleRefused
from engine.rules import override
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.rules.load import plain, rule_set_from
from engine.rules.number_kinds import Kind
from engine.rules.override import what_if
from engine.rules.values import DatedValue, dated_values
from tests.compiled_parts import same
from tests.engine.test_what_if_published_number import numbers
from tests.rule_library import RULE_FILES, compiled, document
from tests.storm_size import draws
from tests.strategies import banded_rule_sets

MOST_NUMBERS = 40


def another(number: str, kind: Kind) -> str:
    """Return another number near a published one, in the same form."""
    if kind is Kind.cut_off or "/" in number:
        return number
    digits = number.replace(".", "")
    return number[:-1] + ("1" if number[-1] != "1" else "2") if digits.isdigit() else "1"


def refusal_of(tried: Callable[[], CompiledRules]) -> tuple[type[Refusal], list[Problem]] | None:
    """Return how something is refused, None where it is not."""
    try:
        tried()
    except Refusal as refusal:
        return type(refusal), refusal.problems
    return None


@pytest.mark.parametrize("name", RULE_FILES)
def test_another_number_gives_the_rules_that_the_whole_document_gives(name):
    published, rules = document(name), compiled(name)
    found = numbers(published)
    for place, number, kind in found[:: max(len(found) // MOST_NUMBERS, 1)]:
        pairs = [(place, another(number, kind))]
        if refusal_of(lambda: compile_what_if(published, pairs, None, rules)):  # noqa: B023 - called at once
            continue
        tried = compile_what_if(published, pairs, None, rules)
        again = rule_set_from(plain(tried.document))
        assert plain(again) == plain(tried.document), place
        same(tried.parts, compile_rules(again).parts, place)
        assert tried.digest == compile_rules(again).digest
        assert tried.wanted == compile_rules(again).wanted


@pytest.mark.parametrize("name", RULE_FILES)
def test_no_published_number_tried_needs_the_whole_document_read_again(name, monkeypatch):
    published = document(name)
    monkeypatch.setattr(override, "rule_set_from", lambda _: pytest.fail("read again"))
    for place, number, _ in numbers(published):
        what_if(published, [(place, number)])


@settings(max_examples=draws(30))
@given(st.data(), banded_rule_sets(), st.sampled_from([None, date(2025, 4, 1), date(2025, 10, 1)]))
def test_any_numbers_of_any_bands_give_the_rules_that_the_whole_document_gives(data, published, on):
    try:
        rules = compile_rules(published, on)
    except RuleRefused:
        reject()
    found = numbers(published, on)
    chosen = data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=3, unique=True))
    text = st.sampled_from(["0", "1", "7", "12.5", "250.55", "not printed", "100", "-3", "99999"])
    pairs = [(place, data.draw(text)) for place, _, _ in chosen]
    refusal = refusal_of(lambda: compile_what_if(published, pairs, on, rules))
    assert refusal_of(lambda: compile_what_if(published, pairs, on)) == refusal
    if refusal is None:
        tried = compile_what_if(published, pairs, on, rules)
        same(tried.parts, compile_rules(rule_set_from(plain(tried.document)), on).parts)
        assert tried.trials == compile_what_if(published, pairs, on).trials


@pytest.mark.parametrize("name", RULE_FILES)
def test_every_dated_value_of_a_document_is_found(name):
    def every(part: object, path: tuple[str | int, ...] = ()) -> list[tuple[object, DatedValue]]:
        if isinstance(part, DatedValue):
            return [(path, part)]
        if isinstance(part, BaseModel):
            parts = [(name, getattr(part, name)) for name in type(part).model_fields]
        elif isinstance(part, dict):
            parts = [(str(key), one) for key, one in part.items()]
        elif isinstance(part, tuple):
            parts = list(enumerate(part))
        else:
            return []
        return [found for key, one in parts for found in every(one, (*path, key))]

    assert list(dated_values(document(name))) == every(document(name))
