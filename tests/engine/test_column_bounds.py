"""The bounds of each column as published: the least and the most are read, and what lies beyond is refused."""

import polars as pl
import pytest

from engine.columns import ColumnSelection
from engine.errors import TableRefused
from engine.reading import pupil_table, school_table

PUPILS = {
    "urn": ("1", "9999999", "0", "10000000"),
    "year_group": ("-2", "14", "-3", "15"),
    "score": ("0", "1000", "-1", "1001"),
    "points": ("0", "1000", "-1", "1001"),
    "level": ("0", "100", "-0.000001", "100.000001"),
    "support_hours": ("0", "168", "-0.01", "168.01"),
    "hours": ("0", "168", "-0.01", "168.01"),
    "assessed_cost": ("0", "100000000", "-0.01", "100000000.01"),
    "exceptional_amount": ("0", "100000000", "-0.01", "100000000.01"),
    "top_up": ("0", "100000000", "-0.01", "100000000.01"),
    "group_size": ("1", "100", "0", "101"),
    "requested": ("1970-01-01", "2134-04-11", "1969-12-31", "2134-04-12"),
    "start": ("1970-01-01", "2134-04-11", "1969-12-31", "2134-04-12"),
    "end": ("1970-01-01", "2134-04-11", "1969-12-31", "2134-04-12"),
    "parts_on_roll": ("0", "366", "-1", "367"),
    "level_communication": ("0", "100", "-1", "101"),
}
SCHOOLS = {
    "urn": ("1", "9999999", "0", "10000000"),
    "primary_years": ("0", "7", "-1", "8"),
    "ks3_years": ("0", "3", "-1", "4"),
    "ks4_years": ("0", "2", "-1", "3"),
    "sen_support_pupils": ("0", "10000", "-1", "10001"),
    "sen_support_figure": ("0", "100000000", "-0.01", "100000000.01"),
    "ehc_plans": ("0", "10000", "-1", "10001"),
    "sparsity_distance": ("0", "1000", "-0.000001", "1000.000001"),
    "london_fringe": ("1", "2", "0.999999", "2.000001"),
}
CELLS = [
    (table, name, cell, at < 2)
    for table, columns in (("pupils", PUPILS), ("schools", SCHOOLS))
    for name, cells in columns.items()
    for at, cell in enumerate(cells)
]


def read(table, name, cell):
    """Return the rule by which a table of one row is refused, None where it is read."""
    if table == "pupils":
        row = {"pupil_key": "a", "la": "301", name: cell}
        call = pupil_table
    else:
        row = {"urn": "100001", "phase": "middle", name: cell}
        call = school_table
    try:
        call(pl.DataFrame([row]), ColumnSelection(frozenset(), frozenset(row)))
    except TableRefused as refused:
        [problem] = refused.problems
        assert problem.column == name
        return problem.rule
    return None


@pytest.mark.parametrize(("table", "name", "cell", "is_read"), CELLS)
def test_a_cell_at_a_bound_is_read_and_one_beyond_it_is_out_of_range(table, name, cell, is_read):
    assert read(table, name, cell) == (None if is_read else "out-of-range")
