"""Where a school finds the figure of a factor."""

import csv

import pytest

from engine.letters import figure_place
from engine.letters.label_words import PLACES, LabelKind, label_words
from engine.rules.compile_reads import family


def rows():
    with PLACES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["factor"])
def test_every_entry_is_of_a_factor_that_statements_name_and_has_its_source(row):
    named = set(label_words(LabelKind.factor).values())
    assert row["factor"] in named | {family(one) for one in named}
    assert row["words"].startswith("In the statement: ")
    assert row["words"].endswith(".")
    assert row["source"]


def test_bands_have_one_entry_and_an_unknown_factor_has_none():
    assert figure_place("idaci_f") == figure_place("idaci_a") is not None
    assert figure_place("a_factor_of_our_own") is None
