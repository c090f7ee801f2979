"""The columns of schools, and which part of which rule set reads each."""

from collections.abc import Sequence

from engine.catalogue.entries import Entry, Readers, Table
from engine.catalogue.units import unit_of
from engine.columns import SCHOOL_COLUMNS, line_column
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Reads

ALWAYS = {"urn", "phase"}


def school_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of schools, with a column for each form of each line of the rule sets' formulas."""
    known = set().union(*(one.wanted.known for one in sets))
    lines = sorted(known - SCHOOL_COLUMNS.keys(), key=lambda name: (_stem(name), name))
    columns = {**SCHOOL_COLUMNS, **{name: line_column(name) for name in lines}}
    readers = Readers.of(sets, _reads)
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
                required=name in ALWAYS,
            )
            for name, column in columns.items()
        ),
    )


def _stem(name: str) -> str:
    return name.partition("_")[2]


def _reads(one: CompiledRules) -> Reads:
    return () if one.formula is None else one.formula.reads
