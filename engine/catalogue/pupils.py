"""The columns of pupils, and which part of which rule set reads each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.catalogue.entries import Entry, Readers, Table, words_of
from engine.catalogue.units import unit_of
from engine.columns import PUPIL_COLUMNS, level_column
from engine.rules.compile import pupil_columns, pupil_reads
from engine.rules.compile_reads import PUPILS
from engine.rules.compiled import CompiledRules
from engine.rules.reads import Reads, needed

ALWAYS = needed(PUPILS)


def pupil_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of pupils, with the levels of the rule sets' own dimensions."""
    levels = words_of(sets, _levels)
    columns = {**PUPIL_COLUMNS, **{name: level_column(name) for name in levels}}
    columns["band"] = replace(columns["band"], labels=words_of(sets, _labels))
    readers = Readers.of(sets, _reads)
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
                required=name in ALWAYS or top_ups.needs(name),
            )
            for name, column in columns.items()
        ),
    )


def _levels(one: CompiledRules) -> Iterable[str]:
    return () if one.top_ups is None else (name for name, _, _ in one.top_ups.dimensions)


def _labels(one: CompiledRules) -> Iterable[str]:
    return pupil_columns(one, counting=False).labels


def _reads(one: CompiledRules) -> Reads:
    """Return what a rule set reads of pupils, those whom a formula counts included."""
    has_pupils = one.top_ups is not None or one.formula is not None
    return pupil_reads(one, counting=True) if has_pupils else ()
