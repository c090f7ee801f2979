"""The five kinds of table, with the columns that published rule sets read in each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from engine.catalogue.entries import UNITS, Entry, Readers, Table
from engine.catalogue.pupils import pupil_table
from engine.catalogue.schools import school_table
from engine.columns import Column, Kind
from engine.modules.allocation import AllocationModule, Valued
from engine.modules.high_needs_block import HIGH_NEEDS_BLOCK
from engine.modules.places import PLACES
from engine.modules.targeted import TARGETED_FUNDING
from engine.rules.compiled import CompiledRules
from engine.rules.in_force import Compiled
from engine.rules.reads import Reads

NAMES = ("pupils", "schools", "places", "block", "targeted")
NUMBERS = {
    "places": "places",
    "block": "pounds, or pupils where another term multiplies it",
    "targeted": "pupils",
}
"""What numbers with decimals count in each table."""

P = TypeVar("P", bound=Compiled)
V = TypeVar("V", bound=Valued)


def tables(sets: Sequence[CompiledRules]) -> dict[str, Table]:
    """Return every table by name, its columns as the given rule sets read them."""
    places = "One row for each authority, group of institutions and kind of place; `evenband places` reads it."
    block = "One row for each authority; `evenband block` reads it."
    targeted = (
        f"One row for each school; `evenband targeted` reads it. {_older(TARGETED_FUNDING.aliases)}"
    )
    return {
        "pupils": pupil_table(sets),
        "schools": school_table(sets),
        "places": _table(PLACES, sets, "places", "Places", places),
        "block": _table(HIGH_NEEDS_BLOCK, sets, "block", "Terms of the high needs block", block),
        "targeted": _table(TARGETED_FUNDING, sets, "targeted", "Schools with many plans", targeted),
    }


def _table(
    module: AllocationModule[P, V], sets: Sequence[CompiledRules], name: str, title: str, about: str
) -> Table:
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
        name,
        title,
        about,
        module.key,
        tuple(
            Entry(
                column,
                NUMBERS[name] if column.kind is Kind.millionths else UNITS[column.kind],
                column.absence,
                readers.read_by(column.name),
                required=readers.all_need(column.name),
            )
            for column in columns.values()
        ),
    )


def _older(aliases: Mapping[str, str]) -> str:
    named = ", ".join(f"`{older}` is an older name of `{name}`" for older, name in aliases.items())
    return f"{named}, and is read too."
