"""Text to rule documents and back: strict reading, canonical writing, digests."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path as File

from pydantic import ValidationError

from engine.days import day_of
from engine.errors import Problem, RuleRefused
from engine.input_file import MOST_DOCUMENT_BYTES, InputFile, read_input
from engine.rules.cross_checks import Problems, cross_problems, source_problems
from engine.rules.document import RuleSet
from engine.rules.empty_fields import empty_sentence
from engine.rules.every_problem import Search, search_of
from engine.rules.inputs import Input
from engine.rules.line_steps import FORMULA
from engine.rules.school_value_tables import SchoolInput
from engine.rules.sound_parts import DAY
from engine.rules.table_files import with_table_files
from engine.rules.unseen_names import without_unseen
from engine.rules.value_tables import ROWS
from engine.rules.yaml_source import (
    EMPTY,
    MOST_PROBLEMS,
    Path,
    YamlSource,
    path_of,
    place,
    source_of,
)
from engine.vocabulary import Standing
from engine.wording import fields_at, nearest, unknown_field

OF_GROUPS = {"model_type", "model_attributes_type"}
CONDITIONS = {"when", "pays_when", "covers"}
"""Groups whose fields are columns."""


def load_rule_set(text: str) -> RuleSet:
    """Read a rule set from YAML, or raise ``RuleRefused`` with places and lines."""
    return _validated(source_of(text))


def load_rule_file(path: File) -> RuleSet:
    """Read a rule set from a YAML file; raises as ``read_rule_file`` does."""
    return read_rule_file(path)[0]


def read_rule_file(path: File) -> tuple[RuleSet, InputFile]:
    """Return the rule set of a YAML file, and which bytes it was read from.

    Raises ``RuleRefused``, and ``FileRefused`` for what is no file or too large.
    """
    content, source = read_input(path, MOST_DOCUMENT_BYTES)
    written = with_table_files(source_of(_text_of(content)), path.parent)
    return _validated(written), source


def _text_of(content: bytes) -> str:
    """Return the text of a document, or refuse one that is not UTF-8 with the line on which it is not."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = "is not UTF-8 text; save the file as UTF-8"
        raise RuleRefused([Problem(sentence, "encoding", line=line)]) from None


def load_canonical(text: str) -> RuleSet:
    """Read a rule set from its canonical JSON; raises ``RuleRefused`` as ``rule_set_from`` does."""
    return rule_set_from(json.loads(text))


def rule_set_from(plain: object) -> RuleSet:
    """Read a rule set from plain values, as parsed from JSON (dates are text).

    Raises ``RuleRefused`` with the place of every problem, as the same document in YAML does.
    """
    source = YamlSource(plain)
    for path in _empty_paths(plain):
        source.refuse(path, "empty", EMPTY, None, no_value=True)
    return _checked(source, without_unseen(source, plain))


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
    raw = without_unseen(source, source.value)
    return _checked(source, _with_provenance(raw) if isinstance(raw, dict) else raw)


def _checked(source: YamlSource, raw: object) -> RuleSet:
    """Return a document whose values are plain, or raise ``RuleRefused`` with every problem of it."""
    if not source.problems:
        with suppress(ValidationError):
            document = RuleSet.model_validate(raw)
            if not source_problems(raw) and not _cross_problems(document, source):
                document.keep_lines(source.lines)
                return document
    raise _every_problem(source, raw)


def _every_problem(source: YamlSource, raw: object) -> RuleRefused:
    """Return the refusal of a document with every problem: what is wrong does not hide what else is."""
    search = search_of(json_schema(), raw)
    search.set_aside(source.faults)
    document = search.run()
    found = [(path, replace(one, sentence=_helpful(one, path))) for path, one in search.found]
    whole = [] if document is None else _cross_problems(document, source, search)
    wrong = {path for path, _ in found}
    sources = [one for one in source_problems(raw) if one[0] not in wrong]
    total = search.total + len(sources) + len(whole) + len(source.problems)
    return _refusal([*found, *sources, *whole], source, total)


