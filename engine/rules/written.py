"""A YAML document as plain values, with the line of each, and nothing guessed.

Numbers with a point are refused (they would pass through a binary float), so are
duplicate keys, anchors and empty values. ``yes`` and ``no`` are words, not flags.
"""

import re
from dataclasses import dataclass, field

import yaml

from engine.days import day_of
from engine.errors import Problem, RuleRefused
from engine.money import is_digits
from engine.wording import yaml_fault

Path = tuple[str | int, ...]
MOST_DIGITS = 18
"""Digits of a whole number that is written without quotes."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_FLOAT = re.compile(
    r"[-+]?([0-9][0-9_]*\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.IGNORECASE
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMPTY = {"", "~", "null", "Null", "NULL"}
_FLAGS = {"true": True, "false": False}


@dataclass
class Written:
    """The values of a document and the line on which each place starts."""

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """Return the line of a place, or of the nearest place above it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


def place(path: Path) -> str:
    """Return a path as dotted text."""
    return ".".join(str(part) for part in path)


def path_of(dotted: str) -> Path:
    """Return the path that dotted text names."""
    return tuple(int(part) if is_digits(part) else part for part in dotted.split("."))


def read_yaml(text: str) -> Written:
    """Read one YAML document, or raise ``RuleRefused`` with every problem of its writing."""
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except RecursionError:
        raise RuleRefused([Problem("has too many levels of nesting", "yaml")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise RuleRefused([Problem(yaml_fault(error.problem), "yaml", line=line)]) from None
    except yaml.YAMLError:
        raise RuleRefused(
            [Problem("holds a control character, which no text has; save it as UTF-8", "yaml")]
        ) from None
    if len(nodes) != 1 or nodes[0] is None:
        raise RuleRefused([Problem("must hold one document, and no more", "yaml")])
    written = Written()
    written.value = _value(nodes[0], (), written, set())
    if written.problems:
        raise RuleRefused(written.problems)
    return written


def _refuse(written: Written, node: yaml.Node, path: Path, rule: str, sentence: str) -> None:
    line = node.start_mark.line + 1
    written.problems.append(Problem(sentence, rule, place=place(path) or None, line=line))


def _value(node: yaml.Node, path: Path, written: Written, seen: set[int]) -> object:
    written.lines[path] = node.start_mark.line + 1
    if id(node) in seen:
        _refuse(written, node, path, "alias", "is an alias; write the value out here")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, written, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, index), written, seen) for index, one in enumerate(node.value)]
    return _scalar(node, path, written) if isinstance(node, yaml.ScalarNode) else None


def _mapping(
    node: yaml.MappingNode, path: Path, written: Written, seen: set[int]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            _refuse(written, key_node, path, "key", "a field needs a plain name")
            continue
        if key in values:
            _refuse(
                written,
                key_node,
                (*path, key),
                "duplicate-key",
                f"duplicate field {key!r}; keep one",
            )
            continue
        values[key] = _value(value_node, (*path, key), written, seen)
        written.lines[(*path, key)] = key_node.start_mark.line + 1
    return values


def _scalar(node: yaml.ScalarNode, path: Path, written: Written) -> object:
    text = node.value
    if node.style is not None:
        return text
    if text in _EMPTY:
        _refuse(
            written, node, path, "empty", "is empty; leave the field out where there is no value"
        )
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _WHOLE.fullmatch(text):
        if len(text) > MOST_DIGITS:
            _refuse(written, node, path, "digits", f"has more than {MOST_DIGITS} digits")
            return None
        return int(text)
    if _FLOAT.fullmatch(text):
        _refuse(written, node, path, "float", 'must be in quotes, as a plain number such as "12.5"')
        return None
    if _DATE.fullmatch(text):
        try:
            return day_of(text)
        except ValueError:
            _refuse(
                written,
                node,
                path,
                "date",
                "is not a date; write it as year-month-day, such as 2025-04-01",
            )
            return None
    return text
