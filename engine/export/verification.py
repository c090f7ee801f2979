"""Whether a file of results is as it was written, and whether its rules are still the latest of their identifier."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from engine.errors import FileRefused, Problem
from engine.export.control_totals import disagreements
from engine.export.embedding import manifest_within
from engine.export.file_content import ContentUnreadable, content_of_file, control_of_file
from engine.export.manifest import FORMAT
from engine.input_file import digest_of, read_input
from engine.modules import SEMANTICS
from engine.rows import Shape
from engine.rules.document import RuleSet
from engine.rules.load import digest

MANIFEST = ".manifest.json"
MOST_BYTES = 64 << 20
NO_MANIFEST = "is no manifest of a result"
MOST_DIFFERENCES = 10
"""Control totals that are named one by one where they do not agree."""


class Finding(StrEnum):
    """What is found of a file or of what it was made by."""

    untouched = "untouched"
    altered = "altered"
    missing = "missing"
    superseded = "superseded"
    other_text = "other text"
    """the published version has other values than those the result was made by"""
    other_arithmetic = "other arithmetic"

    @property
    def is_wrong(self) -> bool:
        """Return whether the file cannot be relied on as it is."""
        return self in (Finding.altered, Finding.missing, Finding.other_text)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One finding, of a file, a rule set or the engine, as a sentence."""

    of: str
    finding: Finding
    sentence: str


def manifest_beside(path: Path) -> Path:
    """Return the manifest of a file: beside it under its name, or the file itself where it is one."""
    return path if path.name.endswith("manifest.json") else path.with_name(path.name + MANIFEST)


def verify(path: Path, published: Callable[[str], list[RuleSet]]) -> tuple[Verdict, ...]:
    """Return what is found of a file of results, its rules, and the arithmetic that made it.

    ``path`` is the file or its manifest. A Parquet file or a workbook that has no manifest beside it is compared with the one that it
    carries inside, by its rows. ``published`` returns all versions of an identifier that are published here.
    Raises ``FileRefused`` for what is no manifest, and ``OSError`` where there is none.
    """
    place = manifest_beside(path)
    if place != path and not place.exists() and (carried := _carried(path)) is not None:
        return (
            *_rows(path, carried),
            *_control(path, carried),
            *_origin(carried, published, path),
        )
    manifest = read_manifest(place)
    files = [cast("Mapping[str, str]", one) for one in _list(manifest, "files", place)]
    if place != path:
        files = [one for one in files if one.get("name") == path.name]
        if not files:
            raise _refused(place, f"does not name {path.name}")
    return (
        *(_file(place.parent, one) for one in files),
        *(verdict for one in files for verdict in _control(_beside(place.parent, one), manifest)),
        *_origin(manifest, published, place),
    )


def _origin(
    manifest: Mapping[str, object], published: Callable[[str], list[RuleSet]], place: Path
) -> Iterator[Verdict]:
    for one in _list(manifest, "rule_sets", place):
        yield from _rules(one, published)
    yield from _arithmetic(manifest)


def manifest_of(path: Path) -> Mapping[str, object]:
    """Return the manifest that a path names: itself, the one beside a file of results, or the one that the file carries.

    Raises ``FileRefused`` for what is no manifest, and ``OSError`` where there is none.
    """
    place = manifest_beside(path)
    if place != path and not place.exists() and (carried := _carried(path)) is not None:
        return carried
    return read_manifest(place)


def read_manifest(place: Path) -> Mapping[str, object]:
    """Return a manifest that is a file; raises ``FileRefused`` for what is none, and ``OSError`` where it cannot be read."""
    try:
        return _checked(json.loads(read_input(place, MOST_BYTES)[0]), place)
    except ValueError:
        raise _refused(place, NO_MANIFEST) from None


def _carried(path: Path) -> Mapping[str, object] | None:
    """Return the manifest within a file, None where the file carries none."""
    try:
        held = manifest_within(path)
    except ValueError:
        raise _refused(path, NO_MANIFEST) from None
    return None if held is None else _checked(held, path)


def _checked(held: object, place: Path) -> Mapping[str, object]:
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise _refused(place, NO_MANIFEST)
    return held


