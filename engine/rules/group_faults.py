"""What is wrong with fields of a document together, where each is sound by itself: every group of it, each at its place."""

from collections.abc import Iterator

from pydantic import BaseModel

from engine.rules.values import DatedValue, Document, Misfit
from engine.rules.yaml_source import Path


def group_faults(part: object, path: Path = ()) -> Iterator[tuple[Path, Misfit]]:
    """Yield each fault of fields together of a part of a document and of what is below it, with the group's place."""
    if isinstance(part, DatedValue):
        return
    if isinstance(part, BaseModel):
        if isinstance(part, Document):
            yield from ((path, fault) for fault in part.faults())
        for name, field in type(part).model_fields.items():
            yield from group_faults(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, one in part.items():
            yield from group_faults(one, (*path, str(key)))
    elif isinstance(part, tuple):
        for at, one in enumerate(part):
            yield from group_faults(one, (*path, at))
