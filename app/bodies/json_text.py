"""JSON text to plain values, strictly: bounded, each name once, decimals as they are written.

The text is read as UTF-8, whatever its header says. Its depth and its number of objects and
lists are counted before any of them is made, so that a small body cannot take much memory.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.errors import MOST_PROBLEMS, InputRefused, Unreadable
from app.problems.responses import path_part
from engine.errors import Problem

DEEPEST = 16
"""Objects and lists within each other; no body that the service reads has more than four."""

MOST_CONTAINERS = 10_000
"""Objects and lists of a body: a thousand records, and what may be tried in their place."""

MOST_NAMES = 500
"""Names of one object: the columns that a table may have."""

_QUOTE, _OPENING, _CLOSING = ord('"'), b"{[", b"}]"
_MARK = "\ufeff"


@dataclass(slots=True)
class _Fault:
    """An object with duplicate names, or too many; ``names`` are the duplicates among them."""

    held: dict[str, object]
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class _Objects:
    """Makes the objects of one text, and collects those that cannot be used."""

    faults: list[_Fault] = field(default_factory=list)

    def __call__(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(pairs) > MOST_NAMES:
            empty: dict[str, object] = {}
            self.faults.append(_Fault(empty))
            return empty
        held = dict(pairs)
        if len(held) < len(pairs):
            counted = Counter(name for name, _ in pairs)
            twice = tuple(name for name, number in counted.items() if number > 1)
            self.faults.append(_Fault(held, twice))
        return held


def values_of(data: bytes) -> object:
    """Return the value of JSON text, or refuse it.

    A number with a point or an exponent, NaN and the infinities are the bytes by which they are
    written: JSON has no bytes of its own, and no schema takes them for anything else.
    Raises ``Unreadable`` where it is not UTF-8, and ``InputRefused`` where it is not JSON,
    nests too deep, holds too much, or gives a name twice.
    """
    try:
        text = data.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError:
        raise Unreadable from None
    _check_outline(data)
    objects = _Objects()
    reader = json.JSONDecoder(
        object_pairs_hook=objects, parse_float=str.encode, parse_constant=str.encode
    )
    try:
        value = reader.decode(text)
    except json.JSONDecodeError as error:
        sentence = f"is not JSON: look at line {error.lineno}, character {error.colno}"
        raise _refused("json_invalid", sentence) from None
    except ValueError:
        # The language refuses to read whole numbers of thousands of digits.
        raise _refused("number", "holds a whole number that is too long") from None
    if objects.faults:
        problems = list(_worded(value, objects.faults))
        total = sum(len(one.names) or 1 for one in objects.faults)
        raise InputRefused(problems=problems[:MOST_PROBLEMS], total=total)
    return value


def _check_outline(data: bytes) -> None:
    """Refuse text that nests too deep or holds too many objects and lists, before any is made."""
    # Without pairs of backslashes and escaped marks, each mark opens or closes a text.
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    text = np.frombuffer(plain, np.uint8)
    outside = (np.cumsum(text == _QUOTE, dtype=np.int32) & 1) == 0
    opening, closing = (
        ((text == marks[0]) | (text == marks[1])) & outside for marks in (_OPENING, _CLOSING)
    )
    steps = opening.view(np.int8) - closing.view(np.int8)
    if np.cumsum(steps, dtype=np.int32).max(initial=0) > DEEPEST:
        raise _refused("too-deep", f"nests more than {DEEPEST} objects and lists in each other")
    if np.count_nonzero(opening) > MOST_CONTAINERS:
        sentence = f"holds more than {MOST_CONTAINERS:,} objects and lists; send fewer at a time"
        raise _refused("too-many", sentence)


def _refused(rule: str, sentence: str) -> InputRefused:
    return InputRefused(problems=[Problem(sentence, rule, place="body")])


def _worded(value: object, faults: list[_Fault]) -> Iterator[Problem]:
    """Yield the problems of objects that cannot be used, each with its place; never a value."""
    found = {id(fault.held): fault for fault in faults}
    waiting: list[tuple[str, object]] = [("body", value)]
    while waiting:
        place, held = waiting.pop()
        fault = found.get(id(held))
        if fault is not None and not fault.names:
            sentence = f"has more than {MOST_NAMES} names; send fewer"
            yield Problem(sentence, "too-many-names", place=place)
        elif fault is not None:
            for name in fault.names[:MOST_PROBLEMS]:
                yield Problem(
                    "duplicate: give it once", "duplicate", place=f"{place}.{path_part(name)}"
                )
        inner = held.items() if isinstance(held, dict) else _numbered(held)
        waiting += [
            (f"{place}.{path_part(name)}", one)
            for name, one in inner
            if isinstance(one, dict | list)
        ][::-1]


def _numbered(held: object) -> Iterator[tuple[int, object]]:
    return iter(enumerate(held if isinstance(held, list) else ()))
