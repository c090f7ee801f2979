"""A document of candidates: a baseline, and what varies; checked as rule documents are, all mistakes at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache
from pathlib import Path as File
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError, WithJsonSchema

from engine.candidates.designs import MOST, Design, Levels
from engine.errors import CandidatesRefused, Problem
from engine.input_file import MOST_DOCUMENT_BYTES, InputFile, read_input
from engine.money import decimal_of, is_number
from engine.rules.values import PLAIN_NUMBER, Day, Document, Sentence
from engine.rules.yaml_source import MOST_PROBLEMS, Path, YamlSource, path_of, place, source_of
from engine.wording import problems_of, text_form, unknown_field

FORMAT = "evenband-candidates/1"
VARY = "vary"
_UNKNOWN = {"format": FORMAT, "title": "unknown", "baseline": "unknown"}
"""Values in the place of needed fields that are wrong or missing."""

VALUE = f"{PLAIN_NUMBER}, or a fraction such as 2/3"
MOST_STEPS = 10**12
"""Values that one range may have."""


def _text(written: object) -> object:
    """Return a whole number that is written without quotes as text."""
    is_whole = isinstance(written, int) and not isinstance(written, bool)
    return str(written) if is_whole else written


def _number_form(pattern: str) -> WithJsonSchema:
    """Return how a number is described that may be text, or a whole number without quotes."""
    return WithJsonSchema({"anyOf": [{"type": "string", "pattern": pattern}, {"type": "integer"}]})


VALUES = r"^(-?[0-9]{1,12}(\.[0-9]{1,10})?|[0-9]{1,6}/[0-9]{1,6})$"
NUMBERS = r"^-?[0-9]{1,12}(\.[0-9]{1,10})?$"
POUNDS = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
Value = Annotated[str, text_form(VALUES, VALUE), BeforeValidator(_text), _number_form(VALUES)]
Number = Annotated[
    str, text_form(NUMBERS, PLAIN_NUMBER), BeforeValidator(_text), _number_form(NUMBERS)
]
Positive = Annotated[
    str,
    text_form(POUNDS, "must be a plain number, 0 or more, with at most two decimals"),
    BeforeValidator(_text),
    _number_form(POUNDS),
]


class Source(StrEnum):
    """Where candidates come from: exactly one is in a document."""

    vary = "vary"
    table = "table"
    rule_sets = "rule_sets"


class Range(Document):
    """Values from one to another, a step apart."""

    from_: Number = Field(alias="from")
    to: Number
    step: Number


class Constraints(Document):
    """What a candidate must keep to."""

    total: Positive | None = Field(default=None, description="pounds that all pupils may come to")
    authority_loss_percent: Positive | None = Field(
        default=None, description="percentage of its total that no authority may lose more of"
    )
    school_loss_per_pupil: Positive | None = Field(
        default=None,
        description="pounds a pupil of the file at a school that no school may lose more of",
    )


class CandidateDocument(Document):
    """Candidates of one rule set: what varies, how values go together, and what candidates must keep to."""

    format: Annotated[str, text_form(rf"^{FORMAT}$", f"must be {FORMAT}")]
    title: Sentence
    baseline: Sentence = Field(
        description="identifier of a published rule set, or the path of a rule document from this one"
    )
    candidate: Sentence | None = Field(
        default=None,
        description="the rule set whose values vary, named as the baseline is; the baseline's own without it",
    )
    on: Day | None = Field(default=None, description="day whose values hold for the whole year")
    design: Design | None = Field(
        default=None, strict=False, description="how the values of several paths go together"
    )
    number: Annotated[int, Field(ge=1, le=MOST)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    vary: dict[str, Annotated[tuple[Value, ...], Field(strict=False)] | Range] | None = Field(
        default=None, description="values of each path, as a list or a range"
    )
    table: Sentence | None = Field(
        default=None, description="file with a row a candidate: a column candidate, and one a path"
    )
    sheet: Sentence | None = None
    rule_sets: Sentence | None = Field(
        default=None, description="folder with a rule document a candidate"
    )
    budgets: Sentence | None = Field(
        default=None, description="file with a row an authority: la, and budget in pounds"
    )
    constraints: Constraints = Constraints()

    @property
    def levels(self) -> tuple[Levels, ...]:
        """Return the values of each path that varies."""
        found = []
        for path, values in (self.vary or {}).items():
            if isinstance(values, Range):
                found.append(Levels.of_range(path, values.from_, values.to, values.step))
            else:
                found.append(Levels.of_list(path, values))
        return tuple(found)


class Known(NamedTuple):
    """What is known of a document: its fields that are sound, which of them it has, and what is wrong with the others.

    ``document`` has other values in the place of fields that are wrong or missing, which ``fields`` does not name;
    None where nothing is known. ``refused`` is None where all is sound.
    """

    document: CandidateDocument | None
    fields: frozenset[str]
    refused: CandidatesRefused | None


@cache
def candidates_schema() -> dict[str, object]:
    """Return the JSON Schema of a document of candidates as people write it."""
    schema = CandidateDocument.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "oneOf": [{"required": [one.value]} for one in Source],
        "dependentRequired": {"design": ["vary"], "sheet": ["table"]},
    }


def known_of(text: str) -> Known:
    """Return what is known of the document of a YAML text; raises ``CandidatesRefused`` where it is not YAML."""
    source = source_of(text)
    raw = source.value
    found: list[tuple[Path, Problem]] = []
    document = None
    try:
        document = CandidateDocument.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_input=False, include_url=False)
        found += [(path, _worded(one, path)) for path, one in problems_of(errors, raw)]
    found = [one for one in found if one[0][:1] != ("vary",) or len(one[0]) < len(("vary", "path"))]
    if isinstance(raw, dict):
        found += [*_of_values(raw.get("vary")), *_together(raw)]
    if document is not None and not found and not source.problems:
        return Known(document, frozenset(document.model_fields_set), None)
    wrong = [path for path, _ in found] + [path_of(one.place or "") for one in source.problems]
    return _sound_fields(raw, wrong, _refusal(found, source))


def _sound_fields(raw: object, wrong: Sequence[Path], refusal: CandidatesRefused) -> Known:
    """Return what is known of a document some of whose places are wrong."""
    if not isinstance(raw, dict):
        return Known(None, frozenset(), refusal)
    vary = raw.get(VARY)
    of_paths = {path[1] for path in wrong if path[:1] == (VARY,) and len(path) > 1}
    wrong_fields = {
        path[0] for path in wrong if path and path[:2] not in {(VARY, one) for one in of_paths}
    }
    kept = {name: one for name, one in raw.items() if name not in wrong_fields}
    if VARY in kept and isinstance(vary, dict):
        kept[VARY] = {name: one for name, one in vary.items() if name not in of_paths}
    try:
        document = CandidateDocument.model_validate({**_UNKNOWN, **kept})
    except ValidationError:
        return Known(None, frozenset(), refusal)
    return Known(document, frozenset(kept), refusal)


def read_known(path: File) -> tuple[Known, InputFile]:
    """Return what is known of the document of a file, and which bytes it was read from.

    Raises ``CandidatesRefused`` where it is not UTF-8 text, or no YAML.
    """
    content, file = read_input(path, MOST_DOCUMENT_BYTES)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = "is not UTF-8 text; save the file as UTF-8"
        raise CandidatesRefused([Problem(sentence, "encoding", line=line)]) from None
    return known_of(text), file


def _worded(problem: Problem, path: Path) -> Problem:
    if problem.rule != "extra_forbidden":
        return problem
    return replace(problem, sentence=unknown_field(CandidateDocument.model_json_schema(), path))


def _refusal(found: list[tuple[Path, Problem]], source: YamlSource) -> CandidatesRefused:
    distinct = list(dict.fromkeys(found))
    placed = [
        replace(one, place=place(path) or None, line=source.line_of(path)) for path, one in distinct
    ]
    ordered = sorted([*source.problems, *placed], key=lambda one: one.line or 0)
    return CandidatesRefused(ordered[:MOST_PROBLEMS], len(ordered))


def _of_values(vary: object) -> Iterator[tuple[Path, Problem]]:
    """Yield what is wrong with the values of each path: neither a list nor a range, or a number that is none."""
    if not isinstance(vary, Mapping):
        return
    for name, values in vary.items():
        here: Path = ("vary", name)
        if isinstance(values, list) and values:
            texts = [_text(one) for one in values]
            for at, one in enumerate(texts):
                if not isinstance(one, str) or not is_value(one):
                    yield (*here, at), Problem(VALUE, "number")
            if len(set(map(str, texts))) < len(texts):
                yield here, Problem("has a value twice; give each once", "repeated")
        elif isinstance(values, Mapping):
            yield from _of_range(here, values)
        else:
            sentence = "must be a list of values, or a range of from, to and step"
            yield here, Problem(sentence, "values")


def is_value(text: str) -> bool:
    """Return whether text is a plain decimal number, or a fraction of two whole numbers."""
    top, slash, bottom = text.partition("/")
    if not slash:
        return is_number(text)
    return is_number(top) and is_number(bottom) and "." not in text and int(bottom) > 0


FIELDS = ("from", "to", "step")
"""Fields of a range."""


def _of_range(here: Path, values: Mapping[Any, object]) -> Iterator[tuple[Path, Problem]]:
    for name in values:
        if name not in FIELDS:
            sentence = f"unknown field; the fields here are {', '.join(FIELDS)}"
            yield (*here, name), Problem(sentence, "field")
    texts = {name: _text(values.get(name)) for name in FIELDS}
    wrong = [name for name, one in texts.items() if not isinstance(one, str) or not is_number(one)]
    for name in wrong:
        sentence = "is missing" if texts[name] is None else PLAIN_NUMBER
        yield (*here, name), Problem(sentence, "number")
    if not wrong:
        yield from _of_steps(here, *(str(texts[name]) for name in FIELDS))


def _of_steps(here: Path, first: str, last: str, step: str) -> Iterator[tuple[Path, Problem]]:
    each, wide = decimal_of(step), decimal_of(last) - decimal_of(first)
    if each <= 0:
        yield (*here, "step"), Problem("must be more than 0", "step")
    elif wide < 0:
        yield (*here, "to"), Problem("must not be less than from", "range")
    elif wide % each:
        sentence = f"is no whole number of steps of {step} from {first}"
        yield (*here, "to"), Problem(sentence, "range")
    elif wide / each >= MOST_STEPS:
        yield (*here, "step"), Problem("is too small for so wide a range", "step")


def _together(raw: Mapping[Any, object]) -> Iterator[tuple[Path, Problem]]:
    """Yield what is wrong with fields together: where candidates come from, and how they are drawn."""
    named = [one.value for one in Source if raw.get(one.value) is not None]
    if len(named) != 1:
        sentence = f"give one of {', '.join(one.value for one in Source)}"
        yield tuple(named[1:2]), Problem(sentence, "source")
    if raw.get("vary") == {}:
        yield ("vary",), Problem("needs at least one path", "values")
    design = raw.get("design", Design.grid.value)
    drawn = design in {Design.hypercube.value, Design.random.value}
    for name in ("number", "seed"):
        if drawn and raw.get(name) is None:
            yield (name,), Problem(f"is missing; design {design} needs it", "missing")
        elif not drawn and raw.get(name) is not None:
            yield (name,), Problem("is of the designs hypercube and random alone", "design")
    if raw.get("design") is not None and raw.get("vary") is None:
        yield ("design",), Problem("is of 'vary' alone", "design")
    if raw.get("candidate") is not None and raw.get("rule_sets") is not None:
        yield ("candidate",), Problem("is of 'vary' and 'table' alone", "source")
    if raw.get("sheet") is not None and raw.get("table") is None:
        yield ("sheet",), Problem("is of 'table' alone", "sheet")
