"""Symbols of missing values are read by one table in every column, and are never a band or a code."""

import pytest

from engine.columns import PUPIL_COLUMNS, Kind
from engine.errors import RuleRefused
from engine.vocabulary import (
    ABSENT_SYMBOLS,
    SYMBOLS,
    Need,
    Presence,
)
from tests.builders import banded, rule_set
from tests.single_cells import LINES, held, pupils, said, school, sentence

SIGNS = sorted(one for words in SYMBOLS.values() for one in words)


@pytest.mark.parametrize("symbol", SIGNS)
@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, one in PUPIL_COLUMNS.items()
        if one.missing is not None
        and one.kind is not Kind.date
        and name not in {"parts_on_roll", "band"}
    ),
)
def test_every_symbol_is_not_known_in_every_column_and_counted_by_its_kind(name, symbol):
    table = pupils(name, symbol, f"[{symbol}]")
    assert table.columns[name].tolist() == [PUPIL_COLUMNS[name].missing] * 2
    assert said(table) == {f"{ABSENT_SYMBOLS[symbol].name.replace('_', '-')}-cells": 2}


@pytest.mark.parametrize("symbol", SIGNS)
@pytest.mark.parametrize("name", LINES)
def test_every_symbol_in_a_line_is_kept_by_its_kind(name, symbol):
    table = school(name, symbol, "0")
    assert said(table) == {f"{ABSENT_SYMBOLS[symbol].name.replace('_', '-')}-cells": 1}
    if not name.startswith("proportion"):
        assert table.presence[name].tolist() == [ABSENT_SYMBOLS[symbol], Presence.given]


def test_the_bands_of_the_rules_come_before_a_symbol_of_several_letters():
    assert held("band", "low", "A", "band b", "c") == [2, 0, 1, PUPIL_COLUMNS["band"].missing]


@pytest.mark.parametrize("name", ["c", "x", "z", ":", "-"])
def test_a_band_called_by_a_symbol_is_refused_when_its_rules_are_read(name):
    with pytest.raises(RuleRefused, match="is how tables write a value that is missing"):
        rule_set(**banded([{"band": name, "pounds": "5"}], [name]))


def test_codes_are_read_in_any_capitals_with_spaces_or_hyphens():
    assert held("setting", "Mainstream", "Resourced Provision", "SEN-unit") == [1, 2, 3]
    assert held("primary_need", "SpLD", "asd", "Asc") == [Need.SPLD, Need.ASD, Need.ASD]
    assert held("sen_provision", "e", "K") == [2, 1]
    assert held("year_group", "r", "n2", "3.0") == [0, -1, 3]
    assert "in these capitals" in sentence("idaci", "a")
