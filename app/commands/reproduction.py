"""What a manifest needs to be run again: its command, the files and rule sets that it names, and what differs afterwards."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.commands.published import load, rules_folder
from engine.errors import FileRefused, Problem
from engine.export import as_json, disagreements, program_record
from engine.input_file import STANDARD_INPUT_NAME, digest_of
from engine.modules import SEMANTICS
from engine.rules import digest, files_by_identifier

Plain = Any
"""A value of a manifest."""

NO_RESULT = frozenset({"format", "engine", "program", "command", "files", "inputs"})
"""What a manifest says that is not of its result; inputs are compared by themselves."""

SAMPLE = ("--format", "csv", "--out", "-")
"""How a command is called that gives its result to the command that runs it again."""

WORDS = {
    "content": "the rows",
    "totals": "totals",
    "control_totals": "control totals",
    "candidates": "what it says of candidates",
}
_MOST = 5


def call_of(held: Mapping[str, Plain], place: Path, folder: Path | None) -> list[str]:
    """Return the words of a command with the files and rule sets of its manifest.

    ``folder`` has the input files by their names, in place of their own paths. Raises ``FileRefused`` with everything that is
    missing or is not what the manifest names.
    """
    _refuse_other_arithmetic(held, place)
    words = held.get("command")
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words) or not words:
        raise _refused(
            place,
            "names no command that can be run again: it is of one pupil or school, of 'synth' or 'rules atlas', or of an older release",
        )
    problems: list[Problem] = []
    published = dict(_published(held, words, problems))
    files = {str(one["name"]): one for one in _records(held, "inputs")}
    call = [_word(one, files, published, folder, problems) for one in words]
    if any(one.get("name") == STANDARD_INPUT_NAME for one in files.values()):
        sentence = "was piped in and is kept nowhere; run the command again with it"
        problems.append(Problem(sentence, "not-reproducible", place=STANDARD_INPUT_NAME))
    if problems:
        raise _all_refused(place, problems)
    return [*call, *SAMPLE]


def refuse_other_inputs(held: Mapping[str, Plain], again: Mapping[str, Plain], place: Path) -> None:
    """Raise ``FileRefused`` where what was read is not what a manifest names: files that a document names are read with it."""
    again = json.loads(as_json(again))
    problems = []
    for one, other in zip(_records(held, "inputs"), _records(again, "inputs"), strict=False):
        if one.get("part") != "rules" and one.get("sha256") != other.get("sha256"):
            problems.append(_other_file(str(one.get("name"))))
    for one, other in zip(_records(held, "rule_sets"), _records(again, "rule_sets"), strict=False):
        if one.get("digest") != other.get("digest"):
            problems.append(_other_rules(one))
    if problems:
        raise _all_refused(place, problems)


def differences(held: Mapping[str, Plain], again: Mapping[str, Plain]) -> list[str]:
    """Return what is not the same of a result, in words."""
    again = json.loads(as_json(again))
    names = sorted((held.keys() | again.keys()) - NO_RESULT)
    return [
        f"{WORDS.get(name, name)}: {_difference(name, held.get(name), again.get(name))}"
        for name in names
        if held.get(name) != again.get(name)
    ]


def other_program(held: Mapping[str, Plain]) -> Iterator[str]:
    """Yield with what the result was made that is not the same here."""
    made, here = held.get("program"), json.loads(as_json(program_record()))
    if not isinstance(made, dict):
        return
    if made.get("engine_source") != here["engine_source"]:
        yield "made by other source of the engine"
    for part in ("libraries", "machine"):
        for name, one in here[part].items():
            other = made.get(part, {}).get(name)
            if other != one:
                yield f"made with {name} {other}, here {one}"


def _difference(of: str, one: Plain, other: Plain) -> str:
    """Return which parts of two values differ, and how many rows there are of each."""
    if isinstance(one, dict) and isinstance(other, dict):
        if of == "control_totals":
            return "; ".join(list(disagreements(one, other))[:_MOST])
        names = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
        if "rows" in names:
            return f"{one.get('rows')} rows, now {other.get('rows')}"
        return f"differ in {', '.join(sorted(names)[:_MOST])}"
    if isinstance(one, list) and isinstance(other, list) and len(one) != len(other):
        return f"{len(one)}, now {len(other)}"
    return "differ"


def _refuse_other_arithmetic(held: Mapping[str, Plain], place: Path) -> None:
    engine = held.get("engine")
    made = engine if isinstance(engine, dict) else {}
    if made.get("semantics") != SEMANTICS:
        raise _refused(
            place,
            f"is of arithmetic {made.get('semantics')}, and here is {SEMANTICS}: release {made.get('version')} gives this result again",
        )


def _published(
    held: Mapping[str, Plain], words: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    """Yield, for each identifier that a command names, the file of the version that its manifest names."""
    for one in _records(held, "rule_sets"):
        identifier, version = str(one.get("identifier")), one.get("version")
        if not any(identifier in (word, word.partition("=")[2]) for word in words):
            continue
        for path in files_by_identifier(rules_folder()).get(identifier, []):
            document = load(path)
            same = one.get("overrides") or digest(document) == one.get("digest")
            if document.version == version and same:
                yield identifier, str(path)
                break
        else:
            problems.append(_other_rules(one))


def _word(
    word: str,
    files: Mapping[str, Mapping[str, Plain]],
    published: Mapping[str, str],
    folder: Path | None,
    problems: list[Problem],
) -> str:
    """Return a word of a command; a rule set or file that it names is the one of the manifest."""
    option, sign, value = word.partition("=") if word.startswith("--") else ("", "", word)
    if value in published:
        return f"{option}{sign}{published[value]}"
    name = Path(value).name
    if name not in files or value.startswith("--"):
        return word
    path = Path(value) if folder is None else folder / name
    try:
        if files[name].get("part") != "rules" and digest_of(path) != files[name].get("sha256"):
            problems.append(_other_file(name))
    except FileNotFoundError:
        sentence = "not found; say with --inputs in which folder it is"
        problems.append(Problem(sentence, "not-reproducible", place=name))
    return f"{option}{sign}{path}"


def _other_file(name: str) -> Problem:
    sentence = "is another file than the one that the result was made from"
    return Problem(sentence, "not-reproducible", place=name)


def _other_rules(record: Mapping[str, Plain]) -> Problem:
    name = f"{record.get('identifier')} version {record.get('version')}"
    sentence = "is not published here with the values that the result was made by"
    return Problem(sentence, "not-reproducible", place=name)


def _records(held: Mapping[str, Plain], name: str) -> list[Mapping[str, Plain]]:
    found = held.get(name, [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _refused(place: Path, sentence: str) -> FileRefused:
    return _all_refused(place, [Problem(sentence, "not-reproducible")])


def _all_refused(place: Path, problems: list[Problem]) -> FileRefused:
    refused = FileRefused(problems)
    refused.add_note(str(place))
    return refused
