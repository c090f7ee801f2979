"""A handful of rows is read as a million are: the plain reading takes nothing that the queries would not."""

import ast
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine import table_checks as check
from engine.columns import (
    PUPIL_COLUMNS,
    SCHOOL_COLUMNS,
    Column,
    ColumnSelection,
    Kind,
    level_column,
    line_column,
)
from engine.errors import TableRefused
from engine.reading import pupil_table, records, school_table, small_table
from engine.reading.column_values import column_values, presence_of
from engine.reading.short_table import ShortTable, short_table
from engine.vocabulary import ABSENT_SYMBOLS
from tests.house.sources import python_files

LABELS = ("Lower", "Upper", "c", "12", " A", "A")
LINES = ("units_fsm_primary", "amount_lump_sum", "proportion_fsm_primary")
COLUMNS = {
    column.name: replace(column, labels=LABELS) if column.kind is Kind.label else column
    for column in (
        *PUPIL_COLUMNS.values(),
        *SCHOOL_COLUMNS.values(),
        level_column("level_speech"),
        *map(line_column, LINES),
    )
}
WORDS = sorted(
    {
        "R", "N1", "N2", "true", "Yes", "0", "1", "-0", "007", "+5", "1e3", "5.", ".5", "1.0", "٣", "1_0", " 7", "7 ", "\x1c7",
        "0" * 15 + "7", "12.5", "12.505", "0.0000005", "1,234.50", "£12", "894", "201", "999", "2025-09-01", "2025-02-30", "0000-01-01",
        "2134-04-10", "1969-12-31", "20250901", "99999999999999999999", "9" * 12, "-1", "-2", "-3", "1.000000", "1.1234567",
        *LABELS, *ABSENT_SYMBOLS, *(code.name for one in COLUMNS.values() for code in one.codes or ()),
    }
)  # fmt: skip
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.integers(-5, 2000).map(str),
    st.decimals(-10, 10**6, places=2).map("{:f}".format),
    st.dates().map(str),
    st.text(max_size=6),
)


@contextmanager
def by_queries():
    """Read every table by queries, however few its rows are."""
    with patch.object(small_table, "MOST_ROWS", -1):
        yield


def failing(values: pl.DataFrame, name: str) -> int:
    checks = check.cell_checks(COLUMNS[name])
    return values.select(one.fails.sum().alias(str(at)) for at, one in enumerate(checks)).sum_horizontal()[0]  # fmt: skip


def cells_of(few: small_table.FewCells, name: str) -> list:
    return few.numbers[name].tolist() if name in few.numbers else few.words[name].to_list()


@pytest.mark.parametrize("name", COLUMNS)
def test_each_word_of_a_column_is_read_alike_or_left_to_the_queries(name):
    column = COLUMNS[name]
    taken = 0
    for word in [*WORDS, None]:
        text = pl.DataFrame({name: [word]}, schema={name: pl.String})
        few = small_table.small_table(text, {name: column})
        if few is None:
            continue
        taken += 1
        values = column_values(text, {name: column}, lambda _: False).values
        assert values[name].to_list() == cells_of(few, name)
        assert not failing(values, name)
        presence = text.select(presence_of(name))[name]
        assert presence.to_list() == small_table.presences([word]).tolist()
    assert taken


@given(st.data(), st.sampled_from(sorted(COLUMNS)))
def test_any_text_is_read_alike_or_left_to_the_queries(data, name):
    column = COLUMNS[name]
    text = pl.DataFrame({name: data.draw(st.lists(CELLS, min_size=1, max_size=3))}, schema={name: pl.String})  # fmt: skip
    few = small_table.small_table(text, {name: column})
    if few is not None:
        values = column_values(text, {name: column}, lambda _: False).values
        assert values[name].to_list() == cells_of(few, name)
        assert not failing(values, name)


