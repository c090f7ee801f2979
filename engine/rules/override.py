"""Single values of a published rule set replaced for a what-if; the rule set itself never changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from engine.errors import Problem, RuleRefused
from engine.money import is_digits
from engine.rules.document import RuleSet
from engine.rules.load import json_schema, plain, rule_set_from
from engine.rules.values import dated_values
from engine.rules.yaml_source import Path, first_of
from engine.rules.yaml_source import place as dotted
from engine.vocabulary import Standing
from engine.wording import forms_at

SOURCE = "what_if"
_WITHIN = ".0.value"
"""Where a value that is tried is in its place: the first of a list of dated ones."""

_DATED = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": {"type": "string"}},
}
"""The form in the format's JSON Schema that dated values have and nothing else has."""


class Override(NamedTuple):
    """A place of the document (dotted, as explanations name it) and the value to try there."""

    place: str
    value: str


def override(document: RuleSet, overrides: Sequence[tuple[str, str]]) -> RuleSet:
    """Return the document with values replaced, marked proposed, from the rule set's first day.

    A list of prices may be entered by number or by band, for example
    ``band_profile.tariff.prices.A1.pounds``. Raises ``RuleRefused`` with every place
    that is not one of a value, and every value that does not fit its place.
    """
    if not overrides:
        return document
    values = plain(document)
    places = [place for place, _ in overrides]
    sentence = "duplicate; give each place one value"
    problems = [
        Problem(sentence, "repeated", place=place)
        for place, count in Counter(places).items()
        if count > 1
    ]
    for place, value in overrides:
        problem = _replace(values, place, value, document)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise first_of(problems)
    values["sources"] = {
        **_mapping(values["sources"]),
        SOURCE: {"title": "Value tried in a what-if"},
    }
    return _changed(values, places)


def _changed(values: dict[str, object], places: Sequence[str]) -> RuleSet:
    """Return the changed document, or refuse with the places that were named, not those inside them."""
    try:
        return rule_set_from(values)
    except RuleRefused as refusal:
        plain_places = {dotted(_plain_path(place, values)): place for place in places}
        named = plain_places | {f"{one}{_WITHIN}": place for one, place in plain_places.items()}
        problems = [
            replace(one, place=named.get(one.place or "", one.place)) for one in refusal.problems
        ]
        raise RuleRefused(problems, refusal.total) from None


def _mapping(values: object) -> dict[str, object]:
    return values if isinstance(values, dict) else {}


def _replace(
    values: dict[str, object], place: str, value: str, document: RuleSet
) -> Problem | None:
    path = _plain_path(place, values)
    forms = forms_at(json_schema(), path)
    if forms and _DATED not in forms:
        return Problem(_no_dated_value(path, document), "place", place=place)
    *above, last = path
    parent: object = values
    for part in above:
        parent = _below(parent, str(part))
    if not isinstance(parent, dict) or not above:
        return Problem(
            "not found in the rule set; 'evenband rules show' lists the places",
            "place",
            place=place,
        )
    parent[str(last)] = [
        {
            "from": document.effective.first.isoformat(),
            "value": value,
            "source": SOURCE,
            "standing": Standing.proposed.value,
        }
    ]
    return None


def _no_dated_value(path: Path, document: RuleSet) -> str:
    """Return why nothing can be tried at a path, with the nearest place of a value."""
    known = [one[:-1] for one, _ in dated_values(document)]
    near = max(known, key=lambda one: _in_common(one, path), default=())
    such = f", such as {dotted(near)}" if _in_common(near, path) else ""
    return f"only dated values can be tried, and this is none{such}; 'evenband rules show' lists the places"


def _in_common(one: Path, other: Path) -> int:
    """Return how many parts two paths have in common from their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _below(parent: object, part: str) -> object:
    if isinstance(parent, list):
        at = _index(parent, part)
        return None if at is None else parent[at]
    return parent.get(part) if isinstance(parent, dict) else None


def _index(rows: list[object], part: str) -> int | None:
    """Return the place of a row by its number or, where only one has it, by its band."""
    if is_digits(part) and int(part) < len(rows):
        return int(part)
    named = [at for at, row in enumerate(rows) if isinstance(row, dict) and row.get("band") == part]
    return named[0] if len(named) == 1 else None


def _plain_path(place: str, values: dict[str, object]) -> Path:
    """Return a place as a path with rows by number, as the document's own paths have them."""
    parts: list[str | int] = []
    parent: object = values
    for part in place.split("."):
        at = _index(parent, part) if isinstance(parent, list) else None
        parts.append(part if at is None else at)
        parent = _below(parent, part)
    return tuple(parts)
