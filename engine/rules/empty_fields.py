"""What to do about a field of a rule document without a value, by what the format has at its place."""

import re
from collections.abc import Mapping
from typing import Any

from engine.rules.unprinted import must_be_printed
from engine.rules.yaml_source import EMPTY, Path
from engine.vocabulary import NOT_PRINTED
from engine.wording import fields_at, forms_at, unknown_field

UNPRINTED = f"write {NOT_PRINTED} where the source gives no figure"
SERIES = {"string", "object", "array"}
"""What a value with its days may be written as."""


def empty_sentence(schema: Mapping[str, Any], path: Path) -> str:
    """Return the sentence for a place of a document that is empty: what it needs, or that it may be left out."""
    *above, name = path
    fields = fields_at(schema, tuple(above))
    if isinstance(name, int):
        return "is empty; leave the entry out of the list"
    if fields and name not in fields:
        return unknown_field(schema, path)
    needed = any(name in form.get("required", ()) for form in forms_at(schema, tuple(above)))
    if _is_series(schema, path):
        unprinted = UNPRINTED if not must_be_printed((*path, 0)) else ""
        if needed:
            return f"is empty; give a number{f', or {unprinted}' if unprinted else ''}"
        return f"{EMPTY}, or {unprinted}" if unprinted else EMPTY
    if name == "value" and (series := _series_above(schema, path)):
        return (
            f"is empty; give a number{'' if must_be_printed((*series, 0)) else f', or {UNPRINTED}'}"
        )
    return f"is empty; {_needed(schema, path)}" if needed else EMPTY


def _series_above(schema: Mapping[str, Any], path: Path) -> Path:
    """Return the place of the values that a field is one of; none where it is of none."""
    above = path[:-2] if isinstance(path[-2], int) else path[:-1]
    return above if _is_series(schema, above) else ()


def _is_series(schema: Mapping[str, Any], path: Path) -> bool:
    return {form.get("type") for form in forms_at(schema, path)} >= SERIES


def _needed(schema: Mapping[str, Any], path: Path) -> str:
    """Return what a field that must have a value is to have."""
    forms = forms_at(schema, path)
    if any(re.search(form.get("pattern", "$^"), NOT_PRINTED) for form in forms):
        return f"give a number, or {UNPRINTED}"
    if fields := fields_at(schema, path):
        return f"give its fields: {', '.join(fields)}"
    if any("enum" in form for form in forms):
        return (
            f"give one of {', '.join(str(one) for form in forms for one in form.get('enum', ()))}"
        )
    if any(form.get("type") == "array" for form in forms):
        return "list at least one"
    return "it must have a value"
