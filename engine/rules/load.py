"""Text to rule documents and back: strict reading, canonical writing, digests."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path as File

from pydantic import ValidationError

from engine.errors import Problem, RuleRefused
from engine.input_file import MOST_DOCUMENT_BYTES, InputFile, read_input
from engine.rules.assignment import covering_problems
from engine.rules.document import RuleSet
from engine.rules.unprinted import must_be_printed
from engine.rules.values import dated_values
from engine.rules.yaml_source import (
    EMPTY,
    MOST_PROBLEMS,
    Path,
    YamlSource,
    first_of,
    path_of,
    place,
    read_yaml,
)
from engine.rules.year_labels import contradictions
from engine.vocabulary import is_surer, weakest
from engine.wording import fields_at, problems_of, unknown_field


def load_rule_set(text: str) -> RuleSet:
    """Read a rule set from YAML, or raise ``RuleRefused`` with places and lines."""
    return _validated(read_yaml(text))


def load_rule_file(path: File) -> RuleSet:
    """Read a rule set from a YAML file; raises as ``read_rule_file`` does."""
    return read_rule_file(path)[0]


def read_rule_file(path: File) -> tuple[RuleSet, InputFile]:
    """Return the rule set of a YAML file, and which bytes it was read from.

    Raises ``RuleRefused``, ``FileRefused`` for what is no file or too large, and
    ``UnicodeDecodeError``.
    """
    content, source = read_input(path, MOST_DOCUMENT_BYTES)
    return load_rule_set(content.decode()), source


def load_canonical(text: str) -> RuleSet:
    """Read a rule set from its canonical JSON; raises ``RuleRefused`` as ``rule_set_from`` does."""
    return rule_set_from(json.loads(text))


def rule_set_from(plain: object) -> RuleSet:
    """Read a rule set from plain values, as parsed from JSON (dates are text).

    Raises ``RuleRefused`` with the place of every problem, as the same document in YAML does.
    """
    empty = [Problem(EMPTY, "empty", place=place(path)) for path in _empty_paths(plain)]
    if empty:
        raise first_of(empty)
    try:
        document = RuleSet.model_validate(plain)
    except ValidationError as error:
        raise _refusal(error, YamlSource(), plain) from None
    return _whole(document, YamlSource())


def _empty_paths(part: object, path: Path = ()) -> Iterator[Path]:
    """Yield where a plain document has no value."""
    if part is None and path:
        yield path
    elif isinstance(part, dict):
        for name, one in part.items():
            yield from _empty_paths(one, (*path, name))
    elif isinstance(part, list | tuple):
        for at, one in enumerate(part):
            yield from _empty_paths(one, (*path, at))


def _validated(source: YamlSource) -> RuleSet:
    raw = source.value
    if isinstance(raw, dict):
        raw = _with_provenance(raw)
    try:
        document = RuleSet.model_validate(raw)
    except ValidationError as error:
        raise _refusal(error, source, raw) from None
    return _surely(_whole(document, source), source)


def _with_provenance(raw: dict[str, object]) -> dict[str, object]:
    """Return a document whose values take its first day and standing where they name none."""
    effective, own = raw.get("effective"), raw.get("provenance", {})
    if not isinstance(own, dict):
        return raw
    first = effective.get("first") if isinstance(effective, dict) else None
    stated = {"from": first, "standing": raw.get("standing"), **own}
    return {**raw, "provenance": {key: part for key, part in stated.items() if part is not None}}


def _surely(document: RuleSet, source: YamlSource) -> RuleSet:
    """Return a document whose standing is not above that of its least sure value."""
    least = weakest(given for _, given in dated_values(document))
    if least is None or not is_surer(document.standing, least):
        return document
    sentence = f"cannot be surer than its values, some of which are {least.value}"
    line = source.line_of(("standing",))
    raise RuleRefused([Problem(sentence, "standing", place="standing", line=line)])


def _refusal(error: ValidationError, source: YamlSource, document: object) -> RuleRefused:
    """Return every problem of a document counted, and the first of them with their sentences."""
    errors = error.errors(include_input=False, include_url=False)
    problems = [
        replace(
            problem,
            sentence=_helpful(problem, path),
            place=place(path) or None,
            line=source.line_of(path),
        )
        for path, problem in problems_of(errors[:MOST_PROBLEMS], document)
    ]
    return RuleRefused(problems, len(problems) + max(len(errors) - MOST_PROBLEMS, 0))


def _helpful(problem: Problem, path: Path) -> str:
    """Return a problem's sentence with what would be right where only the format knows it."""
    if problem.rule == "extra_forbidden":
        return unknown_field(json_schema(), path)
    if problem.rule == "invalid_key":
        # A name that is no text ends the path, unless the library gives it as text that is not there.
        above = path if not path or isinstance(path[-1], str) else path[:-1]
        known = ", ".join(fields_at(json_schema(), above))
        return f"{problem.sentence}; the fields here are {known}" if known else problem.sentence
    if problem.rule == "missing" and path[-1] not in fields_at(json_schema(), path[:-1]):
        # What applies to each value of a group may be written once, above it.
        return f"{problem.sentence}; give it here, or in a 'provenance' above"
    return problem.sentence


def _whole(document: RuleSet, source: YamlSource) -> RuleSet:
    problems = [
        Problem(
            f"source not found: {given.source!r}; add it to 'sources'",
            "source",
            place=place(path),
            line=source.line_of(path),
        )
        for path, given in dated_values(document)
        if given.source not in document.sources
    ]
    problems += [
        Problem(sentence, "not-printed", place=place(path[:-1]), line=source.line_of(path))
        for path, given in dated_values(document)
        if not given.is_printed and (sentence := must_be_printed(path))
    ]
    rule = document.top_up_rule
    if rule is not None and rule.calendar.source not in document.sources:
        where = ("top_up_rule", "calendar", "source")
        sentence = f"source not found: {rule.calendar.source!r}; add it to 'sources'"
        problems.append(Problem(sentence, "source", place=place(where), line=source.line_of(where)))
    problems += [
        replace(problem, line=source.line_of(path)) for path, problem in contradictions(document)
    ]
    profile = document.band_profile
    if profile is not None and not problems:
        problems += [
            replace(problem, line=source.line_of(path_of(problem.place or "")))
            for problem in covering_problems(profile)
        ]
    if problems:
        raise first_of(problems)
    return document


def plain(document: RuleSet) -> dict[str, object]:
    """Return the document as plain values, with every value in its long form.

    A value equal to its default is left out, so that a document's digest outlives the
    words that later versions of the format add; so is ``provenance``, which every value
    carries itself by then.
    """
    values = _without_provenance(
        document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    )
    return values if isinstance(values, dict) else {}


def _without_provenance(part: object) -> object:
    if isinstance(part, dict):
        return {key: _without_provenance(one) for key, one in part.items() if key != "provenance"}
    return [_without_provenance(one) for one in part] if isinstance(part, list) else part


def canonical(document: RuleSet) -> str:
    """Return the one text of a document: sorted keys, no spaces, composed characters."""
    text = json.dumps(plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text)


def digest(document: RuleSet) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


@cache
def json_schema() -> dict[str, object]:
    """Return the JSON Schema of a rule document as people write it."""
    schema = RuleSet.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