PLAIN_PUPIL = {
    "pupil_key": "pupil-1",
    "la": "894",
    "urn": "900001",
    "sen_provision": "E",
    "primary_need": "ASD",
    "setting": "mainstream",
    "band": "12",
    "start": "2025-09-01",
    "end": "2025-12-19",
    "parts_on_roll": None,
}
PLAIN_SCHOOL = {
    "urn": "900001",
    "phase": "primary",
    "school_name": "Hill Top",
    "units_fsm_primary": "12.5",
    "amount_lump_sum": None,
    "proportion_eal3_primary": "c",
    "units_basic_entitlement_primary": "210",
    "days_open": "z",
    "sparsity_distance": "2.25",
}
FORMS_OF_A_LINE = {"amount_fsm_primary": "3"}
PUPILS_WANTED = ColumnSelection(frozenset(), frozenset(PUPIL_COLUMNS), LABELS)
SCHOOLS_WANTED = ColumnSelection(
    frozenset(), frozenset({*SCHOOL_COLUMNS, *PLAIN_SCHOOL, *FORMS_OF_A_LINE})
)


PLAIN_PLACES = {
    "la": "894",
    "institution_group": "academy",
    "place_type": "pre_16",
    "places_1": "12.5",
    "places_2": None,
}
PLACE_COLUMNS = (
    PUPIL_COLUMNS["la"],
    Column("institution_group", Kind.text, None, "kind of institution"),
    Column("place_type", Kind.label, np.dtype(np.int16), "kind of place", labels=("pre_16", "post_16", "b d")),
    *map(line_column, ("places_1", "places_2")),
)  # fmt: skip


def places_table(frame: pl.DataFrame, _: ColumnSelection, *, first_row: int = 2):
    key = ("la", "institution_group", "place_type")
    return short_table(frame, PLACE_COLUMNS, required=frozenset(key), key=key, first_row=first_row)


def changed(plainly: dict[str, str | None]) -> st.SearchStrategy[list[dict[str, str | None]]]:
    """Draw rows that differ from a plain one in a few cells."""
    names = [name for name in plainly if name != "pupil_key"]
    one = st.dictionaries(st.sampled_from(names), CELLS, max_size=2).map(
        lambda held: plainly | held
    )
    keys = st.sampled_from(["pupil-1", "pupil-2", "A202123418001", "", " a", "k" * 101])
    keyed = st.tuples(one, keys, st.integers(900001, 900003)).map(
        lambda drawn: drawn[0] | {name: text for name, text in {"pupil_key": drawn[1], "urn": str(drawn[2])}.items() if name == next(iter(plainly))}
    )  # fmt: skip
    return st.lists(st.one_of(one, keyed), min_size=1, max_size=3)


