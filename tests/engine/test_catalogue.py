"""The column catalogue is current and complete, and what it says of a column is what the engine does."""

import json
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from engine.catalogue import NAMES, column_rows, page, table_schema, tables
from engine.code_words import CODE_WORDS
from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS, ColumnSelection, Kind
from engine.data import FIXTURES
from engine.errors import TableRefused
from engine.export.manifest import as_json
from engine.reading import pupil_table, school_table
from engine.rules.compile import compile_rules, pupil_columns
from engine.rules.folder import rule_files
from engine.rules.load import load_rule_file
from engine.table_checks import spelled
from engine.vocabulary import Need, SenProvision

ROOT = Path(__file__).resolve().parents[2]
TYPES = {"string", "boolean", "integer", "number", "date"}
PUPIL = {"pupil_key": "a", "la": "301"}
SCHOOL = {"urn": "100001", "phase": "primary", "prior_budget": "1", "prior_pupils": "1"}
STEP = {Kind.whole: 1, Kind.pounds: 1, Kind.hours: 1, Kind.millionths: 1, Kind.date: 1}


@cache
def published():
    return tuple(compile_rules(load_rule_file(path)) for path in rule_files(FIXTURES / "rules"))


@cache
def catalogue():
    return tables(published())


def accepts(table, name, text):
    """Return whether the engine reads a table of one row with a cell of this text."""
    columns = PUPIL_COLUMNS if table == "pupils" else SCHOOL_COLUMNS
    wanted = ColumnSelection(frozenset(), frozenset({*columns, name}), ("A", "B"))
    row = {**(PUPIL if table == "pupils" else SCHOOL), name: text}
    read = pupil_table if table == "pupils" else school_table
    try:
        read(pl.DataFrame([row]), wanted)
    except TableRefused:
        return False
    return True


REGISTER = [
    *(pytest.param("pupils", name, id=f"pupils-{name}") for name in PUPIL_COLUMNS),
    *(pytest.param("schools", name, id=f"schools-{name}") for name in SCHOOL_COLUMNS),
]


def entry_of(table, name):
    return next(one for one in catalogue()[table].entries if one.name == name)


def field_of(table, name):
    fields = table_schema(catalogue()[table])["fields"]
    return next(one for one in fields if one["name"] == name)


def test_the_page_is_the_catalogue_of_today():
    written = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert written == page(catalogue()), "run 'make schema'"


@pytest.mark.parametrize("name", NAMES)
def test_each_table_schema_is_that_of_today(name):
    written = (FIXTURES / "schema" / f"table-{name}.json").read_bytes()
    assert written == as_json(table_schema(catalogue()[name])), "run 'make schema'"


def test_every_column_of_the_registers_is_in_the_catalogue_and_says_what_a_blank_means():
    for table, columns in {"pupils": PUPIL_COLUMNS, "schools": SCHOOL_COLUMNS}.items():
        names = [entry.name for entry in catalogue()[table].entries]
        assert names[: len(columns)] == list(columns)
        assert len(names) == len(set(names))
    for table in ("places", "block", "targeted"):
        assert all(entry.absence for entry in catalogue()[table].entries)


def test_every_column_that_a_published_rule_set_needs_is_said_to_be_read_by_it():
    for rules in published():
        identifier = rules.document.identifier
        needed = {
            "pupils": pupil_columns(rules, counting=True).required if rules.top_ups else set(),
            "schools": rules.wanted.required,
        }
        for table, names in needed.items():
            for name in names:
                readers = entry_of(table, name).read_by.values()
                assert any(identifier in sets for sets in readers), f"{identifier}: {name}"


def test_every_entry_says_what_it_holds_in_which_unit():
    for table in catalogue().values():
        for entry in table.entries:
            assert entry.column.meaning, entry.name
            assert entry.unit, entry.name
            assert entry.absence, entry.name


