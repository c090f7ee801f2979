"""Keys that look the same to a person are both read, and a note says so."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reading import pupil_table, records
from engine.reading.near_keys import near_keys
from tests.pupil_files import WANTED, rows_of


@pytest.mark.parametrize(
    "other", ["AB-1", "ab -1", "\uff41\uff42-1", "ab\u20131", "ab-\uff11", "a b-1"]
)  # fmt: skip
def test_keys_that_differ_in_capitals_width_blanks_or_dashes_are_noted_and_both_are_read(other):
    table = pupil_table(records(rows_of(["ab-1", "c", other])), WANTED)
    [notice] = table.notices
    assert len(table) == 3
    assert (notice.number, notice.rows) == (2, (2, 4))
    assert "ab" not in notice.sentence.split("(")[1]


def test_a_letter_with_its_accent_apart_and_lost_leading_zeros_are_noted():
    for one, other in (("zo\xe9", "zoe\u0301"), ("00123", "123"), ("123.0", "123")):
        [notice] = pupil_table(records(rows_of([one, other])), WANTED).notices
        assert notice.rows == (2, 3)


def test_spells_of_one_pupil_are_one_key():
    rows = [
        {"pupil_key": "K1", "la": "928", "band": "A", "start": day, "end": end}
        for day, end in (("2025-04-01", "2025-05-01"), ("2025-06-01", "2025-07-01"))
    ]
    assert pupil_table(records(rows), WANTED).notices == ()


@given(st.lists(st.text("aA1\uff10 -", min_size=1, max_size=3), min_size=1, max_size=8))
def test_law_6_keys_are_noted_when_and_only_when_two_look_the_same(keys):
    plain = ["".join(key.replace("\uff10", "0").lower().split()).replace("A", "a") for key in keys]

    def bare(key):
        without = key.lstrip("0")
        return without if without[:1].isdigit() or not key.startswith("0") else "0" + without

    alike = {
        at
        for at, one in enumerate(plain)
        if len({keys[other] for other, two in enumerate(plain) if bare(one) == bare(two)}) > 1
    }
    found = near_keys([pl.Series(keys)], 0, "pupil")
    assert [one.rows for one in found] == ([tuple(sorted(alike))] if alike else [])
