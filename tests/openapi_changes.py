"""What a change of the API's description breaks for programs that use it."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
LEAST = ("minimum", "minLength", "minItems", "exclusiveMinimum", "minProperties")
MOST = ("maximum", "maxLength", "maxItems", "exclusiveMaximum", "maxProperties")
SPOKEN = {"description", "summary", "title", "examples", "example", "operationId", "tags"}


def bare(part: Any) -> Any:
    """Return a description without its words, which break no program."""
    if isinstance(part, list):
        return [bare(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {}
    for name, one in part.items():
        if name == "properties":
            found[name] = {key: bare(value) for key, value in one.items()}
        elif name not in SPOKEN:
            found[name] = bare(one)
    return found


class Comparison:
    """Two descriptions of the same API, the earlier and the later."""

    def __init__(self, before: Schema, after: Schema) -> None:
        self.before, self.after = before, after
        self.seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> Iterator[str]:
        """Yield each breaking change with its place."""
        for path, methods in self.before["paths"].items():
            for method, operation in methods.items():
                place = f"{method.upper()} {path}"
                later = self.after["paths"].get(path, {}).get(method)
                if later is None:
                    yield f"{place} is removed"
                else:
                    yield from self.of_operation(place, operation, later)

    def of_operation(self, place: str, before: Schema, after: Schema) -> Iterator[str]:
        """Yield what breaks of an operation: its parameters, its body, its answers."""
        earlier, later = (
            {(one["in"], one["name"].lower()): one for one in operation.get("parameters", [])}
            for operation in (before, after)
        )
        for key in earlier.keys() - later.keys():
            yield f"{place}: parameter {key[1]} is removed"
        for key, one in later.items():
            was = earlier.get(key, {})
            if one.get("required", False) and not was.get("required", False):
                yield f"{place}: parameter {key[1]} is required"
            if was:
                yield from self.of(f"{place}: {key[1]}", was["schema"], one["schema"], sent=True)
        if after.get("requestBody", {}).get("required") and not before.get("requestBody"):
            yield f"{place}: a body is required"
        yield from self.of_contents(
            f"{place} body", before.get("requestBody"), after.get("requestBody"), sent=True
        )
        for status, answer in before.get("responses", {}).items():
            if status.startswith("2"):
                then = after.get("responses", {}).get(status)
                if then is None:
                    yield f"{place}: status {status} is removed"
                yield from self.of_contents(f"{place} {status}", answer, then, sent=False)

    def of_contents(
        self, place: str, before: Schema | None, after: Schema | None, *, sent: bool
    ) -> Iterator[str]:
        """Yield what breaks of a body by its media types."""
        later = (after or {}).get("content", {})
        for media, one in (before or {}).get("content", {}).items():
            if media not in later:
                yield f"{place}: {media} is removed"
            elif "schema" in one and "schema" in later[media]:
                yield from self.of(place, one["schema"], later[media]["schema"], sent=sent)

    def of(self, place: str, before: Schema, after: Schema, *, sent: bool) -> Iterator[str]:
        """Yield what breaks of a value: narrower where it is sent, other than before where it is answered."""
        names = (before.get("$ref", ""), after.get("$ref", ""), sent)
        if names[0] and names in self.seen:
            return
        self.seen.add(names)
        earlier, later = branches(self.before, before), branches(self.after, after)
        kinds, now = set(map(kind, earlier)), set(map(kind, later))
        if "any" in kinds | now:
            if sent and "any" not in now:
                yield f"{place}: type is narrowed from anything to {sorted(now)}"
            return
        wide = {"integer"} if "number" in now else set()
        if sent and (gone := kinds - now - wide):
            yield f"{place}: type is narrowed, without {sorted(gone)}"
        if not sent and (new := now - kinds - ({"integer"} if "number" in kinds else set())):
            yield f"{place}: type may be {sorted(new)}"
        for was, will in pairs(earlier, later):
            yield from self.of_branch(place, was, will, sent=sent)

    def of_branch(self, place: str, before: Schema, after: Schema, *, sent: bool) -> Iterator[str]:
        """Yield what breaks of two schemas of one type."""
        if sent:
            yield from bounds(place, before, after)
        old, new = before.get("properties", {}), after.get("properties", {})
        for name in sorted(old.keys() - new.keys()):
            yield f"{place}.{name} is removed"
        was, will = set(before.get("required", ())), set(after.get("required", ()))
        if sent:
            for name in sorted(will - was):
                yield f"{place}.{name} is required"
        else:
            for name in sorted((was - will) & new.keys()):
                yield f"{place}.{name} may be left out"
        for name in sorted(old.keys() & new.keys()):
            yield from self.of(f"{place}.{name}", old[name], new[name], sent=sent)
        for name in ("items", "additionalProperties"):
            if isinstance(before.get(name), dict) and isinstance(after.get(name), dict):
                yield from self.of(f"{place}[]", before[name], after[name], sent=sent)


def branches(whole: Schema, schema: Schema) -> list[Schema]:
    """Return the alternatives of a schema, with references followed."""
    if "$ref" in schema:
        return branches(whole, whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    inner = [one for name in ("anyOf", "oneOf", "allOf") for one in schema.get(name, ())]
    if inner:
        return [one for part in inner for one in branches(whole, part)]
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": one} for one in schema["type"]]
    return [schema]


def kind(schema: Schema) -> str:
    """Return the type of a schema that is no alternative."""
    if "type" in schema:
        return str(schema["type"])
    if "properties" in schema:
        return "object"
    return "string" if "enum" in schema or "const" in schema else "any"


def pairs(before: list[Schema], after: list[Schema]) -> Iterator[tuple[Schema, Schema]]:
    """Yield alternatives of the same type in their order."""
    for one in sorted({kind(schema) for schema in before}):
        yield from zip(
            [schema for schema in before if kind(schema) == one],
            [schema for schema in after if kind(schema) == one],
            strict=False,
        )


def bounds(place: str, before: Schema, after: Schema) -> Iterator[str]:
    """Yield where less may be sent than before."""
    for name in (*LEAST, *MOST):
        then, now = before.get(name), after.get(name)
        narrower = now is not None and (
            then is None or (now > then if name in LEAST else now < then)
        )
        if narrower:
            yield f"{place}: {name} is narrowed to {now}"
    if "pattern" in after and after["pattern"] != before.get("pattern"):
        yield f"{place}: pattern is another"
    allowed, now = before.get("enum"), after.get("enum")
    if now is not None and (allowed is None or set(map(str, allowed)) - set(map(str, now))):
        yield f"{place}: fewer values are allowed"
