"""``evenband synth``: invented pupils and schools that match the national tables."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.commands.exits import CODES, answered


def synth(
    pupils: Annotated[
        int,
        typer.Option(
            min=10, max=9_000_000, metavar="N", help="How many pupils.", show_default=False
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder to write into.", show_default=False)
    ],
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="The same seed gives the same bytes.")
    ] = 1,
    schools: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many schools; by default in proportion to the pupils."
        ),
    ] = None,
    kind: Annotated[
        Literal["csv", "parquet"], typer.Option("--format", metavar="KIND", help="csv or parquet.")
    ] = "csv",
    margins: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Margins of another year, as 'evenband rules import ehc' writes them.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write invented pupils and schools, with a manifest. No real person is in them."""
    with answered():
        from app.commands.synthesising import run  # noqa: PLC0415 - help is shown without the engine

        run(pupils, seed, schools, (out, margins), kind)


synth.__doc__ = f"{synth.__doc__}\n\n{CODES}"
