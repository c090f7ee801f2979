"""Numbers as people write them: thousands, pounds below nothing, percentages, and parts of a penny."""

import pytest

from engine.columns import line_column
from engine.errors import TableRefused
from engine.reading import Entry, Habits, habits_of
from engine.vocabulary import Presence
from tests.single_cells import (
    held,
    pupils,
    said,
    school,
    sentence,
)


@pytest.mark.parametrize("space", [",", " ", "\u00a0", "\u202f", "\u2009"])
def test_thousands_are_apart_in_counts_as_in_pounds(space):
    apart = f"1{space}234"
    assert held("top_up", apart, f"£{apart}.50") == [123_400, 123_450]
    assert school("sen_support_pupils", apart).columns["sen_support_pupils"].tolist() == [1234]
    assert school("units_fsm_primary", f"{apart}.5").values["units_fsm_primary"].tolist() == [
        1_234_500_000
    ]
    assert held("level", "12.5", "12") == [12_500_000, 12_000_000]


@pytest.mark.parametrize("cell", ["1,23", "12,34", "1,2345", ",123", "1,,234", "1, 234"])
@pytest.mark.parametrize("name", ["score", "top_up", "hours"])
def test_a_comma_that_divides_no_thousands_is_refused(name, cell):
    assert sentence(name, cell)


@pytest.mark.parametrize(
    ("cell", "pence"),
    [("(1,234.00)", -123_400), ("-£12", -1_200), ("£-12.5", -1_250), ("\u221212", -1_200)],
)
def test_pounds_below_nothing_are_read_as_accountants_write_them(cell, pence):
    assert school("amount_rates", cell).values["amount_rates"].tolist() == [pence]


@pytest.mark.parametrize("cell", ["20.000", "£14.600", "-120.500", "(1.230)"])
def test_pounds_whose_point_may_part_thousands_are_refused(cell):
    with pytest.raises(TableRefused, match="it may be pounds or thousands"):
        school("amount_rates", cell)


@pytest.mark.parametrize(
    ("cell", "pence"),
    [("20.00", 2_000), ("20.0000", 2_000), ("1,020.000", 102_000), ("1020.000", 102_000), ("0.500", 50)],
)  # fmt: skip
def test_pounds_whose_point_can_only_part_pence_are_read(cell, pence):
    assert school("amount_rates", cell).values["amount_rates"].tolist() == [pence]


@pytest.mark.parametrize("cell", ["-(12)", "(-12)", "--12", "((12))", "()", "£", "££1"])
def test_pounds_that_are_below_nothing_twice_are_refused(cell):
    with pytest.raises(TableRefused, match="must be pounds"):
        school("amount_rates", cell)


def test_a_share_is_read_as_a_percentage_and_nothing_else_is():
    read = school("proportion_fsm_primary", "27.95%", "27.95 %", "0.2795")
    assert read.notices == ()
    assert {one.tolist()[0] for one in read.presence.values()} == {Presence.not_supplied}
    with pytest.raises(TableRefused, match=r"from 0 to 1, or a percentage with its sign"):
        school("proportion_fsm_primary", "27.95")
    with pytest.raises(TableRefused, match="no percentage"):
        school("units_fsm_primary", "27.95%")


def test_parts_of_a_penny_are_rounded_once_where_that_is_stated_and_refused_elsewhere():
    stated = habits_of(None, (), ["assessed_cost"])
    table = pupils("assessed_cost", "9876.543218", "0.005", "1,234.995", "12", habits=stated)
    assert table.columns["assessed_cost"].tolist() == [987_654, 1, 123_500, 1_200]
    assert said(table) == {"rounded-to-pence": 3}
    by_command = Habits(entry=Entry.command)
    assert "--round-to-pence assessed_cost" in sentence("assessed_cost", "9876.543218", by_command)
    assert "at most two decimals" in sentence("top_up", "9876.543218", stated)


@pytest.mark.parametrize("cell", ["98,76,5", "98765.4321£", "98765%", "98765 pounds", "98765/4/3"])
@pytest.mark.parametrize("name", ["score", "top_up", "start", "setting", "fsm", "band", "level"])
def test_no_refusal_repeats_a_cell(name, cell):
    with pytest.raises(TableRefused) as caught:
        held(name, cell)
    assert "98" not in caught.value.text()


def test_a_number_is_never_read_from_a_code_or_an_error():
    assert "has an error" in sentence("top_up", "#N/A")
    assert "without £" in sentence("score", "£5")
    assert "leaves open how much of the year" in sentence("parts_on_roll", "c")
    assert line_column("amount_rates").none == 0
