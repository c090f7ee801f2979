"""A body without its wrong fields: how its records are looked at beside what is wrong with the others."""

from collections.abc import Collection, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.bodies.records import BodyProblems
from engine.columns import PUPIL_COLUMNS, Kind
from engine.errors import Problem

OTHERS = frozenset({"other_authorities", "detail", "working", "schedule", "sen_support_cost", "blank_means_none",
                    "round_to_pence", "overrides", "on"})  # fmt: skip
"""Fields without which records have the same mistakes, or fewer: what a field of another name says may be why a cell is right."""

READ_BY = {
    "dates": frozenset(name for name, one in PUPIL_COLUMNS.items() if one.kind is Kind.date) | {"pupil_key"}
}  # fmt: skip
"""Columns that are not certain without a field: those that it says how to read, and keys, as one pupil may have several spells by their days."""


def can_be_left_out(fields: Collection[object]) -> bool:
    """Return whether records can be looked at without some fields, and there are some."""
    return bool(fields) and (OTHERS | READ_BY.keys()).issuperset(fields)


def certain(
    problems: Sequence[Problem], total: int, fields: Collection[object]
) -> tuple[list[Problem], int]:
    """Return the problems of records that do not depend on wrong fields, and how many: of cells that these do not read.

    ``total`` counts all problems, where only the first are listed.
    """
    read = frozenset[str]().union(*(READ_BY[str(one)] for one in fields if one in READ_BY))
    if not read:
        return list(problems), total
    kept = [
        one
        for one in problems
        if one.row is not None and one.column is not None and one.column not in read
    ]
    return kept, len(kept)


def without(fields: Collection[object], values: Any, schema: TypeAdapter[Any]) -> object:
    """Return what a body says without some of its fields; None where it says nothing then, or its records are wrong."""
    if not isinstance(values, dict):
        return None
    found = BodyProblems()
    try:
        value = schema.validate_python(
            {name: one for name, one in values.items() if name not in fields}, context=found
        )
    except ValidationError:
        return None
    return None if found.total else value
