"""Checks of the rows of an authority's own tables: a share in place of a number, and amounts far from the others."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median_low

import numpy as np

from engine.limits import limits
from engine.money import number, pounds
from engine.plausibility.warning import Check, Doubt, Words

FEWEST = 4
"""Rows of a table from which the middle one says what is usual in it."""


def far_from_others(of: str, column: str, pence: Sequence[int], what: str) -> Iterable[Check]:
    """Yield amounts that are many times the middle one of their table."""
    usual = [one for one in pence if one > 0]
    if len(usual) < FEWEST:
        return
    middle, most = median_low(usual), limits()["times_the_middle_of_a_table"].upper
    wrong = [one > middle * most for one in pence]

    def say(at: int) -> Words:
        return f"{what} £{pounds(pence[at])} is far above the middle one of the table, £{pounds(middle)}: pounds or pence?", None  # fmt: skip

    yield check_of(of, Doubt.amount, (column,), wrong, say)


def less_than_one(what: str, counts: Sequence[int], at: int) -> Words:
    """Return the question about a count between 0 and 1."""
    return f"{number(counts[at])} is less than one {what}: is it a share?", None


def check_of(
    of: str,
    kind: Doubt,
    columns: tuple[str, ...],
    wrong: Sequence[bool],
    say: Callable[[int], Words],
) -> Check:
    """Return the check of some columns, whose rows are wrong or not, in order."""
    return Check(of, kind, columns, np.flatnonzero(np.array(wrong, np.bool_)), say)
