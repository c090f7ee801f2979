"""``evenband compare``: a candidate rule set against a baseline, over the same tables."""

from typing import Annotated, Literal

import typer

from app.commands import completion, options
from app.commands.exits import CODES, answered

Detail = Literal["totals", "schools", "pupils"]
Baseline = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE.yaml",
        help="The rules that are paid by now.",
        show_default=False,
        autocompletion=completion.rule_sets,
    ),
]
Candidate = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE.yaml",
        help="The rules that are proposed.",
        show_default=False,
        autocompletion=completion.rule_sets,
    ),
]


def compare(
    baseline: Baseline,
    candidate: Candidate,
    on: options.On = None,
    schools: options.Schools = None,
    pupils: options.Pupils = None,
    schools_sheet: options.SchoolsSheet = None,
    pupils_sheet: options.PupilsSheet = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--override", metavar="PLACE=VALUE", help="Try another value in the candidate."
        ),
    ] = None,
    out: options.Out = None,
    kind: options.Kinds = None,
    detail: Annotated[
        Detail,
        typer.Option(metavar="ROW", help="What a row is: totals (and groups), schools or pupils."),
    ] = "totals",
    explain: options.Explain = None,
    threads: options.Threads = 0,
) -> None:
    """Compare two rule sets: totals, winners and losers, deciles, schools, authorities, needs."""
    with answered():
        from app.commands.comparing import run  # noqa: PLC0415 - help is shown without the engine
        from app.commands.inputs import Asked  # noqa: PLC0415
        from app.commands.valuing import Wanted  # noqa: PLC0415

        asked = Asked(schools, pupils, layout, absent_lines, schools_sheet, pupils_sheet)
        wanted = Wanted(out, kind, detail, explain, threads)
        run((baseline, candidate), on, overrides or [], asked, wanted)


compare.__doc__ = f"{compare.__doc__}\n\n{CODES}"
