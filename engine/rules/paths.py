"""Every number of a rule document by its path: dated values, cut-offs and numbers without a date.

A path is dotted, as ``schools_formula.factors.fsm6.primary.unit_value``. Rows of a list are named
by number, as workings name them, or by what tells them apart (``engine/rules/row_names.py``). A
text is looked up among the document's own paths, so bands with dots, blanks or digits in their
names need no marks around them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import takewhile
from typing import Any, NamedTuple

from engine.money import is_digits
from engine.rules.cut_offs import FROM, TO, End, cut_of, ends_of, is_number, value_of
from engine.rules.document import RuleSet
from engine.rules.load import json_schema, plain
from engine.rules.row_names import RowNames
from engine.rules.yaml_source import Path, path_of
from engine.wording import forms_at

DATED = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": "string"}},
}
"""The form in the format's JSON Schema that dated values have and nothing else has."""

CONDITIONS = ("when", "pays_when")
"""Fields whose parts are conditions, each with its choices."""

STEPS: Path = ("band_profile", "assignment", "points", "steps")
FIXED = {"version", "year_days", "sources"}
"""Fields whose numbers are no rule: which version it is, the days of a year."""


MOST_COMPARED = 1_000
"""Paths with which the spelling of an unknown one is compared letter by letter."""


class Kind(StrEnum):
    """What a path leads to."""

    dated = "value"
    """a value in force from a day on"""
    cut_off = "cut-off"
    """an end of a range of bands, prices or pupils"""
    number = "number"
    """a number without a date"""


class Found(NamedTuple):
    """A number that a text names: its path with rows by number, and how the text names the rows."""

    path: Path
    kind: Kind
    by_number: bool
    exact: bool


class Paths:
    """The paths of one document, read from its plain form."""

    def __init__(self, document: RuleSet) -> None:
        """Keep the document's plain values; rows are named when they are first asked for."""
        self.values = plain(document)
        self._names: dict[Path, RowNames] = {}

    def find(self, text: str) -> list[Found]:
        """Return every number that a text may name, those that the document has before those it may have."""
        found = list(self._below(self.values, (), text))
        return [one for one in found if self.at(one.path) is not None] or found

    def every(self) -> Iterator[tuple[Path, Kind]]:
        """Yield the path and kind of every number of the document, in its order."""
        yield from self._within(self.values, ())

    def name(self, path: Path) -> str:
        """Return a path as text with rows by name, where one names them alone."""
        parts: list[str] = []
        here: Any = self.values
        for at, part in enumerate(path):
            above = path[:at]
            if not isinstance(here, list):
                parts.append(str(part))
            elif above[-2:-1] and above[-2] in CONDITIONS:
                parts += [] if len(here) == 1 else [_choice(here, int(part))]
            else:
                parts.append(self._rows(above, here).name(int(part)))
            here = part_of(here, part)
        return ".".join(parts)

    def at(self, path: Path) -> Any:
        """Return what the plain document has at a path; None where it has nothing there."""
        here: Any = self.values
        for part in path:
            if isinstance(here, str):
                # The ends of a range are inside its text.
                return here
            here = part_of(here, part)
        return here

    def default(self, path: Path) -> Any:
        """Return what a field is where a document leaves it out; None where it then has nothing."""
        fields = (form.get("properties", {}) for form in _forms(path[:-1]))
        found = (one[path[-1]].get("default") for one in fields if path[-1] in one)
        return next((one for one in found if one is not None), None)

    def number_of(self, path: Path) -> str:
        """Return a number without dates as text; of a range in a condition, the end that a path leads to."""
        here, (*_, last) = self.at(path), path
        if not isinstance(here, str) or last not in {FROM, TO}:
            return str(here)
        *_, name, _, side = path
        end = End(0, str(name), 0, str(side))
        return value_of(end.input, end.side, cut_of({end.input: [here]}, end, ()))

    def may_be_whole(self, path: Path) -> bool:
        """Return whether a field may be a whole number without quotes."""
        return any(form.get("type") == "integer" for form in _forms(path))

    def text(self, path: Path) -> str:
        """Return what the document has at a path, in a line: each value with its first day."""
        value = self.at(path)
        if isinstance(value, list):
            return ", ".join(
                f"{one.get('value', 'not printed')} from {one['from']}" for one in value
            )
        return str(value)

    def nearest(self, text: str) -> str | None:
        """Return the path by name that is spelled most like a text; None where none is like it."""
        from difflib import get_close_matches  # noqa: PLC0415 - only a refusal asks

        known = [self.name(path) for path, _ in self.every()]
        if len(known) <= MOST_COMPARED and (near := get_close_matches(text, known, n=1)):
            return near[0]
        parts = text.split(".")
        best = max(known, key=lambda one: _in_common(one.split("."), parts), default="")
        return best if _in_common(best.split("."), parts) else None

    def leads_to_field(self, text: str) -> bool:
        """Return whether a text is the path of something else that a document has, or may have."""
        return bool(_forms(path_of(text))) or _has(self.values, text)

    def part_lacking(self, text: str) -> str | None:
        """Return the first part on the way to a field that a document may have and this one has not; None for others."""
        parts = text.split(".")
        above = (".".join(parts[:length]) for length in range(1, len(parts)))
        lacking = next((one for one in above if not _has(self.values, one)), None)
        of_rows = lacking is not None and any(isinstance(one, int) for one in path_of(lacking))
        return None if lacking is None or of_rows or not _forms(path_of(lacking)) else lacking

    def _rows(self, path: Path, rows: list[object]) -> RowNames:
        if path not in self._names:
            self._names[path] = RowNames(rows)
        return self._names[path]

    def _below(self, part: object, path: Path, text: str) -> Iterator[Found]:
        if isinstance(part, Mapping) and path[-1:] and path[-1] in CONDITIONS:
            yield from _ends(part, path, text)
        elif isinstance(part, Mapping):
            kind = None if "." in text else _kind(part.get(text), (*path, text))
            if kind is not None:
                yield Found((*path, text), kind, by_number=False, exact=True)
            for key in part:
                if text.startswith(f"{key}."):
                    yield from self._below(part[key], (*path, key), text[len(key) + 1 :])
        elif isinstance(part, list):
            for row in self._rows(path, part).matches(text):
                for one in self._below(part[row.at], (*path, row.at), row.rest):
                    yield one._replace(
                        by_number=one.by_number or row.by_number, exact=one.exact and row.exact
                    )

    def _within(self, part: object, path: Path) -> Iterator[tuple[Path, Kind]]:
        if path and (kind := _kind(part, path)) is not None:
            yield path, kind
        elif isinstance(part, Mapping):
            for key, one in part.items():
                if key in CONDITIONS:
                    yield from ((found, Kind.cut_off) for found in _all_ends(one, (*path, key)))
                elif key not in FIXED:
                    yield from self._within(one, (*path, key))
        elif isinstance(part, list):
            for at, one in enumerate(part):
                yield from self._within(one, (*path, at))


