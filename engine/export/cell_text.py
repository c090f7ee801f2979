"""Cells of a file: pounds with two decimals, plain decimals, text that is never a formula."""

import re
from collections.abc import Mapping

import polars as pl

from engine.rows import Rows, Shape

_SIGNS = "=+\\-@\u207a\u207b\u207c\u208a\u208b\u208c\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
"""What starts a formula: the signs as typed, and their wide, small, raised and lowered forms."""

_UNSEEN = "\\s\\x00-\\x1f\\x7f-\\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
"""Characters before it that are dropped or not seen: space, controls, marks without width."""

OBEYED = f"^(?:[\\t\\r\\n]|[{_UNSEEN}]*[{_SIGNS}])"
"""Text that begins like this is a formula to a spreadsheet, or may become one when it is tidied."""

_OBEYED = re.compile(OBEYED)

FIGURE = "^-?[0-9]+(?:[.][0-9]+)?$"
"""A number as a working writes it: its sign is its own and starts no formula."""


def harmless(text: str) -> str:
    """Return text with an apostrophe before it where a spreadsheet would calculate with it.

    >>> harmless("=1+1"), harmless("plain")
    ("'=1+1", 'plain')
    """
    return f"'{text}" if _OBEYED.match(text) else text


_DECIMALS = {Shape.pounds: 2, Shape.units: 6, Shape.percent: 4}


def decimal_text(rows: Rows) -> pl.DataFrame:
    """Return every number with decimals as text: pounds with two, others without trailing zeros."""
    return rows.frame.select(
        _text(name, shape) if shape in _DECIMALS else pl.col(name)
        for name, shape in rows.shapes.items()
    )


def guarded(frame: pl.DataFrame, shapes: Mapping[str, Shape]) -> pl.DataFrame:
    """Return text that a spreadsheet would calculate with an apostrophe before it."""
    return frame.with_columns(
        pl.when(_is_obeyed(name, shape))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, shape in shapes.items()
        if shape.is_text
    )


def _is_obeyed(name: str, shape: Shape) -> pl.Expr:
    """Return where a spreadsheet would calculate with a text that is not the text of a number."""
    obeyed = pl.col(name).str.contains(OBEYED)
    return obeyed & ~pl.col(name).str.contains(FIGURE) if shape is Shape.figure else obeyed


def exact(rows: Rows) -> pl.DataFrame:
    """Return numbers with decimals as decimals of a fixed scale: pounds 18 digits, two of them pence."""
    return decimal_text(rows).select(
        pl.col(name).cast(pl.Decimal(18, _DECIMALS[shape])) if shape in _DECIMALS else pl.col(name)
        for name, shape in rows.shapes.items()
    )


def _text(name: str, shape: Shape) -> pl.Expr:
    """Return whole numbers as decimal text, without a float on the way."""
    held = pl.col(name)
    size, scale = held.abs(), shape.scale
    sign = pl.when(held < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    part = (size % scale).cast(pl.String).str.zfill(_DECIMALS[shape])
    text = pl.concat_str(sign, (size // scale).cast(pl.String), pl.lit("."), part)
    if shape is not Shape.pounds:
        text = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return text.alias(name)
