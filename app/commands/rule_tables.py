"""``evenband rules table`` and ``rules formula``: a band profile or a schools formula as a workbook, edited and read back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from app.commands import completion, options
from app.commands.exits import CODES, about, answered, misused, refuse_ending

if TYPE_CHECKING:
    from engine.lab.imports import EditedWorkbook
    from engine.rules import RuleSet

    Write = Callable[[RuleSet, BinaryIO], object]
    Read = Callable[[Path, RuleSet], EditedWorkbook]

WORKBOOK, DOCUMENT = ".xlsx", ".yaml"

app = typer.Typer(
    no_args_is_help=True,
    help=f"Write a band profile as a workbook that people edit, and read it back.\n\n{CODES}",
)
formula = typer.Typer(
    no_args_is_help=True,
    help=f"Write a schools formula as a workbook that people edit, and read it back.\n\n{CODES}",
)
Into = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE.yaml",
        help="Rule document that takes what the workbook has; all else in it stays.",
        show_default=False,
        autocompletion=completion.rule_sets,
    ),
]
Workbook = Annotated[
    Path, typer.Option(metavar="FILE.xlsx", help="Workbook to write.", show_default=False)
]
Edited = Annotated[Path, typer.Argument(metavar="FILE.xlsx", show_default=False)]
NewDocument = Annotated[
    Path, typer.Option(metavar="NEW.yaml", help="Rule document to write.", show_default=False)
]
Version = Annotated[
    int | None,
    typer.Option(
        min=1, max=10_000, metavar="N", help="Version to write; by default the document's own."
    ),
]


@app.command("export")
def export_table(name: options.RuleSet, out: Workbook) -> None:
    """Write a rule set's bands, decision table and prices as the sheets of a workbook."""
    with answered():
        from engine.lab.imports import write_decision_workbook

        _export(name, out, write_decision_workbook)


@app.command("import")
def import_table(file: Edited, into: Into, out: NewDocument, version: Version = None) -> None:
    """Write a rule document with the band profile of a workbook, or name each cell that is wrong."""
    with answered():
        from engine.lab.imports import read_decision_workbook_file

        _import(file, into, out, version, read_decision_workbook_file)


@formula.command("export")
def export_formula(name: options.RuleSet, out: Workbook) -> None:
    """Write a rule set's schools formula: factors, unit values and percentages by phase, and their sources."""
    with answered():
        from engine.lab.imports import write_formula_workbook

        _export(name, out, write_formula_workbook)


@formula.command("import")
def import_formula(file: Edited, into: Into, out: NewDocument, version: Version = None) -> None:
    """Write a rule document with the schools formula of a workbook, or name each cell that is wrong."""
    with answered():
        from engine.lab.imports import read_formula_workbook_file

        _import(file, into, out, version, read_formula_workbook_file)


def _export(name: str, out: Path, write: "Write") -> None:
    from app.commands.outputs import refuse_changes
    from app.commands.published import rule_set
    from engine.export import write_whole

    refuse_ending(out, WORKBOOK)
    document, source = rule_set(name)
    write_whole([(out, partial(write, document))], before_place=partial(refuse_changes, (source,)))
    typer.echo(f"{out}: {document.identifier} version {document.version}")


def _import(file: Path, into: str, out: Path, version: int | None, read: "Read") -> None:
    from app.commands.display import show_rows
    from app.commands.inputs import say_notices
    from app.commands.outputs import write_texts
    from app.commands.published import rule_set
    from engine.export import difference_rows
    from engine.lab.imports import document_text
    from engine.rules import digest, plain

    refuse_ending(out, DOCUMENT)
    before, source = rule_set(into)
    if source.path is not None and out.exists() and out.samefile(source.path):
        raise misused(f"{out} is the document that is read; choose another name for the output")
    with about(file):
        found, workbook, notices = read(file, before)
    say_notices(notices)
    document = found if version is None else found.model_copy(update={"version": version})
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


for _command in (export_table, import_table, export_formula, import_formula):
    _command.__doc__ = f"{_command.__doc__}\n\n{CODES}"
