"""A document of three bands as text, and what is refused of it where some of the text is changed."""

import pytest

from engine.errors import RuleRefused
from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_set

BASE = """\
format: evenband-rules/1
identifier: example-2025-26
version: 1
title: Top-ups
funding_year: "2025-26"
year_kind: financial
effective: {first: 2025-04-01, last: 2026-03-31}
standing: proposed
about: Three bands.
sources:
  page: {title: Top-up funding}
provenance: {source: page}
band_profile:
  bands: [A, B, C]
  assignment: {label_given: true}
  tariff:
    prices:
      - {band: A, pounds: "3650"}
      - {band: B, pounds: "7300"}
      - {band: C, pounds: "14600"}
    modifiers:
      - {label: More, band: B, pounds: "100"}
top_up_rule:
  pays_when: {sen_provision: [E]}
  calendar:
    source: page
    standing: proposed
    periods:
      - {name: Year, first: 2025-04-01, last: 2026-03-31, presence: calendar_days}
"""


def with_changes(text, *changes):
    """Return a document with some of its text changed, each of which is there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def compile_text(text):
    document = load_rule_set(text)
    return compile_rules(document, document.effective.first)


def refusals(*changes):
    """Return each problem of the document with some of its text changed: line, place and sentence."""
    text = with_changes(BASE, *changes)
    with pytest.raises(RuleRefused) as caught:
        compile_text(text)
    return [(one.line, one.place, one.sentence) for one in caught.value.problems]
