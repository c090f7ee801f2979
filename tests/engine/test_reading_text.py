"""Text to whole numbers and back: nothing is lost, nothing is guessed, and no float is used."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import money
from engine.columns import PUPIL_COLUMNS, ColumnSelection, Kind, line_column
from engine.errors import TableRefused
from engine.reading import pupil_table, records
from engine.reading.column_values import value_of
from engine.vocabulary import Idaci, Need, SenProvision, Setting

WANTED = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), ("Lower", "Upper", "c"))
NO_DAY = PUPIL_COLUMNS["start"].missing


def held(name: str, *texts: str | None) -> list[int]:
    """Return what a pupil column holds for each text."""
    rows = {
        "pupil_key": [f"{place:03d}" for place in range(len(texts))],
        "la": ["929"] * len(texts),
        name: list(texts),
    }
    table = pupil_table(pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)), WANTED)
    return table.columns[name].tolist()


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=9))
def test_pounds_are_read_as_they_are_written(amounts):
    assert held("top_up", *map(money.pounds, amounts)) == amounts
    assert (
        held("top_up", *(f"£{amount // 100:,}.{amount % 100:02d}" for amount in amounts)) == amounts
    )


@given(st.lists(st.integers(0, 168 * 100), min_size=1, max_size=9))
def test_hours_are_read_as_they_are_written(hours):
    assert held("hours", *(money.number(one, money.HUNDREDTHS) for one in hours)) == hours


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=9))
def test_days_are_read_as_they_are_written(days):
    assert (
        held("end", *((date(1970, 1, 1) + timedelta(days=day)).isoformat() for day in days)) == days
    )


@given(st.lists(st.decimals(-(10**8), 10**8, places=9), min_size=1, max_size=9))
def test_units_are_rounded_once_to_millionths_halves_away_from_zero(numbers):
    texts = [f"{number:f}" for number in numbers]
    frame = pl.DataFrame({"units_fsm_primary": texts}).select(
        value_of(line_column("units_fsm_primary"))
    )
    assert frame.to_series().to_list() == [money.millionths(text) for text in texts]


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_one_sentence(text):
    for name in ("top_up", "hours", "start", "level", "score", "fsm", "year_group"):
        column = PUPIL_COLUMNS[name]
        try:
            value = held(name, text)[0]
        except TableRefused as refusal:
            value, problems = None, refusal.total
        else:
            problems = 0
        assert problems == (value is None)
        assert value in {None, column.missing} or column.lowest <= value <= column.highest


@pytest.mark.parametrize("name", sorted(set(PUPIL_COLUMNS) - {"pupil_key", "la", "band"}))
def test_missing_is_never_zero(name):
    missing = PUPIL_COLUMNS[name].missing
    lasts = PUPIL_COLUMNS[name].kind is Kind.date or name == "parts_on_roll"
    withheld = () if lasts else ("x", "c")
    assert held(name, "", None, " ", "z", *withheld) == [missing] * (4 + len(withheld))
    assert missing != 0


@pytest.mark.parametrize("symbol", ["c", "x"])
@pytest.mark.parametrize("name", ["start", "end", "requested", "parts_on_roll"])
def test_how_long_a_pupil_is_paid_is_never_taken_for_all_the_year_where_it_is_withheld(
    name, symbol
):
    with pytest.raises(TableRefused, match=name):
        held(name, symbol)


def test_a_symbol_is_never_read_as_a_band_of_that_name_nor_the_band_as_the_symbol():
    missing = PUPIL_COLUMNS["band"].missing
    assert held("band", "Lower", "[c]", "Upper", "z", "x") == [0, missing, 1, missing, missing]
    with pytest.raises(TableRefused, match="give the band another name in the rules"):
        held("band", "c")


def test_codes_are_the_census_own_and_autism_has_two():
    assert held("primary_need", *(need.name for need in Need if need is not Need.NSA)) == list(
        range(1, 14)
    )
    assert held("primary_need", "ASC", "ASD") == [Need.ASD, Need.ASD]
    assert held("sen_provision", "N", "K", "E") == list(SenProvision)
    assert held("setting", *(setting.name for setting in Setting)) == list(Setting)
    assert held("idaci", *"ABCDEFG") == list(Idaci)


def test_flags_are_read_in_each_of_their_words():
    assert held("fsm", "1", "true", "yes", "TRUE", "Yes") == [1] * 5
    assert held("fsm", "0", "false", "no", "False", "NO") == [0] * 5
    assert held("fsm", "Y", "n", "1.0", "0.0", "tRUE") == [1, 0, 1, 0, 1]


def test_reception_and_nursery_years_are_read_by_letter():
    assert held("year_group", "R", "0", "N1", "N2", "-2", "14") == [0, 0, -2, -1, -2, 14]


def test_bands_are_left_out_where_the_rules_name_none():
    frame = pl.DataFrame({"pupil_key": ["a"], "la": ["929"], "band": ["whatever"]})
    assert not pupil_table(frame, ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS))).has(
        "band"
    )


def test_rows_of_plain_values_come_through_the_same_door():
    rows = [
        {
            "pupil_key": "a",
            "la": 929,
            "fsm": True,
            "hours": Decimal("12.5"),
            "start": date(2025, 9, 1),
        },
        {"pupil_key": "b", "la": 929, "fsm": None, "top_up": "1,250.50"},
    ]
    table = pupil_table(records(rows), WANTED, first_row=1)
    assert table.columns["fsm"].tolist() == [1, PUPIL_COLUMNS["fsm"].missing]
    assert table.columns["hours"].tolist()[0] == 1250
    assert table.columns["start"].tolist() == [20332, NO_DAY]
    assert table.columns["top_up"].tolist()[1] == 125_050
    assert table.rows.tolist() == [1, 2]


@pytest.mark.parametrize("value", [12.5, [1], Decimal("NaN"), object()])
def test_a_float_is_refused_by_row_and_column(value):
    with pytest.raises(TableRefused, match=r"^row 2: hours: must be text"):
        records([{"hours": "1"}, {"hours": value}])


@pytest.mark.parametrize(
    "dtype", [pl.Int16, pl.UInt64, pl.Decimal(12, 4), pl.Categorical, pl.Enum(["25"])]
)
def test_typed_columns_are_read_as_their_text(dtype):
    frame = pl.DataFrame(
        {"pupil_key": ["a"], "la": ["929"], "hours": pl.Series(["25"]).cast(dtype)}
    )
    assert pupil_table(frame, WANTED).columns["hours"].tolist() == [2500]


@given(st.permutations(range(6)))
def test_the_order_of_rows_changes_nothing(order):
    frame = pl.DataFrame({
        "pupil_key": [*"abcdef"],
        "la": ["929", "928", "929", "928", "929", "929"],
        "urn": ["3", "1", "2", "1", "", "3"],
        "fsm": ["1", "0", "", "1", "0", "1"],
    })  # fmt: skip
    wanted, shuffled = pupil_table(frame, WANTED), pupil_table(frame[list(order)], WANTED)
    assert shuffled.keys.to_list() == wanted.keys.to_list()
    assert np.array_equal(shuffled.offsets, wanted.offsets)
    assert all(
        np.array_equal(shuffled.columns[name], wanted.columns[name]) for name in wanted.columns
    )


def test_arrays_are_narrow_contiguous_and_read_only():
    frame = pl.DataFrame({"pupil_key": ["b", "a"], "la": ["929", "928"], "top_up": ["1", "2.50"]})
    table = pupil_table(frame, WANTED)
    for name, array in table.columns.items():
        assert array.dtype == PUPIL_COLUMNS[name].dtype
        assert array.flags.c_contiguous
        assert not array.flags.writeable


@pytest.mark.parametrize(("cell", "read"), [("", True), ("z", True), ("c", False), ("x", False)])
def test_a_day_that_is_withheld_is_not_taken_for_none(cell, read):
    wanted = ColumnSelection(frozenset(), frozenset({"start"}))
    frame = pl.DataFrame({"pupil_key": ["a"], "la": ["201"], "start": [cell]})
    if read:
        assert pupil_table(frame, wanted).columns["start"].tolist() == [
            PUPIL_COLUMNS["start"].missing
        ]
    else:
        with pytest.raises(TableRefused, match="must be a day"):
            pupil_table(frame, wanted)


@pytest.mark.parametrize(
    "heading", ["John Smith", "A202123418001", "a202123418001", "pupil-17", "12"]
)
def test_a_heading_that_may_be_somebodys_is_told_by_its_place(heading):
    frame = pl.DataFrame({"pupil_key": ["a"], "la": ["201"], heading: ["1"]})
    with pytest.raises(TableRefused) as refused:
        pupil_table(frame, ColumnSelection(frozenset(), frozenset()))
    assert "column 3: " in str(refused.value)
    assert heading not in str(refused.value)
