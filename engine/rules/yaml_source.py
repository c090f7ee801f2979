"""A YAML document as plain values, with the line of each, and nothing guessed.

Numbers with a point are refused (they would pass through a binary float), so are
duplicate keys, anchors and empty values. ``yes`` and ``no`` are words, not flags.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from engine.days import day_of
from engine.errors import Problem, RuleRefused
from engine.money import is_digits
from engine.yaml_nodes import check_length, fault_of, nodes_of

Path = tuple[str | int, ...]
MOST_DIGITS = 18
"""Digits of a whole number that is written without quotes."""

MOST_PROBLEMS = 500
"""Problems of a document that are put into words; the others are counted."""

LONGEST_NAME = 80
"""Characters of a name that a problem shows; no field of a document has so many."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_FLOAT = re.compile(
    r"[-+]?([0-9][0-9_]*\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[0-9]{1,3}")
_REST = re.compile(r"[0-9]{3}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMPTY = {"", "~", "null", "Null", "NULL"}
EMPTY = "is empty; leave the field out where there is no value"
_FLAGS = {"true": True, "false": False}


@dataclass
class YamlSource:
    """The values of a document and the line on which each place starts.

    ``problems`` are those of its writing, and ``faults`` the places that have no value for them.
    """

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    faults: list[Path] = field(default_factory=list)
    files: dict[Path, tuple[str, int]] = field(default_factory=dict)
    """The name and row of the file that a place was read from, where it was read from another."""

    def refuse(
        self, path: Path, rule: str, sentence: str, line: int | None, *, no_value: bool
    ) -> None:
        """Add a problem of the writing at a place; ``no_value`` where the place has no value for it."""
        self.problems.append(Problem(sentence, rule, place=place(path) or None, line=line))
        if no_value:
            self.faults.append(path)

    def file_of(self, path: Path) -> tuple[str, int] | None:
        """Return the name and row of the file that a place was read from, None for the document itself."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.files:
                return self.files[path[:length]]
        return None

    def line_of(self, path: Path) -> int | None:
        """Return the line of a place, or of the nearest place above it."""
        return line_of(self.lines, path)


def line_of(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a place, or of the nearest place above it."""
    above = (path[:length] for length in range(len(path), -1, -1))
    return next((lines[one] for one in above if one in lines), None)


def place(path: Path) -> str:
    """Return a path as dotted text; a name that is too long for a line is cut."""
    return ".".join(_cut(str(part)) for part in path)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def path_of(dotted: str) -> Path:
    """Return the path that dotted text names."""
    return tuple(int(part) if is_digits(part) else part for part in dotted.split("."))


def read_yaml(text: str) -> YamlSource:
    """Read one YAML document; raises ``RuleRefused`` as ``source_of`` does, and with the problems of its writing."""
    source = source_of(text)
    if source.problems:
        raise first_of(source.problems)
    return source


def source_of(text: str) -> YamlSource:
    """Return one YAML document with the problems of its writing.

    Raises ``RuleRefused`` for a text that is no YAML; of a document that is too long, too deep or
    of too many values, that alone.
    """
    try:
        check_length(text)
        # A second document is one too many, whatever follows it.
        nodes = nodes_of(text)
    except yaml.YAMLError as error:
        raise RuleRefused([fault_of(error, text)]) from None
    if len(nodes) != 1 or nodes[0] is None:
        raise RuleRefused([Problem("must hold one document, and no more", "yaml")])
    source = YamlSource()
    source.value = _value(nodes[0], (), source, set())
    return source


def first_of(problems: Sequence[Problem]) -> RuleRefused:
    """Return the refusal of a document: all its problems counted, the first of them listed."""
    return RuleRefused(list(problems[:MOST_PROBLEMS]), len(problems))


def _refuse(source: YamlSource, node: yaml.Node, path: Path, rule: str, sentence: str) -> None:
    line = (
        source.lines.get(path, node.start_mark.line + 1)
        if rule == "alias"
        else node.start_mark.line + 1
    )
    source.refuse(path, rule, sentence, line, no_value=rule not in {"key", "duplicate-key"})


def _value(node: yaml.Node, path: Path, source: YamlSource, seen: set[int]) -> object:
    if id(node) not in seen:
        source.lines[path] = node.start_mark.line + 1
    if id(node) in seen:
        _refuse(source, node, path, "alias", "is an alias; write the value out here")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, source, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, index), source, seen) for index, one in enumerate(node.value)]
    return _scalar(node, path, source) if isinstance(node, yaml.ScalarNode) else None


def _mapping(
    node: yaml.MappingNode, path: Path, source: YamlSource, seen: set[int]
) -> dict[str, object]:
    values: dict[str, object] = {}
    before: tuple[str, yaml.Node] | None = None
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            _refuse(source, key_node, path, "key", "a field needs a plain name")
        elif before is not None and (money := _with_comma(before[1], key_node, value_node)):
            sentence = (
                f'has a comma, which ends a value here; write it in quotes without one: "{money}"'
            )
            _refuse(source, before[1], (*path, before[0]), "comma", sentence)
        elif key in values:
            sentence = f"duplicate field {_cut(key)!r}; keep one"
            _refuse(source, key_node, (*path, key), "duplicate-key", sentence)
        else:
            source.lines[(*path, key)] = key_node.start_mark.line + 1
            values[key] = _value(value_node, (*path, key), source, seen)
            source.lines[(*path, key)] = key_node.start_mark.line + 1
            before = key, value_node
    return values


def _with_comma(before: yaml.Node, key: yaml.Node, value: yaml.Node) -> str | None:
    """Return the amount whose thousands a comma divided from a value into a field without one, such as 7,300 in braces."""
    nodes = (before, key, value)
    if not all(isinstance(one, yaml.ScalarNode) and one.style is None for one in nodes):
        return None
    first, rest = str(before.value).removeprefix("£"), str(key.value)
    if value.value or not _THOUSANDS.fullmatch(first) or not _REST.fullmatch(rest):
        return None
    return first + rest


def _scalar(node: yaml.ScalarNode, path: Path, source: YamlSource) -> object:
    text = node.value
    if node.style is not None:
        return text
    if text in _EMPTY:
        _refuse(source, node, path, "empty", EMPTY)
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _WHOLE.fullmatch(text):
        if len(text) > MOST_DIGITS:
            _refuse(source, node, path, "digits", f"has more than {MOST_DIGITS} digits")
            return None
        return int(text)
    if _FLOAT.fullmatch(text):
        _refuse(source, node, path, "float", 'must be in quotes, as a plain number such as "12.5"')
        return None
    if _DATE.fullmatch(text):
        try:
            return day_of(text)
        except ValueError:
            _refuse(
                source,
                node,
                path,
                "date",
                "is not a date; write it as year-month-day, such as 2025-04-01",
            )
            return None
    return text
