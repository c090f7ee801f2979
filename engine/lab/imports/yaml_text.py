"""A rule document as YAML for people: values short where they share date, source and standing."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import yaml

SHARED = ("from", "source", "standing")
_HEAD = ("format", "identifier", "version", "title", "authority", "funding_year", "year_kind",
         "effective", "standing", "about", "sources", "provenance")  # fmt: skip
_VALUE_FIELDS = {*SHARED, "value", "note"}


def document_text(plain: Mapping[str, object]) -> str:
    """Return YAML that reads back to the same document, from its plain values in long form.

    The date, source and standing that most values share are written once, at the top; so does a
    note that all of them carry.
    """
    held = _values(plain)
    values: dict[str, object] = dict(plain)
    if held:
        counted = Counter(tuple(one[name] for name in SHARED) for one in held)
        # Among equals the first in the alphabet: the same document always gives the same text.
        most = min(counted, key=lambda one: (-counted[one], one))
        shared = dict(zip(SHARED, most, strict=True))
        notes = {one.get("note") for one in held}
        if len(notes) == 1 and (note := notes.pop()) is not None:
            shared["note"] = note
        values = {**_shortened(values, shared), "provenance": shared}
    return as_yaml(values)


def as_yaml(values: Mapping[str, object]) -> str:
    """Return the words of a document as YAML, its head first."""
    ordered = {name: values[name] for name in (*_HEAD, *values) if name in values}
    return yaml.dump(
        ordered,
        Dumper=_Plainly,
        default_flow_style=None,
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )


class _Plainly(yaml.SafeDumper):
    """Writes every value out, so that each reads alone."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the library's own signature
        """Never refer to a value elsewhere."""
        return True


def _is_value(part: object) -> bool:
    return isinstance(part, dict) and {"value", "source"} <= set(part) <= _VALUE_FIELDS


def _values(part: object) -> list[dict[str, str]]:
    if isinstance(part, dict):
        if _is_value(part):
            return [part]
        return [one for each in part.values() for one in _values(each)]
    return [one for each in part for one in _values(each)] if isinstance(part, list) else []


def _shortened(part: Any, shared: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        short = [_shortened(one, shared) for one in part]
        alone = len(short) == 1 and _is_value(part[0])
        return _alone(short[0]) if alone else short
    if not isinstance(part, dict):
        return part
    if _is_value(part):
        return {name: one for name, one in part.items() if shared.get(name) != one}
    return {name: _shortened(one, shared) for name, one in part.items()}


def _alone(given: dict[str, str]) -> object:
    """Return the one value of a series, as plain text where all else is said at the top."""
    return given["value"] if set(given) == {"value"} else given
