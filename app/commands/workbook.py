"""``evenband workbook``: a workbook to fill in, whose cells ask the service."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, about, answered, misused, refuse_ending

ENDING = ".xlsx"

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
        from app.commands.outputs import write_texts
        from app.commands.published import rule_set
        from app.settings import Settings
        from app.workbooks import service as workbooks
        from engine.rules import compile_rules

        document, file = rule_set(rules)
        address = f"http://127.0.0.1:{Settings().port}" if service is None else service
        if not workbooks.is_service(address):
            raise misused(f"--service: {workbooks.SERVICE_WORDS}")
        target = Path(f"{document.identifier}{ENDING}") if out is None else out
        refuse_ending(target, ENDING)
        with about(file.place):
            compiled = compile_rules(document)
        sheets = workbooks.sheets_of(compiled)
        if not sheets:
            raise misused(f"{document.identifier}: {workbooks.NOTHING}")
        write_texts({target: workbooks.workbook(compiled, sheets, address)}, (file,))
        names = ", ".join(sheet.name for sheet in sheets)
        typer.echo(f"{target}: {document.identifier} version {document.version}, sheets {names}")


workbook.__doc__ = f"{DESCRIPTION}\n\n{CODES}"
