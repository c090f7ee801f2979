"""What a refusal may not say: words of the libraries and the language that the project is made with."""

import re
from collections.abc import Iterator
from typing import Any

LIBRARY = re.compile(
    r"Input should|String should|Value error|Field required|Extra inputs|List should|Unable to parse"
    r"|Tuple should|Dictionary should|valid (?:string|integer|number|boolean|dictionary|list|tuple)"
    r"|Traceback|[A-Z]\w+(?:Error|Exception|Warning)\b|<class|object at 0x|\bNone\b|NoneType|errno"
    r"|pydantic|polars|starlette|fastapi|sqlalchemy|sqlite3|psycopg|numpy|orjson|calamine|click\b|typer"
    r"|function-\w|constrained-|str-enum|\[key\]|__|\\[dwS]|\^\[|\(\?|\$'|\{0,|Expecting|Extra data"
    r"|codec|unhashable|iterable|Usage:|Try '|Invalid value|No such option|is not a valid|not one of"
    r"|argument of type|utf8\b|unwrap|panicked|ComputeError|SchemaError|parse error"
)
WORDS = re.compile(
    r"\b(?:string|integer|boolean|bool|dict|dictionary|tuple|regex|enum|instance|int|str|kwargs|dtype"
    r"|char|i64|u32|f64|Utf8|literal|constraint|validator|subclass)\b|(?<!\bplace)_type\b|_parsing\b|_error\b"
)


def fault_of(sentence: str) -> str | None:
    """Return the word for which a sentence is no plain one, None where it is."""
    found = LIBRARY.search(sentence) or WORDS.search(sentence)
    if found:
        return found[0]
    return None if " " in sentence.strip() else "one word is no sentence"


def example_of(schema: dict[str, Any], defs: dict[str, Any], depth: int = 0) -> Any:
    """Return a value that has the shape of a schema, with what it requires and little more."""
    schema = followed(schema, defs)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            required = {name: fields[name] for name in schema.get("required", [])}
            return {name: example_of(one, defs, depth + 1) for name, one in required.items()}
        case "array":
            return [example_of(schema.get("items", {}), defs, depth + 1)]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return text_of(schema)


TEXTS = (
    "some", "2025-04-01", "1", "2025-26", "financial", "A", "evenband-rules/1", "929", "1/2",
    "year_1", "level_x", "mainstream", "1.00", "e" * 64, "nff-2025-26",
)  # fmt: skip


def text_of(schema: dict[str, Any]) -> str:
    """Return a text that a schema's pattern allows."""
    if schema.get("format") == "date":
        return TEXTS[1]
    pattern = re.compile(schema.get("pattern", ""))
    return next(text for text in TEXTS if pattern.search(text))


def followed(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its reference followed, and the first of several forms."""
    while "$ref" in schema or "anyOf" in schema or "oneOf" in schema:
        if "$ref" in schema:
            schema = defs[schema["$ref"].rpartition("/")[2]]
        else:
            schema = (schema.get("anyOf") or schema["oneOf"])[0]
    return schema


def forms(schema: dict[str, Any], defs: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every form that a schema allows, with references followed."""
    if "$ref" in schema:
        return forms(defs[schema["$ref"].rpartition("/")[2]], defs)
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        return [form for part in parts for form in forms(part, defs)]
    return [schema]


Path = tuple[str | int, ...]


def fields(
    schema: dict[str, Any], defs: dict[str, Any], path: Path = (), seen: tuple[int, ...] = ()
) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """Yield every field of a schema: its path, and the forms that it may take."""
    found = forms(schema, defs)
    if path:
        yield path, found
    for form in found:
        if id(form) in seen:
            continue
        below = (*seen, id(form))
        for name, one in form.get("properties", {}).items():
            yield from fields(one, defs, (*path, name), below)
        if isinstance(form.get("additionalProperties"), dict):
            name = name_of(form)
            yield from fields(form["additionalProperties"], defs, (*path, name), below)
        if isinstance(form.get("items"), dict):
            yield from fields(form["items"], defs, (*path, 0), below)


def name_of(form: dict[str, Any]) -> str:
    """Return a name that an object of free names allows."""
    return text_of(form.get("propertyNames", {}) | first_pattern(form))


def first_pattern(form: dict[str, Any]) -> dict[str, Any]:
    """Return the pattern of an object's names, where it has one."""
    patterns = list(form.get("patternProperties", {}))
    return {"pattern": patterns[0]} if patterns else {}


HUGE = 10**15
WRONG: dict[str, Any] = {
    "string": "\u00a7 wrong",
    "long": "x" * 2_500,
    "empty": "",
    "blank": " ",
    "percent": "5%",
    "thousands": "1,200",
    "integer": -7,
    "huge": HUGE,
    "boolean": True,
    "array": [[3]],
    "none": [],
    "object": {"surprise": {"x": 1}},
}
"""Values that many fields cannot take; those of a type that a field does not have are certainly wrong."""


def certainly_wrong(name: str, found: list[dict[str, Any]]) -> bool:
    """Return whether no form of a field takes values of this kind."""
    kind = {"huge": "integer", "none": "array"}.get(name, name)
    kinds = {form.get("type") for form in found}
    return kind in {"integer", "boolean", "array", "object"} and kinds.isdisjoint(
        {kind, None, "number" if kind == "integer" else None}
    )


def with_value(base: Any, path: Path, value: Any) -> Any:
    """Return a document with one value at a path, with the parents that it needs."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        held = list(base) if isinstance(base, list) else []
        inner = held[first] if first < len(held) else {}
        return [*held[:first], with_value(inner, tuple(rest), value), *held[first + 1 :]]
    held = dict(base) if isinstance(base, dict) else {}
    return {**held, first: with_value(held.get(first, {}), tuple(rest), value)}


def digits_from(first: int) -> dict[int, str]:
    """Return how the digits 0 to 9 are written from a code point on, for ``str.translate``."""
    return {ord(str(at)): chr(first + at) for at in range(10)}


OTHER_DIGITS = {
    "Arabic-Indic": digits_from(0x660),
    "full-width": digits_from(0xFF10),
    "mathematical": digits_from(0x1D7CE),
    "subscript": digits_from(0x2080),
}
"""The same numbers in digits of other scripts."""