def _has(part: object, text: str) -> bool:
    """Return whether a part of a document has something at the rest of a path."""
    if isinstance(part, Mapping):
        return text in part or any(
            _has(part[key], text[len(key) + 1 :]) for key in part if text.startswith(f"{key}.")
        )
    if isinstance(part, list):
        return any(
            not row.rest or _has(part[row.at], row.rest.removesuffix("."))
            for row in RowNames(part).matches(f"{text}.")
        )
    return False


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many parts two paths have in common from their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def part_of(here: Any, part: str | int) -> Any:
    """Return what a plain document has one step below a place; None where it has nothing there."""
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int):
        return here[part] if part < len(here) else None
    return here if isinstance(here, str) else None


def _kind(value: object, path: Path) -> Kind | None:
    """Return what is at a path, or may be where the document has nothing there."""
    if path[0] in FIXED or path[-1] in FIXED or isinstance(value, bool | Mapping):
        return None
    if isinstance(value, list):
        dated = bool(value) and all(isinstance(one, Mapping) and FROM in one for one in value)
        return Kind.dated if dated and DATED in _forms(path) else None
    if isinstance(value, str) and not is_digits(value[:1]):
        return None
    forms = _forms(path)
    if value is None and DATED in forms:
        return Kind.dated
    if not any(_holds_number(form) for form in forms):
        return None
    return Kind.cut_off if path[: len(STEPS)] == STEPS and path[-1] in {FROM, TO} else Kind.number


def _forms(path: Path) -> list[Mapping[str, Any]]:
    # Any row is as the first, so that a list of thousands asks the schema once.
    return _forms_at(tuple(0 if isinstance(part, int) else part for part in path))


@cache
def _forms_at(path: Path) -> list[Mapping[str, Any]]:
    return forms_at(json_schema(), path)


def _holds_number(form: Mapping[str, Any]) -> bool:
    """Return whether a form of the schema is a number: whole, or text that can be nothing else."""
    pattern = form.get("pattern")
    if form.get("type") == "integer":
        return True
    return isinstance(pattern, str) and any(
        re.search(pattern, one) is not None for one in ("1", "1/2")
    ) and re.search(pattern, "a") is None  # fmt: skip


def _ends(when: Mapping[str, list[str]], path: Path, text: str) -> Iterator[Found]:
    """Yield the ends of ranges that a text names within the conditions of a row."""
    for name, choices in when.items():
        if not is_number(name) or not text.startswith(f"{name}."):
            continue
        rest = text[len(name) + 1 :]
        for at, choice in enumerate(choices):
            for side in ends_of(name, choice):
                where = (*path, name, at, side)
                if (rest == side and len(choices) == 1) or rest == f"{choice}.{side}":
                    yield Found(where, Kind.cut_off, by_number=False, exact=True)
                if rest == f"{at}.{side}":
                    yield Found(where, Kind.cut_off, by_number=True, exact=True)


def _all_ends(when: Mapping[str, list[str]], path: Path) -> Iterator[Path]:
    for name, choices in when.items():
        for at, choice in enumerate(choices):
            yield from ((*path, name, at, side) for side in ends_of(name, choice))


def _choice(choices: list[str], at: int) -> str:
    """Return a choice as it names itself, or its number where another's number is spelled so."""
    return str(at) if is_digits(choices[at]) else choices[at]
