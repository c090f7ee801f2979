"""Some candidates by bands of change, pupil by pupil or school by school, as a comparison of each with the baseline has them."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

import polars as pl

from engine.candidates import Run
from engine.compare import compare
from engine.compare.bands_of_change import spread_of
from engine.compare.change import DECILES
from engine.errors import PairRefused, Problem
from engine.export.changes import change_totals, changed_pupils
from engine.export.long_rows import LongRows
from engine.rows import Rows, Shape
from engine.rules.compile import compile_rules
from engine.rules.compile_trials import compile_what_if
from engine.rules.compiled import CompiledRules
from engine.run import Outcome, evaluate
from engine.tables import PupilTable
from engine.tables.authorities import Authorities, authorities_of, pupils_of

PUPILS, SCHOOLS, CHANGES = "pupils", "schools", "changes"
CHANGE_SHAPES = {
    "measure": Shape.text, "tenth": Shape.figure, "from": Shape.pounds, "to": Shape.pounds, "number": Shape.whole, "change": Shape.pounds,
}  # fmt: skip


ROWS = 200_000
"""Rows of pupils from which their authorities are a part of their own: parts are worked out one by one, anywhere."""


class Part(NamedTuple):
    """A candidate by its place, and whose pupils are worked out: those of some authorities, or all."""

    place: int
    authorities: Authorities | None


def parts_of(run: Run, places: Sequence[int], detail: str) -> list[Part]:
    """Return the parts of a detail of some candidates, in the order of its rows: pupils are written by authority, all else at once.

    Raises ``PairRefused`` for no candidates.
    """
    if not len(places):
        sentence = f"{detail} are of a few candidates: name them, or ask for the cheapest"
        raise PairRefused([Problem(sentence, "names")])
    among: list[Authorities | None] = [None]
    if detail == PUPILS and len(run.pupils):
        among = [*authorities_of(run.pupils, ROWS)]
    return [Part(place, one) for place in places for one in among]


def part_rows(run: Run, part: Part, detail: str) -> Rows:
    """Return the rows of a part, the candidate's name first; a pure function of the run, the part and the detail.

    Raises ``PairRefused`` where the rules pay no pupil.
    """
    of = part.authorities
    rows = _of(run, part.place, run.pupils if of is None else pupils_of(run.pupils, of), detail)
    frame = rows.frame
    if of is not None:
        # A pupil's spells in other authorities were worked out beside theirs.
        frame = frame.filter(pl.col("la").is_between(of.first, of.last))
    name = pl.lit(run.candidates.name(part.place), pl.String).alias("candidate")
    return Rows(detail, {"candidate": Shape.text, **rows.shapes}, frame.select(name, pl.all()))


def part_bytes(run: Run, part: Part, detail: str) -> bytes:
    """Return the rows of a part as another process takes them."""
    file = BytesIO()
    part_rows(run, part, detail).frame.write_ipc(file)
    return file.getvalue()


def long_details(
    run: Run, places: Sequence[int], detail: str, parts: Iterable[bytes] | None = None
) -> LongRows:
    """Return a row a pupil, a school, or a band of change and a tenth, of each of some candidates, as they are worked out.

    ``parts`` are the ``part_bytes`` of ``parts_of`` in their order, where something else works them out. Raises as those do.
    """
    here = parts_of(run, places, detail)
    shapes = _shapes(run, places, detail)
    none = Rows.of_records(detail, shapes, []).frame
    frames = (
        (part_rows(run, one, detail).frame for one in here)
        if parts is None
        else (pl.read_ipc(BytesIO(one)) for one in parts)
    )
    # Some candidates may have columns that others have not.
    whole = (pl.concat([none, one], how="diagonal") for one in frames)
    return LongRows(detail, shapes, (Rows(detail, shapes, one) for one in whole))


def candidate_details(run: Run, places: Sequence[int], detail: str) -> Rows:
    """Return all rows of ``long_details`` together."""
    return long_details(run, places, detail).together()


def _shapes(run: Run, places: Sequence[int], detail: str) -> dict[str, Shape]:
    """Return the columns of all candidates: what each has of the first authority."""
    shapes, pupils = {"candidate": Shape.text}, run.pupils
    if len(pupils):
        pupils = pupils_of(pupils, next(authorities_of(pupils, 1)))
    for place in places:
        shapes |= _of(run, place, pupils, detail).shapes
    return shapes


def _of(run: Run, place: int, pupils: PupilTable, detail: str) -> Rows:
    baseline = evaluate(run.baseline, pupils=pupils, blocks=run.chunks)
    candidate = evaluate(rules_of(run, place), pupils=pupils, blocks=run.chunks)
    rows = _rows(baseline, candidate, detail, run)
    if rows is None:
        sentence = "the rules pay no pupil, so that there is no row of one"
        raise PairRefused([Problem(sentence, "nothing-to-show")])
    return rows


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
