"""How much of a storm is tried: a few seeded draws each day, all of them on ``make storm``."""

import os
import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

from hypothesis import settings

# Read at once: tests of the service take every setting of it away.
_WHOLE = bool(os.environ.get("EVENBAND_STORM"))

EVERYDAY = 30
"""How many examples of a property are drawn each day."""

T = TypeVar("T")
P = TypeVar("P")


def is_whole() -> bool:
    """Return whether everything is tried."""
    return _WHOLE


def repetitions(few: int, all_of_them: int) -> range:
    """Return the seeds of what is tried again and again."""
    return range(all_of_them if is_whole() else few)


def some(cases: Sequence[T], few: int) -> list[T]:
    """Return all cases, or a few of them, the same each day."""
    if is_whole() or len(cases) <= few:
        return list(cases)
    return random.Random(len(cases)).sample(list(cases), few)


def in_turn(rows: Sequence[T], columns: Sequence[P], few: int) -> Iterator[tuple[T, P]]:
    """Yield each row with every column, or with a few of them in turn, so that none of either is left out."""
    number = len(columns) if is_whole() else min(few, len(columns))
    for at, row in enumerate(rows):
        for step in range(number):
            yield row, columns[(at * number + step) % len(columns)]


def draws(few: int) -> int:
    """Return how many examples of a slow property are drawn: a few each day, all where more are asked for."""
    asked = settings().max_examples
    return min(few, asked) if asked <= EVERYDAY else asked
