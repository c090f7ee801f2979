"""The kinds of table, with the columns that published rule sets read in each, and which part reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.catalogue.entries import UNITS, Entry, Readers, Table, unit_of, words_of
from engine.columns import PUPIL_COLUMNS, SCHOOL_COLUMNS, Column, Kind, level_column, line_column
from engine.rules.compile import pupil_columns, pupil_reads
from engine.rules.compile_reads import PUPILS
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Reads, needed
from engine.run import EVERYTHING, AnyAllocation

NAMES = ("pupils", "schools", *(one.table for one in EVERYTHING.allocations))


def tables(sets: Sequence[CompiledRules]) -> dict[str, Table]:
    """Return every table by name, its columns as the given rule sets read them."""
    return {
        "pupils": pupil_table(sets),
        "schools": school_table(sets),
        **{one.table: _table(one, sets) for one in EVERYTHING.allocations},
    }


def _table(module: AnyAllocation, sets: Sequence[CompiledRules]) -> Table:
    """Return the table of a module: its columns, and which of the rule sets reads and needs each."""

    def reads(rules: CompiledRules) -> Reads:
        part = module.of(rules)
        return () if part is None else module.reads(part)

    parts = [part for one in sets if (part := module.of(one)) is not None]
    columns: dict[str, Column] = {}
    for column in (one for part in parts for one in module.columns(part)):
        before = columns[column.name].labels if column.name in columns else ()
        labels = tuple(dict.fromkeys((*before, *column.labels)))
        columns[column.name] = replace(column, labels=labels)
    readers = Readers.of(sets, reads)
    return Table(
        module.table,
        module.title,
        module.about,
        module.key,
        tuple(
            Entry(
                column,
                module.numbers if column.kind is Kind.millionths else UNITS[column.kind],
                column.absence,
                readers.read_by(column.name),
                required=readers.all_need(column.name),
            )
            for column in columns.values()
        ),
    )


def pupil_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of pupils, with the levels of the rule sets' own dimensions."""
    levels = words_of(sets, _levels)
    columns = {**PUPIL_COLUMNS, **{name: level_column(name) for name in levels}}
    columns["band"] = replace(columns["band"], labels=words_of(sets, _labels))
    readers = Readers.of(sets, _pupil_reads)
    top_ups = Readers.of(
        sets[:1] if len(sets) == 1 else (), lambda one: pupil_reads(one, counting=False)
    )
    return Table(
        "pupils",
        "Pupils",
        "One row for each pupil, or for each spell of one; `evenband value` and `compare` read it.",
        ("pupil_key", "start"),
        tuple(
            Entry(
                column,
                unit_of(column),
                readers.absence(name) or column.absence,
                readers.read_by(name),
                required=name in needed(PUPILS) or top_ups.needs(name),
            )
            for name, column in columns.items()
        ),
    )


def _levels(one: CompiledRules) -> Iterable[str]:
    return () if one.top_ups is None else (name for name, _, _ in one.top_ups.dimensions)


def _labels(one: CompiledRules) -> Iterable[str]:
    return pupil_columns(one, counting=False).labels


def _pupil_reads(one: CompiledRules) -> Reads:
    """Return what a rule set reads of pupils, those whom a formula counts included."""
    has_pupils = one.top_ups is not None or one.formula is not None
    return pupil_reads(one, counting=True) if has_pupils else ()


def school_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of schools, with a column for each form of each line of the rule sets' formulas."""
    known = set().union(*(one.wanted.known for one in sets))
    lines = sorted(known - SCHOOL_COLUMNS.keys(), key=lambda name: (_stem(name), name))
    columns = {**SCHOOL_COLUMNS, **{name: line_column(name) for name in lines}}
    readers = Readers.of(sets, _school_reads)
    return Table(
        "schools",
        "Schools",
        "One row for each school; `evenband value` and `compare` read it.",
        ("urn",),
        tuple(
            Entry(
                column,
                unit_of(column),
                column.absence,
                readers.read_by(name),
                required=name in {"urn", "phase"},
            )
            for name, column in columns.items()
        ),
    )


def _stem(name: str) -> str:
    return name.removeprefix("prior_").partition("_")[2]


def _school_reads(one: CompiledRules) -> Reads:
    return () if one.formula is None else one.formula.reads
