"""A pot shared so that the parts add to it exactly: the largest remainders get what is left."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def largest_remainder(pot: int, parts: Sequence[Fraction]) -> list[int]:
    """Return whole numbers that add to the pot, each the part itself or the whole number next to it.

    ``parts`` add to the pot. Of equal remainders the first in order is served first, so that the order matters for
    one unit at the most. Raises ``ValueError`` where the parts do not add to the pot.

    >>> largest_remainder(10, [Fraction(10, 3)] * 3)
    [4, 3, 3]
    """
    if sum(parts) != pot:
        message = "the parts do not add to the pot"
        raise ValueError(message)
    whole = [floor(one) for one in parts]
    order = sorted(range(len(parts)), key=lambda at: (whole[at] - parts[at], at))
    for at in order[: pot - sum(whole)]:
        whole[at] += 1
    return whole
