"""What the numbers of a rule document are: dated values, cut-offs, numbers without a date; asked of its format."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from engine.money import is_digits
from engine.rules.cut_offs import FROM, TO
from engine.rules.load import json_schema
from engine.rules.yaml_source import Path
from engine.vocabulary import NOT_PRINTED
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


class Kind(StrEnum):
    """What a path leads to."""

    dated = "value"
    """a value in force from a day on"""
    cut_off = "cut-off"
    """an end of a range of bands, prices or pupils"""
    number = "number"
    """a number without a date"""


def kind_at(value: object, path: Path) -> Kind | None:
    """Return what is at a path, or may be where the document has nothing there."""
    if path[0] in FIXED or path[-1] in FIXED or isinstance(value, bool | Mapping):
        return None
    if isinstance(value, list):
        dated = bool(value) and all(isinstance(one, Mapping) and FROM in one for one in value)
        return Kind.dated if dated and DATED in forms_of(path) else None
    if isinstance(value, str) and value != NOT_PRINTED and not is_digits(value[:1]):
        return None
    forms = forms_of(path)
    if value is None and DATED in forms:
        return Kind.dated
    if not any(_holds_number(form) for form in forms):
        return None
    return Kind.cut_off if path[: len(STEPS)] == STEPS and path[-1] in {FROM, TO} else Kind.number


def forms_of(path: Path) -> list[Mapping[str, Any]]:
    """Return the forms that the format lets a path have."""
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


def default_of(path: Path) -> Any:
    """Return what a field is where a document leaves it out; None where it then has nothing."""
    fields = (form.get("properties", {}) for form in forms_of(path[:-1]))
    found = (one[path[-1]].get("default") for one in fields if path[-1] in one)
    return next((one for one in found if one is not None), None)


def may_be_whole(path: Path) -> bool:
    """Return whether a field may be a whole number without quotes."""
    return any(form.get("type") == "integer" for form in forms_of(path))
