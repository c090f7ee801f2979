"""``evenband candidates``: many candidates of one rule set over the same pupils, or the same schools."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.commands import options
from app.commands.exits import CODES, answered, misused

if TYPE_CHECKING:
    from app.commands.candidate_plan import Plan
    from engine.candidates import BlockRun
    from engine.candidates.summary import Summary

Measures = Literal["notional_sen", "formula"]
Detail = Literal["totals", "groups", "changes", "schools", "pupils"]
Document = Annotated[
    Path,
    typer.Argument(
        metavar="DOCUMENT", help="The document of candidates: a YAML file.", show_default=False
    ),
]
DETAILS = frozenset({"changes", "schools", "pupils"})
"""Details of a few candidates alone."""

FIRST = 10
"""Candidates that are shown unless others are asked for."""

BUDGET_COLUMNS = frozenset({"authorities_over_budget", "over_budget"})
LEAVE_OUT = frozenset({"before", "after", "unchanged", "keeps_to_constraints"})
"""Columns that a screen has no room for; a file has them all."""


def candidates(
    document: Document,
    pupils: options.Pupils = None,
    schools: options.Schools = None,
    measure: Annotated[
        Measures,
        typer.Option(
            metavar="WORD",
            help="What candidates over --schools are compared by: notional_sen, or formula.",
        ),
    ] = "notional_sen",
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
    detail: Annotated[
        Detail,
        typer.Option(
            metavar="ROW",
            help="What a row is: totals (a candidate), groups (a group of a candidate); or changes (a band of change or a tenth), schools or pupils (of the "
            "candidates of --candidate and --top).",
        ),
    ] = "totals",
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default=False,
            help="Only so many candidates that keep to the document's constraints, the cheapest, and those of the front.",
        ),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--candidate",
            metavar="NAME",
            show_default=False,
            help="A candidate whose schools, pupils or published authorities are written; may be repeated.",
        ),
    ] = None,
    publish: Annotated[  # noqa: FBT002 - an option has its name
        bool,
        typer.Option(
            "--publish",
            help="Hide numbers of 1 to 5 pupils and what would tell them, and round amounts: everyone and regions "
            "for all candidates, authorities for the baseline and those of --candidate and --top.",
        ),
    ] = False,
    resume: Annotated[  # noqa: FBT002 - an option has its name
        bool,
        typer.Option(
            "--resume",
            help="Keep what is worked out in a file beside --out while the run goes on (OUT.resume, for its owner "
            "alone), and go on from there where the same run was ended.",
        ),
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            show_default=False,
            help="A page for people, with charts and tables; small numbers are hidden in it as by --publish.",
        ),
    ] = None,
    exact: Annotated[  # noqa: FBT002 - an option has its name
        bool,
        typer.Option(
            "--exact", help="Show every number in the report: for your own eyes, not to pass on."
        ),
    ] = False,
    threads: options.Threads = 0,
    cache: options.Cache = None,
    cluster: options.ClusterAddress = None,
    certificates: options.ClusterCertificates = None,
) -> None:
    """Work out what many candidates of one rule set cost, who gains and who loses, by group.

    Over --pupils candidates are of top-ups; over --schools of the schools formula and notional SEN, with units that it has no column for counted from --pupils.
    """
    with answered():
        from app.commands.cache import chosen_cache
        from app.commands.candidate_blocks import block_work, has_groups
        from app.commands.candidate_plan import read_plan, run_over
        from app.commands.candidate_publication import write_details, write_publication
        from app.commands.candidate_report import report_output, write_report
        from app.commands.candidate_work import Choice, Work, write_candidates
        from app.commands.cluster import cluster_of
        from app.commands.display import show_rows
        from app.commands.inputs import chunks_of, read_tables
        from app.commands.outputs import output_of, refuse_changes
        from app.commands.progress import steps
        from app.commands.table_options import table_files
        from engine.candidates.figures import Limits

        of_schools = schools is not None
        if of_schools:
            _refuse_over_schools(detail, publish=publish, hides=report is not None and not exact)
        _refuse_together(detail, out, publish=publish, resume=resume, cluster=cluster is not None)
        kept = chosen_cache(cache)
        files = table_files(
            schools, pupils, layout, absent_lines, (sheet, None, None), (header_row, None, None),
            (dates, blank_means_none, round_to_pence), (la_map, other_authorities),
        )  # fmt: skip
        blocks_on = cluster_of(cluster, certificates, chunks_of(threads).threads)
        plan = read_plan(document, of_schools=of_schools)
        named = (document, files, cache)
        output = output_of(out, kind, plan.rule_sets, [*files.paths, document])
        page = report_output(report, plan, [*files.paths, document], exact=exact)
        with steps(3) as step:
            step("Reading")
            tables = plan.with_files(read_tables(files, plan.sides, only_read=False, cache=kept))
            run, tables = run_over(
                plan, tables, measure if of_schools else None, chunks_of(threads)
            )
            step("Laying schools out" if of_schools else "Counting pupils")
            limits, wide = Limits.of(plan.document, plan.budgets), has_groups(output, page, publish)
            with block_work((blocks_on, wide), run, limits, named, tables.files) as blocks:
                work = Work(blocks, limits, step)
                rows = None
                if publish:
                    rows = write_publication(output, work, (detail, names or (), top), plan, tables)
                elif detail in DETAILS:
                    rows = write_details(output, work, (detail, names or (), top), plan, tables)
                else:
                    summary = write_candidates(
                        output, work, Choice(detail, top, resume), plan, tables
                    )
                write_report(page, plan, work, tables, names or (), exact=exact)
        if output.is_for_screen:
            refuse_changes(tables.files)
            if rows is not None:
                show_rows(rows, plan.document.title)
            else:
                _show(plan, run, summary, top)


candidates.__doc__ = f"{candidates.__doc__}\n\n{CODES}"


def _refuse_over_schools(detail: str, *, publish: bool, hides: bool) -> None:
    """Refuse what candidates over schools do not have."""
    if detail in {"changes", "pupils"}:
        raise misused(
            f"--detail {detail} is of --pupils: over --schools ask for totals, groups or schools"
        )
    if publish:
        from engine.candidates.schools import NOT_PUBLISHED

        raise misused(f"--publish is of candidates over --pupils: {NOT_PUBLISHED}")
    if hides:
        raise misused(
            "--report hides small numbers of pupils, which tables of schools cannot: give --exact for a report for your own eyes"
        )


def _refuse_together(
    detail: str, out: str | None, *, publish: bool, resume: bool, cluster: bool
) -> None:
    """Refuse options that do not go together, before anything is read."""
    no_file = out in (None, "-")
    if publish and detail in DETAILS:
        raise misused(
            "--publish is for totals and groups: a row of one school or pupil cannot be published"
        )
    if resume and (publish or detail in DETAILS or no_file):
        raise misused("--resume is for totals and groups that are written to a file with --out")
    if cluster and detail == "pupils" and no_file:
        raise misused(
            "--cluster puts rows of pupils together beside the result: name a file with --out, in a folder that all"
            " machines share"
        )


def _show(plan: "Plan", run: "BlockRun", summary: "Summary", top: int | None) -> None:
    """Print the baseline, and the cheapest candidates that keep to the constraints, with the front."""
    import numpy as np

    from app.commands.display import console, heading, show_rows
    from engine.candidates.few import spaced
    from engine.export.candidates import candidate_rows

    for one, word in zip(plan.rule_sets, ("Baseline", "Candidates of"), strict=False):
        console().print(heading(one, word))
    number = top or FIRST
    fronts = (summary.front_of_loss, summary.front_of_spread)
    some = [spaced(one, number) for one in fronts]
    best = np.unique(np.concatenate([summary.cheapest(number), *some])).astype(np.int64)
    order = best[np.argsort(summary.figures.total[best], kind="stable")]
    without = LEAVE_OUT if plan.budgets is not None else LEAVE_OUT | BUDGET_COLUMNS
    show_rows(candidate_rows(run, summary, order), plan.document.title, without)
    keeps = int((summary.valued & summary.figures.keeps).sum())
    console().print(
        f"{int(summary.valued.sum()):,} candidates valued, {keeps:,} keep to the constraints,"
        f" {len(np.union1d(*fronts)):,} on a front; national constants are held."
    )
