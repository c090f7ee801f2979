"""Values of a path at which what never falls comes to a target: found by halving, with every value that ties."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

from engine.money import number


class Plateau(NamedTuple):
    """Neighbouring values of a path, as text, that come to the same total, pence."""

    first: str
    last: str
    total: int


class Found(NamedTuple):
    """What values come to a target.

    exact   the values that do, in runs; none where no value does
    below, above  the values that come nearest to it from below and from above, None where there are none
    """

    exact: tuple[Plateau, ...]
    below: Plateau | None
    above: Plateau | None

    @property
    def plateaus(self) -> list[Plateau]:
        """Return every run of values that there is."""
        return [one for one in (*self.exact, self.below, self.above) if one is not None]


def halve(
    total: Callable[[int], int],
    target: tuple[int, int],
    span: tuple[int, int],
    scale: int,
    *,
    falls: bool = False,
) -> Found:
    """Return what is found among whole numbers of a ``scale`` between two, of which the total never falls, or never rises.

    ``target`` is the least total that is not below it and the greatest that is not above: the same, but where it lies
    between two pence.
    """
    sign = -1 if falls else 1
    first, last = sorted(sign * one for one in span)

    def plateau(one: int, other: int) -> Plateau:
        lowest, highest = sorted((sign * one, sign * other))
        return Plateau(number(lowest, scale), number(highest, scale), total(lowest))

    return _between(lambda value: total(sign * value), target, (first, last), plateau)


def _between(
    total: Callable[[int], int],
    target: tuple[int, int],
    span: tuple[int, int],
    plateau: Callable[[int, int], Plateau],
) -> Found:
    first, last = span
    reach = _least(total, target[0], first, last)
    passed = _least(total, target[1] + 1, first, last)
    below = above = None
    if reach > first:
        lower = total(reach - 1)
        below = plateau(_least(total, lower, first, last), reach - 1)
    if passed <= last:
        upper = total(passed)
        above = plateau(passed, _least(total, upper + 1, first, last) - 1)
    exact = (plateau(reach, passed - 1),) if reach < passed else ()
    return Found(exact, below, above)


def _least(total: Callable[[int], int], target: int, first: int, last: int) -> int:
    """Return the least value whose total is the target or more; one above the last where none is."""
    return first + bisect_left(range(first, last + 1), target, key=total)


def among(totals: dict[int, int], target: tuple[int, int], scale: int = 1) -> Found:
    """Return what is found among the totals of whole numbers of a ``scale``, which may go up and down."""
    less = [one for one in totals.values() if one < target[0]]
    more = [one for one in totals.values() if one > target[1]]
    exact = _runs(totals, target[0], scale) if target[0] == target[1] else []
    return Found(
        tuple(exact),
        _first(_runs(totals, max(less), scale)) if less else None,
        _first(_runs(totals, min(more), scale)) if more else None,
    )


def _first(runs: Iterable[Plateau]) -> Plateau | None:
    return next(iter(runs), None)


def _runs(totals: dict[int, int], target: int, scale: int) -> list[Plateau]:
    """Return the runs of neighbouring values that come to a total."""
    found: list[list[int]] = []
    for value in sorted(totals):
        if totals[value] != target:
            continue
        if found and found[-1][1] == value - 1:
            found[-1][1] = value
        else:
            found.append([value, value])
    return [Plateau(number(first, scale), number(last, scale), target) for first, last in found]
