"""``evenband compare``: a candidate rule set against a baseline, over the same tables."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands import completion, options
from app.commands.exits import CODES, answered, misused, say

if TYPE_CHECKING:
    from app.commands.inputs import Side, Tables
    from app.commands.outputs import Output
    from engine.compare import Comparison
    from engine.row_chunks import Blocks
    from engine.rows import Rows
    from engine.run import Outcome

Detail = Literal["totals", "schools", "pupils"]
WORDS = ("Baseline", "Candidate")
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
    sheet: options.Sheet = None,
    header_row: options.HeaderRow = None,
    schools_sheet: options.SchoolsSheet = None,
    pupils_sheet: options.PupilsSheet = None,
    schools_header_row: options.SchoolsHeaderRow = None,
    pupils_header_row: options.PupilsHeaderRow = None,
    layout: options.Layout = None,
    absent_lines: options.AbsentLines = "refused",
    dates: options.Dates = None,
    blank_means_none: options.BlankMeansNone = None,
    round_to_pence: options.RoundToPence = None,
    la_map: options.LaMap = None,
    other_authorities: options.OtherAuthorities = "apart",
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--override", metavar="PATH=VALUE", help="Try another value in the candidate."
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
    cache: options.Cache = None,
    publish: Annotated[  # noqa: FBT002 - an option has its name
        bool,
        typer.Option(
            "--publish",
            help="Hide numbers of 1 to 5 pupils, and others by which they could be worked out, and round the "
            "amounts of groups, so that totals may be published.",
        ),
    ] = False,
) -> None:
    """Compare two rule sets: totals, winners and losers, deciles, schools, authorities, needs."""
    with answered():
        from app.commands.cache import chosen_cache
        from app.commands.inputs import (
            chunks_of,
            read_sides,
            read_tables,
            with_notices,
        )
        from app.commands.outputs import output_of, refuse_changes, write_result
        from app.commands.plausibility import with_warnings
        from app.commands.progress import steps
        from app.commands.rule_notes import with_notes_of
        from app.commands.table_options import table_files
        from engine.compare import compare as compare_outcomes
        from engine.export import change_totals

        if publish and (detail != "totals" or explain is not None):
            raise misused(
                "--publish is for totals: a row of one school or pupil cannot be published"
            )
        kept = chosen_cache(cache)
        files = table_files(
            schools, pupils, layout, absent_lines,
            (sheet, schools_sheet, pupils_sheet),
            (header_row, schools_header_row, pupils_header_row),
            (dates, blank_means_none, round_to_pence), (la_map, other_authorities),
        )  # fmt: skip
        sides = read_sides((baseline, on, None), (candidate, on, overrides))
        output = output_of(out, kind, sides, files.paths)
        with steps(4) as step:
            step("Reading")
            tables = read_tables(files, sides, only_read=explain is None, cache=kept)
            chunks = chunks_of(threads)
            step("Valuing")
            before, after = (
                _valued(word, side, tables, chunks)
                for word, side in zip(WORDS, tables.sides, strict=True)
            )
            tables = with_notices(tables, (*before.notices, *after.notices))
            tables = with_notes_of(tables, [before, after])
            tables = with_warnings(tables, [before, after])
            step("Comparing")
            if explain is None:
                comparison = compare_outcomes(before, after, blocks=chunks)
                step("Writing")
                rows = _rows(comparison, detail)
                if publish:
                    rows = _publish(output, rows, tables)
                else:
                    totals = [change_totals(comparison)]
                    write_result(output, rows, tables, totals)
        if explain is not None:
            _explain(before, after, explain, output, tables)
        elif output.is_for_screen:
            refuse_changes(tables.files)
            _show(comparison, rows, detail, tables)


compare.__doc__ = f"{compare.__doc__}\n\n{CODES}"


def _valued(word: str, side: "Side", tables: "Tables", chunks: "Blocks") -> "Outcome":
    """Value one side; a refusal says which of the two rule sets it is about."""
    from engine.errors import Refusal
    from engine.run import evaluate

    try:
        return evaluate(side.rules, side.schools, tables.pupils, blocks=chunks)
    except Refusal as refusal:
        document = side.rules.document
        refusal.add_note(f"{word} {document.identifier} version {document.version}")
        raise


def _rows(comparison: "Comparison", detail: str) -> "Rows":
    """Return the rows of a detail, or refuse what these tables do not give."""
    from engine.errors import PairRefused, Problem
    from engine.statement import change_detail_rows

    rows = change_detail_rows(comparison, detail)
    if rows is None:
        sentence = f"--detail {detail} needs {detail} under both rule sets, and there are none"
        raise PairRefused([Problem(sentence, "nothing-to-show")])
    return rows


def _explain(
    baseline: "Outcome", candidate: "Outcome", subject: str, output: "Output", tables: "Tables"
) -> None:
    """Show or write one school's or pupil's working under both rule sets, and the difference."""
    from app.commands.display import console, rows_table, show_working
    from app.commands.outputs import refuse_changes, write_working
    from engine.export import change_record, change_rows
    from engine.statement import explain_change

    change = explain_change(baseline, candidate, subject)
    refuse_changes(tables.files)
    workings = (change.baseline, change.candidate)
    if not output.is_for_screen:
        parts = (*workings, change.rows)
        write_working(output, change_rows(*parts), change_record(*parts), tables)
        return
    for word, side, working in zip(WORDS, tables.sides, workings, strict=True):
        show_working(side, working, word)
    console().print(rows_table("Change", change.rows))


def _publish(output: "Output", rows: "Rows", tables: "Tables") -> "Rows":
    """Return rows that may be published, written with a manifest that counts no pupils."""
    from app.commands.outputs import write_published
    from engine.disclosure import disclosure_profile
    from engine.export import publishable

    profile = disclosure_profile()
    rows, record = publishable(rows, profile)
    say(
        [
            f"{profile.symbol}: hidden. {profile.title}, and others by which they could be worked out."
        ]
    )
    write_published(output, rows, tables, record)
    return rows


def _show(comparison: "Comparison", rows: "Rows", detail: str, tables: "Tables") -> None:
    from app.commands.display import console, heading, show_rows
    from engine.rows import Rows

    for word, side in zip(WORDS, tables.sides, strict=True):
        console().print(heading(side, word))
    if detail != "totals":
        show_rows(rows)
        return
    for part, measures, title in _titles(comparison):
        frame = rows.frame.filter(part=part)
        one = Rows(part, rows.shapes, frame.filter(frame["measure"].is_in(measures)))
        if len(one):
            alone = {"measure"} if len(measures) == 1 else set()
            show_rows(one, title, frozenset({"part", "not_included", *alone}))


def _titles(comparison: "Comparison") -> list[tuple[str, tuple[str, ...], str]]:
    """Return the tables of totals; those of pupils name what is not in them."""
    from engine.export import PAID, PROTECTION, TOP_UP

    without = "" if comparison.placed is None else ", without protection of schools against loss"
    return [
        ("schools", ("notional_sen",), "Schools: notional SEN"),
        ("pupils", (TOP_UP,), f"Pupils: top-ups{without}"),
        ("schools", (TOP_UP, PROTECTION, PAID), "Schools: top-ups and protection against loss"),
    ]
