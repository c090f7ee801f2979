"""The kinds of table, with the columns that published rule sets read in each."""

from collections.abc import Sequence
from dataclasses import replace

from engine.catalogue.entries import UNITS, Entry, Readers, Table
from engine.catalogue.pupils import pupil_table
from engine.catalogue.schools import school_table
from engine.columns import Column, Kind
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Reads
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
