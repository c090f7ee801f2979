"""A body without what is wrong with it: how its records are looked at beside its wrong fields and cells."""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.bodies.records import BodyProblems
from engine.columns import PUPIL_COLUMNS, Kind
from engine.errors import Problem
from engine.modules import AbsentLines
from engine.wording import UNKNOWN_FIELD, fields_at, nearest

LA_MAP, ABSENT_LINES, DATES, LA = "la_map", "absent_lines", "dates", "la"

OTHERS = frozenset({"other_authorities", "detail", "working", "explain", "schedule", "sen_support_cost", "blank_means_none",
                    "round_to_pence", "overrides", "on", LA_MAP})  # fmt: skip
"""Fields without which records have the same mistakes, or fewer: what a field of another name says may be why a cell is right."""

READ_BY = {
    DATES: frozenset(name for name, one in PUPIL_COLUMNS.items() if one.kind is Kind.date) | {"pupil_key"}
}  # fmt: skip
"""Columns that are not certain without a field: those that it says how to read, and keys, as one pupil may have several spells by their days."""

LEFT_OUT = OTHERS | READ_BY.keys() | {ABSENT_LINES}
"""All fields without which records can be looked at."""

ABOVE = ("baseline", "candidate", "rule_sets")
"""Fields that have fields of their own which can be left out."""

Place = tuple[object, ...]
Field = tuple[object, ...]
"""The names and positions that lead to a field of a body."""

_NOT_READ = "(not read)"
"""What a cell that cannot be used holds where its record is looked at: nothing that any column takes but text."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a body: its fields, those that are unknown, and cells of its records by the field, the position and the column.

    ``codes`` are those that the map of authorities replaces wrongly, None where it is wrong as a whole; ``unnamed``
    is whether something else is wrong, without which the body cannot be looked at.
    """

    fields: frozenset[Field]
    unknown: frozenset[Field]
    cells: frozenset[tuple[str, int, str]]
    codes: frozenset[str] | None
    unnamed: bool

    @property
    def names(self) -> frozenset[object]:
        """Return the names of the fields."""
        return frozenset(one[-1] for one in self.fields)

    def __or__(self, other: "Wrong") -> "Wrong":
        """Return all that is wrong."""
        codes = (
            None
            if None in {self.codes, other.codes}
            else (self.codes or frozenset()) | (other.codes or frozenset())
        )
        return Wrong(
            self.fields | other.fields, self.unknown | other.unknown, self.cells | other.cells,
            codes, self.unnamed or other.unnamed,
        )  # fmt: skip

    @property
    def can_be_left_out(self) -> bool:
        """Return whether records can be looked at without what is wrong."""
        return not self.unnamed and LEFT_OUT.issuperset(self.names)


NOTHING = Wrong(frozenset(), frozenset(), frozenset(), frozenset(), unnamed=False)


def wrong_of(
    errors: Sequence[Mapping[str, Any]],
    found: BodyProblems,
    schema: Callable[[], Mapping[str, Any]],
) -> Wrong:
    """Return what a schema and the look at cells found wrong with a body."""
    fields: set[Field] = set()
    unknown: set[Field] = set()
    unnamed = False
    for one in errors:
        field = _field(tuple(one["loc"]))
        if field is None:
            unnamed = True
            continue
        if one["type"] == UNKNOWN_FIELD and len(field) == len(one["loc"]):
            # An unknown field says, most likely, what the known field says whose name is near.
            unknown.add(field)
            near = nearest(str(field[-1]), fields_at(schema(), _names(field[:-1])))
            if near is not None:
                fields.add((*field[:-1], near))
            continue
        fields.add(field)
    cells = set()
    for place in found.places:
        match place:
            case (str() as field_name, int() as at, str() as column):
                cells.add((field_name, at, column))
            case (str() as name,) if name in OTHERS:
                fields.add((name,))
            case _:
                unnamed = True
    of_map = [tuple(one["loc"]) for one in errors if one["loc"] and one["loc"][0] == LA_MAP]
    codes = None
    if all(len(one) > 1 for one in of_map):
        codes = frozenset(str(one[1]) for one in of_map)
    return Wrong(frozenset(fields), frozenset(unknown), frozenset(cells), codes, unnamed)


