"""A part of a document with some of its values changed: only what is on the way to them is validated again.

Validating a whole document again takes as long as reading it. Documents never change, so a part
that no change touches is the same object in both, and what was worked out of it still holds.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from engine.rules.yaml_source import Path

PROVENANCE = "provenance"


def with_values(part: Any, changes: Mapping[Path, Any]) -> Any:
    """Return a part of a document with plain values at some paths, as people write them.

    A path has the names of the written document, and rows by number. A value without a provenance
    of its own is given none: every value of a document that was read carries its own. Raises
    ``ValidationError`` where a value does not fit its place, or what is above it.
    """
    below: dict[str | int, dict[Path, Any]] = {}
    for path, value in changes.items():
        below.setdefault(path[0], {})[path[1:]] = value
    if isinstance(part, BaseModel):
        return _model(part, below)
    if isinstance(part, Mapping):
        return {**part, **{key: _below(part.get(key), these) for key, these in below.items()}}
    if isinstance(part, tuple):
        rows = list(part)
        for at, these in below.items():
            rows[int(at)] = _below(rows[int(at)], these)
        return tuple(rows)
    message = f"a {type(part).__name__} has no parts"
    raise TypeError(message)


def _below(part: Any, changes: Mapping[Path, Any]) -> Any:
    """Return what one step further down becomes: a value itself, or a part with values in it."""
    return changes[()] if () in changes else with_values(part, changes)


def _model(part: Any, below: Mapping[str | int, Mapping[Path, Any]]) -> Any:
    kind: type[BaseModel] = type(part)
    names = _fields(kind)
    stated = kind.model_fields
    values = {
        stated[name].alias or name: getattr(part, name)
        for name in part.model_fields_set
        if name != PROVENANCE
    }
    for written, these in below.items():
        name = names.get(str(written), str(written))
        values[written] = _below(getattr(part, name, None), these)
    return kind.model_validate(values)


@cache
def _fields(kind: type[BaseModel]) -> dict[str, str]:
    """Return the field of each name in a written document."""
    return {one.alias or name: name for name, one in kind.model_fields.items()}
