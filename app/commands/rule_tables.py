"""``evenband rules table``: a band profile as a workbook, edited and read back."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.commands import completion, options
from app.commands.exits import CODES, about, answered, misused, refuse_ending

WORKBOOK, DOCUMENT = ".xlsx", ".yaml"

app = typer.Typer(
    no_args_is_help=True,
    help=f"Write a band profile as a workbook that people edit, and read it back.\n\n{CODES}",
)
Into = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE.yaml",
        help="Rule document that takes the profile; all else in it stays.",
        show_default=False,
        autocompletion=completion.rule_sets,
    ),
]


@app.command("export")
def export_table(
    name: options.RuleSet,
    out: Annotated[
        Path, typer.Option(metavar="FILE.xlsx", help="Workbook to write.", show_default=False)
    ],
) -> None:
    """Write a rule set's bands, decision table and prices as the sheets of a workbook."""
    with answered():
        from app.commands.outputs import refuse_changes
        from app.commands.published import rule_set
        from engine.export import write_whole
        from engine.lab.imports import write_decision_workbook

        refuse_ending(out, WORKBOOK)
        document, source = rule_set(name)
        write_whole(
            [(out, partial(write_decision_workbook, document))],
            before_place=partial(refuse_changes, (source,)),
        )
        typer.echo(f"{out}: {document.identifier} version {document.version}")


@app.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", show_default=False)],
    into: Into,
    out: Annotated[
        Path, typer.Option(metavar="NEW.yaml", help="Rule document to write.", show_default=False)
    ],
    version: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, metavar="N", help="Version to write; by default the document's own."
        ),
    ] = None,
) -> None:
    """Write a rule document with the band profile of a workbook, or name each cell that is wrong."""
    with answered():
        from app.commands.display import show_rows
        from app.commands.inputs import say_notices
        from app.commands.outputs import write_texts
        from app.commands.published import rule_set
        from engine.export import difference_rows
        from engine.lab.imports import document_text, read_decision_workbook_file
        from engine.rules import digest, plain

        refuse_ending(out, DOCUMENT)
        before, source = rule_set(into)
        if source.path is not None and out.exists() and out.samefile(source.path):
            raise misused(f"{out} is the document that is read; choose another name for the output")
        with about(file):
            read, workbook, notices = read_decision_workbook_file(file, before)
        say_notices(notices)
        document = read if version is None else read.model_copy(update={"version": version})
        write_texts({out: document_text(plain(document)).encode()}, (source, workbook))
        typer.echo(
            f"{out}: {document.identifier} version {document.version}, digest {digest(document)[:12]}"
        )
        rows = difference_rows(before, document)
        if not len(rows):
            typer.echo("It gives the same results as before.")
            return
        show_rows(rows, "Differs from the document in")
        if document.version == before.version:
            typer.echo(
                "A published version never changes; --version gives this one a number of its own."
            )


for _command in (export_table, import_table):
    _command.__doc__ = f"{_command.__doc__}\n\n{CODES}"