def _field(loc: Place) -> Field | None:
    """Return the field that a fault is of: the first name, or that below one which has fields of its own."""
    if not loc:
        return None
    if loc[0] in ABOVE:
        below = next((at for at, part in enumerate(loc) if at and isinstance(part, str)), None)
        return loc[:1] if below is None else loc[: below + 1]
    return loc[:1]


def _names(place: Field) -> tuple[str | int, ...]:
    return tuple(one if isinstance(one, int) else str(one) for one in place)


def without(wrong: Wrong, values: Any) -> Any:
    """Return the values of a body without what is wrong with them; None where they are no fields."""
    if not isinstance(values, dict):
        return None
    body = {name: _copied(name, held, wrong) for name, held in values.items()}
    for field in wrong.fields | wrong.unknown:
        above: Any = body
        for part in field[:-1]:
            above = above[part]
        above.pop(field[-1], None)
        if field[-1] == ABSENT_LINES:
            # Whatever it was to say, it says of a line without a column that it is right.
            above[ABSENT_LINES] = AbsentLines.zero.value
    return body


def with_sound_codes(wrong: Wrong, values: Any, value: object) -> object:
    """Return a body that was read without its map of authorities with what of that is sound.

    A code that is replaced wrongly is replaced by an empty text, so that nothing follows from what it is.
    """
    mapping = values.get(LA_MAP)
    if (
        (LA_MAP,) not in wrong.fields
        or not isinstance(mapping, dict)
        or not isinstance(value, BaseModel)
    ):
        return value
    codes = mapping.keys() if wrong.codes is None else wrong.codes
    sound = {code: "" if code in codes else other for code, other in mapping.items()}
    return value.model_copy(update={LA_MAP: sound})


def with_defaults(value: Any, names: Collection[str]) -> Any:
    """Return a body that has the defaults of some fields, in all that has such fields."""
    if isinstance(value, list):
        return [with_defaults(one, names) for one in value]
    if not isinstance(value, BaseModel):
        return value
    fields = type(value).model_fields
    defaults = {
        name: one.get_default(call_default_factory=True)
        for name, one in fields.items()
        if name in names
    }
    below = {name: with_defaults(getattr(value, name), names) for name in ABOVE if name in fields}
    return value.model_copy(update=below | defaults)


def _copied(name: str, held: Any, wrong: Wrong) -> Any:
    """Return what a field holds, with the cells that cannot be used as text that no column takes, and of its own where fields below it are left out."""
    if name in ABOVE:
        return [copy(one) for one in held] if isinstance(held, list) else copy(held)
    cells = [(at, column) for field, at, column in wrong.cells if field == name]
    if not cells:
        return held
    rows = list(held)
    for at, column in cells:
        rows[at] = {**rows[at], column: _NOT_READ}
    return rows


def certain(problems: Sequence[Problem], total: int, wrong: Wrong) -> tuple[list[Problem], int]:
    """Return the problems of records that do not depend on what is wrong, and how many.

    ``total`` counts all problems, where only the first are listed.
    """
    cells = {(at + 1, column) for _, at, column in wrong.cells}
    kept = [
        one for one in problems if (one.row, one.column) not in cells and _is_certain(one, wrong)
    ]
    if len(kept) == len(problems) and wrong.names <= OTHERS and not cells:
        return kept, total
    return kept, len(kept)


def _is_certain(one: Problem, wrong: Wrong) -> bool:
    """Return whether a problem of records is there whatever the wrong fields were to say."""
    if LA_MAP in wrong.names and wrong.codes is None and one.column == LA:
        return False
    return one.row is None or not any(
        one.column in columns for name, columns in READ_BY.items() if name in wrong.names
    )
