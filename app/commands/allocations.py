"""``evenband places``, ``block`` and ``targeted``: what an authority is given, keeps and pays."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, about, answered

if TYPE_CHECKING:
    from engine.modules import AllocationModule, P, V
    from engine.reading import Location

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
    header_row: options.HeaderRow = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    explain: options.ExplainRow = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Work out the money for places: each period's rate to the penny, each row up to a whole pound."""
    with answered():
        from engine.modules import PLACES

        _allocate(
            PLACES,
            "places",
            rules,
            places,
            _at(sheet, header_row),
            on,
            overrides,
            (blank_means_none, round_to_pence),
            explain,
            out,
            kind,
        )


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
    header_row: options.HeaderRow = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    explain: options.ExplainRow = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Add up authorities' high needs blocks from their terms, up to a whole pound."""
    with answered():
        from engine.modules import HIGH_NEEDS_BLOCK

        _allocate(
            HIGH_NEEDS_BLOCK,
            "terms",
            rules,
            terms,
            _at(sheet, header_row),
            on,
            overrides,
            (blank_means_none, round_to_pence),
            explain,
            out,
            kind,
        )


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
    header_row: options.HeaderRow = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    sen_support_cost: options.SenSupportCost = None,
    explain: options.ExplainRow = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Work out extra funding for schools with many plans, and budgets against the calls on them."""
    with answered():
        from app.commands.inputs import cost_of
        from engine.modules import TARGETED_FUNDING

        cost = cost_of(sen_support_cost)
        _allocate(
            TARGETED_FUNDING,
            "schools",
            rules,
            schools,
            _at(sheet, header_row),
            on,
            overrides,
            (blank_means_none, round_to_pence),
            explain,
            out,
            kind,
            cost,
        )


for command in (places, block, targeted):
    command.__doc__ = f"{command.__doc__}\n\n{CODES}"


def _at(sheet: str | None, header_row: int | None) -> "Location":
    """Return where in its file a table is."""
    from engine.reading import Location

    return Location(sheet, header_row)


def _allocate(
    module: "AllocationModule[P, V]",
    part: str,
    rules: str,
    path: Path,
    at: "Location",
    on: date | None,
    overrides: list[str] | None,
    stated: tuple[list[str] | None, list[str] | None],
    explain: str | None,
    out: str | None,
    kind: str | None,
    cost: int | None = None,
) -> None:
    """Read, value, and show or write a table; ``cost`` is pence for a pupil on SEN support.

    ``stated`` are the columns in which a blank means none, and those that are rounded to pence.
    """
    from app.commands.display import console, heading, put_working, show_rows, steps, table
    from app.commands.inputs import Read, Tables, habits, inputs_of, read_side, say_notices
    from app.commands.outputs import output_of, refuse_changes, row_reasons, write_result
    from engine.explain import explain_allocation
    from engine.modules import Options
    from engine.reading import read_table_file

    side = read_side(rules, on, overrides)
    output = output_of(out, kind, [side], [path])
    with steps(3) as step:
        step("Reading")
        with about(path):
            text, file = read_table_file(path, at)
            step("Valuing")
            written = habits(None, *stated, module.columns(module.required(side.rules)))
            outcome = module.allocate(side.rules, text, Options(cost), habits=written)
        step("Writing")
        say_notices(outcome.notices)
        how = {**at.record(), **written.record()}
        read = [Read("rules", side.file), Read(part, file, len(outcome.valued), how)]
        files = (side.file, file)
        tables = Tables((side,), None, inputs_of(read), files, outcome.notices)
        if explain is None:
            reasons = row_reasons(outcome.rows)
            others = {"missing": reasons} if reasons else {}
            write_result(output, outcome.rows, tables, [outcome.totals], cost=cost, **others)
    if explain is not None:
        working = explain_allocation(outcome, explain)
        put_working(output, working, tables, cost=cost)
    elif output.is_for_screen:
        refuse_changes(tables.files)
        console().print(heading(side))
        show_rows(outcome.rows)
        console().print(table(outcome.totals, "Totals", frozenset({"part", "not_known"})))
