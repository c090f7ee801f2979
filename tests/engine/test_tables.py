"""Tables: sorted, narrow, read-only, with a number for each combination that pupils share."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.columns import PUPIL_COLUMNS
from engine.tables import MISSING, NO_SCHOOL, PHASE
from engine.vocabulary import PupilPhase, phase_of_year
from tests.builders import many_pupils, pupil, pupil_table, record_of, school_table
from tests.reference.bands import phase_of
from tests.strategies import LABELS, pupils


@given(pupils(), st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing(records, random):
    shuffled = list(records)
    random.shuffle(shuffled)
    one, other = pupil_table(records, LABELS), pupil_table(shuffled, LABELS)
    assert one.keys.to_list() == other.keys.to_list()
    assert all(np.array_equal(one.columns[name], other.columns[name]) for name in one.columns)
    assert np.array_equal(one.offsets, other.offsets)


@given(pupils())
def test_pupils_of_one_authority_at_one_school_lie_together(records):
    table = pupil_table(records, LABELS)
    placements = list(zip(table.placement_la.tolist(), table.placement_urn.tolist(), strict=True))
    assert placements == sorted(set(placements))
    for at, (la, urn) in enumerate(placements):
        rows = slice(table.offsets[at], table.offsets[at + 1])
        assert set(table.columns["la"][rows]) == {la}
        assert set(table.columns["urn"][rows]) == {urn}
    assert table.offsets[0] == 0
    assert table.offsets[-1] == len(table)


@given(pupils())
def test_what_a_table_holds_is_what_was_said(records):
    table = pupil_table(records, LABELS)
    said = {one["pupil_key"]: one for one in records}
    for row, key in enumerate(table.keys):
        held = record_of(table, row)
        assert held == {name: said[key][name] for name in held}


@given(
    pupils(),
    st.lists(
        st.sampled_from(["setting", "score", "phase", "hours", "start"]), max_size=4, unique=True
    ),
)
def test_pupils_share_a_combination_when_they_share_its_values(records, names):
    table = pupil_table(records, LABELS)
    combinations = table.combinations(tuple(names))
    missing = {
        name: PUPIL_COLUMNS["year_group" if name == PHASE else name].missing for name in names
    }
    for row in range(len(table)):
        values = [int(table.column(name)[row]) for name in names]
        expected = [
            MISSING if value == missing[name] else value
            for name, value in zip(names, values, strict=True)
        ]
        assert combinations.attributes[combinations.combination[row]].tolist() == expected
    assert len(np.unique(combinations.attributes, axis=0)) == len(combinations.attributes)


@pytest.mark.parametrize(
    "names", [("score", "points", "level", "hours"), ("assessed_cost", "start", "end")]
)
def test_combinations_too_many_to_be_laid_out_are_numbered_all_the_same(names):
    table = many_pupils(5, 4_000)
    combinations = table.combinations(names)
    held = np.stack([table.columns[name].astype(np.int64) for name in names], axis=1)
    seen = combinations.attributes[combinations.combination].astype(np.int64)
    for at, name in enumerate(names):
        given_rows = held[:, at] != PUPIL_COLUMNS[name].missing
        assert np.array_equal(seen[given_rows, at], held[given_rows, at])
        assert (seen[~given_rows, at] == MISSING).all()
    assert len(np.unique(combinations.attributes, axis=0)) == len(combinations.attributes)


def test_the_dictionary_of_combinations_is_worked_out_once():
    table = many_pupils(1, 50)
    assert table.combinations(("setting",)) is table.combinations(("setting",))


@pytest.mark.parametrize("year", [None, *range(-2, 15)])
def test_the_phase_follows_from_the_year_group(year):
    table = pupil_table([pupil(year_group=year)])
    held = int(table.column(PHASE)[0])
    assert (None if held < 0 else PupilPhase(held).name) == phase_of(year)
    if year is not None:
        assert phase_of_year(year).name == phase_of(year)


def test_every_array_of_a_table_is_contiguous_and_cannot_be_written():
    table = many_pupils(3, 100, LABELS, {"learning": 4}, 12)
    arrays = [
        *table.columns.values(),
        table.rows,
        table.offsets,
        table.placement_la,
        table.placement_urn,
    ]
    arrays += [table.column(PHASE), table.urns]
    schools = school_table(
        [{"urn": 5, "phase": "primary", "units_a": 1}, {"urn": 2, "phase": "special"}]
    )
    arrays += [
        schools.urn,
        *schools.columns.values(),
        *schools.values.values(),
        *schools.presence.values(),
    ]
    assert all(array.flags.c_contiguous and not array.flags.writeable for array in arrays)


def test_schools_are_in_the_order_of_their_numbers_and_pupils_without_one_are_kept():
    schools = school_table([{"urn": 5, "phase": "primary"}, {"urn": 2, "phase": "special"}])
    assert schools.urn.tolist() == [2, 5]
    table = pupil_table([pupil(pupil_key="b", urn=None), pupil(pupil_key="a", urn=7)])
    assert table.placement_urn.tolist() == [NO_SCHOOL, 7]
    assert table.urns.tolist() == [7]


def test_an_empty_table_has_no_placement():
    table = many_pupils(1, 0)
    assert (len(table), len(table.placement_la), table.offsets.tolist()) == (0, 0, [0])


def test_two_stays_of_one_pupil_stand_in_the_order_of_their_days():
    stays = [pupil(start=date(2026, 1, 5)), pupil(start=date(2025, 4, 1))]
    table = pupil_table(stays)
    assert [record_of(table, row)["start"] for row in (0, 1)] == [
        date(2025, 4, 1),
        date(2026, 1, 5),
    ]
