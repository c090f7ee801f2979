"""``evenband verify``: whether a file of results is as it was written."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.exits import CODES, REFUSED, answered

if TYPE_CHECKING:
    from engine.rules import RuleSet


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A file of results with its manifest beside it, or a manifest, of which every file is verified.",
            show_default=False,
        ),
    ],
) -> None:
    """Say whether results are untouched or altered, and whether their rules are superseded here.

    The manifest beside the file has its digest, and the rules and the arithmetic that made it. Exit code 1
    where a file is altered or missing, or where a published version here has other values than it had.
    """
    with answered():
        from engine.export import verify as found_of

        found = found_of(file, _published)
        for one in found:
            typer.echo(one.sentence)
    if any(one.finding.is_wrong for one in found):
        raise typer.Exit(REFUSED)


verify.__doc__ = f"{verify.__doc__}\n\n{CODES}"


def _published(identifier: str) -> "list[RuleSet]":
    """Return all versions of a rule set that are published here."""
    from app.commands.published import load, rules_folder
    from engine.rules import files_by_identifier

    return [load(path) for path in files_by_identifier(rules_folder()).get(identifier, [])]
