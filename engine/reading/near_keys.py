"""Keys that a person would take for the same: they differ in capitals, width, blanks or leading zeros alone."""

import re
from collections.abc import Sequence

import polars as pl

from engine.columns import FEW_ROWS
from engine.notices import MOST_ROWS, Notice, rows_named

MOST_PAIRS = 5
"""Keys that are named beside those that are nearly the same; the notice counts the others."""

_PLAIN = tuple(re.compile(rf"^[1-9{letters}][0-9{letters}_-]*$") for letters in ("a-z", "A-Z"))
"""Keys in small letters, and keys in capitals, of which no two can be the same but for what is not looked at."""

_DASHES = "[\u2010-\u2015\u2212]"


def near_keys(key: Sequence[pl.Series], first_row: int, whose: str) -> tuple[Notice, ...]:
    """Return the notice of keys that are nearly the same; none where each is unlike every other.

    ``key`` are the columns that tell rows apart; those of text are compared by their plainest spelling.
    """
    texts = [one for one in key if one.dtype == pl.String]
    if not texts or len(texts[0]) < 2 or all(map(_is_plain, texts)):  # noqa: PLR2004 - two can be alike
        return ()
    written = pl.DataFrame([one.alias(str(at)) for at, one in enumerate(key)])
    folded = written.with_columns(
        _folded(name) for name in written.columns if written[name].dtype == pl.String
    )
    keys, plain = written.hash_rows(), folded.hash_rows()
    if keys.n_unique() == plain.n_unique():
        return ()
    rows = (
        pl.DataFrame({"key": keys, "plain": plain})
        .with_row_index("row", first_row)
        .filter(pl.col("key").n_unique().over("plain") > 1)
    )
    number, numbers = rows["key"].n_unique(), rows["row"].to_list()
    sentence = (
        f"{number:,} keys are the same as another but for capitals, width, blanks, dashes or zeros "
        f"({_pairs(rows)}); each counts as a {whose} of its own"
    )
    return (Notice("near-keys", sentence, number, tuple(numbers[:MOST_ROWS])),)


def _pairs(rows: pl.DataFrame) -> str:
    """Return which row has nearly the key of which others: of each key its first row."""
    first = rows.unique("key", keep="first", maintain_order=True)
    groups = first.group_by("plain", maintain_order=True).agg("row")["row"].to_list()
    alike = [f"{rows_named(one[:1])} with {rows_named(one[1:])}" for one in groups[:MOST_PAIRS]]
    more = len(groups) - MOST_PAIRS
    return "; ".join(alike) + (f"; and {more:,} more such keys" if more > 0 else "")


def _is_plain(texts: pl.Series) -> bool:
    if len(texts) <= FEW_ROWS:
        return any(all(map(shape.match, texts.to_list())) for shape in _PLAIN)
    return any(bool(texts.str.contains(shape.pattern).all()) for shape in _PLAIN)


def _folded(name: str) -> pl.Expr:
    """Return the plainest spelling of texts: one width, small letters, no blanks, no leading zeros and no decimals of 0."""
    return (
        pl.col(name)
        .str.normalize("NFKC")
        .str.to_lowercase()
        .str.replace_all(_DASHES, "-")
        .str.replace_all(r"\s+", "")
        .str.replace(r"^0+([0-9])", "${1}")
        .str.replace(r"^([0-9]+)\.0+$", "${1}")
    )
