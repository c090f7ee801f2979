"""What is wrong with a document or request, in plain sentences instead of the library's own.

Pydantic names each fault by a type. ``sentence_of`` says the fault in words that help, and
``place_of`` keeps those parts of its location that the writer of the document can find there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import StringConstraints

from engine.days import DAY
from engine.errors import Problem

Loc = tuple[str | int, ...]

NUMBER = "must be a number such as 12.5"
MOMENT = "must be a date and time such as 2025-04-01T09:00:00Z"
GROUP = "must be a group of named fields"
WHOLE = "must be a whole number"
LIST = "must be a list"
DURATION = "must be a length of time such as PT1H"
ADDRESS = "must be an address such as https://example.org/"
OTHERWISE = "is not in the form that this field needs"
"""For a fault that has no sentence of its own; a test checks that no field of ours leads here."""

UNKNOWN_FIELD = "extra_forbidden"
"""The type of a field that a form does not have."""

SENTENCES: dict[str, str] = {
    "missing": "is missing",
    UNKNOWN_FIELD: "unknown field; check its spelling, or leave it out",
    "invalid_key": "the name of a field must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "string_type": "must be text; put numbers in quotes",
    "string_unicode": "must be plain text",
    "string_not_ascii": "must be letters, digits and signs without accents",
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "timezone_aware": MOMENT,
    "timezone_naive": MOMENT,
    "time_delta_type": DURATION,
    "time_delta_parsing": DURATION,
    "uuid_type": "must be a reference such as 123e4567-e89b-12d3-a456-426614174000",
    "uuid_parsing": "must be a reference such as 123e4567-e89b-12d3-a456-426614174000",
    "url_type": ADDRESS,
    "url_parsing": ADDRESS,
    "url_syntax_violation": ADDRESS,
    "url_scheme": ADDRESS,
    "model_type": GROUP,
    "model_attributes_type": GROUP,
    "dataclass_type": GROUP,
    "dict_type": GROUP,
    "mapping_type": GROUP,
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "frozen_set_type": LIST,
    "iterable_type": LIST,
    "none_required": "must be left out",
    "json_invalid": "is not JSON",
    "json_type": "must be JSON as text",
    "path_not_directory": "must be a folder that exists",
    "path_not_file": "must be a file that exists",
}
BOUNDED: dict[str, tuple[str, str]] = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be {} or more"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "multiple_of": ("multiple_of", "must be a multiple of {}"),
    "string_too_long": ("max_length", "must have at most {} characters"),
    "too_long": ("max_length", "must have at most {} entries"),
}
"""Faults whose sentence names a bound, with its name among what the library tells."""

_FORMS: dict[str, str] = {}
"""What texts of a pattern look like: the sentence of each pattern that a field has."""


def text_form(
    pattern: str, sentence: str, *, least: int | None = None, most: int | None = None
) -> StringConstraints:
    """Return the constraint of a text to a pattern; ``sentence`` says what the text must be.

    ``least`` and ``most`` bound its length in characters.
    """
    _FORMS[pattern] = sentence
    return StringConstraints(pattern=pattern, min_length=least, max_length=most)


def sentence_of(error: Mapping[str, Any], own: Mapping[str, str] | None = None) -> str:
    """Return what is wrong, from one entry of ``ValidationError.errors()``.

    ``own`` are sentences by type that fit the caller's medium better, such as JSON.
    """
    kind, context = str(error["type"]), error.get("ctx") or {}
    if own and kind in own:
        return own[kind]
    if kind in {"value_error", "assertion_error"}:
        return str(error["msg"]).partition(", ")[2]
    if kind in BOUNDED:
        name, sentence = BOUNDED[kind]
        return sentence.format(context[name])
    if kind in {"enum", "literal_error"}:
        return f"must be one of {str(context['expected']).replace(chr(39), '')}"
    if kind in {"string_too_short", "too_short"}:
        return _too_short(kind, int(context["min_length"]))
    if kind == "string_pattern_mismatch":
        return _FORMS.get(str(context["pattern"]), OTHERWISE)
    return SENTENCES.get(kind, OTHERWISE)


def _too_short(kind: str, least: int) -> str:
    if least == 1:
        return "must not be empty"
    return f"must have at least {least} {'entries' if kind == 'too_short' else 'characters'}"


def place_of(loc: Loc, document: object, *, missing: bool = False) -> Loc:
    """Return the parts of a fault's location that are in the document, and any missing name.

    The library puts the names of its classes, and of forms that it tried in turn, between them.
    """
    kept: list[str | int] = []
    here = document
    for at, part in enumerate(loc):
        is_there = isinstance(here, Mapping) and part in here
        if is_there or (
            isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)
        ):
            here = here[part]  # type: ignore[index]
        elif not (missing and at == len(loc) - 1):
            continue
        kept.append(part)
    return tuple(kept)


def problems_of(
    errors: Iterable[Mapping[str, Any]], document: object, own: Mapping[str, str] | None = None
) -> list[tuple[Loc, Problem]]:
    """Return each place of the document with what is wrong there, once a place.

    Where a field may take one of several forms, each form has its own part of the sentence.
    """
    found: dict[Loc, list[tuple[str, str]]] = {}
    for one in errors:
        where = place_of(tuple(one["loc"]), document, missing=one["type"] == "missing")
        if one["type"] == "too_short" and _is_long_enough(document, where, one["ctx"]):
            # The library counts the sound entries alone; what is wrong with the others is said.
            continue
        said = (sentence_of(one, own), str(one["type"]))
        if said[0] not in [sentence for sentence, _ in found.setdefault(where, [])]:
            found[where].append(said)
    return [
        (where, Problem("; or ".join(sentence for sentence, _ in said), said[0][1]))
        for where, said in found.items()
    ]


def _is_long_enough(document: object, where: Loc, context: Mapping[str, Any]) -> bool:
    here: Any = document
    for part in where:
        here = here[part]
    return isinstance(here, list | tuple) and len(here) >= int(context["min_length"])


NEAR = 0.75
"""How alike two names are, from 0 to 1, where one may be a slip for the other."""


def nearest(name: str, known: Sequence[str]) -> str | None:
    """Return the one of some names that another may be a slip for, None where none is; capitals alone are the least slip."""
    same = [one for one in known if one.casefold() == name.casefold()]
    if same:
        return same[0]
    import difflib  # noqa: PLC0415 - only a refusal asks

    near = difflib.get_close_matches(name, known, n=1, cutoff=NEAR)
    return near[0] if near else None


def unknown_field(schema: Mapping[str, Any], where: Loc) -> str:
    """Return the sentence for a field that a JSON Schema does not have: its neighbours, or the nearest."""
    known = fields_at(schema, where[:-1])
    if (near := nearest(str(where[-1]), known)) is not None:
        return f"unknown field; did you mean {near}?"
    if known:
        return f"unknown field; the fields here are {', '.join(known)}"
    return SENTENCES[UNKNOWN_FIELD]


def fields_at(schema: Mapping[str, Any], path: Loc) -> list[str]:
    """Return the names of the fields that a JSON Schema has at a path."""
    return [field for one in forms_at(schema, path) for field in one.get("properties", {})]


def forms_at(schema: Mapping[str, Any], path: Loc) -> list[Mapping[str, Any]]:
    """Return the forms that a JSON Schema lets a path have, each a schema; none for a path that it lacks."""
    parts: list[Mapping[str, Any]] = [schema]
    for name in path:
        parts = [below for part in parts for below in _below(schema, part, name)]
    return [form for part in parts for form in _forms(schema, part)]


def _below(schema: Mapping[str, Any], part: Mapping[str, Any], name: str | int) -> list[Any]:
    """Return what a schema says of one field, value or entry of a part."""
    found = []
    for form in _forms(schema, part):
        below = form.get("items") if isinstance(name, int) else form.get("properties", {}).get(name)
        # Names of one pattern, as of sources and factors, lead to one form.
        found += (
            [below]
            if below
            else [form.get("additionalProperties"), *form.get("patternProperties", {}).values()]
        )
    return [one for one in found if isinstance(one, dict)]


def _forms(schema: Mapping[str, Any], part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the forms that a part may take, with references followed."""
    if "$ref" in part:
        part = schema["$defs"][str(part["$ref"]).rpartition("/")[2]]
    for several in ("anyOf", "oneOf"):
        if several in part:
            return [form for one in part[several] for form in _forms(schema, one)]
    return [part]


_YAML = (
    ("mapping values", "put text that has a colon in quotes, and check the indentation"),
    ("\\t", "indent with spaces; tabs are not allowed"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("end of stream", "a quotation mark is not closed"),
    ("alias", "put text that starts with * in quotes"),
    ("block end", "check the indentation: the fields of a group start in the same column"),
    ("start any token", "put text that starts with a special character in quotes"),
    ("escape character", "use single quotes for text that has a backslash"),
)


def yaml_fault(problem: object) -> str:
    """Return how to mend a text that is not YAML, from what the parser found."""
    found = str(problem)
    remedy = next((said for part, said in _YAML if part in found), None)
    return (
        f"is not YAML: {remedy or 'check the quotation marks, brackets and indentation near here'}"
    )
