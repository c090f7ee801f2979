"""``evenband workbook``: a workbook to fill in, whose cells ask the service."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, answered

DESCRIPTION = (
    "Write a workbook for Excel or LibreOffice whose cells ask the service for the answers."
)


def workbook(
    rules: options.RuleSet,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.xlsx", help="By default the name of the rule set."),
    ] = None,
    service: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Address of the service that answers; by default the one on this machine.",
        ),
    ] = None,
) -> None:
    """Write the workbook of a rule set."""
    with answered():
        from app.commands.workbooks import write_workbook  # noqa: PLC0415 - help without the engine

        write_workbook(rules, out, service)


workbook.__doc__ = f"{DESCRIPTION}\n\n{CODES}"
