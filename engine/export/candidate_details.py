"""Some candidates pupil by pupil, or school by school, as a comparison of each with the baseline has them."""

from collections.abc import Sequence

import polars as pl

from engine.candidates import Run
from engine.compare import compare
from engine.errors import PairRefused, Problem
from engine.export.changes import change_totals, changed_pupils
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.run import evaluate

PUPILS, SCHOOLS = "pupils", "schools"


def candidate_details(run: Run, places: Sequence[int], detail: str) -> Rows:
    """Return a row a pupil, or a school, of each of some candidates, with the candidate's name before what a comparison has.

    Raises ``PairRefused`` for no candidates, and where the rules pay no pupil.
    """
    if not len(places):
        sentence = f"{detail} are of a few candidates: name them, or ask for the cheapest"
        raise PairRefused([Problem(sentence, "names")])
    baseline = evaluate(run.baseline, pupils=run.pupils, blocks=run.chunks)
    frames, shapes = [], dict[str, Shape]()
    for place in places:
        candidate = evaluate(rules_of(run, place), pupils=run.pupils, blocks=run.chunks)
        comparison = compare(baseline, candidate, blocks=run.chunks)
        rows = changed_pupils(comparison) if detail == PUPILS else change_totals(comparison)
        if rows is None:
            sentence = "the rules pay no pupil, so that there is no row of one"
            raise PairRefused([Problem(sentence, "nothing-to-show")])
        frame = rows.frame
        if detail == SCHOOLS:
            frame = frame.filter(grouping="school")
        name = pl.lit(run.candidates.name(place), pl.String).alias("candidate")
        frames.append(frame.select(name, pl.all()))
        shapes |= {"candidate": Shape.text, **rows.shapes}
    return Rows(detail, shapes, pl.concat(frames, how="diagonal"))


def rules_of(run: Run, place: int) -> CompiledRules:
    """Return the rules of one candidate."""
    candidates, varied = run.candidates, run.varied
    if candidates.documents:
        return compile_rules(candidates.documents[place], varied.day)
    return compile_what_if(varied.document, candidates.overrides(place), varied.day, varied)
