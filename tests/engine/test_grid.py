"""The grid of a decision table leads every combination of values to the row that trying rows finds."""

from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RuleRefused
from engine.kernels.answers import fill_answers
from engine.rules.bands import HitPolicy
from engine.rules.grid import NONE, UNSURE, build
from engine.tables import MISSING, frozen
from engine.vocabulary import Need, Setting
from tests.condition_strategies import LABELS, conditions
from tests.reference.bands import deciding_row, row_fits

CODES = {"primary_need": Need, "setting": Setting}
INPUTS = ("primary_need", "setting", "year_group", "score")
VALUES = {
    "primary_need": ("SPLD", "ASD", "NSA"),
    "setting": ("mainstream", "special", "elsewhere"),
    "year_group": tuple(range(-2, 15)),
    "score": tuple(range(0, 105, 4)),
}


def answer(grid, record: dict) -> int:
    """Return the row that a grid finds for a record."""
    held = [
        MISSING
        if record[name] is None
        else int(CODES[name][record[name]])
        if name in CODES
        else record[name]
        for name in grid.inputs
    ]
    out = np.empty(1, np.int32)
    attributes = frozen(np.asarray([held], np.int32).reshape(1, len(held)))
    fill_answers(0, 1, attributes, grid.edges, grid.offsets, grid.strides, grid.answers, out)
    return int(out[0])


records = st.fixed_dictionaries(
    {name: st.none() | st.sampled_from(values) for name, values in VALUES.items()}
)


@given(
    st.lists(conditions(INPUTS), min_size=1, max_size=6), st.lists(records, min_size=1, max_size=20)
)
def test_the_first_row_that_fits_decides_unless_a_value_not_supplied_would(rows, pupils):
    grid = build(rows, LABELS, HitPolicy.first, "rows", INPUTS)
    for record in pupils:
        expected = deciding_row(rows, record)
        assert answer(grid, record) == {None: NONE, "unsure": UNSURE}.get(expected, expected)


@given(st.lists(conditions(INPUTS[:2]), min_size=2, max_size=3))
def test_rows_of_a_unique_table_are_refused_exactly_where_two_fit_one_pupil(rows):
    every = [
        {"primary_need": need, "setting": setting}
        for need in (*CODES["primary_need"].__members__, None)
        for setting in (*CODES["setting"].__members__, None)
    ]
    overlap = any(sum(row_fits(row, record) is True for row in rows) > 1 for record in every)
    held = pytest.raises(RuleRefused, match="both fit") if overlap else nullcontext()
    with held:
        build(rows, LABELS, HitPolicy.unique, "rows", INPUTS[:2])


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        pytest.param(
            {"score": ("20-10",)}, "larger number to a smaller", id="a range runs upwards"
        ),
        pytest.param(
            {"score": ("0-1001",)}, "is out of range", id="a range stays within the scale"
        ),
        pytest.param({"score": ("high",)}, "not a number or a range", id="a range is of numbers"),
        pytest.param(
            {"setting": ("school",)}, "not a code of setting", id="a code is one of the list"
        ),
        pytest.param(
            {"band": ("Z",)}, "not a band of the profile", id="a band is one of the profile's"
        ),
        pytest.param(
            {"support_hours": ("1.255",)}, "too many decimal places", id="hours have two decimals"
        ),
        pytest.param(
            {"year_group": ("1.5",)}, "too many decimal places", id="a year group is whole"
        ),
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused_with_its_row(choices, said):
    with pytest.raises(RuleRefused, match=said) as refused:
        build([{}, choices], LABELS, HitPolicy.first, "table.rows")
    assert refused.value.problems[0].place.startswith("table.rows.1.when.")


def test_a_table_too_large_to_be_checked_is_refused():
    rows = [
        {"score": (str(2 * at),), "points": (str(2 * at),), "support_hours": (str(at % 168),)}
        for at in range(200)
    ]
    with pytest.raises(RuleRefused, match="too many combinations"):
        build(rows, LABELS, HitPolicy.first, "rows")


@pytest.mark.parametrize(
    ("written", "years"),
    [("R-6", range(7)), ("R", [0]), ("N1-R", [-2, -1, 0]), ("-2--1", [-2, -1]), ("N2", [-1])],
)
def test_year_groups_are_written_as_the_census_writes_them(written, years):
    grid = build([{"year_group": [written]}], LABELS, HitPolicy.first, "rows", ("year_group",))
    found = [year for year in range(-2, 15) if answer(grid, {"year_group": year}) == 0]
    assert found == list(years)
