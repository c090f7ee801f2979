"""``evenband rules import``: published tables turned into rule documents and margins."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.exits import CODES, answered

app = typer.Typer(
    no_args_is_help=True,
    help=f"Convert published tables into rule documents, or into margins for synth.\n\n{CODES}",
)
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
Folder = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="Folder to write into.", show_default=False)
]


@app.command()
def proforma(
    file: File,
    out: Folder,
    totals: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table of the totals printed beside the lines.", show_default=False
        ),
    ] = None,
    la: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Only this authority; may be repeated."),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-YY", help="Year of the proformas; by default the last one known."
        ),
    ] = None,
) -> None:
    """Write each authority's rule document and table of totals, compared with printed totals."""
    with answered():
        from app.commands.importing import import_proformas  # noqa: PLC0415 - help without the engine

        import_proformas(file, totals, la or [], year, out)


@app.command()
def ehc(
    plans: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="Plans by area, age, placement and need.", show_default=False
        ),
    ],
    caseload: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Caseload by area and placement.", show_default=False),
    ],
    out: Folder,
    ages: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Caseload by authority and age.", show_default=False),
    ] = None,
    year: Annotated[
        str | None,
        typer.Option(
            metavar="YYYYYY",
            help="Academic year, such as 202425; by default the last one of the table.",
        ),
    ] = None,
) -> None:
    """Write published tables of plans as the margins that 'evenband synth --margins' adds to."""
    with answered():
        from app.commands.importing import import_margins  # noqa: PLC0415

        import_margins(plans, caseload, ages, year, out)


for _command in (proforma, ehc):
    _command.__doc__ = f"{_command.__doc__}\n\n{CODES}"
