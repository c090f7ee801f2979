"""What a command writes of a few candidates: what may be published of them beside all, or their pupils and schools."""

from collections.abc import Sequence

from app.commands.candidate_plan import Plan, lines_of
from app.commands.candidate_work import Work
from app.commands.exits import misused, say
from app.commands.inputs import Tables
from app.commands.outputs import Output, write_published, write_result
from engine.candidates.names import places_of
from engine.candidates.schools import SchoolRun
from engine.disclosure import disclosure_profile
from engine.errors import PairRefused, Problem
from engine.export.candidate_publication import publishable_candidates
from engine.export.school_candidates import school_detail
from engine.rows import Rows

MOST_ROWS = 20_000_000
"""Rows of pupils that one file takes."""

Question = tuple[str, Sequence[str], int | None]
"""The detail, the names of candidates, and how many of the cheapest."""


def write_publication(
    output: Output, work: Work, asked: Question, plan: Plan, tables: Tables
) -> Rows:
    """Write and return the rows of a detail that may be published; says on standard error what is hidden."""
    (detail, names, top), run, profile = asked, work.pupil_run, disclosure_profile()
    summary = work.summary()
    say(lines_of(work.few, summary))
    work.step("Writing")
    few = places_of(run, summary, names, top)
    found = publishable_candidates(run, summary, few.tolist(), profile)
    number = "1 candidate" if len(few) == 1 else f"{len(few)} candidates"
    wide = "for all candidates" if found.record["for_all_candidates"] else "where authorities are"
    sentence = (
        f"{profile.symbol}: hidden. {profile.title}, and others by which they could be worked out. Everyone and regions"
        f" are published {wide}, authorities for the baseline and {number}."
    )
    say([sentence])
    rows = found.rows(detail)
    candidates = plan.public_record(run, summary)
    write_published(output, rows, tables, found.record, candidates=candidates)
    return rows


def write_details(
    output: Output, work: Work, asked: Question, plan: Plan, tables: Tables
) -> Rows | None:
    """Write a row a pupil, or a school, of each of a few candidates; return them where they are for a screen."""
    detail, names, top = asked
    if not names and top is None:
        raise misused(
            f"--detail {detail} is of a few candidates: name them with --candidate, or give --top"
        )
    summary = work.summary()
    say(lines_of(work.few, summary))
    work.step("Writing")
    few = places_of(work.run, summary, names, top)
    record = plan.record(work.few, summary)
    if isinstance(work.run, SchoolRun):
        of_schools = school_detail(work.run, few.tolist())
        if output.is_for_screen:
            return of_schools
        write_result(output, of_schools, tables, [], candidates=record)
        return None
    if len(few) * len(work.pupil_run.pupils) > MOST_ROWS:
        sentence = f"{len(few):,} candidates have too many {detail} for one file; name fewer"
        raise PairRefused([Problem(sentence, "too-many")])
    rows = work.blocks.details(few.tolist(), detail, output.path)
    if output.is_for_screen:
        return rows.together()
    write_result(output, rows, tables, [], candidates=record)
    return None
