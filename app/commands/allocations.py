"""``evenband places``, ``block`` and ``targeted``: what an authority is given, keeps and pays."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from app.commands import options
from app.commands.exits import CODES, Misuses, about, answered

if TYPE_CHECKING:
    from app.commands.inputs import Read, Side
    from engine.modules import Allocation, AllocationModule, P, V

Table = "CSV, XLSX, Parquet or Arrow."


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
    la_map: options.LaMap = None,
    other_authorities: options.RowsOfOthers = "apart",
    explain: options.ExplainRow = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Work out the money for places: each period's rate to the penny, each row up to a whole pound."""
    with answered():
        from engine.modules import PLACES

        _allocate(
            PLACES,
            _Table("places", places, (sheet, header_row), (blank_means_none, round_to_pence)),
            _Rules(rules, on, overrides),
            _Answer(explain, out, kind),
            authorities=(la_map, other_authorities),
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
    la_map: options.LaMap = None,
    other_authorities: options.RowsOfOthers = "apart",
    explain: options.ExplainRow = None,
    out: options.Out = None,
    kind: options.Kinds = None,
) -> None:
    """Add up authorities' high needs blocks from their terms, up to a whole pound."""
    with answered():
        from engine.modules import HIGH_NEEDS_BLOCK

        _allocate(
            HIGH_NEEDS_BLOCK,
            _Table("terms", terms, (sheet, header_row), (blank_means_none, round_to_pence)),
            _Rules(rules, on, overrides),
            _Answer(explain, out, kind),
            authorities=(la_map, other_authorities),
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
            _Table("schools", schools, (sheet, header_row), (blank_means_none, round_to_pence)),
            _Rules(rules, on, overrides),
            _Answer(explain, out, kind),
            cost=cost,
        )


for command in (places, block, targeted):
    command.__doc__ = f"{command.__doc__}\n\n{CODES}"


class _Rules(NamedTuple):
    """The rules of a command: their name, a day whose values count, and what is tried."""

    name: str
    on: date | None
    overrides: list[str] | None


class _Table(NamedTuple):
    """The table of a command: the part that it is for, its file, the sheet and row in it, and how it is written.

    ``stated`` are the columns in which a blank means none, and those that are rounded to pence.
    """

    part: str
    path: Path
    at: tuple[str | None, int | None]
    stated: tuple[list[str] | None, list[str] | None]


class _Answer(NamedTuple):
    """What a command answers with: one working in place of all rows, and where it goes."""

    explain: str | None
    out: str | None
    kind: str | None


def _allocate(
    module: "AllocationModule[P, V]",
    table: _Table,
    rules: _Rules,
    answer: _Answer,
    *,
    authorities: tuple[list[str] | None, str] = (None, "apart"),
    cost: int | None = None,
) -> None:
    """Read, value, and show or write a table; ``cost`` is pence for a pupil on SEN support.

    ``authorities`` are which codes replace others, and what is done with rows of other authorities.
    """
    from app.commands.display import console, heading, put_working, show_rows
    from app.commands.display import table as screen_table
    from app.commands.inputs import Tables, inputs_of, read_side, say_notices
    from app.commands.outputs import output_of, refuse_changes, row_reasons, write_result
    from app.commands.plausibility import with_each_warning
    from app.commands.progress import steps
    from app.commands.rule_notes import with_rule_notes
    from engine.explain import explain_allocation
    from engine.modules import WHY
    from engine.statement import allocation_warnings

    side = read_side(*rules)
    output = output_of(answer.out, answer.kind, [side], [table.path])
    with steps(2) as step:
        step("Valuing")
        outcome, read = _valued(module, table, side, authorities, cost)
        step("Writing")
        say_notices(outcome.notices)
        tables = Tables(
            (side,),
            None,
            inputs_of(read),
            tuple(one.file for one in read),
            outcome.notices,
            {table.part: outcome.row_counts},
        )
        tables = with_each_warning(tables, [allocation_warnings(outcome)])
        tables = with_rule_notes(tables, [(side.rules, {module.name})])
        label = f"{module.label[:1].upper()}{module.label[1:]}"
        reasons = row_reasons(outcome.rows, {WHY: label}, module.row_is)
        if answer.explain is None:
            others: dict[str, Any] = {"missing": reasons} if reasons else {}
            write_result(output, outcome.rows, tables, [outcome.totals], cost=cost, **others)
    if answer.explain is not None:
        working = explain_allocation(outcome, answer.explain)
        put_working(output, working, tables, cost=cost)
    elif output.is_for_screen:
        refuse_changes(tables.files)
        console().print(heading(side))
        show_rows(outcome.rows)
        console().print(screen_table(outcome.totals, "Totals", frozenset({"part", "not_known"})))
        for one in reasons:
            plural = "" if one["number"] == 1 else "s"
            console().print(f"{label}: {one['why']} ({one['number']:,} {module.row_is}{plural})")


def _valued(
    module: "AllocationModule[P, V]",
    table: _Table,
    side: "Side",
    authorities: tuple[list[str] | None, str],
    cost: int | None,
) -> "tuple[Allocation[P, V], list[Read]]":
    """Return a table valued, and the files that were read and how."""
    from app.commands.inputs import Read
    from app.commands.table_options import authorities_record, habits, la_map_of
    from engine.modules import Options
    from engine.reading import Entry, Location, read_table_file
    from engine.rules.authorities import OtherAuthorities, commissioners_of

    at, others, misuses = Location(*table.at), OtherAuthorities(authorities[1]), Misuses()
    with about(table.path):
        columns = module.columns(module.required(side.rules))
        with misuses.part():
            mapping = la_map_of(authorities[0])
        with misuses.part():
            written = habits(None, *table.stated, columns)
        misuses.refuse([table.path])
        text, file = read_table_file(table.path, at)
        outcome = module.allocate(
            side.rules,
            text,
            Options(cost),
            habits=written,
            commissioners=commissioners_of([side.rules], mapping, others, Entry.command),
        )
    how = {**at.record(), **written.record(), **authorities_record(mapping, others)}
    rows = outcome.row_counts.read
    read = [Read("rules", side.file), Read(table.part, file, rows, how)]
    return outcome, read
