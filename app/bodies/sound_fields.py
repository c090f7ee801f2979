"""A body without its wrong fields: how its records are looked at beside what is wrong with the others."""

from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.bodies.records import BodyProblems

OTHERS = frozenset({"other_authorities", "detail", "working", "schedule", "sen_support_cost", "blank_means_none",
                    "round_to_pence", "overrides", "on"})  # fmt: skip
"""Fields without which records have the same mistakes, or fewer: what a field of another name says may be why a cell is right."""


def is_of_others(fields: Collection[object]) -> bool:
    """Return whether records can be looked at without some fields, and there are some."""
    return bool(fields) and OTHERS.issuperset(fields)


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
