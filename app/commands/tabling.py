"""What the commands under ``evenband rules table`` do, once their options are read."""

from functools import partial
from pathlib import Path

import typer

from app.commands import shown
from app.commands.exits import about, misused
from app.commands.outputs import refuse_changes
from app.commands.published import rule_set
from engine.export import write_whole
from engine.export.rule_values import difference_rows
from engine.lab.imports.decision_tables import read_decision_workbook_file
from engine.lab.imports.decision_workbook import write_decision_workbook
from engine.lab.imports.yaml_text import document_text
from engine.rules.load import digest, plain

WORKBOOK, DOCUMENT = ".xlsx", ".yaml"


def write_table(name: str, out: Path) -> None:
    """Write the band profile of a rule set as a workbook."""
    _ends(out, WORKBOOK)
    document, source = rule_set(name)
    write_whole(
        [(out, partial(write_decision_workbook, document))],
        before_place=partial(refuse_changes, (source,)),
    )
    typer.echo(f"{out}: {document.identifier} version {document.version}")


def read_table_into(file: Path, into: str, out: Path, version: int | None) -> None:
    """Write a document with the band profile of a workbook, and say where it now differs."""
    _ends(out, DOCUMENT)
    before, source = rule_set(into)
    if source.path is not None and out.exists() and out.samefile(source.path):
        raise misused(f"{out} is the document that is read; choose another name for the output")
    with about(file):
        read, workbook = read_decision_workbook_file(file, before)
    document = read if version is None else read.model_copy(update={"version": version})
    text = document_text(plain(document)).encode()
    write_whole(
        [(out, lambda target: target.write(text))],
        before_place=partial(refuse_changes, (source, workbook)),
    )
    typer.echo(
        f"{out}: {document.identifier} version {document.version}, digest {digest(document)[:12]}"
    )
    rows = difference_rows(before, document)
    if not len(rows):
        typer.echo("It gives the same results as before.")
        return
    console = shown.console()
    console.print(shown.table(rows, "Differs from the document in"))
    if document.version == before.version:
        typer.echo(
            "A published version never changes; --version gives this one a number of its own."
        )


def _ends(path: Path, ending: str) -> None:
    if path.suffix.lower() != ending:
        raise misused(f"--out must end in {ending}")
