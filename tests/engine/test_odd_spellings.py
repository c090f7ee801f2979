"""Pounds as other programs and countries write them are refused with what is read instead."""

import pytest

from engine.errors import TableRefused
from engine.reading import pupil_table, records
from tests.pupil_files import WANTED


@pytest.mark.parametrize(
    ("cell", "way_out"),
    [
        ("'100", "delete the apostrophe before it"),
        ("100.00-", "write the minus before the number, as in -1234.50"),
        ("\u00a31,100\u2212", "write the minus before the number, as in -1234.50"),
        ("1'100", "thousands have commas, as in 12,345"),
        ("\u20ac100", "write the number of pounds alone, with \u00a3 before it or without"),
        ("GBP 100", "write the number of pounds alone, with \u00a3 before it or without"),
        ("1,100 GBP", "write the number of pounds alone, with \u00a3 before it or without"),
        ("100p", "write the number of pounds alone, with \u00a3 before it or without"),
    ],
)
def test_a_way_to_write_pounds_that_is_not_read_is_refused_with_what_is(cell, way_out):
    row = {"pupil_key": "k1", "la": "928", "band": "A", "assessed_cost": cell}
    with pytest.raises(TableRefused) as caught:
        pupil_table(records([row]), WANTED)
    [problem] = caught.value.problems
    assert problem.sentence.endswith(f"; {way_out}")
    assert cell not in problem.sentence
