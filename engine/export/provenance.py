"""Columns by which each row says which rules it was worked out by, so that rows of two years share a sheet."""

from collections.abc import Mapping, Sequence

import polars as pl

from engine.rows import Rows, Shape

COLUMNS = {
    "funding_year": ("funding_year", Shape.text),
    "year_kind": ("year_kind", Shape.text),
    "rule_set": ("identifier", Shape.text),
    "rule_set_version": ("version", Shape.whole),
}
"""The columns of one rule set, with the names that a manifest gives them."""

ALONE = {**COLUMNS, "digest": ("digest", Shape.text)}
"""The same of a file without a manifest: each row has the reference of the rules."""

SIDES = ("baseline", "candidate")
_TYPES = {Shape.text: pl.String, Shape.whole: pl.Int64}


def with_rules(
    rows: Rows,
    rule_sets: Sequence[Mapping[str, object]],
    columns: Mapping[str, tuple[str, Shape]] = COLUMNS,
) -> Rows:
    """Return rows with the year, its kind, the rule set and its version in their last columns.

    ``rule_sets`` are a manifest's. Those of a comparison have columns each, named after its
    side, such as ``baseline_funding_year``. Without rule sets the rows are returned as they are.
    """
    prefixes = ("",) if len(rule_sets) < len(SIDES) else tuple(f"{side}_" for side in SIDES)
    told = {
        f"{prefix}{name}": (shape, held[key])
        for prefix, held in zip(prefixes, rule_sets, strict=False)
        for name, (key, shape) in columns.items()
    }
    if not told:
        return rows
    shapes = {**rows.shapes, **{name: shape for name, (shape, _) in told.items()}}
    frame = rows.frame.with_columns(
        pl.lit(value, _TYPES[shape]).alias(name) for name, (shape, value) in told.items()
    )
    return Rows(rows.name, shapes, frame)