def _cross_problems(
    document: RuleSet, source: YamlSource, search: Search | None = None
) -> Problems:
    """Return what is wrong with a document of sound parts; the standing is the author's to say, in a text."""
    found = cross_problems(document, search)
    return [one for one in found if source.lines or one[0] != ("standing",)]


def _refusal(found: Problems, source: YamlSource, total: int) -> RuleRefused:
    """Return the refusal by problems with their places, those of the writing too, in the order of lines."""
    placed = [_placed(one, path, source) for path, one in found]
    written = [_worded(one) for one in source.problems]
    ordered = sorted([*written, *placed], key=lambda one: one.line or 0)
    return RuleRefused(ordered[:MOST_PROBLEMS], max(total, len(ordered)))


def _worded(problem: Problem) -> Problem:
    """Return a problem of the writing with what would be right, where only the format knows it."""
    if problem.rule != "empty" or problem.place is None:
        return problem
    return replace(problem, sentence=empty_sentence(json_schema(), path_of(problem.place)))


def _placed(problem: Problem, path: Path, source: YamlSource) -> Problem:
    """Return a problem with its place and line; in a file beside the document, with its name and row."""
    file = source.file_of(path)
    sentence = problem.sentence if file is None else f"{file[0]}, row {file[1]}: {problem.sentence}"
    return replace(problem, sentence=sentence, place=place(path) or None, line=source.line_of(path))


def _with_provenance(raw: dict[str, object]) -> dict[str, object]:
    """Return a document whose values take its first day and standing where they name none.

    What is wrong with these is said where they are, and not of each value.
    """
    effective, own = raw.get("effective"), raw.get("provenance", {})
    if not isinstance(own, dict):
        return raw
    first = effective.get("first") if isinstance(effective, dict) else None
    standing = raw.get("standing")
    stated = {
        "from": first if _is_day(first) else DAY,
        "standing": standing if standing in list(Standing) else Standing.proposed.value,
        **own,
    }
    return {**raw, "provenance": {key: part for key, part in stated.items() if part is not None}}


def _is_day(first: object) -> bool:
    """Return whether a value is a day, or its text."""
    try:
        return isinstance(first, date) or (isinstance(first, str) and bool(day_of(first)))
    except ValueError:
        return False


def _helpful(problem: Problem, path: Path) -> str:
    """Return a problem's sentence with what would be right where only the format knows it."""
    if problem.rule == "extra_forbidden":
        return unknown_field(json_schema(), path)
    if problem.rule == "invalid_key":
        # A name that is no text ends the path, unless the library gives it as text that is not there.
        above = path if not path or isinstance(path[-1], str) else path[:-1]
        known = ", ".join(fields_at(json_schema(), above))
        return f"{problem.sentence}; the fields here are {known}" if known else problem.sentence
    if problem.rule in OF_GROUPS and (fields := fields_at(json_schema(), path)):
        return f"{problem.sentence}: {', '.join(fields)}"
    if problem.rule == "enum" and len(path) > 1 and path[-2] in CONDITIONS:
        return _unknown_input(str(path[-1]), _inputs_at(path))
    if problem.rule == "missing" and path[-1] not in fields_at(json_schema(), path[:-1]):
        # What applies to each value of a group may be written once, above it.
        return f"{problem.sentence}; give it here, or in a 'provenance' above"
    return problem.sentence


def _inputs_at(path: Path) -> list[str]:
    """Return the columns that conditions at a path read; those of tables of values read the authority, too."""
    if path[0] == FORMULA:
        return [one.value for one in SchoolInput]
    return [one.value for one in Input if ROWS in path or one is not Input.la]


def _unknown_input(name: str, known: list[str]) -> str:
    """Return the sentence for a condition on what no condition reads: the nearest column, or all of them."""
    if (near := nearest(name, known)) is not None:
        return f"unknown column; did you mean {near}?"
    levels = (
        ", and level_ with the name of an area of need, such as level_communication"
        if Input.level in known
        else ""
    )
    return f"unknown column; conditions read {', '.join(known)}{levels}"


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
