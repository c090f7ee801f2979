"""Cells of a file: pounds with two decimals, plain decimals, text that no spreadsheet obeys."""

from collections.abc import Mapping

import polars as pl

from engine.export.rows import Rows, Shape

OBEYED = "^[=+\\-@\t\r]"
"""Text that begins like this is a formula to a spreadsheet."""

_DECIMALS = {Shape.pounds: 2, Shape.units: 6, Shape.percent: 4}


def written(rows: Rows) -> pl.DataFrame:
    """Return every number with decimals as text: pounds with two, others without trailing zeros."""
    return rows.frame.select(
        _text(name, shape) if shape in _DECIMALS else pl.col(name)
        for name, shape in rows.shapes.items()
    )


def guarded(frame: pl.DataFrame, shapes: Mapping[str, Shape]) -> pl.DataFrame:
    """Return text that a spreadsheet would calculate with an apostrophe before it."""
    texts = [name for name, shape in shapes.items() if shape is Shape.text]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(OBEYED))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )


def exact(rows: Rows) -> pl.DataFrame:
    """Return numbers with decimals as decimals of a fixed scale: pounds 18 digits, two of them pence."""
    return written(rows).select(
        pl.col(name).cast(pl.Decimal(18, _DECIMALS[shape])) if shape in _DECIMALS else pl.col(name)
        for name, shape in rows.shapes.items()
    )


def _text(name: str, shape: Shape) -> pl.Expr:
    """Return whole numbers as decimal text; no float stands between."""
    held = pl.col(name)
    size, scale = held.abs(), shape.scale
    sign = pl.when(held < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    part = (size % scale).cast(pl.String).str.zfill(_DECIMALS[shape])
    text = pl.concat_str(sign, (size // scale).cast(pl.String), pl.lit("."), part)
    if shape is not Shape.pounds:
        text = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return text.alias(name)
