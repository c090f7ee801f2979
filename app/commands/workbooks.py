"""What ``evenband workbook`` does, once its options are read."""

from functools import partial
from pathlib import Path

import typer

from app.commands.exits import about, misused
from app.commands.outputs import refuse_changes
from app.commands.published import rule_set
from app.settings import Settings
from app.workbooks.service import NOTHING, SERVICE_WORDS, is_service, sheets_of, workbook
from engine.export import write_whole
from engine.rules.compile import compile_rules

ENDING = ".xlsx"


def write_workbook(name: str, out: Path | None, service: str | None) -> None:
    """Write the workbook of a rule set, and say which sheets it has."""
    document, file = rule_set(name)
    address = f"http://127.0.0.1:{Settings().port}" if service is None else service
    if not is_service(address):
        raise misused(f"--service: {SERVICE_WORDS}")
    target = Path(f"{document.identifier}{ENDING}") if out is None else out
    if target.suffix.lower() != ENDING:
        raise misused(f"--out must end in {ENDING}")
    with about(file.place):
        rules = compile_rules(document)
    sheets = sheets_of(rules)
    if not sheets:
        raise misused(f"{document.identifier}: {NOTHING}")
    content = workbook(rules, sheets, address)
    write_whole(
        [(target, lambda opened: opened.write(content))],
        before_place=partial(refuse_changes, (file,)),
    )
    names = ", ".join(sheet.name for sheet in sheets)
    typer.echo(f"{target}: {document.identifier} version {document.version}, sheets {names}")
