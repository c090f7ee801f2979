"""``evenband seek``: the values of one path, or of two, that reach a target: a total of top-ups, or a share of the formula."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import options
from app.commands.exits import CODES, answered, misused

if TYPE_CHECKING:
    from fractions import Fraction

    from engine.candidates.seek_pairs import Line

HUNDRED = 100

Place = Annotated[
    str,
    typer.Option(
        "--path", metavar="PATH", help="The value that is sought, as 'evenband rules paths' names it.", show_default=False
    ),
]  # fmt: skip
Total = Annotated[
    str | None,
    typer.Option(metavar="POUNDS", help="What all top-ups are to come to.", show_default=False),
]
Share = Annotated[
    str | None,
    typer.Option(
        metavar="PERCENT",
        help="What share of the schools formula notional SEN budgets are to be, for example 12.1.",
        show_default=False,
    ),
]
Second = Annotated[
    str | None,
    typer.Option(
        metavar="PATH=FROM:TO:STEP",
        help="A second value that is tried at each step; the one sought is found for each.",
        show_default=False,
    ),
]
Low = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="VALUE", help="The lowest value that is looked at.", show_default=False
    ),
]
High = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="VALUE", help="The highest value that is looked at.", show_default=False
    ),
]


def seek(
    rules: options.Rules,
    path: Place,
    total: Total = None,
    share: Share = None,
    pupils: options.Pupils = None,
    schools: options.Schools = None,
    second: Second = None,
    low: Low = None,
    high: High = None,
    on: options.On = None,
    overrides: options.Overrides = None,
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    other_authorities: options.OtherAuthorities = "apart",
    out: options.Out = None,
    kind: options.Kinds = None,
    cache: options.Cache = None,
) -> None:
    """Find the value of a path at which all top-ups come to a total, or notional SEN to a share of the schools formula.

    All values that tie are shown, or those nearest to the target on both sides.
    """
    with answered():
        from app.commands.cache import chosen_cache
        from app.commands.inputs import read_side, read_tables, with_notices
        from app.commands.outputs import output_of, refuse_changes, write_result
        from app.commands.plausibility import with_warnings
        from app.commands.rule_notes import with_notes_of
        from app.commands.table_options import table_files
        from engine.export.search_rows import search, unknown_notices
        from engine.run import evaluate

        target = _target(total, share, pupils, schools)
        if (low is None) != (high is None):
            raise misused("give --from and --to together, or neither")
        bounds = None if low is None or high is None else (low, high)
        kept = chosen_cache(cache)
        files = table_files(
            schools, pupils, layout, absent_lines, (sheet, None, None), (header_row, None, None),
            (dates, blank_means_none, round_to_pence), (la_map, other_authorities),
        )  # fmt: skip
        side = read_side(rules, on, overrides)
        line = None if second is None else _line(second)
        output = output_of(out, kind, [side], files.paths)
        tables = read_tables(files, [side], cache=kept)
        one = tables.sides[0]
        rows = search(one.rules, path, target, one.schools, tables.pupils, bounds, line)
        outcome = evaluate(one.rules, one.schools, tables.pupils)
        tables = with_notices(tables, (*outcome.notices, *unknown_notices(outcome)))
        tables = with_warnings(with_notes_of(tables, [outcome]), [outcome])
        stated = {"total": total, "share": share, "second": second}
        said = {name: one for name, one in stated.items() if one is not None}
        write_result(output, rows, tables, [], target={"path": path, **said})
        if output.is_for_screen:
            from app.commands.display import console, heading, show_rows

            refuse_changes(tables.files)
            console().print(heading(tables.sides[0]))
            show_rows(
                rows, f"Values of {path}", frozenset({"path", "second_path"} if line else {"path"})
            )
            if "exact" not in rows.frame["is"].to_list():
                console().print("No value comes to it exactly.")


seek.__doc__ = f"{seek.__doc__}\n\n{CODES}"


def _target(
    total: str | None, share: str | None, pupils: Path | None, schools: Path | None
) -> "int | Fraction":
    """Return the pence, or the share of the formula, that is aimed at; refuses both and neither, and the wrong table."""
    from fractions import Fraction

    from engine.money import is_number, pence

    if (total is None) == (share is None):
        raise misused("give --total for top-ups, or --share for notional SEN budgets")
    if total is not None:
        if pupils is None or schools is not None:
            raise misused("--total is of the top-ups of --pupils")
        try:
            return pence(total)
        except ValueError:
            raise misused("--total is pounds such as 4500000 or 4500000.50") from None
    if schools is None or pupils is not None:
        raise misused("--share is of the notional SEN budgets of --schools")
    if share is None or not is_number(share) or not 0 <= Fraction(share) <= HUNDRED:
        raise misused("--share is a percentage from 0 to 100, such as 12.1")
    return Fraction(share) / HUNDRED


def _line(second: str) -> "Line":
    """Return the values of a second path; refuses what is not written as one."""
    from engine.candidates.seek_pairs import line_of

    place, equals, values = second.rpartition("=")
    parts = values.split(":")
    if not equals or len(parts) != len(("first", "last", "step")):
        raise misused("--second is PATH=FROM:TO:STEP, for example top_up_rule.cap=20000:30000:1000")
    return line_of(place, *parts)