def hold_to_the_engine(table, name):
    """Try the ends of a column's range, its codes, and what lies just beyond, on the engine."""
    entry, field = entry_of(table, name), field_of(table, name)
    column = entry.column
    if entry.bounds is not None and name != "la":
        low, high = entry.bounds
        assert accepts(table, name, low)
        assert accepts(table, name, high)
        assert not accepts(table, name, spelled(column.kind, column.highest + STEP[column.kind]))
        if column.kind is not Kind.date:
            assert not accepts(table, name, spelled(column.kind, column.lowest - 1))
    if column.kind in {Kind.code, Kind.flag}:
        words = field["constraints"].get("enum") or [*field["trueValues"], *field["falseValues"]]
        assert all(accepts(table, name, word) for word in words)
        assert not accepts(table, name, "no such code")
    if column.kind in {Kind.key, Kind.text}:
        longest = field["constraints"]["maxLength"]
        assert accepts(table, name, "a" * longest)
        assert not accepts(table, name, "a" * (longest + 1))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_schema_keeps_to_the_standard(name):
    schema = json.loads(as_json(table_schema(catalogue()[name])))
    assert schema["fieldsMatch"] == "superset"
    for field in schema["fields"]:
        assert field["type"] in TYPES
        assert all(isinstance(one, str) for one in field["missingValues"])
        constraints = field["constraints"]
        if field["type"] == "integer":
            assert all(isinstance(constraints[one], int) for one in ("minimum", "maximum"))
        if field["type"] in {"number", "date"}:
            assert all(isinstance(constraints[one], str) for one in ("minimum", "maximum"))
        if field["type"] == "boolean":
            assert not set(field["trueValues"]) & set(field["falseValues"])


@pytest.mark.parametrize(("table", "name"), REGISTER)
def test_the_range_and_codes_of_a_column_are_those_that_the_engine_reads(table, name):
    hold_to_the_engine(table, name)


def test_the_ranges_of_lines_and_levels_are_those_that_the_engine_reads():
    for table, register in {"pupils": PUPIL_COLUMNS, "schools": SCHOOL_COLUMNS}.items():
        for entry in catalogue()[table].entries[len(register) :]:
            hold_to_the_engine(table, entry.name)


@pytest.mark.parametrize(("table", "name"), REGISTER)
def test_what_stands_for_no_value_is_what_the_engine_reads_so(table, name):
    entry, field = entry_of(table, name), field_of(table, name)
    assert field["constraints"]["required"] is entry.filled
    assert accepts(table, name, "") is not entry.filled
    if entry.column.kind not in {Kind.text, Kind.key} and not entry.filled:
        for word in ("z", "x", "c"):
            assert accepts(table, name, word) is (word in field["missingValues"]), word


def test_one_rule_set_alone_names_the_bands_and_levels_of_its_own():
    alone = [one for one in published() if "telford" in one.document.identifier]
    [telford_alone] = [one.document.identifier for one in alone]
    telford = tables(alone)
    band = next(one for one in telford["pupils"].entries if one.name == "band")
    assert band.codes == tuple(map(str, range(1, 17)))
    assert band.required
    # Of several none speaks for all, whichever comes first.
    several = [one for one in published() if one.document.identifier != telford_alone]
    for sets in ([*several, *alone], [*alone, *several]):
        band = next(one for one in tables(sets)["pupils"].entries if one.name == "band")
        assert not band.required
    toy = tables([one for one in published() if one.document.identifier == "toy-levels-2025-26"])
    assert "level_learning" in {one.name for one in toy["pupils"].entries}


def test_rows_say_the_same_as_the_schemas():
    rows = column_rows(*catalogue().values()).frame
    fields = [
        (name, field["name"], field["unit"])
        for name in NAMES
        for field in table_schema(catalogue()[name])["fields"]
    ]
    assert rows.select("table", "column", "unit").rows() == fields


@pytest.mark.parametrize(
    "said",
    [
        "`SPLD` (Specific learning difficulty)",
        "`NSA` (SEN support but no specialist assessment of the type of need)",
        "`A` (The most deprived)",
        "`R` is read as 0",
        "`N1` is read as -2",
        "`N2` is read as -1",
    ],
)
def test_the_page_says_what_codes_mean(said):
    assert said in page(catalogue())


def test_every_type_of_need_and_level_of_provision_has_words():
    for codes in (Need, SenProvision):
        assert set(CODE_WORDS[codes]) == set(codes.__members__)
    for codes, words in CODE_WORDS.items():
        assert set(words) <= set(codes.__members__)
