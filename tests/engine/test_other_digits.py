"""Digits of other scripts in a document and in the place of a value are refused like any other wrong text, at their place."""

import re

import pytest

from engine.errors import RuleRefused
from engine.rules.load import load_rule_set
from engine.rules.override import override
from tests.engine.test_wrong_documents import FIELDS, base, dotted, problems
from tests.plain_words import OTHER_DIGITS, with_value
from tests.rule_library import document

SPELT = ("3", "-3", "3.5", "100.00", "929", "2025-26", "2/3", "2025-04-01")


def spelt(form):
    """Return numbers and days that a field takes in our own digits; none where it takes words."""
    day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" if form.get("format") == "date" else None
    pattern = form.get("pattern", day)
    if pattern is None or re.search(pattern, "word"):
        return []
    return [text for text in SPELT if re.search(pattern, text)]


@pytest.mark.parametrize("script", OTHER_DIGITS)
def test_a_number_of_a_document_in_other_digits_is_refused_at_its_place(script):
    read = 0
    for path, forms in FIELDS:
        for text in (text for form in forms for text in spelt(form)):
            found = problems(with_value(base(), path, text.translate(OTHER_DIGITS[script])))
            assert dotted(path) in [one.place for one in found], (path, text)
            read += 1
    assert read > 30


@pytest.mark.parametrize("script", OTHER_DIGITS)
def test_a_row_is_not_named_in_other_digits(script):
    toy = document("toy-2025-26")
    row = "0".translate(OTHER_DIGITS[script])
    with pytest.raises(RuleRefused):
        override(toy, [(f"band_profile.tariff.prices.{row}.pounds", "1.00")])
    assert override(toy, [("band_profile.tariff.prices.0.pounds", "1.00")]) != toy


def test_a_field_named_in_other_digits_is_unknown():
    with pytest.raises(RuleRefused, match="unknown field"):
        load_rule_set("٣: 1\nformat: evenband-rules/1\n")
