"""``--report`` of ``evenband candidates``: one HTML page for people, with a manifest beside it."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from app.commands.call import results
from app.commands.candidate_plan import Plan
from app.commands.candidate_work import Work
from app.commands.exits import misused
from app.commands.inputs import Tables
from app.commands.outputs import Output, output_of, published_record, put, result_record
from engine.candidates import BlockRun, Run
from engine.candidates.few import FEW
from engine.candidates.names import places_of
from engine.candidates.schools import NOT_PUBLISHED
from engine.candidates.summary import Summary
from engine.disclosure import disclosure_profile
from engine.export import Format, engine_record
from engine.export.candidate_publication import publishable_candidates
from engine.report import (
    Choice,
    Figures,
    choice_of,
    exact_figures,
    page_of,
    published_figures,
    report_of,
)

ENDING = ".html"
Record = dict[str, object]


def report_output(
    report: Path | None, plan: Plan, tables: Sequence[Path], *, exact: bool
) -> Output | None:
    """Return where a report goes, None where there is none; refuses what could not be written, before anything is read."""
    if report is None:
        if exact:
            raise misused("--exact is of --report: it shows small numbers in the report")
        return None
    if report.suffix.lower() != ENDING:
        raise misused(f"--report is a page: let its name end in {ENDING}")
    # A page is no kind of file that rows are written as; where it may be is the same for all.
    return output_of(str(report), Format.csv.value, plan.rule_sets, tables)


def write_report(
    output: Output | None,
    plan: Plan,
    work: Work,
    tables: Tables,
    names: Sequence[str],
    *,
    exact: bool,
) -> None:
    """Write the report of a run and its manifest, unless there is no ``output``; small numbers are hidden in both unless it is ``exact``.

    ``names`` are those of the candidates that are shown by authority; without them the front has a few.
    """
    if output is None:
        return
    work.step("Report")
    if len(names) > FEW:
        raise misused(f"--candidate: a report shows {FEW} candidates by authority; name no more")
    run, summary = work.run, work.summary()
    few = places_of(run, summary, names).tolist() if names else None
    choice = choice_of(summary, few)
    made = _exact if exact else _published
    figures, record = made(plan, run, summary, choice, tables)
    said = {**record, "engine": engine_record()}
    page = page_of(report_of(run, summary, figures, choice, plan.document.title, said))
    record |= {"content": {"sha256": sha256(page).hexdigest()}} | _command(
        record, output, exact=exact
    )
    if (found := results()) is not None:
        found.append(record)
        return

    def write(file: BinaryIO) -> None:
        file.write(page)

    put(output, write, choice.listed, record, tables.files)


def _command(record: Record, output: Output, *, exact: bool) -> Record:
    """Return the command that gives the page again, where a manifest may have it."""
    words = record.get("command")
    if not isinstance(words, list) or output.path is None:
        return {}
    return {"command": [*words, "--report", output.path.name, *(["--exact"] if exact else [])]}


def _exact(
    plan: Plan, run: BlockRun, summary: Summary, choice: Choice, tables: Tables
) -> tuple[Figures, Record]:
    record = {**result_record(tables, "report"), "candidates": plan.record(run, summary)}
    return exact_figures(run, summary, choice), record


def _published(
    plan: Plan, run: BlockRun, summary: Summary, choice: Choice, tables: Tables
) -> tuple[Figures, Record]:
    if not isinstance(run, Run):
        raise misused(NOT_PUBLISHED)
    profile = disclosure_profile()
    found = publishable_candidates(run, summary, choice.few, profile)
    candidates = plan.public_record(run, summary)
    record = {**published_record(tables, "report", found.record), "candidates": candidates}
    return published_figures(summary, found, profile), record
