"""Every number of a rule document by its path: dated values, cut-offs and numbers without a date.

A path is dotted, as ``schools_formula.factors.fsm6.primary.unit_value``. Rows of a list are named
by number, as workings name them, or by what tells them apart (``engine/rules/row_names.py``). A
text is looked up among the document's own paths, so bands with dots, blanks or digits in their
names need no marks around them.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from engine.money import is_digits
from engine.rules.cut_offs import FROM, TO, End, cut_of, ends_of, is_number, value_of
from engine.rules.document import RuleSet
from engine.rules.load import plain
from engine.rules.number_kinds import CONDITIONS, FIXED, Kind, kind_at
from engine.rules.row_names import NUMBERED, RowNames
from engine.rules.yaml_source import Path


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

    @cached_property
    def names(self) -> list[str]:
        """Return every path by name, in the document's order."""
        return [self.name(path) for path, _ in self.every()]

    def numbered(self, path: Path) -> str:
        """Return a path as text with each row by its number, said to be one."""
        return ".".join(f"{NUMBERED}{one}" if isinstance(one, int) else one for one in path)

    def has(self, text: str) -> bool:
        """Return whether the document has anything at a path, a number or not."""
        return next(self.parts(text), None) is not None

    def parts(self, text: str) -> Iterator[Path]:
        """Yield the path of everything that a text may name, numbers or not."""
        yield from self._parts(self.values, (), text)

    def below(self, path: Path) -> Iterator[Path]:
        """Yield the path of every number of a part of the document."""
        yield from (found for found, _ in self._within(self.at(path), path))

    def at(self, path: Path) -> Any:
        """Return what the plain document has at a path; None where it has nothing there."""
        here: Any = self.values
        for part in path:
            if isinstance(here, str):
                # The ends of a range are inside its text.
                return here
            here = part_of(here, part)
        return here

    def number_of(self, path: Path) -> str:
        """Return a number without dates as text; of a range in a condition, the end that a path leads to."""
        here, (*_, last) = self.at(path), path
        if not isinstance(here, str) or last not in {FROM, TO}:
            return str(here)
        *_, name, _, side = path
        end = End(0, str(name), 0, str(side))
        return value_of(end.input, end.side, cut_of({end.input: [here]}, end, ()))

    def text(self, path: Path) -> str:
        """Return what the document has at a path, in a line: each value with its first day."""
        value = self.at(path)
        if isinstance(value, list):
            return ", ".join(
                f"{one.get('value', 'not printed')} from {one['from']}" for one in value
            )
        return str(value)

    def _rows(self, path: Path, rows: list[object]) -> RowNames:
        if path not in self._names:
            self._names[path] = RowNames(rows)
        return self._names[path]

    def _parts(self, part: object, path: Path, text: str) -> Iterator[Path]:
        if isinstance(part, Mapping):
            if text in part:
                yield (*path, text)
            for key in part:
                if text.startswith(f"{key}."):
                    yield from self._parts(part[key], (*path, key), text[len(key) + 1 :])
        elif isinstance(part, list):
            for row in self._rows(path, part).matches(f"{text}."):
                if row.rest:
                    rest = row.rest.removesuffix(".")
                    yield from self._parts(part[row.at], (*path, row.at), rest)
                else:
                    yield (*path, row.at)

    def _below(self, part: object, path: Path, text: str) -> Iterator[Found]:
        if isinstance(part, Mapping) and path[-1:] and path[-1] in CONDITIONS:
            yield from _ends(part, path, text)
        elif isinstance(part, Mapping):
            kind = None if "." in text else kind_at(part.get(text), (*path, text))
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
        if path and (kind := kind_at(part, path)) is not None:
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


def part_of(here: Any, part: str | int) -> Any:
    """Return what a plain document has one step below a place; None where it has nothing there."""
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int):
        return here[part] if part < len(here) else None
    return here if isinstance(here, str) else None


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
                for number in (str(at), f"{NUMBERED}{at}"):
                    if rest == f"{number}.{side}":
                        said = number != str(at)
                        yield Found(where, Kind.cut_off, by_number=True, exact=said)


def _all_ends(when: Mapping[str, list[str]], path: Path) -> Iterator[Path]:
    for name, choices in when.items():
        for at, choice in enumerate(choices):
            yield from ((*path, name, at, side) for side in ends_of(name, choice))


def _choice(choices: list[str], at: int) -> str:
    """Return a choice as it names itself, or its number where another's number is spelled so."""
    if not is_digits(choices[at]):
        return choices[at]
    return f"{NUMBERED}{at}" if str(at) in choices else str(at)
