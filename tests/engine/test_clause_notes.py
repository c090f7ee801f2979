"""What a document's values come to is noted: a cap below a floor, what an uprating leaves, what is not printed."""

import pytest

from engine.rules.load import load_rule_set
from engine.rules.notes import document_notes
from engine.rules.override import what_if
from tests.banded_document import BASE, with_changes

FLOOR = 'top_up_rule:\n  floor: "500"\n  cap: {}'
SALARIES = (
    '{band: C, staffing: {pupils: "8", adults: [{role: Teacher, salary: "50000", number: "1"}]}}'
)


def notes_of(*changes):
    """Return each note of the document with some of its text changed: kind, place and sentence."""
    text = with_changes(BASE, *changes)
    return [(one.type, one.place, one.sentence) for one in document_notes(load_rule_set(text))]


def test_a_cap_below_the_floor_is_noted_from_its_day():
    assert notes_of(("top_up_rule:", FLOOR.format('"500"'))) == []
    ((kind, place, sentence),) = notes_of(("top_up_rule:", FLOOR.format('"400"')))
    assert (kind, place) == ("cap-below-floor", "top_up_rule.cap")
    assert sentence == (
        "top_up_rule.cap 400 is below top_up_rule.floor 500 from 2025-04-01: each pupil is paid the cap, and none the floor"
    )
    later = '[{from: 2025-04-01, value: "900"}, {from: 2025-09-01, value: "400"}]'
    found = notes_of(("top_up_rule:", FLOOR.format(later)))
    assert [sentence for kind, _, sentence in found if kind == "cap-below-floor"] == [
        sentence.replace("2025-04-01", "2025-09-01")
    ]
    assert notes_of(("top_up_rule:", FLOOR.format("not printed")))[0][0] == "not-printed"


def test_a_price_from_salaries_is_noted_where_the_tariff_is_uprated():
    uprated = ("    prices:", '    uprating_percent: {from: 2025-04-01, value: "3"}\n    prices:')
    price = ('{band: C, pounds: "14600"}', SALARIES)
    assert notes_of(price) == notes_of(uprated) == []
    ((kind, place, sentence),) = notes_of(uprated, price)
    assert (kind, place) == ("not-uprated", "band_profile.tariff.prices.C")
    assert "which uprating_percent does not raise" in sentence


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"7300"', "not printed", "band_profile.tariff.prices.B.pounds"),
        ("top_up_rule:", "top_up_rule:\n  threshold: {pounds: not printed, inside: false}", "top_up_rule.threshold.pounds"),
        ('B, pounds: "100"', "B, percent: not printed", "band_profile.tariff.modifiers.More.percent"),
    ],
)  # fmt: skip
def test_each_value_that_is_not_printed_is_noted(old, new, place):
    sentence = f"{place} is not printed from 2025-04-01: an amount that depends on it is not known"
    assert notes_of((old, new)) == [("not-printed", place, sentence)]


def test_a_figure_that_is_tried_where_none_is_printed_says_what_a_comparison_leaves_out():
    document = load_rule_set(BASE.replace('"7300"', "not printed"))
    path = "band_profile.tariff.prices.B.pounds"
    [trial] = what_if(document, [(path, "7300")]).trials
    assert trial.note.startswith(
        "was not printed: amounts that depend on it are known with the value that is tried alone"
    )
    [same] = what_if(document, [("band_profile.tariff.prices.A.pounds", "1")]).trials
    assert same.note is None
