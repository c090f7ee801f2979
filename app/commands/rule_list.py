"""What ``evenband rules list`` does: shown from summaries, without the engine where no file is new."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer

from app.commands.published import rules_folder
from app.commands.summary_cache import summaries
from app.commands.text_table import Column, console, text_table
from engine.rules.folder import rule_files
from engine.rules.summary import Summary

SHOWN = ("identifier", "version", "title", "la", "funding_year", "standing", "values")
"""Columns for people; a file has days and digests too."""


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
        sought, name = self.authority.casefold(), one["authority"]
        return name is not None and (sought == one["la"] or sought in name.casefold())


def list_published(sought: Sought, kind: str | None) -> None:
    """Print the published rule sets; identifiers are never cut, even on a narrow terminal."""
    found = sorted(
        filter(sought.finds, summaries(rule_files(rules_folder()))),
        key=lambda one: (one["identifier"], one["version"]),
    )
    if kind is not None:
        _deliver(found, kind)
    elif found:
        _show(found)
    else:
        typer.echo("No published rule set matches; leave out --authority, --year or --kind.")


def _deliver(found: Sequence[Summary], kind: str) -> None:
    from app.commands.outputs import chosen, deliver  # noqa: PLC0415 - people are shown text
    from engine.export.rule_values import listed_rows  # noqa: PLC0415

    deliver(chosen(None, kind, []), listed_rows(found), {})


def _show(found: Sequence[Summary]) -> None:
    """Print a table on a terminal; elsewhere lines with tabs between whole cells, for other programs."""
    rows: list[dict[str, object]] = [dict(one) for one in found]
    names = [name for name in SHOWN if any(row[name] is not None for row in rows)]
    cells = [["" if row[name] is None else str(row[name]) for name in names] for row in rows]
    screen = console()
    if not screen.is_terminal:
        for line in (names, *cells):
            typer.echo("\t".join(line))
        return
    columns = [Column(name, name == "version", name == "identifier") for name in names]
    screen.print(text_table(columns, cells))