def outcome_of(read, rows: list[dict[str, str | None]], wanted: ColumnSelection):
    """Return what a table holds, or what it is refused for."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    try:
        table = read(frame, wanted, first_row=1)
    except TableRefused as refusal:
        return refusal.text(), refusal.total
    if isinstance(table, ShortTable):
        cells = [
            (one.name, table.number(one.name, at))
            if one.name not in {"institution_group", "place_type"}
            else table.text(one.name, at)
            for one in PLACE_COLUMNS
            for at in range(len(table))
        ]
        return cells, table.rows
    arrays = [table.columns, getattr(table, "values", {}), getattr(table, "presence", {})]
    held = [
        {name: (one.dtype, one.tolist()) for name, one in sorted(part.items())} for part in arrays
    ]
    names = table.names if hasattr(table, "names") else table.keys.to_list()
    return held, table.rows.tolist(), table.column("urn").tolist() if hasattr(table, "keys") else table.urn.tolist(), list(names)  # fmt: skip


@given(changed(PLAIN_PUPIL))
@example([PLAIN_PUPIL | {"start": "2025-12-20"}])
@example([PLAIN_PUPIL | {"parts_on_roll": "3"}])
@example([PLAIN_PUPIL | {"sen_provision": "N", "primary_need": "NSA"}])
@example([PLAIN_PUPIL, PLAIN_PUPIL])
@example([PLAIN_PUPIL | {"pupil_key": "A202123418001"}])
@example([PLAIN_PUPIL | {"pupil_key": "pupil-2"}, PLAIN_PUPIL])
@example([PLAIN_PUPIL | {"pupil_key": ""}])
@example([PLAIN_PUPIL | {"pupil_key": None}])
@example([PLAIN_PUPIL | {"pupil_key": " a"}])
@example([PLAIN_PUPIL | {"pupil_key": "k" * 101}])
def test_a_few_pupils_are_read_as_the_queries_read_them(rows):
    read = outcome_of(pupil_table, rows, PUPILS_WANTED)
    with by_queries():
        assert read == outcome_of(pupil_table, rows, PUPILS_WANTED)


@given(changed(PLAIN_SCHOOL))
@example([PLAIN_SCHOOL, PLAIN_SCHOOL])
@example([PLAIN_SCHOOL | FORMS_OF_A_LINE])
@example([PLAIN_SCHOOL | {"amount_fsm_primary": None}])
@example([PLAIN_SCHOOL | {"urn": "900002", "proportion_eal3_primary": "0.125"}, PLAIN_SCHOOL])
@example([PLAIN_SCHOOL | {"school_name": "n" * 101}])
def test_a_few_schools_are_read_as_the_queries_read_them(rows):
    read = outcome_of(school_table, rows, SCHOOLS_WANTED)
    with by_queries():
        assert read == outcome_of(school_table, rows, SCHOOLS_WANTED)


@given(changed(PLAIN_PLACES))
@example([PLAIN_PLACES, PLAIN_PLACES])
@example([PLAIN_PLACES, PLAIN_PLACES | {"place_type": "post_16"}])
@example([PLAIN_PLACES | {"place_type": " b d"}])
@example([PLAIN_PLACES | {"place_type": None}])
@example([PLAIN_PLACES | {"institution_group": None}, PLAIN_PLACES | {"institution_group": ""}])
def test_a_short_table_of_places_is_read_as_the_queries_read_it(rows):
    read = outcome_of(places_table, rows, None)
    with by_queries():
        assert read == outcome_of(places_table, rows, None)


def many(row: dict[str, str | None], number: int) -> pl.DataFrame:
    """Return rows alike but for what tells pupils, or schools, apart."""
    own = next(name for name in ("pupil_key", "urn", "institution_group") if name in row)
    return records([row | {own: str(900_001 + at)} for at in range(number)])


@pytest.mark.parametrize(
    ("read", "row", "wanted"),
    [
        (pupil_table, PLAIN_PUPIL, PUPILS_WANTED),
        (school_table, PLAIN_SCHOOL, SCHOOLS_WANTED),
        (places_table, PLAIN_PLACES, None),
    ],
)
def test_a_table_of_plain_cells_is_read_without_a_query(read, row, wanted):
    # Were one made, the two readings above would be equal because they are one.
    few = records([row])
    with patch.object(pl.DataFrame, "select", side_effect=AssertionError("a query")):
        assert len(read(few, wanted).rows) == 1
        with pytest.raises(AssertionError, match="a query"):
            read(records([row | {next(iter(row)): " 900001"}]), wanted)
        assert len(read(many(row, small_table.MOST_ROWS), wanted).rows) == small_table.MOST_ROWS
        with pytest.raises(AssertionError, match="a query"):
            read(many(row, small_table.MOST_ROWS + 1), wanted)


def test_only_the_one_reading_of_tables_asks_either_way():
    two_ways = {"engine.reading.small_table", "engine.reading.column_values"}
    askers = {
        path.stem
        for path in python_files("engine/reading", "engine/modules", "app", "evenband")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in two_ways
    }
    # The few plain rows are read by the words that the queries know.
    # Columns that have types go through the queries too, and plain text through their words.
    assert askers == {"checked_table", "plain_forms", "small_table", "typed_columns"}
