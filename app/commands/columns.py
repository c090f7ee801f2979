"""``evenband columns``: what every column of every table holds, and which rules read it."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.commands import completion, options
from app.commands.exits import CODES, answered

Table = Literal["pupils", "schools", "places", "block", "targeted"]


def columns(
    table: Annotated[
        Table | None,
        typer.Argument(
            metavar="TABLE",
            help="Table of pupils, schools, places, block or targeted; by default all five.",
            show_default=False,
        ),
    ] = None,
    rules: Annotated[
        str | None,
        typer.Option(
            metavar="ID|FILE.yaml",
            help="Only the columns that this rule set reads; by default all, with every published "
            "rule set that reads each.",
            show_default=False,
            autocompletion=completion.rule_sets,
        ),
    ] = None,
    schema: Annotated[  # noqa: FBT002 - an option has its name
        bool, typer.Option("--schema", help="Print one table as a Table Schema, in JSON.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write a Table Schema for each table into this folder."
        ),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Write the catalogue as a page.")
    ] = None,
    kind: options.ShownKinds = None,
) -> None:
    """List the columns of a table: unit, range, codes, what a blank means, who reads them."""
    with answered():
        from app.commands.catalogue import Wanted, run  # noqa: PLC0415 - help is shown without the engine

        run(Wanted(table, rules, kind, write, page, schema=schema))


columns.__doc__ = f"{columns.__doc__}\n\n{CODES}"
