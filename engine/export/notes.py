"""What a manifest says of the tables and their figures, as rows that a workbook has beside its result."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

COLUMNS = ("about", "kind", "number", "note")


class Note(NamedTuple):
    """One thing to know: what it is about, of which kind, of how many rows or cells it is true, and in words.

    No note has a pupil's value: it is what standard error and the manifest say.
    """

    about: str
    kind: str
    number: int
    sentence: str


def notes_of(manifest: Mapping[str, Any]) -> tuple[Note, ...]:
    """Return the notes of a manifest: figures that may be wrong, notices of tables, such as rows set apart, notes on rules, and what is not known."""
    return (
        *_warnings(manifest), *_notices(manifest), *_of_rules(manifest), *_missing(manifest),
    )  # fmt: skip


def _warnings(manifest: Mapping[str, Any]) -> Iterator[Note]:
    for one in _records(manifest, "warnings"):
        rows = f" (in {one['rows']:,} rows)" if one["rows"] > 1 else ""
        yield Note(one["of"], one["kind"], one["number"], one["sentence"] + rows)


def _notices(manifest: Mapping[str, Any]) -> Iterator[Note]:
    for one in _records(manifest, "notices"):
        yield Note(one["table"], one["rule"], one["number"], one["sentence"])


def _of_rules(manifest: Mapping[str, Any]) -> Iterator[Note]:
    for one in _records(manifest, "notes"):
        yield Note(one["rule_set"], one["type"], 1, one["sentence"])


def _missing(manifest: Mapping[str, Any]) -> Iterator[Note]:
    for one in _records(manifest, "missing"):
        yield Note(one["of"], "not-known", one["number"], f"{one['part']}: {one['why']}")


def _records(manifest: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = manifest.get(name, ())
    return found
