"""``evenband value``: schools and pupils valued under a rule set."""

from typing import Annotated, Literal

import typer

from app.commands import options
from app.commands.exits import CODES, answered

Detail = Literal["totals", "schools", "lines", "pupils", "schedule"]
Divided = Literal["months", "periods"]


def value(
    rules: options.Rules,
    on: options.On = None,
    schools: options.Schools = None,
    pupils: options.Pupils = None,
    schools_sheet: options.SchoolsSheet = None,
    pupils_sheet: options.PupilsSheet = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    overrides: options.Overrides = None,
    out: options.Out = None,
    kind: options.Kinds = None,
    detail: Annotated[
        Detail,
        typer.Option(
            metavar="ROW",
            help="What a row is: totals, schools, lines (of a school's formula), pupils, or "
            "schedule (a pupil's payments).",
        ),
    ] = "totals",
    schedule: Annotated[
        Divided,
        typer.Option(
            "--schedule",
            "--divided",
            metavar="WORD",
            help="What --detail schedule divides the year into: months, or the calendar's periods. "
            "--divided is an older name.",
        ),
    ] = "months",
    explain: options.Explain = None,
    threads: options.Threads = 0,
) -> None:
    """Value schools' notional SEN budgets and pupils' top-ups, to the penny."""
    with answered():
        from app.commands.inputs import Asked  # noqa: PLC0415 - help is shown without the engine
        from app.commands.valuing import Wanted, run  # noqa: PLC0415

        asked = Asked(schools, pupils, layout, absent_lines, schools_sheet, pupils_sheet)
        run(
            rules, on, overrides or [], asked, Wanted(out, kind, detail, explain, threads, schedule)
        )


value.__doc__ = f"{value.__doc__}\n\n{CODES}"
