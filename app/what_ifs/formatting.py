"""The one formatter of answers: an engine's statement or row in, the fields of an answer out.

An answer's fields say where each value is in the engine's form and how it is written. Money is
pounds as text; what the engine does not know is None there, and null in the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
from operator import attrgetter, itemgetter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import Field

from engine.money import PERCENT_TO_MILLIONTHS, number, pounds

Record = dict[str, Any]
"""An answer, or a part of one, by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Of:
    """Where a field's value is in the engine's form, where it has another name there."""

    path: str


@dataclass(frozen=True, slots=True)
class As:
    """How a field's value is written, where it is known."""

    write: Callable[[Any], object]


Pounds = Annotated[str, Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["1152138.52"]), As(pounds)]
"""Held in pence."""

Number = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["137.288"]), As(number)]
"""Held in millionths."""

PercentText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["5.25"])]
Percent = Annotated[PercentText, As(lambda share: number(share, PERCENT_TO_MILLIONTHS))]
"""Held in millionths of the whole."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a source becomes an answer: the names of its fields, their values, and how some are written.

    ``order`` has the fields that come from elsewhere too.
    """

    order: tuple[str, ...]
    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    written: tuple[tuple[str, Callable[[Any], object]], ...]


def answer(kind: type, source: object, /, **others: object) -> Record:
    """Return a statement or a row of the engine as an answer of a kind.

    ``others`` are fields that the source does not have, already in the form of an answer.
    """
    plan = _plan(kind, tuple(others), isinstance(source, Mapping))
    record: Record = dict(zip(plan.names, plan.read(source), strict=True))
    for name, write in plan.written:
        value = record[name]
        if value is not None:
            record[name] = write(value)
    if not others:
        return record
    record |= others
    return {name: record[name] for name in plan.order}


@cache
def _plan(kind: type, others: tuple[str, ...], of_row: bool) -> _Plan:  # noqa: FBT001 - a key of the cache
    """Return how a kind is read from a row or a statement, without the fields that come from elsewhere."""
    every = get_type_hints(kind, include_extras=True)
    hints = {one.name: every[one.name] for one in fields(kind) if one.name not in others}
    paths = [
        next((one.path for one in get_args(hint) if isinstance(one, Of)), name)
        for name, hint in hints.items()
    ]
    getter = itemgetter if of_row else attrgetter
    # A getter of one name returns the value itself, and there is none of no name.
    readers = [getter(path) for path in paths]
    read = (
        getter(*paths) if len(paths) > 1 else lambda source: tuple(one(source) for one in readers)
    )
    writing = ((name, _writing(hint)) for name, hint in hints.items())
    written = tuple((name, write) for name, write in writing if write is not None)
    order = tuple(dict.fromkeys([*(one.name for one in fields(kind)), *others]))
    return _Plan(order, tuple(hints), read, written)


def _writing(hint: Any) -> Callable[[Any], object] | None:
    """Return how a value of a type is written, None where it is answered as it is."""
    if isinstance(hint, As):
        return hint.write
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(answer, hint)
    inner = (write for one in get_args(hint) if (write := _writing(one)) is not None)
    write = next(inner, None)
    if write is None or get_origin(hint) is not tuple:
        return write
    return lambda values: [None if one is None else write(one) for one in values]
