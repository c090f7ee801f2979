"""Some candidates by bands of change, pupil by pupil or school by school, as a comparison of each with the baseline has them."""

from collections.abc import Sequence

import polars as pl

from engine.candidates import Run
from engine.compare import compare
from engine.compare.bands_of_change import spread_of
from engine.compare.change import DECILES
from engine.errors import PairRefused, Problem
from engine.export.changes import change_totals, changed_pupils
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.run import Outcome, evaluate

PUPILS, SCHOOLS, CHANGES = "pupils", "schools", "changes"
CHANGE_SHAPES = {
    "measure": Shape.text, "tenth": Shape.figure, "from": Shape.pounds, "to": Shape.pounds, "number": Shape.whole, "change": Shape.pounds,
}  # fmt: skip


def candidate_details(run: Run, places: Sequence[int], detail: str) -> Rows:
    """Return a row a pupil, a school, or a band of change and a tenth, of each of some candidates, the candidate's name first.

    Raises ``PairRefused`` for no candidates, and where the rules pay no pupil.
    """
    if not len(places):
        sentence = f"{detail} are of a few candidates: name them, or ask for the cheapest"
        raise PairRefused([Problem(sentence, "names")])
    baseline = evaluate(run.baseline, pupils=run.pupils, blocks=run.chunks)
    frames, shapes = [], dict[str, Shape]()
    for place in places:
        candidate = evaluate(rules_of(run, place), pupils=run.pupils, blocks=run.chunks)
        rows = _rows(baseline, candidate, detail, run)
        if rows is None:
            sentence = "the rules pay no pupil, so that there is no row of one"
            raise PairRefused([Problem(sentence, "nothing-to-show")])
        name = pl.lit(run.candidates.name(place), pl.String).alias("candidate")
        frames.append(rows.frame.select(name, pl.all()))
        shapes |= {"candidate": Shape.text, **rows.shapes}
    return Rows(detail, shapes, pl.concat(frames, how="diagonal"))


def _rows(baseline: Outcome, candidate: Outcome, detail: str, run: Run) -> Rows | None:
    if detail == CHANGES:
        return change_spread(baseline, candidate)
    comparison = compare(baseline, candidate, blocks=run.chunks)
    if detail == PUPILS:
        return changed_pupils(comparison)
    rows = change_totals(comparison)
    return Rows(rows.name, rows.shapes, rows.frame.filter(grouping="school"))


def change_spread(baseline: Outcome, candidate: Outcome) -> Rows | None:
    """Return a row for each band of change, and for each tenth of the changes of those who are funded, or have a change."""
    if baseline.top_ups is None or candidate.top_ups is None:
        return None
    spread = spread_of(baseline.top_ups, candidate.top_ups)
    records: list[dict[str, str | int | None]] = [
        {"measure": "band of change", "from": one.least, "to": one.most, "number": one.number, "change": one.change}
        for one in spread.bands
    ]  # fmt: skip
    records.append({"measure": "not known", "number": spread.unknown})
    records += [
        {"measure": f"tenth of {among}", "tenth": str(share), "change": change}
        for among, changes in spread.deciles.items()
        for share, change in zip(DECILES, changes, strict=False)
    ]
    return Rows.of_records(CHANGES, CHANGE_SHAPES, records)


def rules_of(run: Run, place: int) -> CompiledRules:
    """Return the rules of one candidate."""
    candidates, varied = run.candidates, run.varied
    if candidates.documents:
        return compile_rules(candidates.documents[place], varied.day)
    return compile_what_if(varied.document, candidates.overrides(place), varied.day, varied)
