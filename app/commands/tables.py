"""``evenband rules table``: a band profile as a workbook, edited and read back."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import completion, options
from app.commands.exits import CODES, answered

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
        from app.commands.tabling import write_table  # noqa: PLC0415 - help without the engine

        write_table(name, out)


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
        from app.commands.tabling import read_table_into  # noqa: PLC0415

        read_table_into(file, into, out, version)


for _command in (export_table, import_table):
    _command.__doc__ = f"{_command.__doc__}\n\n{CODES}"
