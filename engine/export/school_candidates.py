"""Schools of a few candidates as rows: notional SEN and formula funding before and after."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from engine.candidates.schools import Measure, SchoolRun
from engine.candidates.schools.run import notional_of
from engine.candidates.schools.sides import SchoolSide, side_of
from engine.errors import PairRefused, Problem
from engine.modules.school_formula.outcome import NotionalOutcome
from engine.rows import Rows, Shape, where_known
from engine.vocabulary import SchoolPhase

SHAPES = {
    "candidate": Shape.text,
    "urn": Shape.whole,
    "la": Shape.whole,
    "school_name": Shape.text,
    "phase": Shape.text,
    "notional_sen_before": Shape.pounds,
    "notional_sen_after": Shape.pounds,
    "notional_sen_change": Shape.pounds,
    "formula_before": Shape.pounds,
    "formula_after": Shape.pounds,
    "formula_change": Shape.pounds,
}
BY_COLUMN = {"notional_sen": Measure.notional_sen, "formula": Measure.formula}


def school_detail(run: SchoolRun, places: Sequence[int]) -> Rows:
    """Return a row a school of each of some candidates; what is not known is empty, on its own side.

    Raises ``PairRefused`` for no candidates, and where one is refused.
    """
    if not len(places):
        sentence = "schools are of a few candidates: name them, or ask for the cheapest"
        raise PairRefused([Problem(sentence, "names")])
    before = notional_of(run.baseline, run.schools_before, run.pupils, run.chunks)
    frames = [
        _frame(run, place, before, notional_of(run.rules_of(place), run.schools, run.pupils))
        for place in places
    ]
    return Rows("schools", SHAPES, pl.concat(frames))


def _frame(
    run: SchoolRun, place: int, before: NotionalOutcome, after: NotionalOutcome
) -> pl.DataFrame:
    schools, number = run.schools, len(run.schools)
    la = schools.columns.get("la", np.full(number, -1)).astype(np.int64)
    phases = ["", *(one.name for one in SchoolPhase)]
    columns = {
        "candidate": pl.Series([run.candidates.name(place)] * number, dtype=pl.String),
        "urn": pl.Series(schools.urn.astype(np.int64)),
        "la": where_known(la, la > 0),
        "school_name": pl.Series([one or None for one in schools.names], dtype=pl.String),
        "phase": pl.Series([phases[one] or None for one in schools.columns["phase"].tolist()], dtype=pl.String),
    }  # fmt: skip
    for name, measure in BY_COLUMN.items():
        columns |= _amounts(name, side_of(before, measure), side_of(after, measure))
    return pl.DataFrame(columns).select(list(SHAPES))


def _amounts(name: str, before: SchoolSide, after: SchoolSide) -> dict[str, pl.Series]:
    both = before.known & after.known
    return {
        f"{name}_before": where_known(before.pence, before.known),
        f"{name}_after": where_known(after.pence, after.known),
        f"{name}_change": where_known(after.pence - before.pence, both),
    }