def _rows(path: Path, manifest: Mapping[str, object]) -> Iterator[Verdict]:
    """Yield whether the rows of a file are those that its own manifest says were written."""
    name = path.name
    stated, shapes, number = _stated(path, manifest)
    try:
        same = content_of_file(path, shapes, number) == stated
    except ContentUnreadable:
        same = False
    if same:
        sentence = f"{name}: untouched: its rows are those of the manifest that it carries"
        yield Verdict(name, Finding.untouched, sentence)
    else:
        yield Verdict(name, Finding.altered, f"{name}: altered since it was written")


def _control(path: Path, manifest: Mapping[str, object]) -> Iterator[Verdict]:
    """Yield which control totals of a manifest are not those of the file; nothing where it has none, or is not there."""
    stated = manifest.get("control_totals")
    if not isinstance(stated, dict) or not path.is_file():
        return
    _, shapes, number = _stated(path, manifest)
    name = path.name
    try:
        found = control_of_file(path, shapes, number)
        differing = [] if found is None else list(disagreements(stated, found))
    except ContentUnreadable:
        sentence = f"{name}: control totals cannot be worked out: its rows cannot be read as they were written"
        yield Verdict(name, Finding.altered, sentence)
        return
    except (TypeError, AttributeError):
        raise _refused(path, NO_MANIFEST) from None
    for one in differing[:MOST_DIFFERENCES]:
        yield Verdict(name, Finding.altered, f"{name}: control totals do not agree: {one}")
    if (more := len(differing) - MOST_DIFFERENCES) > 0:
        others = f"{more} more control total{'s do' if more > 1 else ' does'} not agree"
        yield Verdict(name, Finding.altered, f"{name}: {others}")


def _stated(
    path: Path, manifest: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, Shape], int]:
    """Return what a manifest says of the rows of its file, what its columns hold, and how many rows there are."""
    try:
        stated = dict(cast("Mapping[str, Any]", manifest.get("content")))
        shapes = {column: Shape(shape) for column, shape in stated["columns"].items()}
        return stated, shapes, int(stated["rows"])
    except (TypeError, KeyError, AttributeError, ValueError):
        raise _refused(path, NO_MANIFEST) from None


def _beside(folder: Path, record: Mapping[str, str]) -> Path:
    """Return the file of a record, beside its manifest whatever folders the record names."""
    return folder / Path(str(record.get("name", ""))).name


def _refused(place: Path, sentence: str) -> FileRefused:
    refused = FileRefused([Problem(sentence, "no-manifest")])
    refused.add_note(str(place))
    return refused


def _list(manifest: Mapping[str, object], name: str, place: Path) -> list[Mapping[str, object]]:
    held = manifest.get(name, [])
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        raise _refused(place, f"has no list of {name.replace('_', ' ')}")
    return held


def _file(folder: Path, record: Mapping[str, str]) -> Verdict:
    """Return whether a file is as it was written; its name is one, and no path."""
    path = _beside(folder, record)
    name = path.name
    try:
        sha256 = digest_of(path)
    except FileNotFoundError:
        return Verdict(name, Finding.missing, f"{name}: missing; it is not beside its manifest")
    if sha256 != record.get("sha256"):
        return Verdict(name, Finding.altered, f"{name}: altered since it was written")
    return Verdict(name, Finding.untouched, f"{name}: untouched since it was written")


def _rules(
    record: Mapping[str, object], published: Callable[[str], list[RuleSet]]
) -> Iterator[Verdict]:
    """Yield what is found of the rules of a result: another text of the same version, and a later version."""
    identifier, version = str(record.get("identifier")), record.get("version")
    name = f"{identifier} version {version}"
    tried = bool(record.get("overrides"))
    for one in published(identifier):
        if one.version == version and not tried and digest(one) != record.get("digest"):
            yield Verdict(
                name, Finding.other_text, f"{name}: the rules of that version here are other rules"
            )
        elif isinstance(version, int) and one.version > version:
            yield Verdict(
                name,
                Finding.superseded,
                f"{name}: superseded by version {one.version}, which is published here",
            )


def _arithmetic(manifest: Mapping[str, object]) -> Iterator[Verdict]:
    engine = manifest.get("engine")
    made_by = engine.get("semantics") if isinstance(engine, dict) else None
    if made_by != SEMANTICS:
        release = engine.get("version") if isinstance(engine, dict) else "not named"
        sentence = (
            f"arithmetic {made_by}, here {SEMANTICS}: some amounts come out otherwise; "
            f"release {release} gives this result again"
        )
        yield Verdict("arithmetic", Finding.other_arithmetic, sentence)
