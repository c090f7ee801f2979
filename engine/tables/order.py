"""The order of a table's pupils: by authority and school, and by key where rows are written or explained."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.columns import FEW_ROWS, Int
from engine.tables.combinations import Array

NO_SCHOOL = int(np.iinfo(np.int32).min)
"""The number of no school, which comes before those of schools."""

_ROW_BITS, _URN_BITS = 25, 24
"""Bits of a place in a table and of a school's number; with those of an authority's code, fewer than 63."""


def order_by_key(la: Array, urn: Array, keys: pl.Series, start: Array) -> Int | None:
    """Return the order of pupils by authority, school, key and first day; None where they are in it."""
    if len(la) <= FEW_ROWS:
        # A query of polars would be most of the time that a handful of pupils takes.
        rows = zip(
            la.tolist(), urn.tolist(), keys.to_list(), start.tolist(), range(len(la)), strict=True
        )
        order = np.asarray([row[-1] for row in sorted(rows)], np.int64)
    else:
        frame = pl.DataFrame({"la": la, "urn": urn, "key": keys, "start": start})
        places = frame.with_row_index("row").sort("la", "urn", "key", "start")["row"]
        order = places.to_numpy().astype(np.int64)
    return None if np.array_equal(order, np.arange(len(order))) else order


def order_by_placement(la: Array, urn: Array) -> Int | None:
    """Return the order of pupils by authority and school, else as they are; None where they are in it.

    Authority, school and place are packed in one number a pupil, so that sorting those numbers is all.
    """
    if _in_order(la, urn):
        return None
    if len(la) >= 1 << _ROW_BITS or int(urn.max()) >= 1 << _URN_BITS or int(la.min()) < 0:
        return np.lexsort((urn, la)).astype(np.int64)
    packed = la.astype(np.int64)
    packed <<= _URN_BITS
    packed |= np.maximum(urn, 0)
    packed <<= _ROW_BITS
    packed |= np.arange(len(la))
    packed.sort()
    packed &= (1 << _ROW_BITS) - 1
    return packed


def _in_order(la: Array, urn: Array) -> bool:
    later = la[1:] > la[:-1]
    later |= (la[1:] == la[:-1]) & (urn[1:] >= urn[:-1])
    return bool(later.all())


def moved(values: Array, order: NDArray[np.int64] | None) -> Array:
    """Return values in an order; themselves where it is None."""
    return values if order is None else values.take(order)
