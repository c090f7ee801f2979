"""``evenband rules atlas``: rule sets side by side."""

from typing import Annotated, Literal

import typer

from app.commands import options
from app.commands.exits import CODES, answered

Kinds = Annotated[
    Literal["csv", "json", "xlsx"] | None,
    typer.Option(
        "--format",
        metavar="KIND",
        help="Kind of file: csv, json or xlsx; by default the ending of --out.",
    ),
]


def atlas(
    names: options.RuleSets,
    on: options.On = None,
    schools: options.Schools = None,
    schools_sheet: options.SchoolsSheet = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    out: options.Out = None,
    kind: Kinds = None,
) -> None:
    """Show rule sets side by side: factors, bands, prices, and the results for schools."""
    with answered():
        from app.commands.charting import run  # noqa: PLC0415 - help is shown without the engine
        from app.commands.inputs import Asked  # noqa: PLC0415

        run(names, on, Asked(schools, None, layout, absent_lines, schools_sheet), out, kind)


atlas.__doc__ = f"{atlas.__doc__}\n\n{CODES}"
