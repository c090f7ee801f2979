"""What ``evenband rules list`` does: shown from summaries, without the engine where no file is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from textwrap import wrap
from typing import TYPE_CHECKING

import typer

from app.commands.exits import say
from app.commands.published import rules_folder
from app.commands.summary_cache import summaries
from app.commands.text_table import Column, console, text_table, width_of
from engine.rules import rule_files
from engine.rules.summary import Summary

if TYPE_CHECKING:
    from app.commands.outputs import Output

COLUMNS = ("identifier", "version", "title", "la", "funding_year", "standing", "works_out")
"""Columns for people; a file has days and digests too."""

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rule sets to list; None asks for all."""

    authority: str | None = None
    year: str | None = None
    works_out: str | None = None

    def finds(self, one: Summary) -> bool:
        """Return whether a rule set is one of those to list."""
        return (
            self._is_of(one)
            and self.year in {None, one["funding_year"]}
            and (self.works_out is None or self.works_out in one["works_out"])
        )

    def _is_of(self, one: Summary) -> bool:
        if self.authority is None:
            return True
        name = one["authority"]
        return name is not None and (
            self.authority == one["la"] or _plain(self.authority) in _plain(name)
        )

    def nothing(self, published: Sequence[Summary]) -> str:
        """Return why no rule set is found: the option that none meets, and what would be found."""
        if self.authority is not None and not any(map(self._is_of, published)):
            named = {_plain(one["authority"]): one for one in published if one["authority"]}
            spelled = get_close_matches(_plain(self.authority), named, n=3)
            known = [f"{named[name]['la']} {named[name]['authority']}" for name in spelled or named]
            return _no_such("authority", self.authority, known, near=bool(spelled))
        years = sorted({one["funding_year"] for one in published})
        if self.year is not None and self.year not in years:
            near = [year for year in years if self.year in year] or get_close_matches(
                self.year, years, n=3
            )
            return _no_such("year", self.year, near or years, near=bool(near))
        return "no rule set meets all of these options; leave out --authority, --year or --kind"


def _plain(name: str) -> str:
    return name.casefold().replace("-", " ")


def _no_such(what: str, sought: str, known: Iterable[str], *, near: bool) -> str:
    said = " or ".join(known) if near else ", ".join(sorted(known))
    hint = f"did you mean {said}?" if near else f"there are rule sets of {said or 'none'}"
    return f"--{what} {sought}: no rule set is of this {what}; {hint}"


def list_published(sought: Sought, kind: str | None) -> None:
    """Print the published rule sets; identifiers are never cut, even on a narrow terminal."""
    deliver_to = None if kind is None else _standard_output(kind)
    published = list(summaries(rule_files(rules_folder())))
    found = sorted(
        filter(sought.finds, published), key=lambda one: (one["identifier"], one["version"])
    )
    if not found:
        say([sought.nothing(published) if published else "no rule set is published"])
    if deliver_to is not None:
        _deliver(found, deliver_to)
    elif found:
        _show(found)


def _standard_output(kind: str) -> "Output":
    from app.commands.outputs import output_of

    return output_of(None, kind)


def _deliver(found: Sequence[Summary], output: "Output") -> None:
    from app.commands.outputs import deliver
    from engine.export import rule_set_rows

    deliver(output, rule_set_rows(found), {})


def _show(found: Sequence[Summary]) -> None:
    """Print a table where the terminal is wide enough, and otherwise two or three lines a rule set.

    Elsewhere than on a terminal: lines with tabs between whole cells, for other programs.
    """
    names = [name for name in COLUMNS if any(_cell(one, name) for one in found)]
    cells = [[_cell(one, name) for name in names] for one in found]
    screen = console()
    if not screen.is_terminal:
        for line in (names, *cells):
            typer.echo("\t".join(line))
        return
    table = text_table([Column(name, name == "version", whole=True) for name in names], cells)
    if width_of(table, screen) <= screen.width:
        screen.print(table)
        return
    for one in found:
        for words in _lines(one, screen.width):
            screen.print(words, markup=False, soft_wrap=True)


def _cell(one: Summary, name: str) -> str:
    if name == "works_out":
        return ", ".join(one["works_out"])
    held: dict[str, object] = dict(one)
    return "" if held[name] is None else str(held[name])


def _lines(one: Summary, width: int) -> list[str]:
    """Return the identifier with what is short, and below it the title; only the title is broken."""
    facts = f"version {one['version']}, {one['funding_year']}, {one['standing']}"
    kinds = f", {_cell(one, 'works_out')}" if one["works_out"] else ""
    head = f"{one['identifier']}{INDENT}{facts}{kinds}"
    heads = [head] if len(head) <= width else [one["identifier"], f"{INDENT}{facts}{kinds}"]
    code = f"{one['la']}: " if one["la"] else ""
    title = wrap(f"{code}{one['title']}", width, initial_indent=INDENT, subsequent_indent=INDENT)
    return [*heads, *title]
