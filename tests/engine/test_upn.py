"""A key that is a unique pupil number is refused; a key that only looks a little like one is not."""

import polars as pl
import pytest

from engine.columns import ColumnSelection
from engine.errors import TableRefused
from engine.reading import pupil_table
from engine.upn import is_upn

WANTED = ColumnSelection(frozenset(), frozenset({"urn"}))
# The first three and the wrong two: rule 1510's own examples; the others are made by the same rule.
RIGHT = (
    "A950000178301",
    "H243278544154",
    "X845212818005",
    "A202123418001",
    "L84512341900A",
    "a202123418001",
)
WRONG = (
    "R247962919251",
    "X428558133462",
    "I202123418001",
    "A20212341800",
    # A letter that only looks like a K, and digits of another script.
    "A20212341800\u212a",
    "A20212341800\u0661",
)


def read(*keys):
    return pupil_table(pl.DataFrame({"pupil_key": keys, "la": ["201"] * len(keys)}), WANTED)


@pytest.mark.parametrize("text", RIGHT)
def test_a_check_letter_that_is_right_makes_a_pupil_number(text):
    assert is_upn(text)


@pytest.mark.parametrize("text", WRONG)
def test_a_letter_that_is_wrong_or_of_no_alphabet_makes_none(text):
    assert not is_upn(text)


def test_a_table_of_pupil_numbers_is_refused_by_row_and_column_and_repeats_none():
    with pytest.raises(TableRefused) as refused:
        read("key-1", *RIGHT[:3])
    assert [(one.row, one.column, one.rule) for one in refused.value.problems] == [
        (row, "pupil_key", "upn") for row in (3, 4, 5)
    ]
    assert not any(key in str(refused.value) for key in RIGHT)


def test_opaque_keys_of_the_same_form_are_read():
    serial = [f"P{number:012}" for number in range(200)]
    assert 0 < sum(map(is_upn, serial)) < len(serial) / 10
    assert len(read(*serial)) == len(serial)
