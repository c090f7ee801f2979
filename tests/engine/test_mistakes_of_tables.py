"""All mistakes of a table are named at once: a column that is refused hides none, and none follows from it alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TableRefused
from engine.modules.table_columns import words
from engine.reading import pupil_table, records
from engine.reading.short_table import short_table
from engine.rules.authorities import commissioners_of
from tests.pupil_files import WANTED
from tests.rule_library import compiled

PUPIL = {"pupil_key": "a", "la": "928", "band": "A"}


def mistakes(rows, **how):
    with pytest.raises(TableRefused) as caught:
        pupil_table(records(rows), WANTED, **how)
    assert caught.value.total == len(caught.value.problems)
    return sorted((one.rule, str(one.column), one.row or 0) for one in caught.value.problems)


def spells(*days):
    return [PUPIL | {"start": start, "end": end} for start, end in days]


def test_days_that_cannot_be_read_make_no_pupil_a_duplicate():
    """Of two spells in an order of days that was not stated, the second was called a duplicate too."""
    rows = spells(("01/09/2025", "31/12/2025"), ("01/01/2026", ""))
    assert mistakes(rows) == [
        ("unreadable", "end", 2), ("unreadable", "start", 2), ("unreadable", "start", 3),
    ]  # fmt: skip


def test_a_day_that_cannot_be_read_hides_no_spells_that_overlap_and_no_row_without_days():
    overlap = spells(("2025-09-01", "2025-12-31"), ("soon", ""), ("2025-12-01", "2026-01-31"))
    assert mistakes(overlap) == [("repeated-pupil", "pupil_key", 4), ("unreadable", "start", 3)]
    without = spells(("", ""), ("soon", ""))
    assert mistakes(without) == [("repeated-pupil", "pupil_key", 3), ("unreadable", "start", 3)]


@pytest.mark.parametrize("start", ["Start", "start date", "strat"])
def test_a_column_of_days_under_another_name_makes_no_pupil_a_duplicate(start):
    rows = [
        PUPIL | {start: "2025-09-01", "end": "2025-12-31"},
        PUPIL | {start: "2026-01-01", "end": ""},
    ]
    assert [(rule, row) for rule, _, row in mistakes(rows)] in (
        [("column-spelling", 0)], [("unknown-column", 0)],
    )  # fmt: skip


def test_a_heading_that_is_spelled_otherwise_hides_no_mistake_below_it():
    rows = [PUPIL | {"Start": "01/09/2025", "Setting ": "moon", "PUPIL-KEY": "b"}]
    rows[0].pop("pupil_key")
    assert mistakes(rows) == [
        ("column-spelling", "None", 0), ("unknown-code", "setting", 2), ("unreadable", "start", 2),
    ]  # fmt: skip


def test_a_heading_of_the_authority_that_is_spelled_otherwise_makes_no_mistake_of_rows_that_are_set_apart():
    """Cells of other authorities were refused with it: they may be in words of their own."""
    rules = compiled("telford-and-wrekin-2025-26")
    rows = [PUPIL | {"LA": "894"}, PUPIL | {"pupil_key": "b", "LA": "929", "setting": "moon"}]
    rows = [{name: cell for name, cell in row.items() if name != "la"} for row in rows]
    found = mistakes(rows, commissioners=commissioners_of([rules], {}))
    assert [rule for rule, _, _ in found] == ["column-spelling"]


KEYS = (words("place", "where", "refused"), words("kind", "of which kind", "refused"))


@pytest.mark.parametrize("kind", ["Kind", "kin", "colour"])
def test_rows_are_no_duplicates_where_a_part_of_their_key_is_refused(kind):
    rows = [{"place": "a", kind: "x"}, {"place": "a", kind: "y"}]
    with pytest.raises(TableRefused) as caught:
        short_table(records(rows), KEYS, required=["place", "kind"], key=("place", "kind"))
    assert "repeated-row" not in {one.rule for one in caught.value.problems}


CELLS = {
    "start": "01/09/2025", "setting": "moon", "band": "Z", "la": "x", "hours": "many",
}  # fmt: skip
HEADINGS = {"start": "Start", "setting": "SETTING", "band": "Band", "la": "LA", "hours": "Hours "}


@given(
    st.sets(st.sampled_from([*CELLS]), max_size=3),
    st.sets(st.sampled_from([*HEADINGS]), min_size=1),
)
def test_any_wrong_cells_are_named_beside_any_headings_that_are_spelled_otherwise(cells, headings):
    sound = {"start": "2025-09-01", "setting": "special", "band": "A", "la": "928", "hours": "5"}
    plain = [{"pupil_key": str(at), **sound} for at in range(3)]
    for at, name in enumerate(sorted(cells)):
        plain[at][name] = CELLS[name]
    alone = mistakes(plain) if cells else []
    assert len(alone) == len(cells)
    spelled = [
        {HEADINGS[name] if name in headings else name: one for name, one in row.items()}
        for row in plain
    ]
    assert mistakes(spelled) == sorted([*alone, ("column-spelling", "None", 0)])
