"""The columns of pupils, and which part of which rule set reads each."""

from collections.abc import Iterable, Sequence

from engine.catalogue.entries import Entry, Reads, Table, read_by, words_of
from engine.catalogue.units import unit_of
from engine.columns import PUPIL_COLUMNS, Kind, level_column
from engine.rules.compile import pupil_columns
from engine.rules.compiled import CompiledRules

ALWAYS = {"pupil_key", "la"}
GROUPED = {"urn", "primary_need", "setting"}


def pupil_table(sets: Sequence[CompiledRules]) -> Table:
    """Return the table of pupils, with the levels of the rule sets' own dimensions."""
    levels = words_of(sets, _levels)
    columns = {**PUPIL_COLUMNS, **{name: level_column(name) for name in levels}}
    bands = words_of(
        sets, lambda one: one.top_ups.labels if _reads_bands(one) and one.top_ups else ()
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
                column.absence,
                read_by(name, sets, PUPIL_PARTS),
                required=name in ALWAYS or _needed(name, sets),
                labels=bands if column.kind is Kind.label else (),
            )
            for name, column in columns.items()
        ),
    )


def _needed(name: str, sets: Sequence[CompiledRules]) -> bool:
    """Return whether one rule set alone is asked about and needs the column."""
    return len(sets) == 1 and _decides(sets[0], name)


def _levels(one: CompiledRules) -> Iterable[str]:
    return () if one.top_ups is None else (name for name, _, _ in one.top_ups.dimensions)


def _reads_bands(one: CompiledRules) -> bool:
    return "band" in pupil_columns(one, counting=False).required


def _decides(one: CompiledRules, name: str) -> bool:
    required = pupil_columns(one, counting=False).required - ALWAYS
    return one.top_ups is not None and name in required


def _counts(one: CompiledRules, name: str) -> bool:
    return one.formula is not None and name in {"urn", *one.formula.counted.columns}


def _pays_days(one: CompiledRules, name: str) -> bool:
    if one.top_ups is None:
        return False
    calendar = one.top_ups.calendar
    return (name in {"start", "end"} and calendar.dated) or (
        name == "parts_on_roll" and calendar.parts > 0
    )


PUPIL_PARTS: dict[str, Reads] = {
    "every table of pupils": lambda one, name: name in ALWAYS and _has_pupils(one),
    "bands and top-ups": _decides,
    "part of the year paid": _pays_days,
    "schools formula, counted from pupils": _counts,
    "groups of totals": lambda one, name: name in GROUPED and one.top_ups is not None,
}


def _has_pupils(one: CompiledRules) -> bool:
    return one.top_ups is not None or one.formula is not None
