"""Keys that are plain, and which of them are the same: by hashes, of which equal ones alone are looked at."""

import numpy as np
import polars as pl

from engine.columns import Int
from engine.reading.near_keys import near_keys
from engine.reading.row_checks import KEY, repeated_keys
from engine.reading.typed_columns import NotPlain
from engine.table_checks import BLANK, LONGEST_TEXT
from engine.tables import Array
from engine.upn import keys_like_upns

_SMALL, _LARGE = r"^[1-9a-z][0-9a-z_-]*$", r"^[1-9A-Z][0-9A-Z_-]*$"
_ANY = r"^[0-9A-Za-z_-]+$"
_TOTALS = ("total", "totals", "subtotal", "subtotals", "sub-total", "sub-totals", "sum")
"""Keys of plain characters that say that a row is none of a pupil."""


def plain_keys(cells: pl.Series) -> pl.Series:
    """Return keys as text; raises ``NotPlain`` where one may be refused by itself, or is of other letters."""
    keys = cells.cast(pl.String) if cells.dtype.is_integer() else cells
    if keys.dtype != pl.String or keys.null_count() or not len(keys):
        raise NotPlain(KEY)
    if int(keys.str.len_bytes().max() or 0) > LONGEST_TEXT:  # type: ignore[arg-type]
        raise NotPlain(KEY)
    if keys_like_upns(keys.alias(KEY).to_frame()) is not None:
        raise NotPlain(KEY)
    return keys


def check_repeated(keys: pl.Series, days: dict[str, Array]) -> None:
    """Raise ``NotPlain`` where two keys are nearly the same, or a pupil has several rows of which not all are dated, or some overlap.

    ``days`` are the columns ``start`` and ``end`` where there are any. Where the hashes of the plainest
    spellings all differ, so do the keys, in whatever way they are looked at.
    """
    plainest = _plainest(keys)
    hashes = plainest.hash().to_numpy()
    ascending = np.sort(hashes)
    totals = pl.Series(_TOTALS, dtype=pl.String).hash().to_numpy()
    places = np.minimum(np.searchsorted(ascending, totals), len(ascending) - 1)
    if (ascending[places] == totals).any():
        raise NotPlain(KEY)
    if (ascending[1:] != ascending[:-1]).all():
        return
    again = np.flatnonzero(pl.Series(hashes).is_duplicated().to_numpy())
    some = keys.gather(again).alias(KEY)
    if near_keys([some], 0, KEY):
        raise NotPlain(KEY)
    frame = pl.DataFrame([some, *(_dates(name, days[name].take(again)) for name in days)])
    check = repeated_keys(frame)
    if check is not None and frame.select(check.fails.any()).item():
        raise NotPlain(KEY)


def _dates(name: str, held: Int) -> pl.Series:
    return pl.Series(name, np.where(held < 0, BLANK, held.astype(np.int64)))


def _plainest(keys: pl.Series) -> pl.Series:
    """Return the plainest spelling of each key, by which ``near_keys`` compares them.

    Raises ``NotPlain`` for letters of which that is not known here.
    """
    if keys.str.contains(_SMALL).all():
        return keys
    if keys.str.contains(_LARGE).all():
        return keys.str.to_lowercase()
    if not keys.str.contains(_ANY).all():
        raise NotPlain(KEY)
    return keys.str.to_lowercase().str.replace(r"^0+([0-9])", "${1}")
