"""How much of a storm is tried: a few seeded draws each day, all of them on ``make storm``."""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

# Read at once: tests of the service take every setting of it away.
_WHOLE = bool(os.environ.get("EVENBAND_STORM"))

T = TypeVar("T")


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
