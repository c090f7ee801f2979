"""Rows of text that hold nothing."""

import polars as pl


def without_last_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the blank rows that spreadsheets leave at the end; one in between is kept, and refused."""
    if not frame.width or not frame.height or not is_blank(frame.tail(1)).item():
        return frame
    filled = is_blank(frame).not_().arg_true()
    return frame.head(int(filled[-1]) + 1 if len(filled) else 0)


def is_blank(frame: pl.DataFrame) -> pl.Series:
    """Return which rows have no cell but blanks."""
    return frame.select(
        pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == "")
    ).to_series()
