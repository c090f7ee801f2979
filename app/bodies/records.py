"""The cells of records that a body holds: text, whole numbers and decimals, with every problem.

A body of a thousand records has some hundred thousand cells. They are looked at in one pass;
the problems are counted, and the first of them worded.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema

from app.bodies.json_text import MOST_NAMES
from app.errors import MOST_PROBLEMS, InputRefused
from app.problems.responses import path_part
from engine.errors import Problem
from engine.reading import is_text

LONGEST_CELL = 200
LONGEST_NAME = 80
LARGEST_NUMBER = 10**13

_DECIMAL = re.compile(rb"-?[0-9]{1,13}\.[0-9]{1,6}")
_KINDS = (
    f"must be text of at most {LONGEST_CELL} characters, a whole number, a number with at most "
    "six decimals, true, false or null"
)
_NUMBER = "must be a plain number with at most six decimals: no exponent, no NaN and no Infinity"
_DESCRIBED = {
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
    ],
    "description": (
        "A value as its table would hold it; a number is read as it is written, with at most six "
        "decimals and no exponent"
    ),
}

ColumnName = Annotated[str, Field(max_length=LONGEST_NAME)]
Cell = Annotated[object, WithJsonSchema(_DESCRIBED)]
"""A value of a record as its table would hold it."""


class BodyProblems:
    """Problems of one body: all counted, the first of them worded."""

    def __init__(self) -> None:
        """Start without problems."""
        self.listed: list[Problem] = []
        self.places: list[tuple[object, ...]] = []
        """Of every problem, the names and positions that lead to it from the body."""
        self.total = 0

    def add(self, sentence: str, rule: str, *place: object) -> None:
        """Count a problem, and word it with the parts of its place where it is one of the first."""
        self.total += 1
        self.places.append(place[1:])
        if len(self.listed) < MOST_PROBLEMS:
            self.listed.append(Problem(sentence, rule, place=".".join(map(path_part, place))))

    def refuse(self) -> None:
        """Raise ``InputRefused`` where there is a problem."""
        if self.total:
            raise InputRefused(problems=self.listed, total=self.total)


def _checked(rows: list[dict[str, Any]], info: ValidationInfo) -> list[dict[str, Any]]:
    """Return rows with their decimals as text; problems go to the context, or are raised."""
    found = info.context if isinstance(info.context, BodyProblems) else BodyProblems()
    field = str(info.field_name)
    names: set[str] = set()
    for row in rows:
        names.update(row)
        if len(names) > MOST_NAMES:
            sentence = f"has more than {MOST_NAMES} different names of columns"
            found.add(sentence, "too-many-columns", "body", field)
            break
    else:
        for at, row in enumerate(rows):
            for name, sentence in _wrong(row):
                found.add(sentence, "cell", "body", field, at, name)
    if info.context is not found:
        found.refuse()
    return rows


def _wrong(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the cells of a row that cannot be used; decimals that can be become their text."""
    for name, value in row.items():
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_CELL or not is_text(value):
                yield name, _KINDS
        elif kind is int:
            if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
                yield name, _KINDS
        elif kind is bytes:
            if _DECIMAL.fullmatch(value):
                row[name] = value.decode()
            else:
                yield name, _NUMBER
        elif not (value is None or kind is bool):
            yield name, _KINDS


CELLS = AfterValidator(_checked)
"""For a list of records: every cell is looked at, and what is wrong is said all at once."""
