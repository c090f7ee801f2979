"""An outcome's totals as rows: what each module sums, in all, then by authority, phase, need, setting and reason."""

import polars as pl

from engine.rows import Rows, Shape
from engine.run import EVERYTHING, Outcome

SHAPES = {
    "part": Shape.text,
    "grouping": Shape.text,
    "group": Shape.text,
    "number": Shape.whole,
    "formula_total": Shape.pounds,
    "notional_sen": Shape.pounds,
    "top_up": Shape.pounds,
    "not_known": Shape.whole,
}


def total_rows(outcome: Outcome) -> Rows:
    """Return the sums of what is known, and how many parts are not; null where nothing is known."""
    found = [
        module.totals(one)
        for module in EVERYTHING.modules
        if (one := outcome.of(module)) is not None
    ]
    shapes = dict(SHAPES)
    for one in found:
        shapes |= {name: shape for name, shape in one.shapes.items() if name not in shapes}
    empty = Rows.of_records("totals", shapes, [])
    everything = pl.concat([empty.frame, *(one.frame for one in found)], how="diagonal")
    return Rows("totals", shapes, everything.select(list(shapes)))
