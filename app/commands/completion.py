"""What the shell offers for an option: published rule sets, their authorities and years, layouts, files.

Each function takes the text so far and yields what goes on from it, with words for shells that show them.
Where nothing is yielded the shell offers its own names of files.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from engine.rules.summary import Summary

Offered = Iterator[tuple[str, str]]


def rule_sets(incomplete: str) -> Offered:
    """Yield identifiers of published rule sets, and rule documents of the folder at hand."""
    for one in _published():
        if one["identifier"].startswith(incomplete):
            yield one["identifier"], one["title"]
    yield from _documents(incomplete)


def authorities(incomplete: str) -> Offered:
    """Yield codes of authorities, or their names as one word where letters were typed."""
    named = {one["la"]: one["authority"] for one in _published() if one["la"]}
    for code, name in sorted(named.items(), key=str):
        word = (name or "").partition(",")[0].lower().replace(" ", "-")
        offered = word if incomplete[:1].isalpha() else code
        if offered and offered.startswith(incomplete):
            yield offered, name or ""


def years(incomplete: str) -> Offered:
    """Yield the funding years of published rule sets."""
    for year in sorted({one["funding_year"] for one in _published()}):
        if year.startswith(incomplete):
            yield year, ""


def layouts(incomplete: str) -> Offered:
    """Yield the layouts that come with the program, and layouts of the folder at hand."""
    from engine.data import FIXTURES

    for path in sorted((FIXTURES / "layouts").glob("*.yaml")):
        if path.stem.startswith(incomplete):
            yield path.stem, "comes with the program"
    yield from _documents(incomplete)


def _published() -> "Iterator[Summary]":
    """Yield what a list says of each published rule set, without those that cannot be read."""
    from app.commands.published import rules_folder
    from app.commands.summary_cache import readable_summaries
    from engine.rules import rule_files

    with suppress(typer.BadParameter, OSError):
        yield from readable_summaries(rule_files(rules_folder()))


def _documents(incomplete: str) -> Offered:
    """Yield YAML files of the folder at hand; the shell itself goes into other folders."""
    with suppress(OSError):
        for path in sorted(Path().glob("[!.]*.y*ml")):
            if path.name.startswith(incomplete):
                yield path.name, "file"
