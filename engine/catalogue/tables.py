"""The five kinds of table, with the columns that published rule sets read in each."""

from collections.abc import Mapping, Sequence

from engine.block.block_table import term_columns
from engine.block.place_table import place_columns
from engine.block.targeted_table import targeted_columns
from engine.catalogue import absence
from engine.catalogue.entries import UNITS, Entry, IsRead, Table, read_by, words_of
from engine.catalogue.pupils import pupil_table
from engine.catalogue.schools import school_table
from engine.columns import ALWAYS, Column, Kind
from engine.reading.aliases import OF_TARGETED_FUNDING
from engine.rules.compiled import CompiledRules
from engine.rules.targeted import Pattern

NAMES = ("pupils", "schools", "places", "block", "targeted")


def tables(sets: Sequence[CompiledRules]) -> dict[str, Table]:
    """Return every table by name, its columns as the given rule sets read them."""
    return {
        "pupils": pupil_table(sets),
        "schools": school_table(sets),
        "places": _places(sets),
        "block": _block(sets),
        "targeted": _targeted(sets),
    }


def _places(sets: Sequence[CompiledRules]) -> Table:
    columns: dict[str, Column] = {}
    for one in sets:
        if one.document.places is not None:
            columns |= {column.name: column for column in place_columns(one.document.places)}
    kinds = words_of(sets, lambda one: one.document.places.types if one.document.places else ())
    parts: dict[str, IsRead] = {
        "places": lambda one, name: (
            one.document.places is not None
            and name in {column.name for column in place_columns(one.document.places)}
        )
    }
    return Table(
        "places",
        "Places",
        "One row for each authority, group of institutions and kind of place; `evenband places` reads it.",
        ("la", "institution_group", "place_type"),
        tuple(
            Entry(
                column,
                "places" if column.kind is Kind.millionths else UNITS[column.kind],
                absence.PLACES if column.kind is Kind.millionths else absence.OTHERS[name],
                read_by(name, sets, parts),
                required=name != "institution_group",
                labels=kinds if column.kind is Kind.label else (),
            )
            for name, column in columns.items()
        ),
    )


def _block(sets: Sequence[CompiledRules]) -> Table:
    columns: dict[str, Column] = {}
    for one in sets:
        if one.document.high_needs_block is not None:
            columns |= {
                column.name: column for column in term_columns(one.document.high_needs_block)
            }
    parts: dict[str, IsRead] = {
        "high needs block": lambda one, name: (
            one.document.high_needs_block is not None
            and name in {column.name for column in term_columns(one.document.high_needs_block)}
        )
    }
    return Table(
        "block",
        "Terms of the high needs block",
        "One row for each authority; `evenband block` reads it.",
        ("la",),
        tuple(
            Entry(
                column,
                "pounds, or pupils where another term multiplies it" if name != "la" else "code",
                absence.TERM if name != "la" else ALWAYS,
                read_by(name, sets, parts),
                required=name == "la",
            )
            for name, column in columns.items()
        ),
    )


def _older(aliases: Mapping[str, str]) -> str:
    named = ", ".join(f"`{older}` is an older name of `{name}`" for older, name in aliases.items())
    return f"{named}, and is read too."


def _targeted(sets: Sequence[CompiledRules]) -> Table:
    columns: dict[str, Column] = {}
    for one in sets:
        if one.document.targeted_funding is not None:
            columns |= {
                column.name: column for column in targeted_columns(one.document.targeted_funding)
            }
    parts: dict[str, IsRead] = {
        "targeted funding": lambda one, name: (
            one.document.targeted_funding is not None
            and _compares(one.document.targeted_funding.pattern, name)
        )
    }
    return Table(
        "targeted",
        "Schools with many plans",
        f"One row for each school; `evenband targeted` reads it. {_older(OF_TARGETED_FUNDING)}",
        ("urn",),
        tuple(
            Entry(
                column,
                "pupils" if name == "pupils" else UNITS[column.kind],
                absence.OTHERS[name],
                read_by(name, sets, parts),
                required=name in {"urn", "ehc_plans"},
            )
            for name, column in columns.items()
        ),
    )


def _compares(pattern: Pattern, name: str) -> bool:
    """Return whether a pattern reads a column; calls on budgets read the pupils on SEN support."""
    only = {
        "notional_sen": pattern is not Pattern.plans_above_rate,
        "pupils": pattern is Pattern.plans_above_rate,
        "expected_calls": pattern is Pattern.gap_then_pot,
    }
    return only.get(name, True)
