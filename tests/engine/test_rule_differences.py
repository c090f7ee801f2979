"""Two rule sets are compared row by row as their rows are named, and never by the place of a row in its list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.export import difference_rows
from engine.rules.notes import document_notes
from engine.rules.override import what_if
from engine.rules.paths import Paths
from tests.builders import banded, rule_set

PRICES = "band_profile.tariff.prices"
A, B, SPECIAL, MAINSTREAM = (
    {"band": "A", "pounds": "1"},
    {"band": "B", "pounds": "2"},
    {"band": "B", "when": {"setting": "special"}, "pounds": "3"},
    {"band": "B", "when": {"setting": "mainstream"}, "pounds": "4"},
)


def document(*prices, modifiers=()):
    parts = banded(list(prices), ["A", "B"])
    parts["band_profile"]["tariff"]["modifiers"] = list(modifiers)
    return rule_set(**parts)


def differences(before, after):
    return [row[:3] for row in difference_rows(before, after).frame.rows()]


def test_a_row_that_is_put_in_before_others_is_the_only_difference():
    assert differences(document(A, B), document(A, SPECIAL, B)) == [
        (f"{PRICES}.B.special.band", None, "B"),
        (f"{PRICES}.B.special.when.setting", None, "special"),
        (f"{PRICES}.B.special.pounds", None, "3"),
    ]


def test_a_row_that_is_left_out_is_named_as_the_earlier_rules_name_it():
    assert differences(document(SPECIAL, MAINSTREAM, A), document(MAINSTREAM, A)) == [
        (f"{PRICES}.B.special.band", "B", None),
        (f"{PRICES}.B.special.when.setting", "special", None),
        (f"{PRICES}.B.special.pounds", "3", None),
    ]


def test_rows_in_another_order_are_a_difference_as_the_first_that_fits_counts():
    assert differences(document(A, SPECIAL, B), document(A, B, SPECIAL)) == [
        (PRICES, "B.special, then band:B", "band:B, then B.special")
    ]


def test_a_condition_that_changes_is_one_of_the_row_that_its_band_names():
    assert differences(document(A, SPECIAL), document(A, {**SPECIAL, "when": {"setting": "elsewhere"}})) == [
        (f"{PRICES}.B.when.setting", "special", "elsewhere")
    ]  # fmt: skip


def test_another_label_of_a_row_is_no_difference():
    one = {"label": "Small", "when": {"setting": "special"}, "percent": "5"}
    before, after = (document(A, modifiers=[{**one, "label": label}]) for label in ("Small", "Few"))
    assert differences(before, after) == []


def test_rows_of_one_name_are_numbered():
    dear = {**A, "pounds": "9"}
    found = differences(document(A, A, B), document(A, dear, B))
    assert found == [(f"{PRICES}.1.pounds", "1", "9")]
    (note,) = document_notes(document(A, dear, B))
    assert note.sentence.startswith(f"{PRICES}.1 of band A is never used")


ROWS = st.lists(st.sampled_from([A, B, SPECIAL, MAINSTREAM]), min_size=1, max_size=5)


@given(ROWS, ROWS)
def test_rules_differ_exactly_where_their_rows_or_the_order_of_them_do(before, after):
    found = differences(document(*before), document(*after))
    assert (found == []) == (before == after)


@pytest.mark.parametrize("tried", ["7", "8.50"])
def test_the_place_of_a_difference_and_of_a_note_is_a_path_of_a_what_if(tried):
    rules = document(A, SPECIAL, MAINSTREAM, {**A, "pounds": "not printed"})
    for place in Paths(rules).names:
        if place.endswith("pounds"):
            [(path, _, value)] = differences(rules, what_if(rules, [(place, tried)]).document)
            assert (path, value) == (place, tried)
    places = {one.place for one in document_notes(rules)}
    assert places <= {*Paths(rules).names, PRICES, f"{PRICES}.0", f"{PRICES}.3"}
