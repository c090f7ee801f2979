"""Tables of one column of cells, read as files are: what each cell holds, and what a refusal says of it."""

import polars as pl
import pytest

from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS, ColumnSelection
from engine.errors import TableRefused
from engine.reading import Habits, habits_of, pupil_table, school_table

LINES = ("units_fsm_primary", "proportion_fsm_primary", "amount_rates")
PUPILS = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), ("A", "Band B", "low"))
SCHOOLS = ColumnSelection(frozenset(), frozenset({*SCHOOL_COLUMNS, *LINES}))
DAY_FIRST = habits_of("day-first", (), ())
MONTH_FIRST = habits_of("month_first", (), ())


def pupils(name: str, *cells: str | None, habits: Habits = Habits()):  # noqa: B008 - frozen
    keys = [f"pupil-{at}" for at in range(len(cells))]
    rows = {"pupil_key": keys, "la": ["929"] * len(cells), name: list(cells)}
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    return pupil_table(frame, PUPILS, habits=habits)


def said(table) -> dict[str, int]:
    """Return how many cells each notice of a table is about."""
    return {one.rule: one.number for one in table.notices}


def held(name: str, *cells: str | None, habits: Habits = Habits()) -> list[int]:  # noqa: B008 - frozen
    return pupils(name, *cells, habits=habits).columns[name].tolist()


def sentence(name: str, cell: str, habits: Habits = Habits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(TableRefused) as caught:
        held(name, cell, habits=habits)
    [problem] = caught.value.problems
    assert (problem.column, problem.row) == (name, 2)
    return problem.sentence


def school(name: str, *cells: str | None, habits: Habits = Habits()):  # noqa: B008 - frozen
    rows = {
        "urn": [str(100_001 + at) for at in range(len(cells))],
        "phase": ["primary"] * len(cells),
        name: list(cells),
    }
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))
    return school_table(frame, SCHOOLS, habits=habits)
