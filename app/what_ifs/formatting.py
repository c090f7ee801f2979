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

_Field = tuple[str, Callable[[Any], Any], Callable[[Any], object] | None]


def answer(kind: type, source: object, /, **others: object) -> Record:
    """Return a statement or a row of the engine as an answer of a kind.

    ``others`` are fields that the source does not have, already in the form of an answer.
    """
    held = {}
    for name, read, write in _plan(kind, isinstance(source, Mapping)):
        if name in others:
            held[name] = others[name]
            continue
        value = read(source)
        held[name] = value if value is None or write is None else write(value)
    return held | others


@cache
def _plan(kind: type, of_row: bool) -> tuple[_Field, ...]:  # noqa: FBT001 - one of two plans
    """Return each field of a kind with how it is read and how it is written."""
    hints = get_type_hints(kind, include_extras=True)
    getter = itemgetter if of_row else attrgetter
    plan = []
    for field in fields(kind):
        hint = hints[field.name]
        path = next((one.path for one in get_args(hint) if isinstance(one, Of)), field.name)
        plan.append((field.name, getter(path), _writing(hint)))
    return tuple(plan)


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
    return lambda values: [write(one) for one in values]
