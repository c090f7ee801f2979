"""All that a document cannot be compiled for is named at once, each with its line and the way out."""

import pytest

from engine.rules.compile import compile_rules
from engine.rules.load import load_rule_set, plain, rule_set_from
from tests.banded_document import BASE, refusals

LATER = '[{from: 2025-09-01, value: "5"}]'


def test_what_compiling_refuses_is_named_at_once_each_with_its_line_and_the_way_out():
    """Compiling stopped at the first part that it refused, and knew no lines."""
    found = refusals(
        ('"3650"', LATER), ('"14600"', LATER),
        ("    periods:", "    parts: {number: 3, part: term}\n    periods:"),
    )  # fmt: skip
    assert [(line, place) for line, place, _ in found] == [
        (18, "band_profile.tariff.prices.0.pounds"),
        (20, "band_profile.tariff.prices.2.pounds"),
        (28, "top_up_rule.calendar.parts"),
    ]
    assert found[0][2] == (
        "has no value on 2025-04-01; the first is from 2025-09-01: add one from 2025-04-01 before it"
        ' ("0" where there is nothing before, not printed where it is not known)'
    )


def test_the_way_out_of_a_price_that_begins_within_the_year_is_one():
    for before in ("0", "not printed"):
        series = f'[{{from: 2025-04-01, value: "{before}"}}, {{from: 2025-09-01, value: "5"}}]'
        document = load_rule_set(BASE.replace('"3650"', series))
        assert compile_rules(document, document.effective.first)
        assert compile_rules(document)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("last: 2026-03-31, presence", "last: 2025-12-31, presence: count_date, count_on: 2025-10-02} #", 28),
        ("presence: calendar_days", "presence: school_days}\n    terms: [{name: T, first: 2025-05-03, last: 2025-05-04}] #", 28),
        ("{band: A, pounds", "{band: A, when: {score: '0.1-0.2'}, pounds", 18),
    ],
)  # fmt: skip
def test_a_refusal_of_compiling_has_the_line_of_its_place(old, new, line):
    (found, *_) = refusals((old, new))
    assert found[0] == line


def test_lines_tell_no_document_from_another():
    document, later = load_rule_set(BASE), load_rule_set(f"# A comment\n{BASE}")
    assert document == later
    place = "band_profile.tariff.prices.1.pounds"
    assert (document.line_of(place), later.line_of(place)) == (19, 20)
    assert rule_set_from(plain(document)).line_of(place) is None
