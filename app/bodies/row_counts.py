"""How many records a body holds, and how many of them may be of pupils: counted, never looked into."""

from collections.abc import Sized
from typing import NamedTuple

OF_PUPILS = frozenset({"pupils", "cases"})
"""Fields whose records are or may be of pupils; a case may be one."""

OF_OTHERS = frozenset({"schools", "schools_before", "schools_after", "places", "authorities"})
"""Fields whose records are of schools or authorities."""

ONE_SCHOOL = "school"


class RowCounts(NamedTuple):
    """The records of a body, and those of them that are or may be of pupils."""

    rows: int
    pupils: int


def row_counts(body: object) -> RowCounts:
    """Return how many records the fields of a body hold; 0 for a body without any."""
    pupils = sum(_length(body, name) for name in OF_PUPILS)
    others = sum(_length(body, name) for name in OF_OTHERS)
    return RowCounts(pupils + others + (getattr(body, ONE_SCHOOL, None) is not None), pupils)


def _length(body: object, name: str) -> int:
    records = getattr(body, name, None)
    return len(records) if isinstance(records, Sized) else 0
