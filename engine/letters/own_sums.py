"""Whether the lines of a letter come to its own total: a difference that no other input of ours explains."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.letters.printed_figures import LetterComparison
from engine.money import MILLION, half_away
from engine.statement import LineStatement, SchoolStatement

MOST_PUPILS = 5
"""Whole pupils of a line whose money a difference is compared with."""


@dataclass(frozen=True, slots=True)
class OwnSum:
    """What the lines of a letter come to, and the total that it prints; pence of notional SEN.

    ``as_much_as`` says of which lines the difference is a whole, or so many pupils.
    """

    lines: int
    total: int
    as_much_as: tuple[str, ...]

    @property
    def pence(self) -> int:
        """Return by how much the total is above the lines."""
        return self.total - self.lines


def own_sum(statement: SchoolStatement, comparison: LetterComparison) -> OwnSum | None:
    """Return the lines of a letter beside its own total, None where they come to it or a line is not printed.

    A letter that rounds each line may be off by a penny for each.
    """
    total = comparison.notional.theirs
    figures = [one.notional for one in comparison.lines]
    if total is None or any(one.theirs is None and one.ours != 0 for one in figures):
        return None
    printed = [one.theirs for one in figures if one.theirs is not None]
    gap = total - sum(printed)
    if abs(gap) <= len(printed):
        return None
    return OwnSum(sum(printed), total, tuple(_as_much_as(statement, abs(gap))))


def _as_much_as(statement: SchoolStatement, pence: int) -> Iterator[str]:
    for line in statement.lines:
        if line.notional == pence:
            yield f"all of {line.label}"
            continue
        for pupils in range(1, MOST_PUPILS + 1):
            if _earned(line, pupils) == pence:
                yield f"{pupils} {'pupil' if pupils == 1 else 'pupils'} of {line.label}"


def _earned(line: LineStatement, pupils: int) -> int:
    return half_away(pupils * (line.unit_value or 0) * (line.percent or 0), MILLION)
