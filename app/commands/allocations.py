"""``evenband places``, ``block`` and ``targeted``: what an authority is given, keeps and pays."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, answered

Table = "CSV, XLSX or Parquet."


def places(
    rules: options.Rules,
    places: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=f"Table of la, institution_group where it is known, place_type, places_1, "
            f"places_2: {Table}",
            show_default=False,
        ),
    ],
    sheet: options.Sheet = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Work out the money for places: each period's rate to the penny, each row up to a whole pound."""
    with answered():
        from app.commands.allocating import Wanted, work_out_places  # noqa: PLC0415 - as help needs none

        work_out_places(Wanted(rules, on, tuple(overrides or ()), places, sheet, out, kind))


def block(
    rules: options.Rules,
    terms: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=f"Table of la and the terms of the block by their names in the rule set: {Table}",
            show_default=False,
        ),
    ],
    sheet: options.Sheet = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Add up authorities' high needs blocks from their terms, up to a whole pound."""
    with answered():
        from app.commands.allocating import Wanted, work_out_block  # noqa: PLC0415 - as help needs none

        work_out_block(Wanted(rules, on, tuple(overrides or ()), terms, sheet, out, kind))


def targeted(
    rules: options.Rules,
    schools: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Table of urn, notional_sen (pounds), ehc_plans and, where the rules need them, pupils "
            f"and expected_calls (pounds): {Table}",
            show_default=False,
        ),
    ],
    sheet: options.Sheet = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    sen_support_cost: Annotated[
        str | None,
        typer.Option(
            metavar="POUNDS",
            help="Assumed cost of a pupil on SEN support: with sen_support_pupils in the table, "
            "each budget is compared with its expected costs.",
            show_default=False,
        ),
    ] = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Work out extra funding for schools with many plans, and budgets against the calls on them."""
    with answered():
        from app.commands.allocating import Wanted, work_out_targeted  # noqa: PLC0415 - as help needs none

        wanted = Wanted(rules, on, tuple(overrides or ()), schools, sheet, out, kind)
        work_out_targeted(wanted, sen_support_cost)


for command in (places, block, targeted):
    command.__doc__ = f"{command.__doc__}\n\n{CODES}"
